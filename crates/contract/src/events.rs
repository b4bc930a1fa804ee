//! Events: calls, webinars, seminars and days, upcoming and past.

use serde::{Deserialize, Serialize};

use crate::{
    Endpoint, Locale, is_slug, pairs, query,
    term::{Term, TermCount},
    time::{Date, Moment},
    videos::Video,
};

/// Fetches a page of events: upcoming events with the next one first, or past events with the
/// latest one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEvents {
    /// The language of the texts.
    pub locale: Locale,
    /// Which events, and which page of them.
    pub choice: EventFilters,
}

impl ListEvents {
    /// The default page size.
    pub const LIMIT: u32 = 20;
    /// The maximum page size.
    pub const MAX_LIMIT: u32 = 100;
}

impl Endpoint for ListEvents {
    const PATH: &'static str = "/api/v1/events";
    type Response = EventsList;

    fn path_and_query(&self) -> String {
        let path = query(Self::PATH, &[("locale", self.locale.tag())]);
        let choice = self.choice.query();
        if choice.is_empty() { path } else { [&path, "&", &choice].concat() }
    }
}

/// Which events a visitor asks for, as in a URL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventFilters {
    /// Whether to list past events.
    pub past: bool,
    /// A type of event.
    pub kind: Option<String>,
    /// A union.
    pub union: Option<String>,
    /// The page number, starting at 1.
    pub page: u32,
}

impl EventFilters {
    /// The highest page number that can be requested.
    pub const PAGE_LIMIT: u32 = 10_000;

    /// All upcoming events.
    pub const UPCOMING: Self = Self { past: false, kind: None, union: None, page: 1 };

    /// Reads a query string. Anything it does not understand is ignored.
    pub fn parse(query: &str) -> Self {
        let mut choice = Self::UPCOMING;
        for (name, value) in pairs(query) {
            match name.as_str() {
                "when" => choice.past = value == "past",
                "kind" => choice.kind = Some(value).filter(|value| is_slug(value)),
                "union" => choice.union = Some(value).filter(|value| is_slug(value)),
                "page" => choice.page = value.parse().unwrap_or(1).clamp(1, Self::PAGE_LIMIT),
                _ => {}
            }
        }
        choice
    }

    /// The query string for exactly this choice; empty for all upcoming events.
    pub fn query(&self) -> String {
        let page = self.page.to_string();
        let parts = [
            ("when", self.past.then_some("past")),
            ("kind", self.kind.as_deref()),
            ("union", self.union.as_deref()),
            ("page", (self.page > 1).then_some(page.as_str())),
        ];
        let parts: Vec<(&str, &str)> =
            parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        query("", &parts).trim_start_matches('?').to_owned()
    }
}

/// A page of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventsList {
    /// The total number of events on all pages.
    pub total: u32,
    /// The number of pages; 0 if there are no events.
    pub pages: u32,
    /// The page's events.
    pub events: Vec<EventSummary>,
    /// The number of upcoming events, with the chosen type and union.
    pub to_come: u32,
    /// The number of past events, with the same filters.
    pub past: u32,
    /// The types, with the number of events for each.
    pub kinds: Vec<TermCount>,
    /// The unions, with the number of events for each.
    pub unions: Vec<TermCount>,
    /// The URL of the calendar feed with all of these events.
    pub calendar: String,
    /// The `cursor` for the next page; none on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Whether an event is upcoming, under way or over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// It has not started yet.
    Upcoming,
    /// It has started and has not ended.
    OnNow,
    /// It has ended.
    Over,
}

/// An event in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventSummary {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// When it starts; for an all-day event, midnight at the start of its first day.
    pub starts: Moment,
    /// When it ends; for an all-day event, midnight at the end of its last day.
    pub ends: Moment,
    /// The last day of the event.
    pub last_day: Date,
    /// Whether it is an all-day event.
    pub all_day: bool,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Whether it is upcoming, under way or over, by the server's clock.
    pub state: EventState,
    /// The type of event, such as a call or a webinar.
    pub kind: Term,
    /// The union or federation that organises it.
    pub union: Term,
    /// Its name.
    pub title: String,
    /// What happens there, in a sentence or two.
    pub summary: String,
    /// The venue, or how to join online.
    pub place: String,
    /// Whether there is a video or a written record of it.
    pub recorded: bool,
}

/// Asks for one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindEvent {
    /// The event's slug.
    pub slug: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindEvent {
    const PATH: &'static str = "/api/v1/events/{slug}";
    type Response = Event;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{slug}", &self.slug), &[("locale", self.locale.tag())])
    }
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// The summary shown in lists.
    pub summary: EventSummary,
    /// The remaining text, in one language.
    pub text: EventText,
    /// Its video, only once the event is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<Video>,
    /// Other upcoming events, those of the same union first.
    pub more: Vec<EventSummary>,
}

/// An event's text beyond its summary, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventText {
    /// Who speaks, by role.
    pub speakers: Vec<Speaker>,
    /// How the event is accessible to everyone, a line each.
    pub access: Vec<String>,
    /// What to know before: sanitised HTML, headings from level 2 down.
    pub html: String,
    /// Why it was cancelled, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<String>,
    /// What was said, for those who were not there: sanitised HTML, headings from level 3
    /// down. Only once the event is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<String>,
}

/// A speaker at an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Speaker {
    /// The speaker's role: people are not named.
    pub role: String,
    /// What they speak about.
    pub about: String,
}

#[cfg(test)]
mod tests {
    use super::EventFilters;

    #[test]
    fn equivalent_queries_have_one_canonical_form() {
        let choice = EventFilters::parse("?page=2&union=federation&x=y&kind=webinar&when=past");
        assert_eq!(choice.query(), "when=past&kind=webinar&union=federation&page=2");
        assert_eq!(EventFilters::parse("kind=%22&when=future&page=0"), EventFilters::UPCOMING);
        assert_eq!(EventFilters::UPCOMING.query(), "");
    }
}
