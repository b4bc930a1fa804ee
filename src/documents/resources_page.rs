//! Documents by type.

use contract::documents::{Documents, ListDocuments, kind_in};
use leptos::prelude::*;

use super::card::DocumentCards;
use crate::{
    api,
    i18n::{documents as t, poster, use_locale},
    routes::{self, Route},
    ui::{FilterLinks, PageStart, Remote, listing::with_query},
};

#[component]
pub(crate) fn ResourcesPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Resources.path());
    let kind = Memo::new(move |_| query.with(|query| kind_in(query)));
    let documents = api::resource(move || ListDocuments { locale, kind: kind.get() });
    view! { <Remote data=documents let:documents><List documents kind=kind.get_untracked()/></Remote> }
}

#[component]
fn List(documents: Documents, kind: Option<String>) -> impl IntoView {
    let locale = use_locale();
    let Documents { documents, kinds } = documents;
    let count = u32::try_from(documents.len()).unwrap_or(u32::MAX);
    let with_kind = move |kind: Option<String>| {
        let query = kind.map(|kind| ["kind=", &kind].concat()).unwrap_or_default();
        with_query(&Route::Resources.href(locale), &query)
    };
    view! {
        <PageStart route=Route::Resources title=t::title(locale) summary=t::summary(locale)/>
        <div class="wrap documents">
            <nav aria-label=t::choices(locale)>
                <FilterLinks label=t::kinds(locale) counts=kinds chosen=kind href=with_kind/>
            </nav>
            <h2 class="documents__found">{t::found(locale, count)}</h2>
            <DocumentCards documents/>
            <div class="notice">
                <p class="notice__title">
                    <a href=Route::PosterMaker.href(locale)>{poster::invitation(locale)}</a>
                </p>
                <p>{poster::invitation_body(locale)}</p>
            </div>
            <p>
                <a class="more" href=Route::Publications.href(locale)>{t::to_publications(locale)}</a>
            </p>
        </div>
    }
}
