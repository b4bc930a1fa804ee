//! All news, by topic and union. Its filters are links: each choice has its own URL, with and
//! without the app.

use contract::{
    Locale,
    news::{ListNews, NewsFilters, NewsList},
};
use leptos::prelude::*;

use super::card::NewsCards;
use crate::{
    api,
    i18n::{news as t, use_locale},
    routes::{self, Route},
    ui::{FilterLinks, PageLinks, PageStart, Remote, listing::with_query},
};

#[component]
pub(crate) fn NewsPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::News.path());
    let choice = Memo::new(move |_| query.with(|query| NewsFilters::parse(query)));
    let list = api::resource(move || ListNews { locale, choice: choice.get() });
    view! { <Remote data=list let:list><News list choice=choice.get_untracked()/></Remote> }
}

#[component]
fn News(list: NewsList, choice: NewsFilters) -> impl IntoView {
    let locale = use_locale();
    let with_tag = {
        let choice = choice.clone();
        move |tag| href(&NewsFilters { tag, page: 1, ..choice.clone() }, locale)
    };
    let with_union = {
        let choice = choice.clone();
        move |union| href(&NewsFilters { union, page: 1, ..choice.clone() }, locale)
    };
    let to_page = {
        let choice = choice.clone();
        move |page| href(&NewsFilters { page, ..choice.clone() }, locale)
    };
    let nothing = list.items.is_empty().then(|| {
        view! {
            <div class="notice">
                <p>{t::nothing(locale)}</p>
                <a class="more" href=Route::News.href(locale)>{t::all(locale)}</a>
            </div>
        }
    });
    view! {
        <PageStart route=Route::News title=t::title(locale) summary=t::summary(locale)/>
        <div class="wrap news">
            <nav class="news__choices" aria-label=t::choices(locale)>
                <FilterLinks label=t::tags(locale) counts=list.tags chosen=choice.tag href=with_tag/>
                <FilterLinks label=t::unions(locale) counts=list.unions chosen=choice.union href=with_union/>
            </nav>
            <h2 class="news__found">{t::found(locale, list.total)}</h2>
            <ul class="news-list" role="list">
                <NewsCards items=list.items/>
            </ul>
            {nothing}
            <PageLinks
                page=choice.page
                pages=list.pages
                labels=[t::newer(locale), t::older(locale)]
                href=to_page
            />
            // The router must not handle the link to the feed.
            <p>
                <a class="more" rel="external" href=api::server_href(&[&Route::News.href(locale), "/feed.atom"].concat())>
                    {t::feed(locale)}
                </a>
            </p>
        </div>
    }
}

fn href(choice: &NewsFilters, locale: Locale) -> String {
    with_query(&Route::News.href(locale), &choice.query())
}
