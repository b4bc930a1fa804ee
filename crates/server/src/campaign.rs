//! The campaign and its past years.

use axum::{Extension, Json, extract::State};
use contract::{
    Endpoint as _, Locale, Problem,
    campaign::{Campaign, CampaignText, FindCampaign, ListPastYears, PastYear, PastYearText, PastYears},
    time::Date,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    cache::Shows,
    clock,
    error::ApiError,
    locale::Localised,
    state::AppState,
    store::{Kind, Record},
};

/// The number of past years in the timeline on the campaign page.
const TIMELINE_YEARS: usize = 3;
/// The number of news items on the campaign page.
const LATEST_NEWS: usize = 3;
/// The number of products on the campaign page.
const SHELF_PRODUCTS: usize = 6;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(find_campaign)).routes(routes!(list_past_years))
}

/// The language-independent fields of a campaign's file.
#[derive(Serialize, Deserialize)]
pub(crate) struct CampaignFacts {
    pub(crate) starts_on: Date,
    pub(crate) ends_on: Date,
    pub(crate) issued_on: Date,
    pub(crate) reviewed_on: Date,
}

/// The language-independent fields of a past year's file.
#[derive(Serialize, Deserialize)]
pub(crate) struct PastYearFacts {
    pub(crate) starts_on: Date,
    pub(crate) ends_on: Date,
}

/// The current campaign.
#[utoipa::path(
    get,
    path = FindCampaign::PATH,
    tag = "campaign",
    params(("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given")),
    responses(
        (status = 200, description = "The campaign", body = Campaign),
        (status = 404, description = "No campaign is loaded", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_campaign(
    State(state): State<AppState>,
    Localised(locale): Localised,
) -> Result<(Extension<Shows>, Json<Campaign>), ApiError> {
    let now = state.clock.now();
    let campaign: Record<CampaignFacts, CampaignText> =
        state.store.latest(Kind::Campaign, locale).await?.ok_or(ApiError::NotFound)?;
    let content_index = state.content_index.get(&state.store).await?;
    let mut past_years = past_years(&state, locale).await?;
    past_years.truncate(TIMELINE_YEARS);
    for year in &mut past_years {
        // The campaign page only shows a sentence for each year, and the data is sent with the
        // page.
        year.text.html.clear();
        year.text.actions.clear();
    }
    let CampaignFacts { starts_on, ends_on, issued_on, reviewed_on } = campaign.facts;
    let shelf = state.catalogue.get(&state.store).await?.featured(locale, SHELF_PRODUCTS);
    let products = shelf.iter().map(|product| product.slug.clone()).collect();
    let shows = Shows { products, in_stock: true, typed: false };
    let campaign = Campaign {
        slug: campaign.slug,
        week: clock::week(starts_on, ends_on, clock::uk_date(now)),
        issued_on,
        reviewed_on,
        text: campaign.text,
        news: content_index.news.latest(locale, now, LATEST_NEWS),
        shelf,
        next_event: content_index.events.next(locale, now),
        past_years,
    };
    Ok((Extension(shows), Json(campaign)))
}

/// Past years of the campaign, the latest first.
#[utoipa::path(
    get,
    path = ListPastYears::PATH,
    tag = "campaign",
    params(("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given")),
    responses(
        (status = 200, description = "The years", body = PastYears),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_past_years(
    State(state): State<AppState>,
    Localised(locale): Localised,
) -> Result<Json<PastYears>, ApiError> {
    Ok(Json(PastYears { years: past_years(&state, locale).await? }))
}

async fn past_years(state: &AppState, locale: Locale) -> Result<Vec<PastYear>, ApiError> {
    let records: Vec<Record<PastYearFacts, PastYearText>> = state.store.list(Kind::PastYear, locale).await?;
    let year = |record: Record<PastYearFacts, PastYearText>| PastYear {
        slug: record.slug,
        starts_on: record.facts.starts_on,
        ends_on: record.facts.ends_on,
        text: record.text,
    };
    let mut years: Vec<PastYear> = records.into_iter().map(year).collect();
    years.sort_by_key(|year| std::cmp::Reverse(year.starts_on));
    Ok(years)
}
