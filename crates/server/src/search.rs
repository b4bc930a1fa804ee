//! Search over everything that has a page. The index is made from the texts of
//! all records, in memory, so that every engine finds the same.

use axum::{
    Extension, Json,
    extract::{RawQuery, State},
};
use campaign_hub::{i18n::search as t, routes::Route};
use contract::{
    Endpoint as _, Locale, Problem,
    search::{SearchResult, SearchResults, SearchSite, SiteSearch},
    term::Term,
};
use jiff::Timestamp;
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    bits::Bits,
    cache::Shows,
    error::ApiError,
    facets::{Direction, Facets},
    locale::Localised,
    paging::Paging,
    state::AppState,
    store::{Kind, Record, Store, StoreError},
    words::Words,
};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(search_site))
}

/// A kind of record that can be found: its name in queries, where its texts have
/// title and summary, and its page.
struct Source {
    kind: Kind,
    name: &'static str,
    label: fn(Locale) -> &'static str,
    title: &'static str,
    summary: &'static str,
    page: fn(&str) -> Option<Route>,
}

/// All of them, in the order in which results stand that fit equally well.
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

/// Everything that can be found, in each language.
pub(crate) struct SiteIndex([LocalIndex; 2]);

/// Everything that can be found in one language.
struct LocalIndex {
    entries: Vec<Entry>,
    /// What can be found only from a moment on, by that moment.
    timed: Vec<(Timestamp, usize)>,
    /// What has a word anywhere, and in its title.
    anywhere: Words,
    titles: Words,
    /// By kind.
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
            // Of news the latest first; all else as the files are.
            records.sort_by_key(|record| std::cmp::Reverse(published(record)));
            for record in records {
                let Some(page) = (source.page)(&record.slug) else { continue };
                let text_at = |pointer| {
                    record.text.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
                };
                if let Some(from) = published(&record) {
                    timed.push((from, entries.len()));
                }
                entries.push(Entry {
                    kind: [source.name.to_owned()],
                    label: (source.label)(locale),
                    path: page.href(locale),
                    title: text_at(source.title),
                    summary: text_at(source.summary),
                });
                let mut text = String::new();
                add_text(&record.text, &mut text);
                texts.push(text);
            }
        }
        timed.sort_unstable();
        let none = Bits::none(entries.len());
        Ok(Self {
            timed,
            anywhere: Words::new(locale, texts.iter().map(String::as_str), &none),
            titles: Words::new(locale, entries.iter().map(|entry| entry.title.as_str()), &none),
            facets: Facets::new(entries.len(), |index| [&entries[index].kind]),
            entries,
            kinds,
        })
    }

    fn find(&self, search: &SiteSearch, now: Timestamp, paging: &Paging) -> Option<SearchResults> {
        if paging.cursor.is_some() {
            return None;
        }
        let none = Bits::none(self.entries.len());
        let mut shown = self.anywhere.find_best(&search.text, &none).unwrap_or_else(|| none.clone());
        let published = self.timed.partition_point(|&(from, _)| from <= now);
        self.timed[published..].iter().for_each(|&(_, index)| shown.remove(index));
        let narrowed = self.facets.narrow(&shown, [search.kind.as_deref()]);
        // What is called so comes first, then what only mentions it.
        let mut called = self.titles.find_best(&search.text, &none).unwrap_or(none);
        called.keep(&narrowed.all);
        let mut rest = narrowed.all.clone();
        rest.leave_out(&called);
        let whole = Paging { limit: paging.skipped() + paging.limit, page: 1, cursor: None };
        let mut page = self.facets.page(&called, Direction::Forward, &whole, |_| None)?.0;
        page.extend(self.facets.page(&rest, Direction::Forward, &whole, |_| None)?.0);
        let results = page.into_iter().skip(paging.skipped()).take(paging.limit).map(|index| {
            let Entry { label, path, title, summary, .. } = &self.entries[index];
            SearchResult {
                kind: (*label).to_owned(),
                path: path.clone(),
                title: title.clone(),
                summary: summary.clone(),
            }
        });
        let total = narrowed.all.count();
        Some(SearchResults {
            total,
            pages: paging.pages(total),
            results: results.collect(),
            kinds: self.facets.counts(0, &self.kinds, &narrowed),
        })
    }
}

/// Adds every text of a record, without its markup. Names that are not for
/// people, such as those of drawings, do no harm: they are words of the thing.
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

/// Everything on the site that has some words.
#[utoipa::path(
    get,
    path = SearchSite::PATH,
    tag = "search",
    params(
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
        ("q" = Option<String>, Query, description = "Words; each must start a word of what is found; what follows the first 100 characters is not read"),
        ("kind" = Option<String>, Query, description = "A kind of result; the answer lists all of them"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "How many results at most; 20 unless given"),
        ("page" = Option<u32>, Query, minimum = 1, maximum = 10_000, description = "The page, from 1"),
    ),
    responses(
        (status = 200, description = "A page of the results", body = SearchResults),
        (status = 422, description = "A parameter cannot be used", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn search_site(
    State(state): State<AppState>,
    Localised(locale): Localised,
    RawQuery(query): RawQuery,
) -> Result<(Extension<Shows>, Json<SearchResults>), ApiError> {
    let query = query.unwrap_or_default();
    let paging = Paging::read(&query, SearchSite::LIMIT, SearchSite::MOST, SiteSearch::PAGE_LIMIT)?;
    let contents = state.contents.get(&state.store).await?;
    let index = &contents.search.0[locale as usize];
    let found = index.find(&SiteSearch::parse(&query), state.clock.now(), &paging);
    let shows = Shows { typed: true, ..Shows::default() };
    Ok((Extension(shows), Json(found.ok_or_else(Paging::lost)?)))
}
