//! Changes of the delivery address: the customer is emailed, the change is added to the
//! history, and an approved order needs approval again.

use contract::orders::{
    Address, ChangeRefusal, Delivery, OrderEvent, OrderHistoryEntry, OrderStatus, Payment, Zone,
};
use jiff::SignedDuration;

use super::{
    approval::{approval, approver, officer_of, was_paid},
    change::ChangeError,
    hold::HoldRules,
    link::token_of,
    pay,
    show::{held_until, to_order},
};
use crate::{
    clock,
    error::ApiError,
    shop::Catalogue,
    state::AppState,
    store::{ChangeOutcome, ChangedDelivery, NewTransition, StoredOrder, StoredTransition},
};

/// The maximum number of address changes of an order in a day, because each sends emails.
const MAX_CHANGES: usize = 5;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Changes the delivery address of an order, which has passed validation, or returns why not.
pub(super) async fn change_address(
    state: &AppState,
    catalogue: &Catalogue,
    stored: &StoredOrder,
    address: Address,
) -> Result<(), ChangeError> {
    let delivery: Delivery = serde_json::from_str(&stored.delivery).map_err(ApiError::internal)?;
    let Delivery::Post { address: before, speed } = delivery else {
        return Err(ChangeRefusal::StatusConflict.into());
    };
    let postcode = address.written_postcode().expect("a valid postcode is complete");
    if before.written_postcode().map(|before| Zone::of(&before)) != Some(Zone::of(&postcode)) {
        return Err(ChangeRefusal::DeliveryCostDiffers.into());
    }
    if address == before {
        return Ok(());
    }
    let now = state.clock.now();
    let of_today =
        |own: &&StoredTransition| own.event == Some(OrderEvent::AddressChanged) && own.at > now - DAY;
    if stored.transitions.iter().filter(of_today).count() >= MAX_CHANGES {
        return Err(ChangeRefusal::TooManyAddressChanges.into());
    }

    let was_approved = stored.transitions.iter().any(|own| own.status == OrderStatus::AwaitingApproval);
    let to = if was_approved { OrderStatus::AwaitingApproval } else { stored.status };
    let payment: Payment = serde_json::from_str(&stored.payment).map_err(ApiError::internal)?;
    // Otherwise the hold period continues unchanged.
    let hold = HoldRules::new(state.rules.hold_working_days, catalogue)
        .hold(to, &payment, now)
        .filter(|_| to != stored.status && !was_paid(stored, &payment));
    let postcode = postcode.to_string();
    let outcode = postcode.split(' ').next().unwrap_or_default();
    let event = Some(OrderEvent::AddressChanged);
    let new = NewTransition { note: outcode, event, hold, ..NewTransition::new(to, now) };

    let delivery = Delivery::Post { address, speed };
    let locale = stored.locale;
    let mut order = to_order(stored.clone(), catalogue, clock::uk_date(now), locale)?;
    let officer = officer_of(state, &order.customer).await?.filter(|_| to == OrderStatus::AwaitingApproval);
    order.status = to;
    order.history.push(OrderHistoryEntry {
        at: clock::moment(now),
        status: to,
        note: outcode.to_owned(),
        event,
    });
    order.approver = approver(to, officer.is_some());
    if to != stored.status {
        order.held_until = hold.map(|hold| held_until(hold.expires_at));
    }
    let token = token_of(&state.secrets, stored);
    let approval = officer.map(|officer| approval(state, &order, &officer, &token, locale)).transpose()?;
    let notice = state.mail_context().about(&order, &token, locale).address_mail(catalogue)?;
    let changed = ChangedDelivery {
        from: stored.status,
        delivery: serde_json::to_string(&delivery).map_err(ApiError::internal)?,
        new,
        approval,
        mail: notice,
    };
    let changed = state.store.change_delivery(&stored.reference, &changed).await?;
    match changed.map_err(|exceeded| state.limits.refuse(exceeded))? {
        ChangeOutcome::Done => {}
        ChangeOutcome::InvalidTransition(_) => return Err(ChangeRefusal::StatusConflict.into()),
        ChangeOutcome::OrderNotFound => return Err(ApiError::NotFound.into()),
    }
    state.mail_wake.notify_one();
    if to != stored.status {
        // A payment made meanwhile on an open payment page is refunded.
        pay::settle_payments_in_background(state, stored).await;
    }
    Ok(())
}
