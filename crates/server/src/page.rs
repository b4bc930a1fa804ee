//! Pages of text.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use contract::{
    Endpoint as _, Locale, Problem,
    page::{FindPage, Page, PageText},
    time::Date,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    locale::Localised,
    state::AppState,
    store::{Kind, Record},
};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(find_page))
}

/// The language-independent fields of a page's files.
#[derive(Serialize, Deserialize)]
pub(crate) struct PageFacts {
    pub(crate) reviewed_on: Date,
}

/// A text-only page.
#[utoipa::path(
    get,
    path = FindPage::PATH,
    tag = "pages",
    params(
        ("slug" = String, Path, description = "The page's name in addresses, such as privacy"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The page", body = Page),
        (status = 404, description = "No such page", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_page(
    State(state): State<AppState>,
    slug: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Json<Page>, ApiError> {
    // A text that cannot be a slug is not looked up: PostgreSQL, for example, rejects a text
    // with a zero byte.
    let Ok(Path(slug)) = slug else { return Err(ApiError::NotFound) };
    if !slug.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(ApiError::NotFound);
    }
    let record: Record<PageFacts, PageText> =
        state.store.find(Kind::Page, &slug, locale).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(Page { slug: record.slug, reviewed_on: record.facts.reviewed_on, text: record.text }))
}
