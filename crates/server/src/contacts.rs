//! Who to contact where you are: the regions' contacts, the postcode look-up for other clients
//! and for forms without JavaScript, and vCards.

mod map;
mod vcard;

use std::sync::LazyLock;

use axum::{
    Json, Router,
    extract::{
        Form, Path, Query, State,
        rejection::{FormRejection, PathRejection, QueryRejection},
    },
    http::header,
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use campaign_hub::{
    contacts::{self, PostedPlace},
    queries::open_regions,
    routes::Route,
};
use contract::{
    Endpoint as _, Locale, Problem,
    contacts::{
        Contact, ContactPerson, ContactText, FindRegion, ListRegions, LookUpRegion, RegionLookUp,
        RegionSummary, Regions, regions_named,
    },
    postcode::PostcodeError,
    region::{Region, RegionTable},
    time::Date,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    document::{self, Posted},
    error::ApiError,
    locale::Localised,
    state::AppState,
    store::{Kind, Record, Store, StoreError},
};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_regions))
        .routes(routes!(find_region))
        .routes(routes!(look_up_region))
}

/// Routes outside the API: the finder's form and the vCards.
pub(crate) fn pages() -> Router<AppState> {
    let mut router = Router::new();
    for locale in Locale::ALL {
        let path = Route::Contacts.href(locale);
        let show = get(document::show_document);
        let find = post(move |state, form| find_place(locale, state, form));
        router = router.route(&path, show.merge(find));
        let card = get(move |state, path| show_card(locale, state, path));
        router = router.route(&[&path, "/{region}/card.vcf"].concat(), card);
    }
    router
}

/// The language-independent fields of a contact file.
#[derive(Serialize, Deserialize)]
pub(crate) struct ContactFacts {
    pub(crate) reviewed_on: Date,
    pub(crate) telephone: String,
    pub(crate) email: String,
}

/// The text of a contact file in one language, people included.
#[derive(Serialize, Deserialize)]
pub(crate) struct LocalContact {
    pub(crate) text: ContactText,
    pub(crate) people: Vec<ContactPerson>,
    pub(crate) organisers: Vec<ContactPerson>,
}

type ContactRecord = Record<ContactFacts, LocalContact>;

/// The region of every postcode, the same table as in the browser.
fn table() -> &'static RegionTable {
    static TABLE: LazyLock<RegionTable> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../../public/postcode-regions.json"))
            .expect("the table of postcodes is readable")
    });
    &TABLE
}

