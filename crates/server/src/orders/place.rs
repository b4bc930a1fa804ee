//! Places orders: once each, at the price the customer saw, with stock reserved.

use axum::{
    Extension, Json,
    extract::{State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use contract::{
    Endpoint as _, InvalidField, Problem, Submission as _,
    orders::{
        CustomerKind, Delivery, FindOrder, Order, OrderFieldError, OrderLine, OrderStatus, OrderedLine,
        Payment, PlaceOrder, PlacedOrder, Zone,
        price::{OrderPrice, PricingLine, delivery_rate, price, weight_grams},
    },
};
use serde::Serialize;
use serde_json::Value;

use super::{
    approval::{approval, approver, first_status, officer_of, unapproved_pence},
    check,
    hold::HoldRules,
    idempotency::{IDEMPOTENCY_KEY, RequestDigests, parse_key},
    pay, reference,
    refusals::{out_of_stock_fields, over_caps, over_free_limit, over_unpaid_limit, over_unpaid_share},
    reseal,
    reservation::{reservation, unpaid_order},
    show,
};
use crate::{
    client::ClientAddress,
    clock,
    error::ApiError,
    secrets::digest,
    shop::{Catalogue, Offer},
    state::AppState,
    store::{ExistingOrder, NewLine, NewMail, NewOrder, PlaceOutcome, Reservation, Scope},
    text::{branch_key, email_key, mail_address, nfc},
};

/// Places an order, once per idempotency key.
#[utoipa::path(
    post,
    path = PlaceOrder::PATH,
    tag = "orders",
    params(("Idempotency-Key" = String, Header, min_length = 16, max_length = 100, pattern = "^[A-Za-z0-9_-]+$", description = "Create and store it before the first attempt. The same key and body always get the same response")),
    request_body = PlaceOrder,
    responses(
        (status = 201, description = "Order placed and stock reserved", body = PlacedOrder),
        (status = 403, description = "Sent by a page of another site", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not enough stock, a price has changed, or a limit on unpaid orders is reached", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Validation failed, or the key was used for a different order", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many orders with this email address, emails to it, or requests from this network. An order that was already placed still gets its response", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn place_order(
    State(state): State<AppState>,
    Extension(client): Extension<ClientAddress>,
    headers: HeaderMap,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(body) = body.map_err(|error| ApiError::refused("body", error.body_text()))?;
    let order: PlaceOrder = serde_path_to_error::deserialize(&body)
        .map_err(|error| ApiError::refused("body", error.to_string()))?;
    let key = parse_key(&headers)?;
    let request = RequestDigests::new(&state.secrets, body, &order)?;
    let order = order.cleaned(nfc);
    // A repeated request gets the first response, whatever has changed since, even the rules.
    if let Some(existing) = state.store.order_of_key(key).await? {
        return repeat_response(&state, existing, &request, &order);
    }
    check(validation_errors(&order))?;
    // The limit on emails counts too: an order is not placed if its customer could not be
    // emailed.
    let (network, email) = (client.network(), email_key(&order.customer.email));
    let claims = state.limits.claims(&[
        (Scope::WritesPerNetwork, network.as_str()),
        (Scope::OrdersPerEmail, email.as_str()),
        (Scope::MailsPerRecipient, email.as_str()),
    ]);
    state.limits.check(&claims)?;
    let catalogue = state.catalogue.get(&state.store).await?;
    let offers = offers(&catalogue, &order)?;
    let price = price_of(&catalogue, &order, &offers)?;
    check_payment(&order, price.total_pence, state.card.is_some())?;
    if order.total_pence.is_some_and(|seen| seen != price.total_pence) {
        return Err(ApiError::PriceChanged { total_pence: price.total_pence });
    }
    let now = state.clock.now();
    let reference = reference::new(clock::uk_date(now))?;
    let token = state.secrets.order_token(&reference, 0);
    let officer = officer_of(&state, &order.customer).await?;
    let first = if order.quote {
        OrderStatus::Quoted
    } else {
        let shop_from_pence = catalogue.facts().approval_from_pence;
        let kind = order.customer.kind;
        let before = unapproved_pence(&state, &order.customer, &order.payment).await?;
        first_status(kind, &order.payment, price.total_pence, before, officer.as_ref(), shop_from_pence)
    };
    let hold = HoldRules::new(state.rules.hold_working_days, &catalogue).hold(first, &order.payment, now);
    let new_order = Order {
        reference: reference.clone(),
        status: first,
        placed: clock::moment(now),
        lines: offers.iter().zip(&order.lines).map(|(offer, line)| ordered_line(offer, line)).collect(),
        price: price.clone(),
        customer: order.customer.clone(),
        delivery: order.delivery.clone(),
        payment: order.payment.clone(),
        history: Vec::new(),
        return_by: None,
        valid_until: order.quote.then(|| show::quote_end(now)),
        approver: approver(first, officer.is_some()),
        needs_code: false,
        held_until: hold.map(|hold| show::held_until(hold.expires_at)),
        refunded_pence: 0,
        returns: 0,
    };
    let awaited_officer = officer.filter(|_| first == OrderStatus::AwaitingApproval);
    let approval = awaited_officer
        .map(|officer| approval(&state, &new_order, &officer, &token, order.locale))
        .transpose()?;
    let new = NewOrder {
        token_digest: digest(token.as_bytes()),
        idempotency_key: key.to_owned(),
        request_digest: request.digest.clone(),
        status: first,
        placed_at: now,
        hold,
        locale: order.locale.tag(),
        customer: json(&order.customer)?,
        delivery: json(&order.delivery)?,
        payment: json(&order.payment)?,
        email: email_key(&order.customer.email),
        // A branch name entered by a member is ignored.
        branch: match order.customer.kind {
            CustomerKind::Member => String::new(),
            CustomerKind::Branch | CustomerKind::Officer => branch_key(&order.customer.branch),
        },
        purchase_order: match &order.payment {
            Payment::PurchaseOrder { number } => Some(number.clone()),
            _ => None,
        },
        membership: match &*order.membership {
            "" => None,
            number => Some(state.secrets.seal(&reseal::membership(&reference), number)?),
        },
        price: json(&price)?,
        total_pence: price.total_pence,
        reservation: if order.quote {
            Reservation::default()
        } else {
            let unpaid_order = unpaid_order(state.rules.unpaid, first, &order.customer, price.total_pence);
            Reservation { unpaid: unpaid_order, ..reservation(&order.customer, &order.lines, &offers) }
        },
        mail: NewMail {
            // It is among the claims of the order.
            claims: Vec::new(),
            ..state.mail_context().about(&new_order, &token, order.locale).order_mail(&catalogue)?
        },
        claims,
        approval,
        lines: offers
            .iter()
            .zip(&order.lines)
            .map(|(offer, line)| NewLine {
                sku: line.sku.clone(),
                product: offer.product.to_owned(),
                quantity: line.quantity,
            })
            .collect(),
        reference,
    };
    let placed = ExistingOrder {
        reference: new.reference.clone(),
        request_digest: new.request_digest.clone(),
        status: first,
        total_pence: price.total_pence,
        link_version: 0,
    };
    match state.store.place_order(&new).await? {
        PlaceOutcome::Placed => {
            state.mail_wake.notify_one();
            Ok(created(&state, placed, &order))
        }
        PlaceOutcome::AlreadyPlaced(existing) => repeat_response(&state, existing, &request, &order),
        PlaceOutcome::OutOfStock(out_of_stock) => {
            Err(ApiError::OutOfStock(out_of_stock_fields(&order, &offers, &out_of_stock)))
        }
        PlaceOutcome::OverFreeLimit { product, left } => {
            Err(over_free_limit(&order, &offers, &product, left))
        }
        PlaceOutcome::LimitReached(exceeded) => Err(state.limits.refuse(exceeded)),
        PlaceOutcome::OverUnpaidLimit => Err(over_unpaid_limit(state.rules.unpaid)),
        PlaceOutcome::OverUnpaidShare(skus) => Err(over_unpaid_share(&order, &offers, &skus)),
        PlaceOutcome::InvalidTransition => {
            Err(ApiError::internal(anyhow::anyhow!("a new order is no quote to accept")))
        }
    }
}

/// Validation errors that do not depend on the shop.
fn validation_errors(order: &PlaceOrder) -> Vec<(String, OrderFieldError)> {
    const EMAIL: &str = "customer.email";
    let mut errors = order.validation_errors();
    if errors.iter().all(|(field, _)| field != EMAIL) && mail_address(&order.customer.email).is_none() {
        errors.push((EMAIL.to_owned(), OrderFieldError::InvalidEmail));
    }
    errors
}

fn ordered_line(offer: &Offer<'_>, line: &OrderLine) -> OrderedLine {
    OrderedLine {
        sku: line.sku.clone(),
        product: offer.product.to_owned(),
        name: offer.name.to_owned(),
        variant: offer.variant.to_owned(),
        quantity: line.quantity,
        dispatched: 0,
        return_requested: 0,
        returned: 0,
    }
}

/// The variant of each line, with its price.
fn offers<'a>(catalogue: &'a Catalogue, order: &PlaceOrder) -> Result<Vec<Offer<'a>>, ApiError> {
    let (mut offers, mut unknown) = (Vec::new(), Vec::new());
    for (index, line) in order.lines.iter().enumerate() {
        match catalogue.offer(&line.sku, order.locale) {
            Some(offer) => offers.push(offer),
            None => unknown.push(InvalidField {
                field: format!("lines.{index}.sku"),
                detail: "Unknown SKU.".to_owned(),
            }),
        }
    }
    if !unknown.is_empty() {
        return Err(ApiError::Refused(unknown));
    }
    let over = over_caps(order, &offers);
    if over.is_empty() { Ok(offers) } else { Err(ApiError::Refused(over)) }
}

fn price_of(catalogue: &Catalogue, order: &PlaceOrder, offers: &[Offer<'_>]) -> Result<OrderPrice, ApiError> {
    let lines: Vec<PricingLine<'_>> =
        offers.iter().zip(&order.lines).map(|(offer, line)| offer.ordered(line.quantity)).collect();
    let cost = match &order.delivery {
        Delivery::Collection { .. } => 0,
        Delivery::Post { address, speed } => {
            let postcode = address.written_postcode().expect("a valid postcode is complete");
            let rates = &catalogue.facts().rates;
            let found = delivery_rate(rates, Zone::of(&postcode), weight_grams(&lines), *speed);
            let nowhere = || {
                ApiError::refused(
                    "delivery.address.postcode",
                    "We do not deliver to this postcode. Use collection.",
                )
            };
            found.ok_or_else(nowhere)?.1
        }
    };
    Ok(price(&lines, cost))
}

/// Whether an order may be paid in this way.
fn check_payment(order: &PlaceOrder, total_pence: u64, takes_cards: bool) -> Result<(), ApiError> {
    match order.payment {
        Payment::Nothing {} if total_pence > 0 && !order.quote => {
            Err(ApiError::refused("payment.by", "Payment is required for this order."))
        }
        Payment::Card {} if !takes_cards => {
            Err(ApiError::refused("payment.by", "Card payments are not enabled."))
        }
        _ => Ok(()),
    }
}

fn json(value: &impl Serialize) -> Result<String, ApiError> {
    serde_json::to_string(value).map_err(ApiError::internal)
}

/// The response to a repeated request.
fn repeat_response(
    state: &AppState,
    existing: ExistingOrder,
    request: &RequestDigests,
    order: &PlaceOrder,
) -> Result<Response, ApiError> {
    if !request.matches(&existing.request_digest) {
        return Err(ApiError::refused(
            IDEMPOTENCY_KEY,
            "This key was used for a different order. Use a new one.",
        ));
    }
    Ok(created(state, existing, order))
}

fn created(state: &AppState, placed: ExistingOrder, order: &PlaceOrder) -> Response {
    let ExistingOrder { reference, status, total_pence, link_version, .. } = placed;
    let token = state.secrets.order_token(&reference, link_version);
    let pays = order.payment == (Payment::Card {}) && status == OrderStatus::AwaitingPayment;
    let pay_at = pays.then(|| pay::path(&token, order.locale));
    let find = FindOrder { token: token.clone(), locale: order.locale };
    let placed = PlacedOrder { reference, token, status, total_pence, pay_at };
    let headers = [(header::LOCATION, find.path_and_query()), (header::CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::CREATED, headers, Json(placed)).into_response()
}
