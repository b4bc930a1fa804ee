//! A news item.

use contract::{
    Locale,
    news::{FindNews, NewsItem, NewsSummary},
};
use leptos::prelude::*;

use super::card::news_cards;
use crate::{
    api,
    i18n::{format, news as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, markup, no_controls, text_page},
};

#[component]
pub(crate) fn NewsItemPage() -> impl IntoView {
    let locale = use_locale();
    // From one item to another the page stays.
    let slug = routes::param("item");
    text_page(api::load_again(move || FindNews { slug: slug.get(), locale }), page)
}

fn page(item: NewsItem, locale: Locale) -> TextPage {
    #[cfg(feature = "ssr")]
    crate::render::Collector::set_about(crate::render::About::News(Box::new(item.clone())));
    let NewsItem { summary, reviewed_on, text, more } = &item;
    let published = format::date(locale, summary.published.uk_date);
    let reviewed = format::short_date(locale, *reviewed_on);
    let mut out = Markup::default();
    markup!(out, "<article class='wrap news-item'><p class='crumb'><a href='" (Route::News.href(locale)) "'>"
        (t::title(locale)) "</a></p><h1 id='page-heading' tabindex='-1'>" (summary.title) "</h1><p class='lede'>"
        (summary.standfirst) "</p><p class='news-item__from'>" (published) " · " (summary.union.label)
        "</p><figure class='news-item__picture'>");
    out.picture(&summary.picture, "news-item__drawing");
    markup!(out, "<figcaption>" (text.caption) " <span class='news-item__credit'>" (text.credit)
        "</span></figcaption></figure><div class='prose'>");
    out.sanitised(&text.html);
    out.raw("</div>");
    add_topics(&mut out, summary, locale);
    markup!(out, "<p class='reviewed'>" (t::reviewed_on(locale, &reviewed))
        "</p></article><section class='wrap section' aria-labelledby='more-title'><h2 id='more-title'>"
        (t::more(locale)) "</h2><ul class='news-list news-list--short' role='list'>");
    news_cards(&mut out, more, locale);
    out.raw("</ul></section>");
    TextPage {
        head: Head {
            title: summary.title.clone(),
            description: summary.standfirst.clone(),
            route: Some(Route::NewsItem(summary.slug.clone())),
        },
        html: out.html(),
        live: no_controls,
    }
}

/// The item's subjects and its union, each with a link to all news about it.
fn add_topics(out: &mut Markup, summary: &NewsSummary, locale: Locale) {
    let news = Route::News.href(locale);
    markup!(out, "<ul class='chips' role='list' aria-label='" (t::tags(locale)) "'>");
    for tag in &summary.tags {
        markup!(out, "<li><a class='chip' href='" (news) "?tag=" (tag.value) "'>" (tag.label) "</a></li>");
    }
    let union = &summary.union;
    markup!(out, "<li><a class='chip' href='" (news) "?union=" (union.value) "'>" (union.label) "</a></li></ul>");
}
