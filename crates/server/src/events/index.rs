//! An index of all events for lists: sorted by start, filtered by type and union.

use std::{
    collections::HashMap,
    slice,
    sync::{Arc, Mutex, PoisonError},
};

use contract::{
    Locale,
    events::{EventFilters, EventState, EventSummary},
    term::TermCount,
};
use jiff::{SignedDuration, Timestamp};

use super::{EventFacts, LocalEvent};
use crate::{
    bit_set::BitSet,
    clock,
    facets::{Direction, Facets, term},
    paging::Paging,
    store::{Bilingual, Kind, Store, StoreError},
    topics::Topics,
};

/// All events.
pub(crate) struct EventIndex {
    topics: Arc<[Topics; 2]>,
    /// Sorted by start.
    items: Vec<Item>,
    by_slug: HashMap<String, usize>,
    /// Indices into the items, sorted by end.
    by_end: Vec<(Timestamp, usize)>,
    /// The upcoming events, with the number of ended events they were computed for.
    last_upcoming: Mutex<(usize, BitSet)>,
    /// By type and by union.
    facets: Facets<2>,
}

struct Item {
    slug: String,
    facts: EventFacts,
    texts: [EventText; 2],
}

/// An event's text for lists and calendars, in one language.
struct EventText {
    title: String,
    summary: String,
    place: String,
    access: Vec<String>,
    /// Why it was cancelled, if it was.
    cancelled: Option<String>,
}

/// An event for a calendar, in one language.
pub(super) struct CalendarEvent<'a> {
    pub(super) slug: &'a str,
    pub(super) facts: &'a EventFacts,
    pub(super) title: &'a str,
    pub(super) summary: &'a str,
    pub(super) place: &'a str,
    pub(super) access: &'a [String],
    pub(super) cancelled: Option<&'a str>,
}

impl Item {
    fn in_calendar(&self, locale: Locale) -> CalendarEvent<'_> {
        let EventText { title, summary, place, access, cancelled } = &self.texts[locale as usize];
        let cancelled = cancelled.as_deref();
        CalendarEvent { slug: &self.slug, facts: &self.facts, title, summary, place, access, cancelled }
    }
}

/// A page of events.
pub(crate) struct Found {
    pub(crate) total: u32,
    pub(crate) to_come: u32,
    pub(crate) past: u32,
    pub(crate) events: Vec<EventSummary>,
    pub(crate) next: Option<String>,
    pub(crate) kinds: Vec<TermCount>,
    pub(crate) unions: Vec<TermCount>,
}

impl EventIndex {
    pub(crate) async fn read(store: &Store, topics: Arc<[Topics; 2]>) -> Result<Self, StoreError> {
        let records: Vec<Bilingual<EventFacts, LocalEvent>> = store.list_both(Kind::Event).await?;
        let words = |LocalEvent { title, summary, place, text }: LocalEvent| EventText {
            title,
            summary,
            place,
            access: text.access,
            cancelled: text.cancelled,
        };
        let item = |Bilingual { slug, facts, texts }| Item { slug, facts, texts: texts.map(words) };
        let mut items: Vec<Item> = records.into_iter().map(item).collect();
        items.sort_by(|one, other| {
            (one.facts.starts_at, &one.slug).cmp(&(other.facts.starts_at, &other.slug))
        });
        let by_slug = items.iter().enumerate().map(|(index, item)| (item.slug.clone(), index)).collect();
        let facets = Facets::new(items.len(), |index| {
            let EventFacts { kind, union, .. } = &items[index].facts;
            [slice::from_ref(kind), slice::from_ref(union)]
        });
        let mut by_end: Vec<(Timestamp, usize)> =
            items.iter().enumerate().map(|(index, item)| (item.facts.ends_at, index)).collect();
        by_end.sort_unstable();
        let last_upcoming = Mutex::new((0, BitSet::starting_at(items.len(), 0)));
        Ok(Self { topics, items, by_slug, by_end, last_upcoming, facets })
    }

    /// Whether there is an event with this slug.
    pub(crate) fn has(&self, slug: &str) -> bool {
        self.by_slug.contains_key(slug)
    }

