//! The latest news on another page.

use contract::{Locale, news::NewsSummary};

use super::card::news_cards;
use crate::{
    i18n::news as t,
    routes::Route,
    ui::{Markup, markup},
};

/// Adds the latest news, if there is any.
pub(crate) fn add_latest_news(out: &mut Markup, items: &[NewsSummary], locale: Locale) {
    if items.is_empty() {
        return;
    }
    markup!(out, "<section class='section' id='news' aria-labelledby='news-title'><div class='wrap'>"
        "<h2 id='news-title'>" (t::title(locale)) "</h2><ul class='news-list news-list--short' role='list'>");
    news_cards(out, items, locale);
    markup!(out, "</ul><p><a class='more' href='" (Route::News.href(locale)) "'>" (t::all(locale))
        "</a></p></div></section>");
}
