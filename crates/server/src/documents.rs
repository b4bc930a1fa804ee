//! Documents: lists, a page for each, the series that some belong to, and the PDFs, which are
//! made on request.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Extension, Json, Router,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use campaign_hub::{
    i18n::{documents as t, format},
    routes::Route,
};
use contract::{
    Endpoint as _, Locale, Problem,
    documents::{
        AllSeries, Document, DocumentSummary, Documents, FindDocument, FindSeries, ListDocuments, ListSeries,
        Series, kind_in,
    },
    time::Date,
};
use lru::LruCache;
use print::{Design, Typesetter};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    bit_set::BitSet,
    cache::Shows,
    clock,
    error::ApiError,
    facets::{Facets, term},
    locale::Localised,
    site::Encoded,
    state::AppState,
    store::{Bilingual, Kind, Store, StoreError},
    topics::Topics,
};

/// The last part of a PDF's URL, after the document's page.
const FILE: &str = "/document.pdf";

/// The number of PDFs in the cache; each is about 30 KB.
const CACHED_PDFS: std::num::NonZeroUsize = std::num::NonZeroUsize::new(100).expect("more than none");

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_documents))
        .routes(routes!(find_document))
        .routes(routes!(list_series))
        .routes(routes!(find_series))
}

/// Routes outside the API: the PDFs.
pub(crate) fn pages() -> Router<AppState> {
    let mut router = Router::new();
    for locale in Locale::ALL {
        let path = [&Route::Resources.href(locale), "/{slug}", FILE].concat();
        router =
            router.route(&path, get(move |state, slug, headers| show_file(locale, state, slug, headers)));
    }
    router
}

/// The language-independent fields of a document's file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DocumentFacts {
    pub(crate) kind: String,
    pub(crate) series: Option<String>,
    pub(crate) union: String,
    pub(crate) published_on: Date,
    pub(crate) reviewed_on: Date,
    pub(crate) email: String,
    pub(crate) poster: bool,
}

/// The text of a document's file in one language, and the outline of its PDF.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LocalDocument {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) contents: Vec<String>,
    pub(crate) html: String,
    pub(crate) markdown: String,
    pub(crate) pages: u32,
    pub(crate) bytes: u32,
}

/// The language-independent fields of a series' file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SeriesFacts {
    pub(crate) union: String,
}

/// The text of a series' file in one language.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LocalSeries {
    pub(crate) title: String,
    pub(crate) summary: String,
}

type DocumentRecord = Bilingual<DocumentFacts, LocalDocument>;

/// All documents and series.
pub(crate) struct DocumentIndex {
    topics: Arc<[Topics; 2]>,
    /// The latest first.
    documents: Vec<DocumentRecord>,
    series: Vec<Bilingual<SeriesFacts, LocalSeries>>,
    /// By kind.
    facets: Facets<1>,
    printed: Mutex<LruCache<(String, Locale), Encoded>>,
}

impl DocumentIndex {
    pub(crate) async fn read(store: &Store, topics: Arc<[Topics; 2]>) -> Result<Self, StoreError> {
        let mut documents: Vec<DocumentRecord> = store.list_both(Kind::Document).await?;
        documents.sort_by_key(|document| std::cmp::Reverse(document.facts.published_on));
        let facets =
            Facets::new(documents.len(), |index| [std::slice::from_ref(&documents[index].facts.kind)]);
        let mut series: Vec<Bilingual<SeriesFacts, LocalSeries>> = store.list_both(Kind::Series).await?;
        let latest = |slug: &str| {
            let mut issues = documents.iter().filter(|issue| issue.facts.series.as_deref() == Some(slug));
            issues.next().map(|issue| issue.facts.published_on)
        };
        series.sort_by_key(|series| std::cmp::Reverse(latest(&series.slug)));
        let printed = Mutex::new(LruCache::new(CACHED_PDFS));
        Ok(Self { topics, documents, series, facets, printed })
    }

    /// Whether there is a document with this slug.
    pub(crate) fn has(&self, slug: &str) -> bool {
        self.document(slug).is_some()
    }

