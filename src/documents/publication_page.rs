//! A magazine or a newsletter with all of its issues.

use contract::documents::{FindSeries, Series};
use leptos::prelude::*;

use super::card::DocumentCards;
use crate::{
    api,
    i18n::{documents as t, use_locale},
    routes::{self, Route},
    ui::{Head, PageHead, Remote},
};

#[component]
pub(crate) fn PublicationPage() -> impl IntoView {
    let locale = use_locale();
    // The component is reused from one series to another.
    let slug = routes::param("publication");
    let series = api::resource(move || FindSeries { slug: slug.get(), locale });
    view! { <Remote data=series let:series><Content series/></Remote> }
}

#[component]
fn Content(series: Series) -> impl IntoView {
    let locale = use_locale();
    let Series { slug, title, summary, union, issues } = series;
    let count = u32::try_from(issues.len()).unwrap_or(u32::MAX);
    let head =
        Head { title: title.clone(), description: summary.clone(), route: Some(Route::Publication(slug)) };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <p class="crumb">
                <a href=Route::Publications.href(locale)>{t::publications(locale)}</a>
            </p>
            <h1 id="page-heading" tabindex="-1">{title}</h1>
            <p class="lede">{summary}</p>
            <p>{t::published_by(locale, &union.label)}</p>
        </div>
        <div class="wrap documents">
            <h2 class="documents__found">{t::issues(locale, count)}</h2>
            <DocumentCards documents=issues/>
        </div>
    }
}
