//! What unions did in the years before.

use contract::campaign::{ListPastYears, PastYear, PastYears};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{format, hub as t, use_locale},
    routes::Route,
    ui::{Head, PageHead, Picture, remote},
};

#[component]
pub(crate) fn PastYearsPage() -> impl IntoView {
    let data = api::load(&ListPastYears { locale: use_locale() });
    remote(data, |past| view! { <Years past/> })
}

#[component]
fn Years(past: PastYears) -> impl IntoView {
    let locale = use_locale();
    let title = t::past_years(locale);
    let summary = t::past_years_summary(locale);
    let head =
        Head { title: title.to_owned(), description: summary.to_owned(), route: Some(Route::PastYears) };
    let years = if past.years.is_empty() {
        view! { <p class="wrap">{t::no_past_years(locale)}</p> }.into_any()
    } else {
        past.years.into_iter().map(|year| view! { <Year year/> }).collect_view().into_any()
    };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{title}</h1>
            <p class="lede">{summary}</p>
        </div>
        {years}
    }
}

#[component]
fn Year(year: PastYear) -> impl IntoView {
    let locale = use_locale();
    let PastYear { slug, starts_on, ends_on, text } = year;
    let id = ["year-", &slug].concat();
    let title_id = [&id, "-title"].concat();
    let labelled_by = title_id.clone();
    let actions = text.actions.into_iter().map(|action| view! { <li>{action}</li> }).collect_view();
    view! {
        <section class="year section" id=id aria-labelledby=labelled_by>
            <div class="year__inner wrap">
                <Picture name=text.picture class="year__picture"/>
                <div class="year__text">
                    <p class="kicker">{format::date_range(locale, starts_on, ends_on)}</p>
                    <h2 id=title_id>{text.title}</h2>
                    <div class="prose" inner_html=text.html></div>
                    <h3>{t::what_unions_did(locale)}</h3>
                    <ul>{actions}</ul>
                </div>
            </div>
        </section>
    }
}
