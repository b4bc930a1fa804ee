//! News: lists by topic and union, each item, and the feeds.

mod feed;
mod index;

use axum::{
    Extension, Json, Router,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    routing::get,
};
use campaign_hub::routes::Route;
use contract::{
    Endpoint as _, Locale, Problem,
    news::{FindNews, ListNews, NewsFilters, NewsItem, NewsList, NewsText},
    time::Date,
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

use index::Found;
pub(crate) use index::NewsIndex;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_news)).routes(routes!(find_news))
}

/// Routes outside the API: a feed for each language.
pub(crate) fn pages() -> Router<AppState> {
    let mut router = Router::new();
    for locale in Locale::ALL {
        let path = [&Route::News.href(locale), feed::FILE].concat();
        router = router.route(&path, get(move |state| feed::show(locale, state)));
    }
    router
}

/// The language-independent fields of a news file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct NewsFacts {
    pub(crate) published_at: Timestamp,
    pub(crate) reviewed_on: Date,
    pub(crate) union: String,
    pub(crate) tags: Vec<String>,
    pub(crate) picture: String,
}

/// The text of a news file in one language.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LocalNews {
    pub(crate) title: String,
    pub(crate) standfirst: String,
    pub(crate) text: NewsText,
}

/// News, the latest first.
#[utoipa::path(
    get,
    path = ListNews::PATH,
    tag = "news",
    params(
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
        ("tag" = Option<String>, Query, description = "A subject; the answer lists all of them"),
        ("union" = Option<String>, Query, description = "A union; the answer lists all of them"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "How many items at most; 10 unless given"),
        ("page" = Option<u32>, Query, minimum = 1, maximum = 10_000, description = "The page, from 1"),
        ("cursor" = Option<String>, Query, description = "`next` of the answer before, instead of a page"),
    ),
    responses(
        (status = 200, description = "A page of the news that is published", body = NewsList),
        (status = 422, description = "Validation failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_news(
    State(state): State<AppState>,
    Localised(locale): Localised,
    RawQuery(query): RawQuery,
) -> Result<(Extension<Shows>, Json<NewsList>), ApiError> {
    let query = query.unwrap_or_default();
    let paging = Paging::read(&query, ListNews::LIMIT, ListNews::MAX_LIMIT, NewsFilters::PAGE_LIMIT)?;
    let content_index = state.content_index.get(&state.store).await?;
    let found = content_index.news.find(&NewsFilters::parse(&query), locale, state.clock.now(), &paging);
    let Found { total, items, next, tags, unions } = found.ok_or_else(Paging::lost)?;
    let shows = Shows::list(&items);
    let list = NewsList { total, pages: paging.pages(total), items, tags, unions, next };
    Ok((Extension(shows), Json(list)))
}

/// One news item.
#[utoipa::path(
    get,
    path = FindNews::PATH,
    tag = "news",
    params(
        ("slug" = String, Path, description = "The item's name in addresses"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The item", body = NewsItem),
        (status = 404, description = "No such item, or none yet", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_news(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Json<NewsItem>, ApiError> {
    let Path(slug) = path.map_err(|_| ApiError::NotFound)?;
    let content_index = state.content_index.get(&state.store).await?;
    let now = state.clock.now();
    // An unpublished item does not exist for readers, and a text that cannot be a slug is not
    // looked up in the database.
    let summary = content_index.news.summary(&slug, locale, now).ok_or(ApiError::NotFound)?;
    let record: Record<NewsFacts, LocalNews> =
        state.store.find(Kind::News, &slug, locale).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(NewsItem {
        summary,
        reviewed_on: record.facts.reviewed_on,
        text: record.text.text,
        more: content_index.news.more(&slug, locale, now),
    }))
}
