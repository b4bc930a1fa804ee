//! The years before, as a line to follow on the hub.

use contract::campaign::PastYear;
use leptos::prelude::*;

use crate::{
    i18n::{hub as t, use_locale},
    routes::Route,
    ui::Picture,
};

#[component]
pub(super) fn Timeline(years: Vec<PastYear>) -> impl IntoView {
    let locale = use_locale();
    let stops = years
        .into_iter()
        .map(|year| {
            let href = [&Route::PastYears.href(locale), "#year-", &year.slug].concat();
            view! {
                <li class="timeline__stop">
                    <p class="timeline__year">{year.starts_on.year()}</p>
                    <Picture name=year.text.picture class="timeline__picture"/>
                    <h3 class="timeline__title"><a href=href>{year.text.title}</a></h3>
                    <p>{year.text.summary}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="timeline section" id="past-years" aria-labelledby="past-years-title">
            <div class="wrap">
                <h2 id="past-years-title">{t::past_years(locale)}</h2>
                <ol class="timeline__list" role="list">{stops}</ol>
                <p><a class="more" href=Route::PastYears.href(locale)>{t::all_past_years(locale)}</a></p>
            </div>
        </section>
    }
}
