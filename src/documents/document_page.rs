//! A document, to read online and to download for printing.

use contract::{
    documents::{Document, FindDocument},
    query,
};
use leptos::prelude::*;

use super::card::{DocumentKind, Download};
use crate::{
    api,
    i18n::{documents as t, format, page as page_text, use_locale},
    routes::{self, Route},
    ui::{Head, PageHead, Remote},
};

#[component]
pub(crate) fn ResourcePage() -> impl IntoView {
    let locale = use_locale();
    // The component is reused from one document to another.
    let slug = routes::param("document");
    let document = api::resource(move || FindDocument { slug: slug.get(), locale });
    view! { <Remote data=document let:document><Content document/></Remote> }
}

#[component]
fn Content(document: Document) -> impl IntoView {
    let locale = use_locale();
    let Document { summary, reviewed_on, series, email, html } = document;
    let (all, label) = match series {
        Some(series) => (Route::Publication(series.value), series.label),
        None => (Route::Resources, t::title(locale).to_owned()),
    };
    let subject = t::format_subject(locale, &summary.title);
    let ask = query(&["mailto:", &email].concat(), &[("subject", &subject)]);
    let reviewed = format::short_date(locale, reviewed_on);
    let head = Head {
        title: summary.title.clone(),
        description: summary.summary.clone(),
        route: Some(Route::Resource(summary.slug.clone())),
    };
    view! {
        <PageHead head/>
        <article class="wrap document-page">
            <p class="crumb">
                <a href=all.href(locale)>{label}</a>
            </p>
            <h1 id="page-heading" tabindex="-1">{summary.title.clone()}</h1>
            <p class="lede">{summary.summary.clone()}</p>
            <DocumentKind document=summary.clone()/>
            <p class="actions">
                <Download document=summary class="button button--main"/>
            </p>
            <div class="prose document-page__text" inner_html=html></div>
            <div class="notice">
                <p class="notice__title">{t::other_format(locale)}</p>
                <p>{t::other_format_body(locale)}</p>
                <p>
                    <a class="more" href=ask>{t::ask(locale)}</a>
                </p>
            </div>
            <p class="reviewed">{page_text::reviewed_on(locale, &reviewed)}</p>
        </article>
    }
}
