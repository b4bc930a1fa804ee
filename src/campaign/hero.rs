//! The banner at the top: what the week is, when it is, and what to do first.

use contract::{
    Locale,
    campaign::{Week, WeekState},
};

use crate::{
    i18n::{format, hub as t},
    ui::{Markup, markup},
};

pub(super) fn add(out: &mut Markup, title: &str, summary: &str, week: &Week, locale: Locale) {
    markup!(out, "<section class='hero' id='week' aria-labelledby='page-heading'><div class='hero__banner wrap'>"
        "<p class='hero__dates'>" (format::date_range(locale, week.starts_on, week.ends_on))
        "</p><h1 class='hero__title' id='page-heading' tabindex='-1'>" (title) "</h1><p class='hero__summary'>"
        (summary) "</p><p class='actions'><a class='button button--main' href='#take-part'>" (t::take_part(locale))
        "</a> <a class='button' href='#find'>" (t::find_region(locale)) "</a></p>");
    let (state, number, label) = countdown(locale, week.state);
    markup!(out, "<p class='countdown' data-state='" (state) "'>");
    out.picture("heart", "countdown__heart");
    markup!(out, "<span class='countdown__text'><span class='countdown__number'>" (number)
        "</span> <span class='countdown__label'>" (label) "</span></span></p></div>");
    out.picture("crowd", "hero__crowd");
    out.raw("</section>");
}

/// What stands in the heart: a number where there is something to count, and
/// what it means.
fn countdown(locale: Locale, state: WeekState) -> (&'static str, String, String) {
    match state {
        WeekState::Upcoming { days_to_go } => {
            ("upcoming", days_to_go.to_string(), t::days_to_go(locale, u32::from(days_to_go)))
        }
        WeekState::OnNow { day } => ("on-now", String::new(), t::on_now(locale, &day.to_string())),
        WeekState::Over => ("over", String::new(), t::over(locale).to_owned()),
    }
}
