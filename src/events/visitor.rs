//! When an event is where the visitor is, if their clock differs from the UK's.
//! The server cannot know, so it appears once the app runs.

use contract::events::EventSummary;

use crate::ui::{Markup, markup};

/// Adds the place for it, with what the app needs to know.
pub(super) fn add(out: &mut Markup, event: &EventSummary) {
    if !event.all_day {
        let clock = |moment: &contract::time::Moment| {
            [&moment.utc, " ", &moment.uk_date.to_string(), " ", &moment.uk_minute.to_string()].concat()
        };
        markup!(out, "<p class='event-page__visitor' data-starts='" (clock(&event.starts)) "' data-ends='"
            (clock(&event.ends)) "'></p>");
    }
}

/// Writes the visitor's time, unless their clock shows what the UK's does.
#[cfg(target_arch = "wasm32")]
pub(super) fn live() {
    use contract::time::{Date, Moment};

    use super::when::span;
    use crate::{
        i18n::{events as t, use_locale},
        ui::live::find,
    };

    let Some(place) = find(".event-page__visitor") else { return };
    // As it stands there, and on the visitor's clock.
    let read = |name: &str| -> Option<(Moment, Moment)> {
        let noted = place.get_attribute(name)?;
        let mut parts = noted.split(' ');
        let (utc, day, minute) = (parts.next()?, parts.next()?, parts.next()?);
        let at = js_sys::Date::new(&wasm_bindgen::JsValue::from_str(utc));
        // The engine's own fields: whole and small.
        let (year, month, day_here) =
            (at.get_full_year() as u16, at.get_month() as u8 + 1, at.get_date() as u8);
        let minute_here = (at.get_hours() * 60 + at.get_minutes()) as u16;
        let moment = |uk_date, uk_minute| Moment { utc: String::new(), uk_date, uk_minute };
        let uk = moment(day.parse().ok()?, minute.parse().ok()?);
        Some((uk, moment(Date::new(year, month, day_here)?, minute_here)))
    };
    let (Some((uk_starts, starts)), Some((uk_ends, ends))) = (read("data-starts"), read("data-ends")) else {
        return;
    };
    if starts != uk_starts || ends != uk_ends {
        let locale = use_locale();
        let when = span(&starts, &ends, ends.uk_date, locale);
        place.set_text_content(Some(&t::your_time(locale, &when)));
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub(super) fn live() {}
