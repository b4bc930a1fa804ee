//! Whether someone earns a course's credits, calculated from their start date. It is an HTML
//! form: without the app, the date is in the URL and the server answers.

use contract::{
    Locale,
    courses::{earns_credits, start_in},
    time::Date,
};
use leptos::{ev::SubmitEvent, html, prelude::*};
use leptos_router::hooks::use_location;

use crate::{
    a11y::navigation,
    i18n::{courses as t, format, use_locale},
    routes::Route,
    ui::{SingleError, focus_summary},
};

/// A date field, and the answer.
#[component]
pub(super) fn CreditsCheck(
    route: Route,
    /// The earliest start date that earns credits.
    from: Date,
    /// The number of credits.
    credits: u16,
) -> impl IntoView {
    let locale = use_locale();
    let start = RwSignal::new(use_location().search.with_untracked(|query| start_in(query)));
    let is_invalid = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    // The next course has the same field, which must not show the date for this one.
    on_cleanup(move || _ = input.try_get_untracked().flatten().map(|input| input.set_value("")));
    let check = move |event: SubmitEvent| {
        let Some(input) = input.get_untracked() else { return };
        event.prevent_default();
        start.set(input.value().parse().ok());
        is_invalid.set(start.with_untracked(Option::is_none));
        navigation::set_error_title(is_invalid.get_untracked(), locale);
        if is_invalid.get_untracked() {
            focus_summary();
        }
    };
    let error = move || {
        is_invalid
            .get()
            .then(|| view! { <SingleError field="start" text=t::start_error(locale).to_owned()/> })
    };
    let result = move || start.get().map(|start| view! { <p>{answer(from, start, credits, locale)}</p> });
    let first = start.get_untracked().map(|start| start.to_string());
    view! {
        <section class="credits" aria-labelledby="credits-title">
            <h2 id="credits-title">{t::credits_check(locale)}</h2>
            {move || error()}
            <form class="credits__form" method="get" novalidate action=route.href(locale) on:submit=check>
                <label class="field__label" for="start">{t::start(locale)}</label>
                <p class="field__hint" id="start-hint">{t::start_hint(locale)}</p>
                <input
                    class="field__input"
                    node_ref=input
                    id="start"
                    name="start"
                    type="date"
                    min="1950-01-01"
                    max="2100-12-31"
                    value=first
                    aria-describedby="start-error start-hint"
                    aria-invalid=move || is_invalid.get().then_some("true")
                />
                <button class="button" type="submit">{t::check_button(locale)}</button>
            </form>
            <div class="credits__answer" role="status">{move || result()}</div>
        </section>
    }
}

/// The answer for someone who starts on `start`.
fn answer(from: Date, start: Date, credits: u16, locale: Locale) -> String {
    let [from_day, start_day] = [from, start].map(|day| format::short_date(locale, day));
    if earns_credits(from, start) {
        t::earns(locale, u32::from(credits), &start_day)
    } else {
        t::earns_not(locale, &start_day, &from_day)
    }
}
