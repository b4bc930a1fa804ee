//! A news item in a list.

use contract::{Locale, news::NewsSummary};

use crate::{
    i18n::format,
    routes::Route,
    ui::{Markup, markup},
};

/// Adds several items, each a card, as the content of a list.
pub(crate) fn news_cards(out: &mut Markup, items: &[NewsSummary], locale: Locale) {
    for item in items {
        let href = Route::NewsItem(item.slug.clone()).href(locale);
        out.raw("<li class='news-card'><div class='news-card__picture'>");
        out.picture(&item.picture, "news-card__drawing");
        markup!(out, "</div><div class='news-card__text'><p class='news-card__from'>"
            (format::short_date(locale, item.published.uk_date)) " · " (item.union.label)
            "</p><h3 class='news-card__title'><a href='" (href) "'>" (item.title) "</a></h3><p>"
            (item.standfirst) "</p></div></li>");
    }
}
