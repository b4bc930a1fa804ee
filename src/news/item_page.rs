//! A news item.

use contract::{
    news::{FindNews, NewsItem, NewsSummary},
    term::Term,
};
use leptos::prelude::*;

use super::card::NewsCards;
use crate::{
    api,
    i18n::{format, news as t, use_locale},
    render::{PageSubject, set_subject},
    routes::{self, Route},
    ui::{Head, PageHead, Picture, Remote},
};

#[component]
pub(crate) fn NewsItemPage() -> impl IntoView {
    let locale = use_locale();
    // The component is reused from one item to another.
    let slug = routes::param("item");
    let item = api::resource(move || FindNews { slug: slug.get(), locale });
    view! { <Remote data=item let:item><Item item/></Remote> }
}

#[component]
fn Item(item: NewsItem) -> impl IntoView {
    let locale = use_locale();
    set_subject(PageSubject::News(Box::new(item.clone())));
    let NewsItem { summary, reviewed_on, text, more } = item;
    let head = Head {
        title: summary.title.clone(),
        description: summary.standfirst.clone(),
        route: Some(Route::NewsItem(summary.slug.clone())),
    };
    view! {
        <PageHead head/>
        <article class="wrap news-item">
            <p class="crumb">
                <a href=Route::News.href(locale)>{t::title(locale)}</a>
            </p>
            <h1 id="page-heading" tabindex="-1">{summary.title.clone()}</h1>
            <p class="lede">{summary.standfirst.clone()}</p>
            <p class="news-item__from">
                {format::date(locale, summary.published.uk_date)} " · " {summary.union.label.clone()}
            </p>
            <figure class="news-item__picture">
                <Picture name=summary.picture.clone() class="news-item__drawing"/>
                <figcaption>
                    {text.caption} " " <span class="news-item__credit">{text.credit}</span>
                </figcaption>
            </figure>
            <div class="prose" inner_html=text.html></div>
            <Topics summary/>
            <p class="reviewed">{t::reviewed_on(locale, &format::short_date(locale, reviewed_on))}</p>
        </article>
        <section class="wrap section" aria-labelledby="more-title">
            <h2 id="more-title">{t::more(locale)}</h2>
            <ul class="news-list news-list--short" role="list">
                <NewsCards items=more/>
            </ul>
        </section>
    }
}

/// The item's topics and its union, each linked to all news about it.
#[component]
fn Topics(summary: NewsSummary) -> impl IntoView {
    let locale = use_locale();
    let link = |name: &str, Term { value, label }: Term| {
        let href = [&Route::News.href(locale), "?", name, "=", &value].concat();
        view! {
            <li>
                <a class="chip" href=href>{label}</a>
            </li>
        }
    };
    let tags = summary.tags.into_iter().map(|tag| link("tag", tag)).collect_view();
    view! {
        <ul class="chips" role="list" aria-label=t::tags(locale)>
            {tags}
            {link("union", summary.union)}
        </ul>
    }
}
