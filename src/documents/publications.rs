//! Magazines and newsletters: all of them with their latest issues, and one with
//! all of its own.

use contract::{
    Locale,
    documents::{AllSeries, FindSeries, ListSeries, Series},
};
use leptos::prelude::*;

use super::card::add_documents;
use crate::{
    api,
    i18n::{documents as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, markup, no_controls, text_page},
};

#[component]
pub(crate) fn PublicationsPage() -> impl IntoView {
    text_page(api::load(&ListSeries { locale: use_locale() }), all)
}

#[component]
pub(crate) fn PublicationPage() -> impl IntoView {
    let locale = use_locale();
    // From one series to another the page stays.
    let slug = routes::param("publication");
    text_page(api::load_again(move || FindSeries { slug: slug.get(), locale }), one)
}

fn all(all: AllSeries, locale: Locale) -> TextPage {
    let (title, summary) = (t::publications(locale), t::publications_summary(locale));
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (title) "</h1><p class='lede'>"
        (summary) "</p></div>");
    for series in &all.series {
        let href = Route::Publication(series.slug.clone()).href(locale);
        markup!(out, "<section class='wrap section' aria-labelledby='" (series.slug) "'><h2 id='" (series.slug)
            "'><a href='" (href) "'>" (series.title) "</a></h2><p>" (series.summary) "</p>");
        add_documents(&mut out, &series.issues, locale);
        markup!(out, "<p><a class='more' href='" (href) "'>" (t::all_issues(locale, &series.title)) "</a></p></section>");
    }
    markup!(out, "<p class='wrap'><a class='more' href='" (Route::Resources.href(locale)) "'>"
        (t::to_resources(locale)) "</a></p>");
    TextPage {
        head: Head {
            title: title.to_owned(),
            description: summary.to_owned(),
            route: Some(Route::Publications),
        },
        html: out.html(),
        live: no_controls,
    }
}

fn one(series: Series, locale: Locale) -> TextPage {
    let count = u32::try_from(series.issues.len()).unwrap_or(u32::MAX);
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><p class='crumb'><a href='" (Route::Publications.href(locale)) "'>"
        (t::publications(locale)) "</a></p><h1 id='page-heading' tabindex='-1'>" (series.title)
        "</h1><p class='lede'>" (series.summary) "</p><p>" (t::published_by(locale, &series.union.label))
        "</p></div><div class='wrap documents'><h2 class='documents__found'>" (t::issues(locale, count)) "</h2>");
    add_documents(&mut out, &series.issues, locale);
    out.raw("</div>");
    TextPage {
        head: Head {
            title: series.title,
            description: series.summary,
            route: Some(Route::Publication(series.slug)),
        },
        html: out.html(),
        live: no_controls,
    }
}
