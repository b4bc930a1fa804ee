//! Who to contact in confidence.

use axum::{Json, extract::State};
use contract::{
    Endpoint as _, Locale, Problem,
    support::{FindSupport, Support, SupportContact, SupportText},
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
    OpenApiRouter::new().routes(routes!(find_support))
}

/// The language-independent fields of a support file.
#[derive(Serialize, Deserialize)]
pub(crate) struct SupportFacts {
    pub(crate) reviewed_on: Date,
}

/// The text of a support file in one language, contacts included.
#[derive(Serialize, Deserialize)]
pub(crate) struct LocalSupport {
    pub(crate) text: SupportText,
    pub(crate) regions: Vec<SupportContact>,
    pub(crate) unions: Vec<SupportContact>,
}

/// Support for people who are being harassed.
#[utoipa::path(
    get,
    path = FindSupport::PATH,
    tag = "support",
    params(("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given")),
    responses(
        (status = 200, description = "Whom to call or write to", body = Support),
        (status = 404, description = "No contacts are loaded", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_support(
    State(state): State<AppState>,
    Localised(locale): Localised,
) -> Result<Json<Support>, ApiError> {
    let record: Record<SupportFacts, LocalSupport> =
        state.store.latest(Kind::Support, locale).await?.ok_or(ApiError::NotFound)?;
    let LocalSupport { text, regions, unions } = record.text;
    Ok(Json(Support { reviewed_on: record.facts.reviewed_on, text, regions, unions }))
}