    /// Whether there is a series with this slug.
    pub(crate) fn has_series(&self, slug: &str) -> bool {
        self.series.iter().any(|series| series.slug == slug)
    }

    /// The slugs of the documents, the latest first.
    pub(crate) fn slugs(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().map(|document| document.slug.as_str())
    }

    /// The slugs of the series.
    pub(crate) fn series_slugs(&self) -> impl Iterator<Item = &str> {
        self.series.iter().map(|series| series.slug.as_str())
    }

    /// A document's PDF, if it is cached.
    fn printed(&self, slug: &str, locale: Locale) -> Option<Encoded> {
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.get(&(slug.to_owned(), locale)).cloned()
    }

    fn cache_printed(&self, slug: &str, locale: Locale, file: &Encoded) {
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.put((slug.to_owned(), locale), file.clone());
    }

    fn document(&self, slug: &str) -> Option<&DocumentRecord> {
        self.documents.iter().find(|document| document.slug == slug)
    }

    fn summarise(&self, document: &DocumentRecord, locale: Locale) -> DocumentSummary {
        let topics = &self.topics[locale as usize];
        let DocumentFacts { kind, union, published_on, poster, .. } = &document.facts;
        let text = &document.texts[locale as usize];
        DocumentSummary {
            slug: document.slug.clone(),
            title: text.title.clone(),
            summary: text.summary.clone(),
            kind: term(&topics.document_kinds, kind),
            union: term(&topics.unions, union),
            published_on: *published_on,
            contents: text.contents.clone(),
            paper: if *poster { "A3" } else { "A4" }.to_owned(),
            pages: text.pages,
            bytes: text.bytes,
            file: [&Route::Resource(document.slug.clone()).href(locale), FILE].concat(),
        }
    }

    fn describe(&self, series: &Bilingual<SeriesFacts, LocalSeries>, locale: Locale) -> Series {
        let issues = self.documents.iter();
        let issues = issues.filter(|issue| issue.facts.series.as_ref() == Some(&series.slug));
        let text = &series.texts[locale as usize];
        Series {
            slug: series.slug.clone(),
            title: text.title.clone(),
            summary: text.summary.clone(),
            union: term(&self.topics[locale as usize].unions, &series.facts.union),
            issues: issues.map(|issue| self.summarise(issue, locale)).collect(),
        }
    }
}

