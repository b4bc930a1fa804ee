//! The federation and the unions: search by name, abbreviation or job, and a page for each.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, RawQuery, State, rejection::PathRejection},
};
use contract::{
    Endpoint as _, Locale, Problem,
    contacts::ContactPerson,
    events::EventFilters,
    news::NewsFilters,
    time::Date,
    unions::{FindUnion, ListUnions, RoleSteps, Union, UnionSummary, Unions},
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    bit_set::BitSet,
    cache::Shows,
    error::ApiError,
    locale::Localised,
    paging::Paging,
    state::AppState,
    store::{Bilingual, Kind, Store, StoreError},
    word_index::WordIndex,
};

/// The number of news items and events on a union's page.
const LATEST: usize = 3;

/// The slug of the federation, which is shown if no union matches.
const FEDERATION: &str = "federation";

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_unions)).routes(routes!(find_union))
}

/// The language-independent fields of a union's file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct UnionFacts {
    /// Its position in lists.
    pub(crate) place: u32,
    pub(crate) reviewed_on: Date,
    pub(crate) accent: String,
    pub(crate) abbreviation: String,
}

/// The text of a union's file in one language.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LocalUnion {
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) jobs: Vec<String>,
    pub(crate) html: String,
    pub(crate) steps: Vec<RoleSteps>,
    pub(crate) people: Vec<ContactPerson>,
}

/// All unions, with the search words for each language.
pub(crate) struct UnionIndex {
    unions: Vec<Bilingual<UnionFacts, LocalUnion>>,
    words: [WordIndex; 2],
}

impl UnionIndex {
    pub(crate) async fn read(store: &Store) -> Result<Self, StoreError> {
        let mut unions: Vec<Bilingual<UnionFacts, LocalUnion>> = store.list_both(Kind::Union).await?;
        unions.sort_by_key(|union| union.facts.place);
        let words = Locale::ALL.map(|locale| {
            let texts: Vec<String> = unions
                .iter()
                .map(|union| {
                    let LocalUnion { name, summary, jobs, .. } = &union.texts[locale as usize];
                    [&union.facts.abbreviation, name, summary, &jobs.join(" ")].map(String::as_str).join(" ")
                })
                .collect();
            WordIndex::new(locale, texts.iter().map(String::as_str), &BitSet::empty(unions.len()))
        });
        Ok(Self { unions, words })
    }

    /// Whether there is a union with this slug.
    pub(crate) fn has(&self, slug: &str) -> bool {
        self.unions.iter().any(|union| union.slug == slug)
    }

    /// The slugs, in list order.
    pub(crate) fn slugs(&self) -> impl Iterator<Item = &str> {
        self.unions.iter().map(|union| union.slug.as_str())
    }

    /// The unions that match all words of a text, or else the most words; all unions if the
    /// text has no words. The federation is excluded, because nobody can join it.
    fn find(&self, text: &str, locale: Locale) -> Vec<UnionSummary> {
        let (words, none) = (&self.words[locale as usize], BitSet::empty(self.unions.len()));
        // Whole words are preferred, because a nurse is not looking for a nursery.
        let whole = words.find_whole(text, &none).filter(|whole| !whole.is_empty());
        let found = whole.or_else(|| words.find_most(text, &none));
        let fits = |index: usize| found.as_ref().is_none_or(|found| found.contains(index));
        (0..self.unions.len())
            .filter(|&index| self.unions[index].slug != FEDERATION && fits(index))
            .map(|index| summary(&self.unions[index], locale))
            .collect()
    }
}

fn summary(union: &Bilingual<UnionFacts, LocalUnion>, locale: Locale) -> UnionSummary {
    let LocalUnion { name, summary, jobs, .. } = &union.texts[locale as usize];
    UnionSummary {
        slug: union.slug.clone(),
        name: name.clone(),
        abbreviation: union.facts.abbreviation.clone(),
        summary: summary.clone(),
        accent: union.facts.accent.clone(),
        jobs: jobs.clone(),
    }
}

/// Unions that match a search.
#[utoipa::path(
    get,
    path = ListUnions::PATH,
    tag = "unions",
    params(
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
        ("q" = Option<String>, Query, description = "A name, an abbreviation or a job; what follows the first 100 characters is not read"),
    ),
    responses(
        (status = 200, description = "The unions that fit", body = Unions),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_unions(
    State(state): State<AppState>,
    Localised(locale): Localised,
    RawQuery(query): RawQuery,
) -> Result<(Extension<Shows>, Json<Unions>), ApiError> {
    let text = ListUnions::text_in(&query.unwrap_or_default());
    let content_index = state.content_index.get(&state.store).await?;
    let index = &content_index.unions;
    let federation = index.unions.iter().find(|union| union.slug == FEDERATION);
    let asked = federation.and_then(|union| union.texts[locale as usize].people.first());
    let (telephone, email) =
        asked.map(|person| (person.telephone.clone(), person.email.clone())).unwrap_or_default();
    let shows = Shows { typed: !text.is_empty(), ..Shows::default() };
    let unions = Unions { unions: index.find(&text, locale), text, telephone, email };
    Ok((Extension(shows), Json(unions)))
}

/// One union, or the federation.
#[utoipa::path(
    get,
    path = FindUnion::PATH,
    tag = "unions",
    params(
        ("slug" = String, Path, description = "The union's name in addresses"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The union", body = Union),
        (status = 404, description = "No such union", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_union(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Json<Union>, ApiError> {
    let Path(slug) = path.map_err(|_| ApiError::NotFound)?;
    let content_index = Arc::clone(&state.content_index.get(&state.store).await?);
    let union = content_index.unions.unions.iter().find(|union| union.slug == slug);
    let union = union.ok_or(ApiError::NotFound)?;
    let now = state.clock.now();
    let first = Paging { limit: LATEST, page: 1, cursor: None };
    let news = NewsFilters { tag: None, union: Some(slug.clone()), page: 1 };
    let news = content_index.news.find(&news, locale, now, &first).map(|found| found.items);
    let events = EventFilters { union: Some(slug.clone()), ..EventFilters::UPCOMING };
    let events = content_index.events.find(&events, locale, now, &first).map(|found| found.events);
    let LocalUnion { html, steps, people, .. } = union.texts[locale as usize].clone();
    Ok(Json(Union {
        summary: summary(union, locale),
        federation: slug == FEDERATION,
        reviewed_on: union.facts.reviewed_on,
        html,
        steps,
        people,
        news: news.unwrap_or_default(),
        events: events.unwrap_or_default(),
        courses: content_index.courses.of_union(&slug, locale),
        videos: content_index.videos.of_union(&slug, locale),
    }))
}
