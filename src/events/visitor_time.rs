//! The local time of an event, if the visitor's clock differs from UK time.

use contract::time::{Date, Moment};
use leptos::prelude::*;

use super::event_time::time_range;
use crate::i18n::{events as t, use_locale};

/// The visitor's local time. The server cannot know it, so it is shown once the app runs.
#[component]
pub(super) fn VisitorTime(starts: Moment, ends: Moment) -> impl IntoView {
    let locale = use_locale();
    let (text, set_text) = signal(None::<String>);
    Effect::new(move |_| {
        let Some((from, to)) = local_time(&starts).zip(local_time(&ends)) else { return };
        let is_uk = |own: &Moment, uk: &Moment| own.uk_date == uk.uk_date && own.uk_minute == uk.uk_minute;
        if !is_uk(&from, &starts) || !is_uk(&to, &ends) {
            set_text.set(Some(t::your_time(locale, &time_range(&from, &to, to.uk_date, locale))));
        }
    });
    view! { <p class="event-page__visitor">{move || text.get()}</p> }
}

/// A moment in the visitor's local time; none if it is the same as in the UK.
fn local_time(moment: &Moment) -> Option<Moment> {
    let at = js_sys::Date::new(&wasm_bindgen::JsValue::from_str(&moment.utc));
    // The engine's values are small whole numbers.
    let day = Date::new(at.get_full_year() as u16, at.get_month() as u8 + 1, at.get_date() as u8)?;
    let minute = at.get_hours() * 60 + at.get_minutes();
    Some(Moment { utc: moment.utc.clone(), uk_date: day, uk_minute: minute as u16 })
}
