//! Documents by kind.

use contract::{
    Locale,
    documents::{Documents, ListDocuments, kind_in},
};
use leptos::prelude::*;

use super::card::add_documents;
use crate::{
    api,
    i18n::{documents as t, poster, use_locale},
    routes::{self, Route},
    ui::{
        Head, Markup, TextPage,
        listing::{term_links, with_query},
        markup, no_controls, text_page,
    },
};

#[component]
pub(crate) fn ResourcesPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Resources.path());
    let kind = move || query.with(|query| kind_in(query));
    text_page(api::load_again(move || ListDocuments { locale, kind: kind() }), page)
}

fn page(documents: Documents, locale: Locale) -> TextPage {
    let kind = routes::query_at(Route::Resources.path()).with_untracked(|query| kind_in(query));
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (t::title(locale))
        "</h1><p class='lede'>" (t::summary(locale)) "</p></div><div class='wrap documents'><nav aria-label='"
        (t::choices(locale)) "'>");
    let with_kind = |kind: Option<String>| {
        let query = kind.map(|kind| ["kind=", &kind].concat()).unwrap_or_default();
        with_query(&Route::Resources.href(locale), &query)
    };
    term_links(&mut out, t::kinds(locale), &documents.kinds, kind.as_deref(), &with_kind, locale);
    let count = u32::try_from(documents.documents.len()).unwrap_or(u32::MAX);
    markup!(out, "</nav><h2 class='documents__found'>" (t::found(locale, count)) "</h2>");
    add_documents(&mut out, &documents.documents, locale);
    markup!(out, "<div class='notice'><p class='notice__title'><a href='" (Route::PosterMaker.href(locale)) "'>"
        (poster::invitation(locale)) "</a></p><p>" (poster::invitation_body(locale)) "</p></div>");
    markup!(out, "<p><a class='more' href='" (Route::Publications.href(locale)) "'>" (t::to_publications(locale))
        "</a></p></div>");
    TextPage {
        head: Head {
            title: t::title(locale).to_owned(),
            description: t::summary(locale).to_owned(),
            route: Some(Route::Resources),
        },
        html: out.html(),
        live: no_controls,
    }
}
