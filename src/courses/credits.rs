//! Whether somebody earns a course's credits, worked out from the day on which
//! they start. A plain form: without the app the address carries the day and the
//! server answers.

use contract::{
    Locale,
    courses::{earns_credits, start_in},
    time::Date,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    i18n::{courses as t, format},
    routes::Route,
    ui::{Markup, error_summary, markup},
};

/// Adds a field for the day, and the answer; who starts on `from` or later gets
/// so many credits.
pub(super) fn add(out: &mut Markup, route: &Route, from: Date, credits: u16, locale: Locale) {
    let start = use_location().search.with_untracked(|query| start_in(query));
    let day = start.map(|start| start.to_string()).unwrap_or_default();
    markup!(out, "<section class='credits' aria-labelledby='credits-title' data-from='" (from.to_string())
        "' data-credits='" (credits.to_string()) "'><h2 id='credits-title'>" (t::check(locale))
        "</h2><div class='credits__mistake'></div><form class='credits__form' method='get' novalidate action='"
        (route.href(locale)) "'><label class='field__label' for='start'>" (t::start(locale))
        "</label><p class='field__hint' id='start-hint'>" (t::start_hint(locale))
        "</p><input class='field__input' id='start' name='start' type='date' min='1950-01-01' max='2100-12-31' value='"
        (day) "' aria-describedby='start-error start-hint'><button class='button' type='submit'>" (t::work_out(locale))
        "</button></form><div class='credits__answer' role='status'>");
    if let Some(start) = start {
        markup!(out, "<p>" (answer(from, start, credits, locale)) "</p>");
    }
    out.raw("</div></section>");
}

/// The answer for somebody who starts on `start`.
fn answer(from: Date, start: Date, credits: u16, locale: Locale) -> String {
    let [from_day, start_day] = [from, start].map(|day| format::short_date(locale, day));
    if earns_credits(from, start) {
        t::earns(locale, u32::from(credits), &start_day)
    } else {
        t::earns_not(locale, &start_day, &from_day)
    }
}

/// What is wrong, if what was typed is no day.
fn mistake(locale: Locale) -> String {
    let mut out = Markup::default();
    error_summary(&mut out, "start", t::start_mistake(locale), locale);
    out.html()
}

/// Answers without asking the server.
#[cfg(target_arch = "wasm32")]
pub(super) fn live() {
    use wasm_bindgen::JsCast as _;
    use web_sys::HtmlInputElement;

    use crate::{
        a11y::navigation,
        i18n::use_locale,
        ui::live::{find, listen},
    };

    let locale = use_locale();
    let Some(section) = find(".credits") else { return };
    let from: Option<Date> = section.get_attribute("data-from").and_then(|from| from.parse().ok());
    let credits = section.get_attribute("data-credits").and_then(|credits| credits.parse().ok());
    let (Some(from), Some(credits)) = (from, credits) else { return };
    listen(&section, "submit", move |event| {
        let input = find("#start").and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        let (Some(input), Some(said), Some(wrong)) =
            (input, find(".credits__answer"), find(".credits__mistake"))
        else {
            return;
        };
        event.prevent_default();
        let start: Option<Date> = input.value().parse().ok();
        match start {
            Some(start) => {
                wrong.set_inner_html("");
                _ = input.remove_attribute("aria-invalid");
                said.set_text_content(Some(&answer(from, start, credits, locale)));
            }
            None => {
                said.set_text_content(None);
                _ = input.set_attribute("aria-invalid", "true");
                wrong.set_inner_html(&mistake(locale));
                navigation::settle("error-summary");
            }
        }
    });
}

#[cfg(not(target_arch = "wasm32"))]
pub(super) fn live() {
    let _ = mistake;
}
