//! Search over every page of the site. The index is built in memory from the texts of all
//! records, so that both databases find the same.
//!
//! A result need not have every word of the query. Each word that it has adds to its score:
//! more in the title than elsewhere, more for a whole word than for a prefix, and more the
//! fewer results have it. Results with all words come first; the others need at least half the
//! highest score.

use axum::{
    Extension, Json,
    extract::{RawQuery, State},
};
use campaign_hub::{
    i18n::{events, search as t},
    routes::Route,
};
use contract::{
    Endpoint as _, Locale, Problem,
    search::{SearchResult, SearchResults, SearchSite, SiteSearch},
    term::Term,
};
use jiff::Timestamp;
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    bit_set::BitSet,
    cache::Shows,
    error::ApiError,
    facets::Facets,
    locale::Localised,
    paging::Paging,
    scores::Scores,
    state::AppState,
    store::{Kind, Record, Store, StoreError},
    word_index::WordIndex,
};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(search_site))
}

/// A kind of record that can be found: its type in query strings, the fields of its title and
/// summary, and its page.
struct Source {
    kind: Kind,
    name: &'static str,
    label: fn(Locale) -> &'static str,
    title: &'static str,
    summary: &'static str,
    page: fn(&str) -> Option<Route>,
}

/// All sources; results with equal scores are in this order.
const SOURCES: [Source; 13] = [
    source(Kind::Union, "union", t::union, "/name", "/summary", |slug| Some(Route::Union(slug.into()))),
    source(Kind::Role, "steps", t::steps, "/title", "/summary", |slug| Some(Route::Role(slug.into()))),
    source(Kind::Course, "course", t::course, "/title", "/summary", |slug| Some(Route::Course(slug.into()))),
    source(Kind::Document, "document", t::document, "/title", "/summary", |slug| {
        Some(Route::Resource(slug.into()))
    }),
    source(Kind::Series, "document", t::document, "/title", "/summary", |slug| {
        Some(Route::Publication(slug.into()))
    }),
    source(Kind::Page, "page", t::page, "/title", "/summary", |slug| Route::find(&["/", slug].concat())),
    source(Kind::Support, "page", t::page, "/text/title", "/text/summary", |_| Some(Route::Support)),
    source(Kind::Contact, "contact", t::contact, "/text/office", "/text/covers", |slug| {
        slug.parse().ok().map(Route::Contact)
    }),
    source(Kind::Event, "event", t::event, "/title", "/summary", |slug| Some(Route::Event(slug.into()))),
    source(Kind::Product, "product", t::product, "/name", "/summary", |slug| {
        Some(Route::Product(slug.into()))
    }),
    source(Kind::News, "news", t::news, "/title", "/standfirst", |slug| Some(Route::NewsItem(slug.into()))),
    source(Kind::Video, "film", t::video, "/title", "/summary", |_| Some(Route::Videos)),
    source(Kind::PastYear, "year", t::year, "/title", "/summary", |_| Some(Route::PastYears)),
];

const fn source(
    kind: Kind,
    name: &'static str,
    label: fn(Locale) -> &'static str,
    title: &'static str,
    summary: &'static str,
    page: fn(&str) -> Option<Route>,
) -> Source {
    Source { kind, name, label, title, summary, page }
}

/// The search index, for each language.
pub(crate) struct SiteIndex([LocalIndex; 2]);

/// The search index in one language.
struct LocalIndex {
    entries: Vec<Entry>,
    /// Records that can only be found from a certain time on, with that time.
    timed: Vec<(Timestamp, usize)>,
    /// Words anywhere in the text, and words in the title.
    anywhere: WordIndex,
    titles: WordIndex,
    /// By type.
    facets: Facets<1>,
    kinds: Vec<Term>,
}

struct Entry {
    kind: [String; 1],
    label: &'static str,
    path: String,
    title: String,
    summary: String,
}

impl SiteIndex {
    pub(crate) async fn read(store: &Store) -> Result<Self, StoreError> {
        Ok(Self([LocalIndex::read(store, Locale::En).await?, LocalIndex::read(store, Locale::Cy).await?]))
    }
}

impl LocalIndex {
    async fn read(store: &Store, locale: Locale) -> Result<Self, StoreError> {
        let (mut entries, mut texts, mut timed) = (Vec::new(), Vec::new(), Vec::new());
        let mut kinds: Vec<Term> = Vec::new();
        for source in &SOURCES {
            if !kinds.iter().any(|kind| kind.value == source.name) {
                let label = (source.label)(locale).to_owned();
                kinds.push(Term { value: source.name.to_owned(), label });
            }
            let mut records: Vec<Record<Value, Value>> = store.list(source.kind, locale).await?;
            let published = |record: &Record<Value, Value>| {
                record.facts.get("published_at").and_then(Value::as_str).and_then(|at| at.parse().ok())
            };
            // News is sorted with the latest first, everything else as in the files.
            records.sort_by_key(|record| std::cmp::Reverse(published(record)));
            for record in records {
                let Some(page) = (source.page)(&record.slug) else { continue };
                let text_at = |pointer| {
                    record.text.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
                };
                if let Some(from) = published(&record) {
                    timed.push((from, entries.len()));
                }
                let mut title = text_at(source.title);
                if record.facts.get("cancelled").and_then(Value::as_bool) == Some(true) {
                    title = events::cancelled_title(locale, &title);
                }
                entries.push(Entry {
                    kind: [source.name.to_owned()],
                    label: (source.label)(locale),
                    path: page.href(locale),
                    title,
                    summary: text_at(source.summary),
                });
                let mut text = String::new();
                add_text(&record.text, &mut text);
                texts.push(text);
            }
        }
        timed.sort_unstable();
        let none = BitSet::empty(entries.len());
        Ok(Self {
            timed,
            anywhere: WordIndex::new(locale, texts.iter().map(String::as_str), &none),
            titles: WordIndex::new(locale, entries.iter().map(|entry| entry.title.as_str()), &none),
            facets: Facets::new(entries.len(), |index| [&entries[index].kind]),
            entries,
            kinds,
        })
    }

