//! An order, for whoever has its link.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::{IntoResponse as _, Response},
};
use contract::{
    Endpoint as _, Locale, Problem,
    orders::{FindOrder, Order, OrderMove, OrderedLine},
};

use crate::{
    clock,
    error::ApiError,
    locale::Localised,
    secrets::digest,
    shop::Catalogue,
    state::AppState,
    store::{StoredLine, StoredMove, StoredOrder},
};

/// An order, for whoever has its link.
#[utoipa::path(
    get,
    path = FindOrder::PATH,
    tag = "orders",
    params(
        ("token" = String, Path, description = "The token in the order's link"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The order", body = Order),
        (status = 404, description = "No such order", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn find_order(
    State(state): State<AppState>,
    token: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Response, ApiError> {
    let Path(token) = token.map_err(|_| ApiError::NotFound)?;
    let stored = state.store.find_order(&digest(token.as_bytes())).await?.ok_or(ApiError::NotFound)?;
    let catalogue = state.catalogue.get(&state.store).await?;
    let order = shown(stored, &catalogue, locale)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(order)).into_response())
}

/// A stored order with the names of its products in a language.
fn shown(stored: StoredOrder, catalogue: &Catalogue, locale: Locale) -> Result<Order, ApiError> {
    let StoredOrder { reference, state, placed_at, customer, delivery, payment, price, lines, moves } =
        stored;
    let line = |line: StoredLine| {
        let offer = catalogue.offer(&line.sku, locale);
        OrderedLine {
            // What was withdrawn since is called by its number.
            name: offer.as_ref().map_or(&*line.sku, |offer| offer.name).to_owned(),
            variant: offer.map_or("", |offer| offer.variant).to_owned(),
            sku: line.sku,
            product: line.product,
            quantity: line.quantity,
            dispatched: line.dispatched,
            returned: line.returned,
        }
    };
    let moved = |StoredMove { at, state, note }| OrderMove { at: clock::moment(at), state, note };
    Ok(Order {
        reference,
        state,
        placed: clock::moment(placed_at),
        lines: lines.into_iter().map(line).collect(),
        price: serde_json::from_str(&price).map_err(|_| ApiError::Internal)?,
        customer: serde_json::from_str(&customer).map_err(|_| ApiError::Internal)?,
        delivery: serde_json::from_str(&delivery).map_err(|_| ApiError::Internal)?,
        payment: serde_json::from_str(&payment).map_err(|_| ApiError::Internal)?,
        moves: moves.into_iter().map(moved).collect(),
    })
}
