//! The search page, for the whole site.

use contract::{
    Locale,
    search::{SearchResults, SearchSite, SiteSearch},
};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{frame, search as t, use_locale},
    routes::{self, Route},
    ui::{FilterLinks, Head, PageHead, PageLinks, Remote, SearchForm, listing::with_query},
};

#[component]
pub(crate) fn SearchPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Search.path());
    let search = Memo::new(move |_| query.with(|query| SiteSearch::parse(query)));
    let results = api::resource(move || SearchSite { locale, search: search.get() });
    view! { <Remote data=results let:results><Content results search=search.get_untracked()/></Remote> }
}

#[component]
fn Content(results: SearchResults, search: SiteSearch) -> impl IntoView {
    let locale = use_locale();
    let asked = !search.text.is_empty();
    // The heading receives the focus, so it says what was found.
    let title = if asked {
        [&t::found(locale, results.total), ": ", &search.text].concat()
    } else {
        t::title(locale).to_owned()
    };
    let head =
        Head { title: title.clone(), description: t::summary(locale).to_owned(), route: Some(Route::Search) };
    let text = search.text.clone();
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{title}</h1>
            <SearchForm route=Route::Search label=t::label(locale) hint=t::hint(locale) text/>
        </div>
        {asked.then(|| view! { <Results results search/> })}
    }
}

#[component]
fn Results(results: SearchResults, search: SiteSearch) -> impl IntoView {
    let locale = use_locale();
    let kinds = (results.total > 0 || search.kind.is_some()).then(|| {
        let with_kind = {
            let search = search.clone();
            move |kind| href(&SiteSearch { kind, page: 1, ..search.clone() }, locale)
        };
        view! {
            <nav class="results-page__kinds" aria-label=t::kinds(locale)>
                <FilterLinks label=t::kinds(locale) counts=results.kinds chosen=search.kind.clone() href=with_kind/>
            </nav>
        }
    });
    let found = if results.results.is_empty() {
        view! {
            <div class="notice">
                <p>{t::nothing(locale)}</p>
                <p>
                    {t::nothing_try(locale)} " "
                    <a class="more" href=Route::Contacts.href(locale)>{frame::contacts(locale)}</a>
                </p>
            </div>
        }
        .into_any()
    } else {
        let items = results
            .results
            .into_iter()
            .map(|result| {
                view! {
                    <li class="result">
                        <p class="result__kind">{result.kind}</p>
                        <h2 class="result__title">
                            <a href=result.path>{result.title}</a>
                        </h2>
                        <p>{result.summary}</p>
                    </li>
                }
            })
            .collect_view();
        let page = search.page;
        let to_page = move |page| href(&SiteSearch { page, ..search.clone() }, locale);
        view! {
            <ol class="result-list" role="list">{items}</ol>
            <PageLinks page pages=results.pages labels=[t::previous(locale), t::next(locale)] href=to_page/>
        }
        .into_any()
    };
    view! { <div class="wrap results-page">{kinds} {found}</div> }
}

fn href(search: &SiteSearch, locale: Locale) -> String {
    with_query(&Route::Search.href(locale), &search.query())
}
