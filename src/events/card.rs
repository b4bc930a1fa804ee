//! An event in a list.

use contract::{
    events::{EventState, EventSummary},
    time::Date,
};
use leptos::prelude::*;

use super::event_time::event_time;
use crate::{
    i18n::{events as t, format, use_locale},
    routes::Route,
};

/// A list of events, as cards.
#[component]
pub(crate) fn EventCards(events: Vec<EventSummary>) -> impl IntoView {
    events.into_iter().map(|event| view! { <EventCard event/> }).collect_view()
}

#[component]
fn EventCard(event: EventSummary) -> impl IntoView {
    let locale = use_locale();
    let recorded = event.recorded.then(|| [" · ", t::recorded(locale)].concat());
    view! {
        <li class="event-card">
            <DateBlock day=event.starts.uk_date class="event-card__date"/>
            <div class="event-card__text">
                <h3>
                    <a href=Route::Event(event.slug.clone()).href(locale)>{event.title.clone()}</a>
                </h3>
                <p class="event-card__when">
                    <EventTags event=event.clone()/>
                    {event_time(&event, locale)}
                </p>
                <p>{event.summary}</p>
                <p class="event-card__where">{event.place} " · " {event.union.label} {recorded}</p>
            </div>
        </li>
    }
}

/// The type of event, and its status unless it is upcoming.
#[component]
pub(super) fn EventTags(event: EventSummary) -> impl IntoView {
    let locale = use_locale();
    let state = match event.state {
        _ if event.cancelled => Some(t::cancelled(locale)),
        EventState::OnNow => Some(t::on_now(locale)),
        _ => None,
    };
    view! {
        <span class="tag">{event.kind.label}</span>
        " "
        {state.map(|state| view! { <strong class="tag tag--strong">{state}</strong> " " })}
    }
}

/// The date as a large block; the text beside it repeats it.
#[component]
pub(super) fn DateBlock(day: Date, class: &'static str) -> impl IntoView {
    let locale = use_locale();
    view! {
        <div class=["date-block ", class].concat() aria-hidden="true">
            <span class="date-block__weekday">{format::weekday(locale, day)}</span>
            <span class="date-block__day">{day.day()}</span>
            <span class="date-block__month">{format::month(locale, day)}</span>
        </div>
    }
}
