//! Magazines and newsletters, each with its latest issue.

use contract::documents::{AllSeries, ListSeries, Series};
use leptos::prelude::*;

use super::card::DocumentCards;
use crate::{
    api,
    i18n::{documents as t, use_locale},
    routes::Route,
    ui::{PageStart, Remote},
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
    view! {
        <PageStart
            route=Route::Publications
            title=t::publications(locale)
            summary=t::publications_summary(locale)
        />
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
