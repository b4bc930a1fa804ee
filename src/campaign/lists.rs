//! The lists on the home page: the campaign's demands, ways to take part, and past years.

use contract::campaign::{CallToAction, Demand, PastYear};
use leptos::prelude::*;

use crate::{
    i18n::{home as t, use_locale},
    routes::Route,
    ui::Picture,
};

#[component]
pub(super) fn Demands(demands: Vec<Demand>) -> impl IntoView {
    let locale = use_locale();
    let demands = demands
        .into_iter()
        .map(|demand| {
            view! {
                <li class="demand">
                    <h3 class="demand__title">{demand.title}</h3>
                    <p>{demand.body}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="demands section" id="demands" aria-labelledby="demands-title">
            <div class="wrap">
                <h2 id="demands-title">{t::demands(locale)}</h2>
                <ol class="demands__list" role="list">{demands}</ol>
            </div>
        </section>
    }
}

#[component]
pub(super) fn CallsToAction(calls: Vec<CallToAction>) -> impl IntoView {
    let locale = use_locale();
    let calls = calls
        .into_iter()
        .map(|call| {
            let accent = call.picture.clone();
            view! {
                <li class="way" data-accent=accent>
                    <Picture name=call.picture class="way__picture"/>
                    <div class="way__text">
                        <h3 class="way__title">
                            <a href=[locale.path_prefix(), &call.page].concat()>{call.title}</a>
                        </h3>
                        <p>{call.body}</p>
                        <p class="way__effort">{call.effort}</p>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="ways section" id="take-part" aria-labelledby="take-part-title">
            <div class="wrap">
                <h2 id="take-part-title">{t::roles(locale)}</h2>
                <ul class="ways__list" role="list">{calls}</ul>
                <p>
                    <a class="button" href=Route::TakePart.href(locale)>{t::your_steps(locale)}</a>
                </p>
            </div>
        </section>
    }
}

#[component]
pub(super) fn Timeline(years: Vec<PastYear>) -> impl IntoView {
    let locale = use_locale();
    let all = Route::PastYears.href(locale);
    let stops = years
        .into_iter()
        .map(|year| {
            view! {
                <li class="timeline__stop">
                    <p class="timeline__year">{year.starts_on.year()}</p>
                    <Picture name=year.text.picture class="timeline__picture"/>
                    <h3 class="timeline__title">
                        <a href=[&all, "#year-", &year.slug].concat()>{year.text.title}</a>
                    </h3>
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
                <p>
                    <a class="more" href=all>{t::all_past_years(locale)}</a>
                </p>
            </div>
        </section>
    }
}