/// Documents that belong to no series, the latest first.
#[utoipa::path(
    get,
    path = ListDocuments::PATH,
    tag = "documents",
    params(
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
        ("kind" = Option<String>, Query, description = "A kind of document; the answer lists all of them"),
    ),
    responses(
        (status = 200, description = "The documents", body = Documents),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_documents(
    State(state): State<AppState>,
    Localised(locale): Localised,
    RawQuery(query): RawQuery,
) -> Result<(Extension<Shows>, Json<Documents>), ApiError> {
    let kind = kind_in(&query.unwrap_or_default());
    let content_index = state.content_index.get(&state.store).await?;
    let index = &content_index.documents;
    let alone = BitSet::from_fn(index.documents.len(), |one| index.documents[one].facts.series.is_none());
    let filtered = index.facets.filter(&alone, [kind.as_deref()]);
    let chosen = (0..index.documents.len()).filter(|&one| filtered.all.contains(one));
    let documents: Vec<_> = chosen.map(|one| index.summarise(&index.documents[one], locale)).collect();
    let kinds = index.facets.counts(0, &index.topics[locale as usize].document_kinds, &filtered);
    Ok((Extension(Shows::list(&documents)), Json(Documents { documents, kinds })))
}

/// One document.
#[utoipa::path(
    get,
    path = FindDocument::PATH,
    tag = "documents",
    params(
        ("slug" = String, Path, description = "The document's name in addresses"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The document", body = Document),
        (status = 404, description = "No such document", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_document(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Json<Document>, ApiError> {
    let Path(slug) = path.map_err(|_| ApiError::NotFound)?;
    let content_index = state.content_index.get(&state.store).await?;
    let index = &content_index.documents;
    let document = index.document(&slug).ok_or(ApiError::NotFound)?;
    let series = document.facts.series.as_ref();
    let series = series.and_then(|slug| index.series.iter().find(|series| series.slug == *slug));
    Ok(Json(Document {
        summary: index.summarise(document, locale),
        reviewed_on: document.facts.reviewed_on,
        series: series.map(|series| contract::term::Term {
            value: series.slug.clone(),
            label: series.texts[locale as usize].title.clone(),
        }),
        email: document.facts.email.clone(),
        html: document.texts[locale as usize].html.clone(),
    }))
}

/// All series, each with its latest issue.
#[utoipa::path(
    get,
    path = ListSeries::PATH,
    tag = "documents",
    params(("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given")),
    responses(
        (status = 200, description = "The series", body = AllSeries),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_series(
    State(state): State<AppState>,
    Localised(locale): Localised,
) -> Result<Json<AllSeries>, ApiError> {
    let content_index = state.content_index.get(&state.store).await?;
    let index = &content_index.documents;
    let mut series: Vec<Series> = index.series.iter().map(|series| index.describe(series, locale)).collect();
    series.iter_mut().for_each(|series| series.issues.truncate(1));
    Ok(Json(AllSeries { series }))
}

/// One series with all of its issues.
#[utoipa::path(
    get,
    path = FindSeries::PATH,
    tag = "documents",
    params(
        ("slug" = String, Path, description = "The series' name in addresses"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The series", body = Series),
        (status = 404, description = "No such series", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_series(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Json<Series>, ApiError> {
    let Path(slug) = path.map_err(|_| ApiError::NotFound)?;
    let content_index = state.content_index.get(&state.store).await?;
    let index = &content_index.documents;
    let series = index.series.iter().find(|series| series.slug == slug).ok_or(ApiError::NotFound)?;
    Ok(Json(index.describe(series, locale)))
}

/// Responds with a document as a PDF.
async fn show_file(
    locale: Locale,
    State(state): State<AppState>,
    slug: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Path(slug) = slug.map_err(|_| ApiError::NotFound)?;
    let content_index = state.content_index.get(&state.store).await?;
    let document = content_index.documents.document(&slug).ok_or(ApiError::NotFound)?.clone();
    let cached = content_index.documents.printed(&slug, locale);
    let file = match cached {
        Some(file) => file,
        None => {
            let origin = state.public_url.origin().to_owned();
            let printed = state.print_queue.print("document", move |typesetter| {
                // The request before this one may have made it.
                if let Some(file) = content_index.documents.printed(&document.slug, locale) {
                    return Ok(file);
                }
                let topics = &content_index.documents.topics[locale as usize];
                let kind = term(&topics.document_kinds, &document.facts.kind).label;
                let union = term(&topics.unions, &document.facts.union).label;
                let printed = print_document(typesetter, &document, locale, [&kind, &union], &origin)?;
                let file = Encoded::file(printed.pdf, "application/pdf");
                content_index.documents.cache_printed(&document.slug, locale, &file);
                Ok(file)
            });
            printed.await?
        }
    };
    let disposition = format!("inline; filename=\"{slug}-{locale}.pdf\"");
    let mut response = file.respond(StatusCode::OK, &headers);
    let disposition = HeaderValue::try_from(disposition).map_err(ApiError::internal)?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response.into_response())
}

/// Makes a document's PDF in one language; `names` are the type and the publisher.
pub(crate) fn print_document(
    typesetter: &Typesetter,
    document: &DocumentRecord,
    locale: Locale,
    [kind, union]: [&str; 2],
    origin: &str,
) -> Result<print::PrintedDocument, print::PrintError> {
    let DocumentFacts { published_on, poster, .. } = document.facts;
    let text = &document.texts[locale as usize];
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let kicker = [kind, " · ", &format::short_date(locale, published_on)].concat();
    typesetter.print(&print::Document {
        design: if poster { Design::Poster } else { Design::Text },
        language: locale.tag(),
        title: &text.title,
        summary: &text.summary,
        author: union,
        kicker: &kicker,
        footer: &t::footer(locale, host, union),
        markdown: &text.markdown,
        origin,
        published: clock::civil_date(published_on),
    })
}
