//! Routing: which handler serves which URL.

use std::sync::{Arc, LazyLock};

use axum::{Json, Router, middleware::from_fn_with_state, response::IntoResponse, routing::get};
use tower_http::compression::CompressionLayer;
use utoipa::openapi::{
    ContactBuilder, Info, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr,
    schema::{AdditionalProperties, Schema},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    campaign, client, contacts, cors, courses, cross_site, document, documents, error::ApiError, events,
    health, middleware, news, orders, page, poster, search, share, shop, sitemap, state::AppState, support,
    take_part, unions, videos,
};

/// The complete router.
pub fn router(state: AppState, max_in_flight: u32) -> Router {
    let https = state.public_url.is_https();
    let site = Arc::clone(&state.site);
    let api = inner_api(state.clone());
    // Pages are rendered with the same API router that clients use.
    let state = AppState { api: api.clone(), ..state };
    let api = api.layer(CompressionLayer::new());
    let rest = Router::new()
        .merge(health::router())
        .merge(sitemap::router())
        .merge(contacts::pages())
        .merge(documents::pages())
        .merge(events::pages())
        .merge(news::pages())
        .merge(orders::pages())
        .merge(poster::pages())
        .merge(share::router())
        .merge(videos::files(state.site.folder()))
        .fallback(document::show_document)
        .with_state(state.clone());
    let guarded = api.merge(rest).layer(from_fn_with_state(state.clone(), cross_site::refuse));
    let origins = Arc::clone(&state.allowed_origins);
    // The client's address is needed for its share of the slots.
    let router = middleware::add_middleware(guarded, max_in_flight, site, https)
        .layer(from_fn_with_state(state, client::identify));
    // Outermost, so that the app on another origin can read every error response.
    if origins.is_empty() { router } else { router.layer(cors::layer(origins)) }
}

/// The API without its middleware, used to render pages.
fn inner_api(state: AppState) -> Router {
    let (router, _) = api_routes().split_for_parts();
    router
        .route("/api/v1/openapi.json", get(show_description))
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .with_state(state)
}

/// The OpenAPI description, generated from the handlers.
pub fn api_description() -> OpenApi {
    let (_, mut description) = api_routes().split_for_parts();
    close_choices(&mut description);
    description
}

/// Adds `additionalProperties: false` to enums: the derived description only has it for plain
/// structs.
fn close_choices(description: &mut OpenApi) {
    let Some(components) = &mut description.components else { return };
    for name in ["Delivery", "OrderChange", "Payment"] {
        let Some(RefOr::T(Schema::OneOf(choice))) = components.schemas.get_mut(name) else { continue };
        for shape in &mut choice.items {
            if let RefOr::T(Schema::Object(object)) = shape {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
}

fn api_routes() -> OpenApiRouter<AppState> {
    let description = OpenApiBuilder::new().info(info()).build();
    OpenApiRouter::with_openapi(description)
        .merge(campaign::router())
        .merge(contacts::router())
        .merge(courses::router())
        .merge(documents::router())
        .merge(events::router())
        .merge(news::router())
        .merge(orders::router())
        .merge(page::router())
        .merge(search::router())
        .merge(shop::router())
        .merge(support::router())
        .merge(take_part::router())
        .merge(unions::router())
        .merge(videos::router())
}

fn info() -> Info {
    InfoBuilder::new()
        .title("Campaign Hub API")
        .version("1")
        .description(Some(
            "What the campaign hub's app reads. Responses may gain fields; none is removed within v1. \
             Errors are problem documents (RFC 9457).",
        ))
        .contact(Some(ContactBuilder::new().name(Some("The campaign's web team")).build()))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
        .build()
}

async fn show_description() -> impl IntoResponse {
    static DESCRIPTION: LazyLock<OpenApi> = LazyLock::new(api_description);
    Json(&*DESCRIPTION)
}
