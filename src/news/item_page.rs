//! A news item.

use contract::{
    Locale,
    news::{FindNews, NewsItem, NewsSummary},
};
use leptos::prelude::*;

use super::card::cards;
use crate::{
    api,
    i18n::{format, news as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, PageHead, markup, remote},
};

#[component]
pub(crate) fn NewsItemPage() -> impl IntoView {
    let locale = use_locale();
    // From one item to another the page stays.
    let slug = routes::param("item");
    let data = api::load_again(move || FindNews { slug: slug.get(), locale });
    remote(data, |item| view! { <Item item/> })
}

#[component]
fn Item(item: NewsItem) -> impl IntoView {
    let locale = use_locale();
    let picture = picture(&item);
    let topics = topics(&item.summary, locale);
    let more = cards(&item.more, locale);
    let NewsItem { summary, reviewed_on, text, .. } = item;
    let head = Head {
        title: summary.title.clone(),
        description: summary.standfirst.clone(),
        route: Some(Route::NewsItem(summary.slug)),
    };
    let published = format::date(locale, summary.published.uk_date);
    let reviewed = format::short_date(locale, reviewed_on);
    view! {
        <PageHead head/>
        <article class="wrap news-item">
            <p class="crumb"><a href=Route::News.href(locale)>{t::title(locale)}</a></p>
            <h1 id="page-heading" tabindex="-1">{summary.title}</h1>
            <p class="lede">{summary.standfirst}</p>
            <p class="news-item__from">{[&published, " · ", &summary.union.label].concat()}</p>
            <figure class="news-item__picture" inner_html=picture></figure>
            <div class="prose" inner_html=text.html></div>
            <ul class="chips" role="list" aria-label=t::tags(locale) inner_html=topics></ul>
            <p class="reviewed">{t::reviewed_on(locale, &reviewed)}</p>
        </article>
        <section class="wrap section" aria-labelledby="more-title">
            <h2 id="more-title">{t::more(locale)}</h2>
            <ul class="news-list news-list--short" role="list" inner_html=more></ul>
        </section>
    }
}

fn picture(item: &NewsItem) -> String {
    let mut out = Markup::default();
    out.picture(&item.summary.picture, "news-item__drawing");
    markup!(out, "<figcaption>" (item.text.caption) " <span class='news-item__credit'>" (item.text.credit)
        "</span></figcaption>");
    out.html()
}

/// The item's subjects and its union, each with a link to all news about it.
fn topics(summary: &NewsSummary, locale: Locale) -> String {
    let mut out = Markup::default();
    let news = Route::News.href(locale);
    for tag in &summary.tags {
        markup!(out, "<li><a class='chip' href='" (news) "?tag=" (tag.value) "'>" (tag.label) "</a></li>");
    }
    let union = &summary.union;
    markup!(out, "<li><a class='chip' href='" (news) "?union=" (union.value) "'>" (union.label) "</a></li>");
    out.html()
}
