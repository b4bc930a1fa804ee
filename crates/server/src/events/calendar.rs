//! Events as calendar files (RFC 5545): one by itself, and all of them as a feed
//! that calendars subscribe to.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::{IntoResponse as _, Response},
};
use campaign_hub::{i18n, routes::Route};
use contract::Locale;
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Property};
use jiff::{SignedDuration, Timestamp};

use super::{EventFacts, LocalEvent};
use crate::{
    clock,
    error::ApiError,
    state::AppState,
    store::{Kind, Record},
};

/// What the feed's address ends with, below the language's prefix.
pub(super) const FEED: &str = "/events.ics";
/// The same of a file for one event, below the event's page.
pub(super) const FILE: &str = "/event.ics";

/// For how long the feed still has what is over: whoever subscribes late sees
/// what there was in this year's week.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Answers with one event.
pub(super) async fn show_event(
    locale: Locale,
    State(state): State<AppState>,
    slug: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(slug) = slug.map_err(|_| ApiError::NotFound)?;
    if !state.contents.get(&state.store).await?.events.has(&slug) {
        return Err(ApiError::NotFound);
    }
    let disposition = format!("attachment; filename=\"{slug}.ics\"");
    let calendar = calendar(locale, &state, [slug]).await?;
    Ok(([(header::CONTENT_DISPOSITION, disposition)], answer(&calendar)).into_response())
}

/// Answers with every event that is not long over.
pub(super) async fn show_feed(locale: Locale, State(state): State<AppState>) -> Result<Response, ApiError> {
    let since = state.clock.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    let contents = state.contents.get(&state.store).await?;
    let slugs: Vec<String> = contents.events.since(since).map(str::to_owned).collect();
    Ok(answer(&calendar(locale, &state, slugs).await?))
}

fn answer(calendar: &Calendar) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, calendar.to_string()).into_response()
}

async fn calendar(
    locale: Locale,
    state: &AppState,
    slugs: impl IntoIterator<Item = String>,
) -> Result<Calendar, ApiError> {
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
    for slug in slugs {
        let record: Option<Record<EventFacts, LocalEvent>> =
            state.store.find(Kind::Event, &slug, locale).await?;
        if let Some(record) = record {
            calendar.push(event(record, locale, state.public_url.origin()));
        }
    }
    Ok(calendar)
}

fn event(record: Record<EventFacts, LocalEvent>, locale: Locale, origin: &str) -> Event {
    let Record { slug, facts, text: LocalEvent { title, summary, place, text } } = record;
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let page = [origin, &Route::Event(slug.clone()).href(locale)].concat();
    // In words as well: there are calendars that show nothing of a status.
    let (title, mut description) = match &text.cancelled {
        Some(why) => (
            i18n::events::cancelled_title(locale, &title),
            vec![i18n::events::cancelled_text(locale, why), summary],
        ),
        None => (title, vec![summary]),
    };
    if !text.access.is_empty() {
        description.push([i18n::events::access(locale), ": ", &text.access.join("; ")].concat());
    }
    description.push(page.clone());
    let status = if facts.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed };
    Event::with_uid(&[slug.as_str(), "@", host].concat())
        .summary(&title)
        .description(&description.join("\n\n"))
        .location(&place)
        .url(&page)
        .status(status)
        .sequence(sequence(&facts))
        .add_property("DTSTAMP", utc(facts.updated_at))
        .add_property("LAST-MODIFIED", utc(facts.updated_at))
        .append_property(time("DTSTART", facts.starts_at, facts.all_day))
        .append_property(time("DTEND", facts.ends_at, facts.all_day))
        // Nobody is busy because of what they may go to.
        .add_property("TRANSP", "TRANSPARENT")
        .done()
}

/// The number by which a calendar tells a later version of an event from an earlier
/// one. It rises with the date of the last change and, should that be forgotten, when
/// the event is cancelled.
fn sequence(facts: &EventFacts) -> u32 {
    let minutes = facts.updated_at.as_second() / 60;
    u32::try_from(2 * minutes).unwrap_or_default() + u32::from(facts.cancelled)
}

/// A time as a property: an instant, or a day where it lasts all day.
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
