//! Events: lists of upcoming and past events, each event, and calendar files.

mod calendar;
mod index;

use axum::{
    Extension, Json, Router,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    routing::get,
};
use campaign_hub::routes::Route;
use contract::{
    Endpoint as _, Locale, Problem,
    events::{Event, EventFilters, EventState, EventText, EventsList, FindEvent, ListEvents},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    cache::Shows,
    error::ApiError,
    locale::Localised,
    paging::Paging,
    state::AppState,
    store::{Kind, Record},
};

pub(crate) use index::EventIndex;
use index::Found;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_events)).routes(routes!(find_event))
}

/// Routes outside the API: calendar files for each language.
pub(crate) fn pages() -> Router<AppState> {
    let mut router = Router::new();
    for locale in Locale::ALL {
        let feed = [locale.path_prefix(), calendar::FEED].concat();
        router = router.route(&feed, get(move |state| calendar::show_feed(locale, state)));
        let file = [&Route::Events.href(locale), "/{slug}", calendar::FILE].concat();
        router = router.route(&file, get(move |state, slug| calendar::show_event(locale, state, slug)));
    }
    router
}

/// The language-independent fields of an event's file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct EventFacts {
    pub(crate) starts_at: Timestamp,
    pub(crate) ends_at: Timestamp,
    pub(crate) all_day: bool,
    /// When the text or the times last changed.
    pub(crate) updated_at: Timestamp,
    pub(crate) kind: String,
    pub(crate) union: String,
    /// The slug of its video.
    pub(crate) video: Option<String>,
    pub(crate) cancelled: bool,
    pub(crate) recorded: bool,
}

/// The text of an event's file in one language.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LocalEvent {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) place: String,
    pub(crate) text: EventText,
}

/// Upcoming events with the next one first, or past events with the latest one first.
#[utoipa::path(
    get,
    path = ListEvents::PATH,
    tag = "events",
    params(
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
        ("when" = Option<String>, Query, description = "`past` for those that are over"),
        ("kind" = Option<String>, Query, description = "A kind of event; the answer lists all of them"),
        ("union" = Option<String>, Query, description = "A union; the answer lists all of them"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "How many events at most; 20 unless given"),
        ("page" = Option<u32>, Query, minimum = 1, maximum = 10_000, description = "The page, from 1"),
        ("cursor" = Option<String>, Query, description = "`next` of the answer before, instead of a page"),
    ),
    responses(
        (status = 200, description = "A page of the events", body = EventsList),
        (status = 422, description = "Validation failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_events(
    State(state): State<AppState>,
    Localised(locale): Localised,
    RawQuery(query): RawQuery,
) -> Result<(Extension<Shows>, Json<EventsList>), ApiError> {
    let query = query.unwrap_or_default();
    let paging = Paging::read(&query, ListEvents::LIMIT, ListEvents::MAX_LIMIT, EventFilters::PAGE_LIMIT)?;
    let content_index = state.content_index.get(&state.store).await?;
    let found = content_index.events.find(&EventFilters::parse(&query), locale, state.clock.now(), &paging);
    let Found { total, to_come, past, events, next, kinds, unions } = found.ok_or_else(Paging::lost)?;
    let calendar = [state.public_url.origin(), locale.path_prefix(), calendar::FEED].concat();
    let pages = paging.pages(total);
    let shows = Shows::list(&events);
    let list = EventsList { total, pages, events, to_come, past, kinds, unions, calendar, next };
    Ok((Extension(shows), Json(list)))
}

/// One event.
#[utoipa::path(
    get,
    path = FindEvent::PATH,
    tag = "events",
    params(
        ("slug" = String, Path, description = "The event's name in addresses"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The event", body = Event),
        (status = 404, description = "No such event", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_event(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Json<Event>, ApiError> {
    let Path(slug) = path.map_err(|_| ApiError::NotFound)?;
    let content_index = state.content_index.get(&state.store).await?;
    let now = state.clock.now();
    let summary = content_index.events.summary(&slug, locale, now).ok_or(ApiError::NotFound)?;
    let record: Record<EventFacts, LocalEvent> =
        state.store.find(Kind::Event, &slug, locale).await?.ok_or(ApiError::NotFound)?;
    let mut text = record.text.text;
    let over = summary.state == EventState::Over;
    text.recording = text.recording.filter(|_| over);
    let video = record.facts.video.filter(|_| over);
    let video = video.and_then(|video| content_index.videos.find(&video, locale));
    Ok(Json(Event { summary, text, video, more: content_index.events.more(&slug, locale, now) }))
}
