//! Expires orders that were not paid or approved in time: their stock is released, and their
//! customers are emailed before and after.

use std::time::Duration;

use contract::orders::{OrderEvent, OrderStatus};

use super::{
    hold::HoldRules,
    link::token_of,
    pay::{self, payments},
    show::to_order,
    transition_mail,
};
use crate::{
    card::CardError,
    clock,
    error::ApiError,
    mail::MailContext,
    shop::Catalogue,
    state::AppState,
    store::{ChangeOutcome, NewTransition},
};

/// The interval between checks for expired orders.
const PASS_INTERVAL: Duration = Duration::from_secs(60);

/// Expires orders for as long as the server runs.
pub(crate) async fn expire(state: AppState) {
    loop {
        match expire_due(&state).await {
            Ok(_) => state.workers.succeeded("expiry", state.clock.now()),
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "could not list the orders that expire");
            }
        }
        tokio::time::sleep(PASS_INTERVAL).await;
    }
}

/// Sends reminders for orders that expire soon, and cancels those that have expired; returns
/// how many. Several servers may do so at the same time: each order is cancelled once, and
/// each email is sent once. Failures are retried in the next pass.
pub async fn expire_due(state: &AppState) -> anyhow::Result<usize> {
    let catalogue = state.catalogue.get(&state.store).await?;
    let now = state.clock.now();
    // Orders placed by an earlier version get the hold period of an order placed now.
    let hold = HoldRules::new(state.rules.hold_working_days, &catalogue).for_working_days(now);
    for reference in state.store.orders_without_hold().await? {
        if let Err(error) = state.store.hold_order(&reference, hold, None).await {
            tracing::error!(%error, reference, "could not set the expiry time of an order on hold");
        }
    }
    for reference in state.store.orders_to_remind(now).await? {
        if let Err(error) = remind(state, &catalogue, &reference).await {
            tracing::warn!(%error, reference, "could not send a reminder that an order expires soon");
        }
    }
    let mut expired = 0;
    for reference in state.store.orders_to_expire(now).await? {
        match expire_order(state, &catalogue, &reference).await {
            Ok(true) => expired += 1,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, reference, "could not expire an order: it is still on hold"),
        }
    }
    state.mail_wake.notify_one();
    Ok(expired)
}

async fn remind(state: &AppState, catalogue: &Catalogue, reference: &str) -> Result<(), ApiError> {
    let Some(stored) = state.store.order(reference).await? else { return Ok(()) };
    // It may have been paid without any webhook: then the reminder is not sent.
    payments(state, catalogue).check_payment(&stored).await?;
    let now = state.clock.now();
    let token = token_of(&state.secrets, &stored);
    let locale = stored.locale;
    let order = to_order(stored, catalogue, clock::uk_date(now), locale)?;
    let mail = state.mail_context().about(&order, &token, locale).reminder_mail(catalogue)?;
    state.store.remind_order(reference, now, &mail).await?;
    Ok(())
}

/// Cancels an expired order unless it turns out to be paid; returns whether it was cancelled.
async fn expire_order(state: &AppState, catalogue: &Catalogue, reference: &str) -> Result<bool, ApiError> {
    let Some(order) = state.store.order(reference).await? else { return Ok(false) };
    let payments = payments(state, catalogue);
    if payments.card.is_none() && !state.store.card_sessions(reference).await?.is_empty() {
        // Without a key, we cannot know whether it was paid.
        return Err(CardError::Unavailable("no Stripe key is set".to_owned()).into());
    }
    // It may have been paid at the last moment, before any webhook.
    payments.check_payment(&order).await?;
    let event = Some(OrderEvent::Expired);
    let new = NewTransition { event, ..NewTransition::new(OrderStatus::Cancelled, state.clock.now()) };
    // Sent once per order.
    let mail =
        transition_mail(MailContext { limits: None, ..state.mail_context() }, catalogue, &order, &new)?;
    if state.store.expire_order(reference, new, &mail).await? != ChangeOutcome::Done {
        return Ok(false);
    }
    if let Err(error) = pay::settle_payments(state, &order).await {
        tracing::error!(%error, reference, "a payment page of an expired order may still be open");
    }
    Ok(true)
}
