//! The banner at the top: the name and dates of the week, and the main action.

use contract::{
    Locale,
    campaign::{Week, WeekState},
};
use leptos::prelude::*;

use crate::{
    i18n::{format, home as t, use_locale},
    ui::Picture,
};

#[component]
pub(super) fn Hero(title: String, summary: String, week: Week) -> impl IntoView {
    let locale = use_locale();
    let (state, number, label) = countdown(locale, week.state);
    view! {
        <section class="hero" id="week" aria-labelledby="page-heading">
            <div class="hero__banner wrap">
                <p class="hero__dates">{format::date_range(locale, week.starts_on, week.ends_on)}</p>
                <h1 class="hero__title" id="page-heading" tabindex="-1">{title}</h1>
                <p class="hero__summary">{summary}</p>
                <p class="actions">
                    <a class="button button--main" href="#take-part">{t::take_part(locale)}</a>
                    " "
                    <a class="button" href="#find">{t::find_region(locale)}</a>
                </p>
                <p class="countdown" data-state=state>
                    <Picture name="heart" class="countdown__heart"/>
                    <span class="countdown__text">
                        <span class="countdown__number">{number}</span>
                        " "
                        <span class="countdown__label">{label}</span>
                    </span>
                </p>
            </div>
            <Picture name="crowd" class="hero__crowd"/>
        </section>
    }
}

/// The content of the heart: a number if there is something to count, and its label.
fn countdown(locale: Locale, state: WeekState) -> (&'static str, Option<u16>, String) {
    match state {
        WeekState::Upcoming { days_to_go } => {
            ("upcoming", Some(days_to_go), t::days_to_go(locale, u32::from(days_to_go)))
        }
        WeekState::OnNow { day } => ("on-now", None, t::on_now(locale, &day.to_string())),
        WeekState::Over => ("over", None, t::ended(locale).to_owned()),
    }
}
