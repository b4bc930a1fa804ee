//! Shows an order to anyone who has its link.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::{IntoResponse as _, Response},
};
use contract::{
    Endpoint as _, Locale, Problem,
    orders::{FindOrder, Order, OrderHistoryEntry, OrderStatus, OrderedLine, QUOTE_DAYS, RETURN_DAYS},
    time::{Date, Moment},
};
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil};

use super::{approval::approver, by_token, read_token};
use crate::{
    clock,
    error::ApiError,
    locale::Localised,
    shop::Catalogue,
    state::AppState,
    store::{StoredLine, StoredOrder, StoredTransition},
};

/// An order, for anyone who has its link.
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
    let stored = by_token(&state, &read_token(token)?).await?;
    let catalogue = state.catalogue.get(&state.store).await?;
    let order = to_order(stored, &catalogue, clock::uk_date(state.clock.now()), locale)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(order)).into_response())
}

/// A stored order with product names in a language.
pub(super) fn to_order(
    stored: StoredOrder,
    catalogue: &Catalogue,
    today: civil::Date,
    locale: Locale,
) -> Result<Order, ApiError> {
    let StoredOrder {
        reference,
        status,
        placed_at,
        locale: _,
        customer,
        delivery,
        payment,
        price,
        lines,
        transitions,
        expires_at,
        awaits_officer,
        needs_code,
        link_version: _,
        refunded_pence,
        returns,
    } = stored;
    let line = |line: StoredLine| {
        let offer = catalogue.offer(&line.sku, locale);
        OrderedLine {
            // A product that was withdrawn is shown by its product code.
            name: offer.as_ref().map_or(&*line.sku, |offer| offer.name).to_owned(),
            variant: offer.map_or("", |offer| offer.variant).to_owned(),
            sku: line.sku,
            product: line.product,
            quantity: line.quantity,
            dispatched: line.dispatched,
            return_requested: line.return_requested,
            returned: line.returned,
        }
    };
    let delivered =
        transitions.iter().find(|own| own.status == OrderStatus::Delivered).map(|own| clock::uk_date(own.at));
    let return_by = delivered.map(return_end);
    let to_entry = |StoredTransition { at, status, note, event }| OrderHistoryEntry {
        at: clock::moment(at),
        status,
        note,
        event,
    };
    Ok(Order {
        reference,
        status,
        placed: clock::moment(placed_at),
        lines: lines.into_iter().map(line).collect(),
        price: serde_json::from_str(&price).map_err(ApiError::internal)?,
        customer: serde_json::from_str(&customer).map_err(ApiError::internal)?,
        delivery: serde_json::from_str(&delivery).map_err(ApiError::internal)?,
        payment: serde_json::from_str(&payment).map_err(ApiError::internal)?,
        history: transitions.into_iter().map(to_entry).collect(),
        return_by: return_by.filter(|day| *day >= today).map(clock::wire_date),
        valid_until: Some(quote_end(placed_at))
            .filter(|last| status == OrderStatus::Quoted && clock::civil_date(*last) >= today),
        approver: approver(status, awaits_officer),
        needs_code,
        held_until: expires_at.map(held_until),
        refunded_pence,
        returns,
    })
}

/// The last day to return items that were delivered on `day`.
pub(super) fn return_end(day: civil::Date) -> civil::Date {
    day.saturating_add(i64::from(RETURN_DAYS).days())
}

/// The last second before an order expires: at midnight, that is still the last day.
pub(super) fn held_until(expires_at: Timestamp) -> Moment {
    clock::moment(expires_at - SignedDuration::from_secs(1))
}

/// The last day on which a quote made at this moment can be accepted.
pub(super) fn quote_end(made_at: Timestamp) -> Date {
    clock::wire_date(clock::uk_date(made_at).saturating_add(i64::from(QUOTE_DAYS).days()))
}
