//! Magazines and newsletters, each with its latest issue.

use contract::documents::{AllSeries, ListSeries, Series};
use leptos::prelude::*;

use super::card::DocumentCards;
use crate::{
    api,
    i18n::{documents as t, use_locale},
    routes::Route,
    ui::{Head, PageHead, Remote},
};

#[component]
pub(crate) fn PublicationsPage() -> impl IntoView {
    let locale = use_locale();
    let all = api::resource(move || ListSeries { locale });
    view! { <Remote data=all let:all><Content all/></Remote> }
}

#[component]
fn Content(all: AllSeries) -> impl IntoView {
    let locale = use_locale();
    let (title, summary) = (t::publications(locale), t::publications_summary(locale));
    let head =
        Head { title: title.to_owned(), description: summary.to_owned(), route: Some(Route::Publications) };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{title}</h1>
            <p class="lede">{summary}</p>
        </div>
        {all.series.into_iter().map(|series| view! { <SeriesSection series/> }).collect_view()}
        <p class="wrap">
            <a class="more" href=Route::Resources.href(locale)>{t::to_resources(locale)}</a>
        </p>
    }
}

#[component]
fn SeriesSection(series: Series) -> impl IntoView {
    let locale = use_locale();
    let Series { slug, title, summary, issues, .. } = series;
    let href = Route::Publication(slug.clone()).href(locale);
    let all_issues = t::all_issues(locale, &title);
    view! {
        <section class="wrap section" aria-labelledby=slug.clone()>
            <h2 id=slug.clone()>
                <a href=href.clone()>{title}</a>
            </h2>
            <p>{summary}</p>
            <DocumentCards documents=issues/>
            <p>
                <a class="more" href=href>{all_issues}</a>
            </p>
        </section>
    }
}
