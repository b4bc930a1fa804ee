//! All news, by subject and union. Its filters are links: each choice is an
//! address of its own, with and without the app.

use contract::{
    Locale,
    news::{ListNews, NewsChoice, NewsCount, NewsList},
};
use leptos::prelude::*;

use super::card::cards;
use crate::{
    api,
    i18n::{news as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, PageHead, markup, remote},
};

#[component]
pub(crate) fn NewsPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::News.path());
    let choice = move || query.with(|query| NewsChoice::parse(query));
    let data = api::load_again(move || ListNews { locale, choice: choice() });
    remote(data, |list| view! { <List list/> })
}

#[component]
fn List(list: NewsList) -> impl IntoView {
    let locale = use_locale();
    let choice = routes::query_at(Route::News.path()).with_untracked(|query| NewsChoice::parse(query));
    let head = Head {
        title: t::title(locale).to_owned(),
        description: t::summary(locale).to_owned(),
        route: Some(Route::News),
    };
    let feed = [&Route::News.href(locale), "/feed.atom"].concat();
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{t::title(locale)}</h1>
            <p class="lede">{t::summary(locale)}</p>
        </div>
        <div class="wrap news">
            <nav class="news__choices" aria-label=t::choices(locale) inner_html=choices(&choice, &list, locale)></nav>
            <h2 class="news__found">{t::found(locale, list.total)}</h2>
            <ul class="news-list" role="list" inner_html=cards(&list.items, locale)></ul>
            <div inner_html=below(&choice, &list, locale)></div>
            // A feed is no page of the app.
            <p><a class="more" href=feed rel="external">{t::feed(locale)}</a></p>
        </div>
    }
}

/// A row of links for each property, the chosen one marked; the first of each
/// takes the choice back.
fn choices(choice: &NewsChoice, list: &NewsList, locale: Locale) -> String {
    let mut out = Markup::default();
    let with_tag = |tag| NewsChoice { tag, page: 1, ..choice.clone() };
    let with_union = |union| NewsChoice { union, page: 1, ..choice.clone() };
    row(&mut out, t::tags(locale), &list.tags, choice.tag.as_deref(), &with_tag, locale);
    row(&mut out, t::unions(locale), &list.unions, choice.union.as_deref(), &with_union, locale);
    out.html()
}

fn row(
    out: &mut Markup,
    label: &str,
    counts: &[NewsCount],
    chosen: Option<&str>,
    with: &dyn Fn(Option<String>) -> NewsChoice,
    locale: Locale,
) {
    markup!(out, "<p class='news__label'>" (label) "</p><ul class='chips' role='list'>");
    let mut link = |label: &str, count: &str, is_chosen: bool, to: Option<String>| {
        markup!(out, "<li><a class='chip' href='"(href(&with(to), locale)));
        out.raw(if is_chosen { "' aria-current='true'>" } else { "'>" });
        markup!(out, (label) " <span class='chip__count'>" (count) "</span></a></li>");
    };
    link(t::every(locale), "", chosen.is_none(), None);
    for count in counts.iter().filter(|count| count.count > 0 || chosen == Some(&count.value)) {
        let is_chosen = chosen == Some(&count.value);
        link(&count.label, &count.count.to_string(), is_chosen, Some(count.value.clone()));
    }
    out.raw("</ul>");
}

/// The way to the other pages; where there is nothing, the way back.
fn below(choice: &NewsChoice, list: &NewsList, locale: Locale) -> String {
    let mut out = Markup::default();
    if list.items.is_empty() {
        let all = NewsChoice { tag: None, union: None, page: 1 };
        markup!(out, "<div class='notice'><p>" (t::nothing(locale)) "</p><a class='more' href='" (href(&all, locale))
            "'>" (t::all(locale)) "</a></div>");
    } else if list.pages > 1 {
        let link = |out: &mut Markup, page: u32, label: &str| {
            if (1..=list.pages).contains(&page) {
                let href = href(&NewsChoice { page, ..choice.clone() }, locale);
                markup!(out, "<a class='button' href='" (href) "'>" (label) "</a>");
            }
        };
        markup!(out, "<nav class='pages' aria-label='" (t::pages(locale)) "'>");
        link(&mut out, choice.page - 1, t::newer(locale));
        let where_we_are = t::page_of(locale, &choice.page.to_string(), &list.pages.to_string());
        markup!(out, "<p>" (where_we_are) "</p>");
        link(&mut out, choice.page + 1, t::older(locale));
        out.raw("</nav>");
    }
    out.html()
}

fn href(choice: &NewsChoice, locale: Locale) -> String {
    let path = Route::News.href(locale);
    let query = choice.query();
    if query.is_empty() { path } else { [&path, "?", &query].concat() }
}
