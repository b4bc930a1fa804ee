//! The past years, one after another.

use contract::campaign::{ListPastYears, PastYear, PastYears};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{format, home as t, use_locale, videos},
    routes::Route,
    ui::{Head, PageHead, Picture, Remote},
};

#[component]
pub(crate) fn PastYearsPage() -> impl IntoView {
    let locale = use_locale();
    let past = api::resource(move || ListPastYears { locale });
    view! { <Remote data=past let:past><Years past/></Remote> }
}

#[component]
fn Years(past: PastYears) -> impl IntoView {
    let locale = use_locale();
    let (title, summary) = (t::past_years(locale), t::past_years_summary(locale));
    let head =
        Head { title: title.to_owned(), description: summary.to_owned(), route: Some(Route::PastYears) };
    let none = past.years.is_empty().then(|| view! { <p class="wrap">{t::no_past_years(locale)}</p> });
    let years = past.years.into_iter().map(|year| view! { <Year year/> }).collect_view();
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{title}</h1>
            <p class="lede">{summary}</p>
            <p>
                <a class="more" href=Route::Videos.href(locale)>{videos::to_videos(locale)}</a>
            </p>
        </div>
        {none}
        {years}
    }
}

#[component]
fn Year(year: PastYear) -> impl IntoView {
    let locale = use_locale();
    let PastYear { slug, starts_on, ends_on, text } = year;
    let id = ["year-", &slug].concat();
    let title_id = [&id, "-title"].concat();
    let actions = text.actions.into_iter().map(|action| view! { <li>{action}</li> }).collect_view();
    view! {
        <section class="year section" id=id aria-labelledby=title_id.clone()>
            <div class="year__inner wrap">
                <Picture name=text.picture class="year__picture"/>
                <div class="year__text">
                    <p class="kicker">{format::date_range(locale, starts_on, ends_on)}</p>
                    <h2 id=title_id.clone()>{text.title}</h2>
                    <div class="prose" inner_html=text.html></div>
                    <h3>{t::what_unions_did(locale)}</h3>
                    <ul>{actions}</ul>
                </div>
            </div>
        </section>
    }
}