    /// The slugs of all events, sorted by start.
    pub(crate) fn slugs(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.slug.as_str())
    }

    /// The summary of an event.
    pub(super) fn summary(&self, slug: &str, locale: Locale, now: Timestamp) -> Option<EventSummary> {
        self.by_slug.get(slug).map(|&index| self.summarise(index, locale, now))
    }

    /// The next event that has not ended and is not cancelled.
    pub(crate) fn next(&self, locale: Locale, now: Timestamp) -> Option<EventSummary> {
        let next = self.to_come(now).ones().find(|&index| !self.items[index].facts.cancelled);
        next.map(|index| self.summarise(index, locale, now))
    }

    /// Three other upcoming events, those of the same union first.
    pub(super) fn more(&self, slug: &str, locale: Locale, now: Timestamp) -> Vec<EventSummary> {
        let Some(&own) = self.by_slug.get(slug) else { return Vec::new() };
        let alike = |index: usize| self.items[index].facts.union == self.items[own].facts.union;
        let to_come = self.to_come(now);
        let others: Vec<usize> =
            to_come.ones().filter(|&index| index != own && !self.items[index].facts.cancelled).collect();
        let same = others.iter().filter(|&&index| alike(index));
        let rest = others.iter().filter(|&&index| !alike(index));
        same.chain(rest).take(3).map(|&index| self.summarise(index, locale, now)).collect()
    }

    /// The event with this slug, for a calendar.
    pub(super) fn in_calendar(&self, slug: &str, locale: Locale) -> Option<CalendarEvent<'_>> {
        self.by_slug.get(slug).map(|&index| self.items[index].in_calendar(locale))
    }

    /// All events that end after `from`, for a calendar. Cancelled events are included,
    /// because subscribers must learn about them.
    pub(super) fn in_calendar_since(
        &self,
        from: Timestamp,
        locale: Locale,
    ) -> impl Iterator<Item = CalendarEvent<'_>> {
        let since = self.to_come(from);
        let items = self.items.iter().enumerate().filter(move |(index, _)| since.contains(*index));
        items.map(move |(_, item)| item.in_calendar(locale))
    }

    /// A page of events; none if the cursor names an unknown event.
    pub(crate) fn find(
        &self,
        choice: &EventFilters,
        locale: Locale,
        now: Timestamp,
        paging: &Paging,
    ) -> Option<Found> {
        let to_come = self.to_come(now);
        let mut past = BitSet::starting_at(self.items.len(), 0);
        past.subtract(&to_come);
        let chosen = [choice.kind.as_deref(), choice.union.as_deref()];
        let [to_come, past] = [to_come, past].map(|shown| self.facets.filter(&shown, chosen));
        let [counted_to_come, counted_past] = [to_come.all.count(), past.all.count()];
        let (filtered, direction) =
            if choice.past { (past, Direction::Backward) } else { (to_come, Direction::Forward) };
        let place = |slug: &str| self.by_slug.get(slug).copied();
        let (page, more) = self.facets.page(&filtered.all, direction, paging, place)?;
        let topics = &self.topics[locale as usize];
        Some(Found {
            total: if choice.past { counted_past } else { counted_to_come },
            to_come: counted_to_come,
            past: counted_past,
            next: page.last().filter(|_| more).map(|&index| self.items[index].slug.clone()),
            events: page.into_iter().map(|index| self.summarise(index, locale, now)).collect(),
            kinds: self.facets.counts(0, &topics.event_kinds, &filtered),
            unions: self.facets.counts(1, &topics.unions, &filtered),
        })
    }

    /// The upcoming events. The set is recomputed only when another event has ended.
    fn to_come(&self, now: Timestamp) -> BitSet {
        let ended = self.by_end.partition_point(|&(ends_at, _)| ends_at <= now);
        let mut last = self.last_upcoming.lock().unwrap_or_else(PoisonError::into_inner);
        if last.0 != ended {
            let mut to_come = BitSet::empty(self.items.len());
            self.by_end[ended..].iter().for_each(|&(_, index)| to_come.insert(index));
            *last = (ended, to_come);
        }
        last.1.clone()
    }

    fn summarise(&self, index: usize, locale: Locale, now: Timestamp) -> EventSummary {
        let Item { slug, facts, texts } = &self.items[index];
        let EventText { title, summary, place, .. } = &texts[locale as usize];
        let topics = &self.topics[locale as usize];
        let state = if facts.ends_at <= now {
            EventState::Over
        } else if facts.starts_at <= now {
            EventState::OnNow
        } else {
            EventState::Upcoming
        };
        // An event that ends at midnight is not on the following day.
        let last = facts.ends_at.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(facts.ends_at);
        EventSummary {
            slug: slug.clone(),
            starts: clock::moment(facts.starts_at),
            ends: clock::moment(facts.ends_at),
            last_day: clock::moment(last).uk_date,
            all_day: facts.all_day,
            cancelled: facts.cancelled,
            state,
            kind: term(&topics.event_kinds, &facts.kind),
            union: term(&topics.unions, &facts.union),
            title: title.clone(),
            summary: summary.clone(),
            place: place.clone(),
            recorded: facts.recorded && state == EventState::Over,
        }
    }
}
