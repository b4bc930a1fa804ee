//! News files, and the file of the subjects and unions that they may name.

use contract::{Locale, news::NewsText, shop::Term, time::Date};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Mistake, file::File, kinds::record};
use crate::{
    markdown,
    news::{LocalNews, NewsFacts, Topics},
    store::{Kind, NewRecord},
};

#[derive(Deserialize)]
struct TopicsFile {
    tag: Vec<Entry>,
    union: Vec<Entry>,
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

/// What news files are checked against; nothing until the file of subjects and
/// unions was understood.
#[derive(Default)]
pub(super) struct Known(Option<Topics>);

impl Known {
    /// The file of subjects and unions.
    pub(super) fn topics(&mut self, file: &File) -> Result<NewRecord, Vec<Mistake>> {
        let TopicsFile { tag, union } = file.parse()?;
        let terms = |entries: &[Entry], locale: Locale| {
            let term = |entry: &Entry| Term {
                value: entry.value.clone(),
                label: if locale == Locale::En { &entry.en } else { &entry.cy }.clone(),
            };
            entries.iter().map(term).collect()
        };
        let [en, cy] =
            Locale::ALL.map(|locale| Topics { tags: terms(&tag, locale), unions: terms(&union, locale) });
        self.0 = Some(en.clone());
        Ok(record(Kind::Topics, file, &(), [&en, &cy]))
    }

    /// A news file.
    pub(super) fn news(&self, file: &File) -> Result<NewRecord, Vec<Mistake>> {
        let NewsFile { published_at, reviewed_on, union, tags, picture, en, cy } = file.parse()?;
        if let Some(Topics { tags: known, unions }) = &self.0 {
            let said = tags.iter().enumerate().map(|(index, tag)| (format!("tags.{index}"), known, tag));
            for (field, known, value) in said.chain([("union".to_owned(), unions, &union)]) {
                if !known.iter().any(|term| term.value == *value) {
                    let values: Vec<&str> = known.iter().map(|term| term.value.as_str()).collect();
                    let message = format!("“{value}” is none of the topics: {}", values.join(", "));
                    return Err(vec![file.mistake(&field, &message)]);
                }
            }
        }
        if tags.is_empty() {
            return Err(vec![file.mistake("tags", "a news item has a subject at least")]);
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
}