    fn find(&self, search: &SiteSearch, now: Timestamp, paging: &Paging) -> Option<SearchResults> {
        if paging.cursor.is_some() {
            return None;
        }
        let mut ranked = self.rank(&search.text, now);
        let mut shown = BitSet::empty(self.entries.len());
        ranked.iter().for_each(|set| shown.union_with(set));
        let filtered = self.facets.filter(&shown, [search.kind.as_deref()]);
        ranked.iter_mut().for_each(|set| set.intersect_with(&filtered.all));
        let page = ranked.iter().flat_map(BitSet::ones).skip(paging.skipped()).take(paging.limit);
        let results = page.map(|index| {
            let Entry { label, path, title, summary, .. } = &self.entries[index];
            SearchResult {
                kind: (*label).to_owned(),
                path: path.clone(),
                title: title.clone(),
                summary: summary.clone(),
            }
        });
        let total = filtered.all.count();
        Some(SearchResults {
            total,
            pages: paging.pages(total),
            results: results.collect(),
            kinds: self.facets.counts(0, &self.kinds, &filtered),
        })
    }

    /// The results for a text, in sets of equal rank, the best first.
    fn rank(&self, text: &str, now: Timestamp) -> Vec<BitSet> {
        let none = BitSet::empty(self.entries.len());
        let anywhere = self.anywhere.matches(text, &none);
        let titles = self.titles.matches(text, &none);
        let mut with_some = none;
        anywhere.iter().for_each(|word| with_some.union_with(&word.all));
        let published = self.timed.partition_point(|&(from, _)| from <= now);
        self.timed[published..].iter().for_each(|&(_, index)| with_some.remove(index));
        let mut with_all = with_some.clone();
        let mut scores = Scores::new(with_some);
        for (word, mut title) in anywhere.iter().zip(titles) {
            with_all.intersect_with(&word.all);
            // If a title matches only with a typing error, other texts may have the word as
            // typed.
            title.all.intersect_with(&word.all);
            let share = self.entries.len() / (word.all.count() as usize).max(1);
            let rarity = share.max(1).ilog2() + 1;
            scores.add(&[
                (4 * rarity, &title.whole),
                (3 * rarity, &title.all),
                (2 * rarity, &word.whole),
                (rarity, &word.all),
            ]);
        }
        let best = scores.best_first().next().map_or(0, |(points, _)| points);
        let complete = scores.best_first().map(|(_, set)| {
            let mut set = set.clone();
            set.intersect_with(&with_all);
            set
        });
        let partial = scores.best_first().take_while(|(points, _)| points * 2 >= best).map(|(_, set)| {
            let mut set = set.clone();
            set.subtract(&with_all);
            set
        });
        complete.chain(partial).collect()
    }
}

/// Adds every text of a record, without markup. Internal names, such as those of pictures, do
/// no harm: they are related words.
fn add_text(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            out.push(' ');
            let mut in_tag = false;
            for letter in text.chars() {
                match letter {
                    '<' => in_tag = true,
                    '>' if in_tag => {
                        in_tag = false;
                        out.push(' ');
                    }
                    _ if !in_tag => out.push(letter),
                    _ => {}
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| add_text(value, out)),
        Value::Object(fields) => fields.values().for_each(|value| add_text(value, out)),
        _ => {}
    }
}

/// Search the whole site, the best results first.
#[utoipa::path(
    get,
    path = SearchSite::PATH,
    tag = "search",
    params(
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
        ("q" = Option<String>, Query, description = "Search words or a question. Only the first 100 characters are used"),
        ("kind" = Option<String>, Query, description = "A kind of result; the answer lists all of them"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "How many results at most; 20 unless given"),
        ("page" = Option<u32>, Query, minimum = 1, maximum = 10_000, description = "The page, from 1"),
    ),
    responses(
        (status = 200, description = "A page of the results", body = SearchResults),
        (status = 422, description = "Validation failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn search_site(
    State(state): State<AppState>,
    Localised(locale): Localised,
    RawQuery(query): RawQuery,
) -> Result<(Extension<Shows>, Json<SearchResults>), ApiError> {
    let query = query.unwrap_or_default();
    let paging = Paging::read(&query, SearchSite::LIMIT, SearchSite::MAX_LIMIT, SiteSearch::PAGE_LIMIT)?;
    let content_index = state.content_index.get(&state.store).await?;
    let index = &content_index.search.0[locale as usize];
    let found = index.find(&SiteSearch::parse(&query), state.clock.now(), &paging);
    let shows = Shows { typed: true, ..Shows::default() };
    Ok((Extension(shows), Json(found.ok_or_else(Paging::lost)?)))
}
