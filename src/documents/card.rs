//! A document in a list.

use contract::{Locale, documents::DocumentSummary};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{documents as t, format, use_locale},
    routes::Route,
};

/// A list of documents.
#[component]
pub(super) fn DocumentCards(documents: Vec<DocumentSummary>) -> impl IntoView {
    let cards = documents.into_iter().map(|document| view! { <DocumentCard document/> }).collect_view();
    view! { <ul class="document-list" role="list">{cards}</ul> }
}

#[component]
fn DocumentCard(document: DocumentSummary) -> impl IntoView {
    let locale = use_locale();
    let href = Route::Resource(document.slug.clone()).href(locale);
    let contents = (!document.contents.is_empty()).then(|| {
        let headings = document.contents.iter().map(|heading| view! { <li>{heading.clone()}</li> });
        view! {
            <p class="document-card__contents">{t::contents(locale)}</p>
            <ul>{headings.collect_view()}</ul>
        }
    });
    view! {
        <li class="document-card">
            <DocumentKind document=document.clone()/>
            <h3>
                <a href=href.clone()>{document.title.clone()}</a>
            </h3>
            <p>{document.summary.clone()}</p>
            {contents}
            <p class="actions">
                <Download document class="button"/>
                " "
                <a class="more" href=href>{t::read_here(locale)}</a>
            </p>
        </li>
    }
}

/// Its type, date of publication and publisher.
#[component]
pub(super) fn DocumentKind(document: DocumentSummary) -> impl IntoView {
    let locale = use_locale();
    let published = format::short_date(locale, document.published_on);
    view! {
        <p class="document-card__kind">
            <span class="tag">{document.kind.label}</span>
            {[" ", &published, " · ", &document.union.label].concat()}
        </p>
    }
}

/// The link to the file, with its type, size, pages and language.
#[component]
pub(super) fn Download(document: DocumentSummary, class: &'static str) -> impl IntoView {
    let locale = use_locale();
    view! {
        // The router must not handle links to files.
        <a class=class rel="external" type="application/pdf" href=api::server_href(&document.file)>
            {t::download(locale)}
        </a>
        " "
        <span class="document-card__file">{file_facts(&document, locale)}</span>
    }
}

/// `PDF, 3 pages A4, 28 KB, English`.
fn file_facts(document: &DocumentSummary, locale: Locale) -> String {
    let kilobytes = document.bytes.div_ceil(1024).to_string();
    let pages = t::pages(locale, document.pages, &document.paper);
    t::file(locale, &kilobytes, t::language(locale), &pages)
}
