//! A document, to read on the page and to fetch for paper.

use contract::{
    Locale,
    documents::{Document, FindDocument},
    query,
};
use leptos::prelude::*;

use super::card::add_download;
use crate::{
    api,
    i18n::{documents as t, format, page as page_text, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, markup, no_controls, text_page},
};

#[component]
pub(crate) fn ResourcePage() -> impl IntoView {
    let locale = use_locale();
    // From one document to another the page stays.
    let slug = routes::param("document");
    text_page(api::load_again(move || FindDocument { slug: slug.get(), locale }), page)
}

fn page(document: Document, locale: Locale) -> TextPage {
    let summary = &document.summary;
    let (all, label) = match &document.series {
        Some(series) => (Route::Publication(series.value.clone()), series.label.as_str()),
        None => (Route::Resources, t::title(locale)),
    };
    let mut out = Markup::default();
    markup!(out, "<article class='wrap document-page'><p class='crumb'><a href='" (all.href(locale)) "'>" (label)
        "</a></p><h1 id='page-heading' tabindex='-1'>" (summary.title) "</h1><p class='lede'>" (summary.summary)
        "</p><p class='document-card__kind'><span class='tag'>" (summary.kind.label) "</span> "
        (format::short_date(locale, summary.published_on)) " · " (summary.union.label) "</p><p class='actions'>");
    add_download(&mut out, summary, "button button--main", locale);
    out.raw("</p><div class='prose document-page__text'>");
    out.sanitised(&document.html);
    let subject = t::format_subject(locale, &summary.title);
    let ask = query(&["mailto:", &document.email].concat(), &[("subject", &subject)]);
    let reviewed = format::short_date(locale, document.reviewed_on);
    markup!(out, "</div><div class='notice'><p class='notice__title'>" (t::other_format(locale)) "</p><p>"
        (t::other_format_body(locale)) "</p><p><a class='more' href='" (ask) "'>" (t::ask(locale))
        "</a></p></div><p class='reviewed'>" (page_text::reviewed_on(locale, &reviewed)) "</p></article>");
    TextPage {
        head: Head {
            title: summary.title.clone(),
            description: summary.summary.clone(),
            route: Some(Route::Resource(summary.slug.clone())),
        },
        html: out.html(),
        live: no_controls,
    }
}