/// All regions and their map.
#[utoipa::path(
    get,
    path = ListRegions::PATH,
    tag = "contacts",
    params(("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given")),
    responses(
        (status = 200, description = "Every region that has a contact", body = Regions),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_regions(
    State(state): State<AppState>,
    Localised(locale): Localised,
) -> Result<Json<Regions>, ApiError> {
    let regions = summaries(&state, locale).await?;
    Ok(Json(Regions { regions, map: map::region_map().clone() }))
}

pub(crate) async fn summaries(state: &AppState, locale: Locale) -> Result<Vec<RegionSummary>, ApiError> {
    let records: Vec<ContactRecord> = state.store.list(Kind::Contact, locale).await?;
    let mut regions: Vec<RegionSummary> = records
        .into_iter()
        .filter_map(|record| {
            Some(RegionSummary {
                region: record.slug.parse().ok()?,
                name: record.text.text.name,
                office: record.text.text.office,
                covers: record.text.text.covers,
                telephone: record.facts.telephone,
            })
        })
        .collect();
    regions.sort_by_key(|summary| Region::ALL.iter().position(|region| *region == summary.region));
    Ok(regions)
}

/// The name of a region's office in a language.
pub(crate) async fn office(
    store: &Store,
    region: Region,
    locale: Locale,
) -> Result<Option<String>, StoreError> {
    let record: Option<ContactRecord> = store.find(Kind::Contact, region.slug(), locale).await?;
    Ok(record.map(|record| record.text.text.name))
}

/// One region's contact.
#[utoipa::path(
    get,
    path = FindRegion::PATH,
    tag = "contacts",
    params(
        ("region" = Region, Path, description = "The region's name in addresses"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The region's office and the people in it", body = Contact),
        (status = 404, description = "No such region", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_region(
    State(state): State<AppState>,
    slug: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Json<Contact>, ApiError> {
    let Ok(Path(slug)) = slug else { return Err(ApiError::NotFound) };
    contact(&state, &slug, locale).await.map(Json)
}

async fn contact(state: &AppState, slug: &str, locale: Locale) -> Result<Contact, ApiError> {
    let region: Region = slug.parse().map_err(|_| ApiError::NotFound)?;
    let record: ContactRecord =
        state.store.find(Kind::Contact, region.slug(), locale).await?.ok_or(ApiError::NotFound)?;
    let ContactFacts { reviewed_on, telephone, email } = record.facts;
    let LocalContact { text, people, organisers } = record.text;
    Ok(Contact { region, reviewed_on, telephone, email, text, people, organisers })
}

#[derive(Deserialize)]
struct LookUpQuery {
    postcode: Option<String>,
}

/// The regions of a full or partial postcode.
#[utoipa::path(
    get,
    path = LookUpRegion::PATH,
    tag = "contacts",
    params(("postcode" = String, Query, description = "A postcode or part of one; case and spaces do not matter")),
    responses(
        (status = 200, description = "One region, or several if the postcode covers more than one", body = RegionLookUp),
        (status = 422, description = "Not a valid postcode", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn look_up_region(
    query: Result<Query<LookUpQuery>, QueryRejection>,
) -> Result<Json<RegionLookUp>, ApiError> {
    let Ok(Query(LookUpQuery { postcode })) = query else {
        return Err(ApiError::Invalid { field: "postcode", detail: "Must appear once.".to_owned() });
    };
    let typed = postcode.unwrap_or_default();
    match table().look_up(&typed) {
        Ok(found) => Ok(Json(RegionLookUp {
            postcode: found.postcode.to_string(),
            whole: found.postcode.is_whole(),
            regions: found.regions,
        })),
        Err(error) => Err(ApiError::Invalid { field: "postcode", detail: explain(&error) }),
    }
}

/// The error message for a postcode, for API clients; the app has its own messages.
fn explain(error: &PostcodeError) -> String {
    let example = "Example: SK22 1AA. The first half is enough.";
    match error {
        PostcodeError::Empty => example.to_owned(),
        PostcodeError::Character(_) => format!("Letters and digits only. {example}"),
        PostcodeError::NoArea => format!("A postcode starts with 1 or 2 letters. {example}"),
        PostcodeError::UnknownArea(_) => format!("No postcode starts with these letters. {example}"),
        PostcodeError::UnknownOutcode(_) => format!("No postcode has this first half. {example}"),
        PostcodeError::Inward { .. } => format!("The second half must be a digit and 2 letters. {example}"),
        PostcodeError::TooLong => format!("Too long for a postcode. {example}"),
        PostcodeError::Ambiguous => {
            format!("Some letters and digits look alike, so it could be more than one postcode. {example}")
        }
    }
}

/// The finder's form, as submitted without JavaScript.
#[derive(Deserialize)]
struct PlaceForm {
    #[serde(default)]
    place: String,
}

/// Redirects to the region of a place, without putting the place into a URL.
async fn find_place(
    locale: Locale,
    State(state): State<AppState>,
    form: Result<Form<PlaceForm>, FormRejection>,
) -> Response {
    let typed = form.map(|Form(form)| form.place).unwrap_or_default();
    let regions = match table().look_up(&typed) {
        Ok(found) => found.regions,
        Err(error) => {
            // Without the database no place names are known, but postcodes still are.
            let summaries = summaries(&state, locale).await.unwrap_or_default();
            let named = regions_named(&summaries, &typed);
            if named.is_empty() {
                let typed = typed.chars().take(100).collect();
                let problem = contacts::explain(locale, &error);
                let posted = Posted::Place(PostedPlace { typed, problem });
                return document::answer_form(&state, locale, Route::Contacts, posted).await;
            }
            Region::in_order(&named)
        }
    };
    let address = match regions[..] {
        [region] => Route::Contact(region).href(locale),
        _ => [&Route::Contacts.href(locale), "?", &open_regions(&regions)].concat(),
    };
    Redirect::to(&address).into_response()
}

/// A region's contact as a vCard.
async fn show_card(
    locale: Locale,
    State(state): State<AppState>,
    slug: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Ok(Path(slug)) = slug else { return Err(ApiError::NotFound) };
    let contact = contact(&state, &slug, locale).await?;
    let page = format!("{}{}", state.public_url.origin(), Route::Contact(contact.region).href(locale));
    let disposition = format!("attachment; filename=\"{slug}.vcf\"");
    let headers = [
        (header::CONTENT_TYPE, "text/vcard; charset=utf-8"),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, vcard::card(&contact, &page)).into_response())
}
