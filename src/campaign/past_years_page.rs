//! The years before, one after another.

use contract::{
    Locale,
    campaign::{ListPastYears, PastYear, PastYears},
};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{format, hub as t, use_locale, videos},
    routes::Route,
    ui::{Head, Markup, TextPage, markup, no_controls, text_page},
};

#[component]
pub(crate) fn PastYearsPage() -> impl IntoView {
    text_page(api::load(&ListPastYears { locale: use_locale() }), page)
}

fn page(past: PastYears, locale: Locale) -> TextPage {
    let (title, summary) = (t::past_years(locale), t::past_years_summary(locale));
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (title) "</h1><p class='lede'>"
        (summary) "</p><p><a class='more' href='" (Route::Videos.href(locale)) "'>" (videos::to_films(locale))
        "</a></p></div>");
    if past.years.is_empty() {
        markup!(out, "<p class='wrap'>" (t::no_past_years(locale)) "</p>");
    }
    past.years.iter().for_each(|year| add_year(&mut out, year, locale));
    TextPage {
        head: Head {
            title: title.to_owned(),
            description: summary.to_owned(),
            route: Some(Route::PastYears),
        },
        html: out.html(),
        live: no_controls,
    }
}

fn add_year(out: &mut Markup, year: &PastYear, locale: Locale) {
    let PastYear { slug, starts_on, ends_on, text } = year;
    markup!(out, "<section class='year section' id='year-" (slug) "' aria-labelledby='year-" (slug)
        "-title'><div class='year__inner wrap'>");
    out.picture(&text.picture, "year__picture");
    markup!(out, "<div class='year__text'><p class='kicker'>" (format::date_range(locale, *starts_on, *ends_on))
        "</p><h2 id='year-" (slug) "-title'>" (text.title) "</h2><div class='prose'>");
    out.sanitised(&text.html);
    markup!(out, "</div><h3>" (t::what_unions_did(locale)) "</h3><ul>");
    for action in &text.actions {
        markup!(out, "<li>" (action) "</li>");
    }
    out.raw("</ul></div></div></section>");
}
