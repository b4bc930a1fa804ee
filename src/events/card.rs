//! An event in a list.

use contract::{
    Locale,
    events::{EventState, EventSummary},
    time::Date,
};

use super::when::when;
use crate::{
    i18n::{events as t, format},
    routes::Route,
    ui::{Markup, markup},
};

/// Adds several events, each a card, as the content of a list.
pub(crate) fn event_cards(out: &mut Markup, events: &[EventSummary], locale: Locale) {
    for event in events {
        let href = Route::Event(event.slug.clone()).href(locale);
        out.raw("<li class='event-card'>");
        date_block(out, event.starts.uk_date, "event-card__date", locale);
        markup!(out, "<div class='event-card__text'><h3><a href='" (href) "'>" (event.title)
            "</a></h3><p class='event-card__when'>");
        state(out, event, locale);
        markup!(out, (when(event, locale)) "</p><p>" (event.summary) "</p><p class='event-card__where'>"
            (event.place) " · " (event.union.label));
        if event.recorded {
            markup!(out, " · "(t::recorded(locale)));
        }
        out.raw("</p></div></li>");
    }
}

/// What kind of event it is, and where it stands unless it is simply to come.
pub(super) fn state(out: &mut Markup, event: &EventSummary, locale: Locale) {
    markup!(out, "<span class='tag'>" (event.kind.label) "</span> ");
    let word = match event.state {
        _ if event.cancelled => t::cancelled(locale),
        EventState::OnNow => t::on_now(locale),
        _ => return,
    };
    markup!(out, "<strong class='tag tag--strong'>" (word) "</strong> ");
}

/// The day as a block that can be read from across a room; the same stands in
/// words beside it.
pub(super) fn date_block(out: &mut Markup, day: Date, class: &'static str, locale: Locale) {
    markup!(out, "<div class='date-block " (class) "' aria-hidden='true'><span class='date-block__weekday'>"
        (format::weekday(locale, day)) "</span><span class='date-block__day'>" (day.day().to_string())
        "</span><span class='date-block__month'>" (format::month(locale, day)) "</span></div>");
}
