//! The file of terms that content is filtered by, and the files that use them: news and
//! events.

use contract::{
    Locale,
    events::{EventText, Speaker},
    news::NewsText,
    term::Term,
    time::Date,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{ContentError, file::File, kinds::record};
use crate::{
    clock,
    events::{EventFacts, LocalEvent},
    markdown,
    news::{LocalNews, NewsFacts},
    store::{Kind, NewRecord},
    topics::Topics,
};

#[derive(Deserialize)]
struct TopicsFile {
    tag: Vec<Entry>,
    event_kind: Vec<Entry>,
    course_mode: Vec<Entry>,
    document_kind: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    value: String,
    en: String,
    cy: String,
}

#[derive(Deserialize)]
struct NewsFile {
    published_at: Timestamp,
    reviewed_on: Date,
    union: String,
    tags: Vec<String>,
    picture: String,
    en: NewsWords,
    cy: NewsWords,
}

#[derive(Deserialize)]
struct NewsWords {
    title: String,
    standfirst: String,
    caption: String,
    credit: String,
    /// Markdown.
    html: String,
}

#[derive(Deserialize)]
struct EventFile {
    /// Start and end, or else the dates of an all-day event.
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    starts_on: Option<Date>,
    ends_on: Option<Date>,
    updated_at: Timestamp,
    kind: String,
    union: String,
    /// A video that is shown once the event is over.
    video: Option<String>,
    en: EventWords,
    cy: EventWords,
}

#[derive(Deserialize)]
struct EventWords {
    title: String,
    summary: String,
    place: String,
    #[serde(default)]
    speakers: Vec<Speaker>,
    access: Vec<String>,
    cancelled: Option<String>,
    /// Markdown.
    #[serde(default)]
    html: String,
    /// Markdown.
    recording: Option<String>,
}

/// The terms that files are checked against; empty until their file was parsed.
#[derive(Default)]
pub(super) struct KnownTerms {
    topics: Option<Topics>,
    unions: Vec<String>,
    videos: Vec<String>,
}

impl KnownTerms {
    /// Parses the file of the terms.
    pub(super) fn topics(&mut self, file: &File) -> Result<NewRecord, Vec<ContentError>> {
        let TopicsFile { tag, event_kind, course_mode, document_kind } = file.parse()?;
        let terms = |entries: &[Entry], locale: Locale| {
            let term = |entry: &Entry| Term {
                value: entry.value.clone(),
                label: if locale == Locale::En { &entry.en } else { &entry.cy }.clone(),
            };
            entries.iter().map(term).collect()
        };
        let [en, cy] = Locale::ALL.map(|locale| Topics {
            tags: terms(&tag, locale),
            event_kinds: terms(&event_kind, locale),
            course_modes: terms(&course_mode, locale),
            document_kinds: terms(&document_kind, locale),
            unions: Vec::new(),
        });
        self.topics = Some(en.clone());
        Ok(record(Kind::Topics, file, &(), [&en, &cy]))
    }

    /// Parses a news file.
    pub(super) fn news(&self, file: &File) -> Result<NewRecord, Vec<ContentError>> {
        let NewsFile { published_at, reviewed_on, union, tags, picture, en, cy } = file.parse()?;
        for (index, tag) in tags.iter().enumerate() {
            self.check(file, &format!("tags.{index}"), |topics| &topics.tags, tag)?;
        }
        self.check_union(file, &union)?;
        if tags.is_empty() {
            return Err(vec![file.error("tags", "a news item needs at least one tag")]);
        }
        let local = |words: NewsWords| LocalNews {
            title: words.title,
            standfirst: words.standfirst,
            text: NewsText {
                caption: words.caption,
                credit: words.credit,
                html: markdown::render(&words.html),
            },
        };
        let facts = NewsFacts { published_at, reviewed_on, union, tags, picture };
        let mut record = record(Kind::News, file, &facts, [&local(en), &local(cy)]);
        // Pages that list news change when it is published.
        record.time = Some((published_at, published_at));
        Ok(record)
    }

    /// Parses an event's file.
    pub(super) fn event(&self, file: &File) -> Result<NewRecord, Vec<ContentError>> {
        let EventFile { starts_at, ends_at, starts_on, ends_on, updated_at, kind, union, video, en, cy } =
            file.parse()?;
        self.check(file, "kind", |topics| &topics.event_kinds, &kind)?;
        self.check_union(file, &union)?;
        if let Some(video) = video.as_ref().filter(|video| !self.videos.contains(video)) {
            let message = format!("“{video}” is not a video. Use one of: {}", self.videos.join(", "));
            return Err(vec![file.error("video", &message)]);
        }
        let all_day = starts_on.is_some();
        let (starts_at, ends_at) = match (starts_at, ends_at, starts_on, ends_on) {
            (Some(starts_at), Some(ends_at), None, None) => (starts_at, ends_at),
            (None, None, Some(first), last) => {
                (clock::uk_midnight(first), clock::midnight_after(last.unwrap_or(first)))
            }
            _ => {
                let message =
                    "expected starts_at and ends_at, or starts_on, with ends_on if it lasts several days";
                return Err(vec![file.error("", message)]);
            }
        };
        if ends_at <= starts_at {
            let field = if all_day { "ends_on" } else { "ends_at" };
            return Err(vec![file.error(field, "an event must end after it starts")]);
        }
        let shape = |words: &EventWords| {
            (words.speakers.len(), words.access.len(), words.cancelled.is_some(), words.recording.is_some())
        };
        if shape(&en) != shape(&cy) {
            let message =
                "English and Welsh must both have the same speakers, access, cancelled and recording entries";
            return Err(vec![file.error("cy", message)]);
        }
        let cancelled = en.cancelled.is_some();
        let recorded = en.recording.is_some() || video.is_some();
        let local = |words: EventWords| LocalEvent {
            title: words.title,
            summary: words.summary,
            place: words.place,
            text: EventText {
                speakers: words.speakers,
                access: words.access,
                html: markdown::render(&words.html),
                cancelled: words.cancelled,
                recording: words.recording.as_deref().map(markdown::render),
            },
        };
        let facts =
            EventFacts { starts_at, ends_at, all_day, updated_at, kind, union, video, cancelled, recorded };
        let mut record = record(Kind::Event, file, &facts, [&local(en), &local(cy)]);
        record.time = Some((starts_at, ends_at));
        Ok(record)
    }

    /// Adds a union that other files may name.
    pub(super) fn add_union(&mut self, file: &File) {
        self.unions.push(file.slug.clone());
    }

    /// Adds a video that events may name.
    pub(super) fn add_video(&mut self, file: &File) {
        self.videos.push(file.slug.clone());
    }

    /// Checks that a union has a file.
    pub(super) fn check_union(&self, file: &File, union: &str) -> Result<(), Vec<ContentError>> {
        if self.unions.iter().any(|known| known == union) {
            return Ok(());
        }
        let message = format!("“{union}” is not a union. Use one of: {}", self.unions.join(", "));
        Err(vec![file.error("union", &message)])
    }

    /// Checks that a term is in the file of the terms.
    pub(super) fn check(
        &self,
        file: &File,
        field: &str,
        known: impl Fn(&Topics) -> &Vec<Term>,
        value: &str,
    ) -> Result<(), Vec<ContentError>> {
        let known = self.topics.as_ref().map(known);
        match known {
            Some(known) if !known.iter().any(|term| term.value == value) => {
                let values: Vec<&str> = known.iter().map(|term| term.value.as_str()).collect();
                let message = format!("“{value}” is not a known value. Use one of: {}", values.join(", "));
                Err(vec![file.error(field, &message)])
            }
            _ => Ok(()),
        }
    }
}
