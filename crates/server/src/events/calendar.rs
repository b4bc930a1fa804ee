//! Events as iCalendar files (RFC 5545): single events, and a feed of all events to subscribe
//! to.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::{IntoResponse as _, Response},
};
use campaign_hub::{i18n, routes::Route};
use contract::Locale;
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Property};
use jiff::{SignedDuration, Timestamp};

use super::{EventFacts, index::CalendarEvent};
use crate::{clock, error::ApiError, state::AppState};

/// The last part of the feed's URL, after the language prefix.
pub(super) const FEED: &str = "/events.ics";
/// The last part of the URL of an event's file, after the event's page.
pub(super) const FILE: &str = "/event.ics";

/// How long the feed includes past events, so that late subscribers see this year's week.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Responds with one event.
pub(super) async fn show_event(
    locale: Locale,
    State(state): State<AppState>,
    slug: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(slug) = slug.map_err(|_| ApiError::NotFound)?;
    let content_index = state.content_index.get(&state.store).await?;
    let event = content_index.events.in_calendar(&slug, locale).ok_or(ApiError::NotFound)?;
    let disposition = format!("attachment; filename=\"{slug}.ics\"");
    let calendar = calendar(locale, state.public_url.origin(), [event]);
    Ok(([(header::CONTENT_DISPOSITION, disposition)], answer(&calendar)).into_response())
}

/// Responds with all upcoming and recent events.
pub(super) async fn show_feed(locale: Locale, State(state): State<AppState>) -> Result<Response, ApiError> {
    let since = state.clock.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    let content_index = state.content_index.get(&state.store).await?;
    let events = content_index.events.in_calendar_since(since, locale);
    Ok(answer(&calendar(locale, state.public_url.origin(), events)))
}

fn answer(calendar: &Calendar) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, calendar.to_string()).into_response()
}

fn calendar<'a>(
    locale: Locale,
    origin: &str,
    events: impl IntoIterator<Item = CalendarEvent<'a>>,
) -> Calendar {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Campaign Hub//Events//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT6H"),
        ("X-WR-TIMEZONE", "Europe/London"),
    ] {
        calendar.append_property((name, value));
    }
    calendar.name(i18n::events::calendar_name(locale));
    for one in events {
        calendar.push(event(&one, locale, origin));
    }
    calendar
}

fn event(event: &CalendarEvent<'_>, locale: Locale, origin: &str) -> Event {
    let CalendarEvent { slug, facts, title, summary, place, access, cancelled } = *event;
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let page = [origin, &Route::Event(slug.to_owned()).href(locale)].concat();
    // In the text too, because some calendars do not show the status.
    let (title, mut description) = match cancelled {
        Some(why) => (
            i18n::events::cancelled_title(locale, title),
            vec![i18n::events::cancelled_text(locale, why), summary.to_owned()],
        ),
        None => (title.to_owned(), vec![summary.to_owned()]),
    };
    if !access.is_empty() {
        description.push([i18n::events::access(locale), ": ", &access.join("; ")].concat());
    }
    description.push(page.clone());
    let status = if facts.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed };
    Event::with_uid(&[slug, "@", host].concat())
        .summary(&title)
        .description(&description.join("\n\n"))
        .location(place)
        .url(&page)
        .status(status)
        .sequence(sequence(facts))
        .add_property("DTSTAMP", utc(facts.updated_at))
        .add_property("LAST-MODIFIED", utc(facts.updated_at))
        .append_property(time("DTSTART", facts.starts_at, facts.all_day))
        .append_property(time("DTEND", facts.ends_at, facts.all_day))
        // A public event does not make subscribers busy.
        .add_property("TRANSP", "TRANSPARENT")
        .done()
}

/// The sequence number that tells a calendar which version of an event is newer. It increases
/// with the date of the last change and, in case that was not updated, when the event is
/// cancelled.
fn sequence(facts: &EventFacts) -> u32 {
    let minutes = facts.updated_at.as_second() / 60;
    u32::try_from(2 * minutes).unwrap_or_default() + u32::from(facts.cancelled)
}

/// A start or end property: an instant, or a date for all-day events.
fn time(name: &str, at: Timestamp, all_day: bool) -> Property {
    if all_day {
        let day = clock::uk_date(at).strftime("%Y%m%d").to_string();
        return Property::new(name, day).add_parameter("VALUE", "DATE").done();
    }
    Property::new(name, utc(at))
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
