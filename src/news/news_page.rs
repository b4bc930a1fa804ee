//! All news, by subject and union. Its filters are links: each choice is an
//! address of its own, with and without the app.

use contract::{
    Locale,
    news::{ListNews, NewsChoice, NewsList},
};
use leptos::prelude::*;

use super::card::news_cards;
use crate::{
    api,
    i18n::{news as t, use_locale},
    routes::{self, Route},
    ui::{
        Head, Markup, TextPage,
        listing::{page_links, term_links, with_query},
        markup, no_controls, text_page,
    },
};

#[component]
pub(crate) fn NewsPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::News.path());
    let choice = move || query.with(|query| NewsChoice::parse(query));
    text_page(api::load_again(move || ListNews { locale, choice: choice() }), page)
}

fn page(list: NewsList, locale: Locale) -> TextPage {
    let choice = routes::query_at(Route::News.path()).with_untracked(|query| NewsChoice::parse(query));
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (t::title(locale))
        "</h1><p class='lede'>" (t::summary(locale)) "</p></div><div class='wrap news'><nav class='news__choices'"
        " aria-label='" (t::choices(locale)) "'>");
    let with_tag = |tag| href(&NewsChoice { tag, page: 1, ..choice.clone() }, locale);
    let with_union = |union| href(&NewsChoice { union, page: 1, ..choice.clone() }, locale);
    term_links(&mut out, t::tags(locale), &list.tags, choice.tag.as_deref(), &with_tag, locale);
    term_links(&mut out, t::unions(locale), &list.unions, choice.union.as_deref(), &with_union, locale);
    markup!(out, "</nav><h2 class='news__found'>" (t::found(locale, list.total))
        "</h2><ul class='news-list' role='list'>");
    news_cards(&mut out, &list.items, locale);
    out.raw("</ul>");
    if list.items.is_empty() {
        markup!(out, "<div class='notice'><p>" (t::nothing(locale)) "</p><a class='more' href='"
            (Route::News.href(locale)) "'>" (t::all(locale)) "</a></div>");
    }
    let labels = [t::newer(locale), t::older(locale)];
    let to = |page| href(&NewsChoice { page, ..choice.clone() }, locale);
    page_links(&mut out, choice.page, list.pages, labels, &to, locale);
    // A feed is no page of the app.
    markup!(out, "<p><a class='more' rel='external' href='" (Route::News.href(locale)) "/feed.atom'>"
        (t::feed(locale)) "</a></p></div>");
    TextPage {
        head: Head {
            title: t::title(locale).to_owned(),
            description: t::summary(locale).to_owned(),
            route: Some(Route::News),
        },
        html: out.html(),
        live: no_controls,
    }
}

fn href(choice: &NewsChoice, locale: Locale) -> String {
    with_query(&Route::News.href(locale), &choice.query())
}
