//! The next event, for the hub.

use contract::{
    Locale,
    events::{EventState, EventSummary},
};

use super::{card::date_block, when::when};
use crate::{
    i18n::events as t,
    routes::Route,
    ui::{Markup, markup},
};

/// Adds the next event with the ways to it and into a calendar.
pub(crate) fn add_next_event(out: &mut Markup, event: &EventSummary, locale: Locale) {
    let heading = if event.state == EventState::OnNow { t::on_now(locale) } else { t::next_event(locale) };
    let href = Route::Event(event.slug.clone()).href(locale);
    out.raw("<section class='event section' id='next-event' aria-labelledby='next-event-title'>");
    out.raw("<div class='event__inner wrap'>");
    date_block(out, event.starts.uk_date, "event__date", locale);
    markup!(out, "<div class='event__text'><p class='kicker'>" (heading) "</p><h2 id='next-event-title'>"
        (event.title) "</h2><p class='event__when'><span class='tag'>" (event.kind.label)
        "</span> <time datetime='" (event.starts.utc) "'>" (when(event, locale)) "</time></p><p>" (event.summary)
        "</p><p class='actions'><a class='button' href='" (href) "'>" (t::about(locale))
        "</a> <a class='button' rel='external' href='" (href) "/event.ics'>" (t::add(locale))
        "</a> <a class='more' href='" (Route::Events.href(locale)) "'>" (t::all_events(locale))
        "</a></p></div></div></section>");
}
