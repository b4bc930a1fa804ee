//! Card payments: redirects to the provider's page and back, and receives the provider's
//! webhooks.

use std::time::Duration;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use campaign_hub::{i18n::order as t, orders::RefusedForm, routes::Route};
use contract::{
    Locale,
    orders::{ChangeRefusal, OrderStatus, Payment},
};

use super::{by_token, forms, hold::hold_for_page, payment_service::PaymentService, read_token};
use crate::{
    card::{CardError, Event, NewSession, Session},
    document::{self, Posted},
    error::ApiError,
    mail::MailContext,
    shop::Catalogue,
    state::AppState,
    store::{CardSession, Scope, StoredOrder},
    text::mail_address,
};

/// The last part of the URL that redirects to the payment page.
const PAY: &str = "/pay";
/// The interval between checks for refunds that are due.
const RETRY_INTERVAL: Duration = Duration::from_secs(300);
/// The last part of the URL to which the provider redirects after payment.
const PAID: &str = "/paid";

/// The redirects to and from the provider's page, and the webhook.
pub(super) fn pages() -> Router<AppState> {
    let mut router = Router::new().route("/webhooks/stripe", post(receive_webhook));
    for locale in Locale::ALL {
        let order = Route::Order("{token}".to_owned()).href(locale);
        // Shows the order's page if the provider is unavailable or a rate limit was reached;
        // the page's forms submit to this URL then.
        let change =
            || post(move |state, client, token, form| forms::change(locale, state, client, token, form));
        let pay = get(move |state, token| pay(locale, state, token)).merge(change());
        let paid = get(move |state, token| paid(locale, state, token)).merge(change());
        router = router.route(&[&order, PAY].concat(), pay).route(&[&order, PAID].concat(), paid);
    }
    router
}

/// The path that redirects to an order's payment page.
pub(crate) fn path(token: &str, locale: Locale) -> String {
    [&Route::Order(token.to_owned()).href(locale), PAY].concat()
}

/// Redirects to the provider's page.
async fn pay(
    locale: Locale,
    State(state): State<AppState>,
    token: Result<Path<String>, PathRejection>,
) -> Response {
    let Ok(token) = read_token(token) else { return document::answer_not_found(&state, locale).await };
    let route = Route::Order(token.clone());
    match payment_page_url(&state, &token).await {
        Ok(Some(url)) => redirect_to(&url),
        Ok(None) => redirect_to(&route.href(locale)),
        Err(ApiError::NotFound) => document::answer_not_found(&state, locale).await,
        Err(ApiError::Card(error)) => {
            tracing::error!(%error, "request to the payment provider failed");
            let refusal = Some(ChangeRefusal::PaymentsUnavailable);
            let refused = RefusedForm { form: None, refusal };
            document::answer_form(&state, locale, route, Posted::Order(Box::new(refused))).await
        }
        Err(error) => forms::fail(&state, locale, token, None, error).await,
    }
}

/// Redirects back from the provider's page. Its webhook may not have arrived yet, so the
/// provider is asked.
async fn paid(
    locale: Locale,
    State(state): State<AppState>,
    token: Result<Path<String>, PathRejection>,
) -> Response {
    let Ok(token) = read_token(token) else { return document::answer_not_found(&state, locale).await };
    let asked = async {
        let order = by_token(&state, &token).await?;
        state.limits.take(&[(Scope::PaymentsPerOrder, order.reference.as_str())]).await?;
        match state.limits.take(&[(Scope::LookUpsPerOrder, order.reference.as_str())]).await {
            // A repeated request uses what was learnt just now.
            Err(ApiError::TooManyRequests { .. }) => return Ok(()),
            taken => taken?,
        }
        let catalogue = state.catalogue.get(&state.store).await?;
        payments(&state, &catalogue).check_payment(&order).await
    };
    match asked.await {
        Ok(()) => {}
        Err(ApiError::NotFound) => return document::answer_not_found(&state, locale).await,
        Err(error @ ApiError::TooManyRequests { .. }) => {
            return forms::fail(&state, locale, token, None, error).await;
        }
        Err(error) => tracing::warn!(%error, "could not check whether an order was paid"),
    }
    state.mail_wake.notify_one();
    redirect_to(&Route::Order(token).href(locale))
}

fn redirect_to(url: &str) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Redirect::to(url)).into_response()
}

/// The URL of an order's payment page; none if there is nothing to pay by card.
async fn payment_page_url(state: &AppState, token: &str) -> Result<Option<String>, ApiError> {
    let order = by_token(state, token).await?;
    let catalogue = state.catalogue.get(&state.store).await?;
    let payments = payments(state, &catalogue);
    let localised = payments.localise(&order)?;
    if order.status != OrderStatus::AwaitingPayment || localised.payment != (Payment::Card {}) {
        return Ok(None);
    }
    state.limits.take(&[(Scope::PaymentsPerOrder, order.reference.as_str())]).await?;
    let Some(card) = payments.card else {
        return Err(CardError::Unavailable("card payments are not enabled".to_owned()).into());
    };
    let sessions = state.store.card_sessions(&order.reference).await?;
    let now = state.clock.now().as_second();
    let open = |session: &&CardSession| session.payment.is_none() && session.expires_at > now;
    if let Some(open) = sessions.iter().find(open) {
        return Ok(Some(open.url.clone()));
    }
    // An expired page may have been paid before its webhook arrived.
    payments.check_payment(&order).await?;
    let order = existing_order(state, &order.reference).await?;
    if order.status != OrderStatus::AwaitingPayment {
        state.mail_wake.notify_one();
        return Ok(None);
    }
    let back_url = [state.public_url.origin(), &Route::Order(token.to_owned()).href(order.locale)].concat();
    let new = NewSession {
        title: t::title(order.locale, &order.reference),
        pence: localised.price.total_pence,
        email: mail_address(&localised.customer.email)
            .map_or(localised.customer.email, |email| email.to_string()),
        paid_url: [&back_url, PAID].concat(),
        back_url,
        // Two concurrent requests get the same page, and a failure is only repeated for a
        // short time.
        key: format!("{}-{}-{}", order.reference, sessions.len(), now / 600),
        reference: order.reference,
    };
    let opened = card.open(&new).await?;
    // A changed address in between does not extend the hold.
    let waits = order.transitions.iter().rev().take_while(|own| own.status == OrderStatus::AwaitingPayment);
    let waits_since = waits.last().map_or(order.placed_at, |first| first.at);
    let hold = hold_for_page(waits_since, opened.expires_at, state.clock.now());
    let Session { id, url, expires_at } = opened;
    state.store.add_card_session(&new.reference, &id, &url, expires_at, hold).await?;
    Ok(Some(url))
}

/// Receives the provider's webhooks. If handling one fails, the response is an error, so that
/// the provider retries.
async fn receive_webhook(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(card) = &state.card else { return ApiError::NotFound.into_response() };
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let event = match card.read_event(signature, &body, state.clock.now()) {
        Ok(Some(event)) => event,
        Ok(None) => return StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            tracing::warn!(%error, "a payment webhook was rejected");
            return ApiError::refused("stripe-signature", error.to_string()).into_response();
        }
    };
    match handle_event(&state, event).await {
        Ok(()) => {
            state.mail_wake.notify_one();
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => error.into_response(),
    }
}

async fn handle_event(state: &AppState, event: Event) -> Result<(), ApiError> {
    match event {
        Event::Session { session, status } => {
            // Ignores pages opened by another application with the same account.
            let Some(reference) = state.store.order_of_session(&session).await? else { return Ok(()) };
            let order = existing_order(state, &reference).await?;
            let catalogue = state.catalogue.get(&state.store).await?;
            payments(state, &catalogue).record_status(&order, &session, &status).await
        }
        Event::RefundFailed { key } => {
            let Some((payment, is_done)) = state.store.refunded_payment(&key).await? else { return Ok(()) };
            let Some(card) = &state.card else { return Ok(()) };
            if !is_done {
                // The webhook arrived before we recorded the refund: the provider must retry.
                return Err(CardError::Unavailable("a refund is still in progress".to_owned()).into());
            }
            // It may be about an earlier try that failed.
            if card.has_refunded(&payment, &key).await? {
                return Ok(());
            }
            if let Some(reference) = state.store.reopen_refund(&key).await? {
                tracing::error!(reference, "a refund did not reach the card: refund it manually");
            }
            Ok(())
        }
    }
}

/// The order with a reference that the database returned.
async fn existing_order(state: &AppState, reference: &str) -> Result<StoredOrder, ApiError> {
    let order = state.store.order(reference).await?;
    order.ok_or_else(|| ApiError::internal(anyhow::anyhow!("{reference} is named and not there")))
}

/// Runs [`PaymentService::settle`] for an order. Refunds that fail now are made later by
/// [`retry_refunds`]; a page that could not be closed expires, and payments on it until then
/// are refunded.
pub(super) async fn settle_payments(state: &AppState, order: &StoredOrder) -> Result<(), ApiError> {
    let catalogue = state.catalogue.get(&state.store).await?;
    payments(state, &catalogue).settle(order).await?;
    state.mail_wake.notify_one();
    Ok(())
}

/// Does the same in a background task, which completes even if the client disconnects. If too
/// many tasks are running, [`retry_refunds`] makes the refund later.
pub(super) async fn settle_payments_in_background(state: &AppState, order: &StoredOrder) {
    let (own, order) = (state.clone(), order.clone());
    let settling = state.background.start(async move {
        if let Err(error) = settle_payments(&own, &order).await {
            tracing::error!(%error, reference = order.reference, "refund pending, or a payment page is still open");
        }
    });
    if let Ok(settling) = settling {
        _ = settling.await;
    }
}

/// For as long as the server runs, makes refunds that were due earlier but failed, because the
/// provider did not respond or the server was stopped.
pub(crate) async fn retry_refunds(state: AppState) {
    loop {
        match state.store.orders_to_settle().await {
            Ok(references) => {
                // Failed refunds are counted in the metrics.
                state.workers.succeeded("refunds", state.clock.now());
                for reference in references {
                    let settled = async {
                        let order = existing_order(&state, &reference).await?;
                        settle_payments(&state, &order).await
                    };
                    if let Err(error) = settled.await {
                        tracing::error!(%error, reference, "refund pending");
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "could not list pending refunds");
            }
        }
        tokio::time::sleep(RETRY_INTERVAL).await;
    }
}

pub(super) fn payments<'a>(state: &'a AppState, catalogue: &'a Catalogue) -> PaymentService<'a> {
    // The email about a refunded payment is sent once per payment, however it was triggered.
    let mail_context = MailContext { limits: None, ..state.mail_context() };
    PaymentService { store: &state.store, card: state.card.as_deref(), mail_context, catalogue }
}
