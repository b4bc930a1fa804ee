//! Turns a quote into an order, at the quoted prices and with the current stock.

use contract::orders::{ChangeRefusal, Order, OrderLine, OrderStatus, Payment};

use super::{
    approval::{approval, approver, first_status, officer_of, unapproved_pence},
    change::ChangeError,
    hold::HoldRules,
    link::token_of,
    reservation::{reservation, unpaid_order},
    show::held_until,
};
use crate::{
    error::ApiError,
    shop::Catalogue,
    state::AppState,
    store::{AcceptedQuote, NewTransition, PlaceOutcome, Reservation, StoredOrder},
};

/// Accepts a quote. The caller has checked that it can be accepted and paid in this way.
pub(super) async fn accept_quote(
    state: &AppState,
    catalogue: &Catalogue,
    stored: &StoredOrder,
    mut order: Order,
    payment: Payment,
) -> Result<(), ChangeError> {
    let now = state.clock.now();
    order.payment = if order.price.total_pence == 0 { Payment::Nothing {} } else { payment };
    let lines: Vec<OrderLine> = stored
        .lines
        .iter()
        .map(|line| OrderLine { sku: line.sku.clone(), quantity: line.quantity })
        .collect();
    let offers: Option<Vec<_>> = lines.iter().map(|line| catalogue.offer(&line.sku, stored.locale)).collect();
    // A product was withdrawn after the quote.
    let Some(offers) = offers else { return Err(ChangeRefusal::OutOfStock.into()) };
    let officer = officer_of(state, &order.customer).await?;
    let to = first_status(
        order.customer.kind,
        &order.payment,
        order.price.total_pence,
        unapproved_pence(state, &order.customer, &order.payment).await?,
        officer.as_ref(),
        catalogue.facts().approval_from_pence,
    );
    let hold = HoldRules::new(state.rules.hold_working_days, catalogue).hold(to, &order.payment, now);
    order.status = to;
    order.valid_until = None;
    order.approver = approver(to, officer.is_some());
    order.held_until = hold.map(|hold| held_until(hold.expires_at));
    let token = token_of(&state.secrets, stored);
    let awaited_officer = officer.filter(|_| to == OrderStatus::AwaitingApproval);
    let approval = awaited_officer
        .map(|officer| approval(state, &order, &officer, &token, stored.locale))
        .transpose()?;
    let quote = AcceptedQuote {
        new: NewTransition { hold, ..NewTransition::new(to, now) },
        payment: serde_json::to_string(&order.payment).map_err(ApiError::internal)?,
        purchase_order: match &order.payment {
            Payment::PurchaseOrder { number } => Some(number.clone()),
            _ => None,
        },
        reservation: Reservation {
            unpaid: unpaid_order(state.rules.unpaid, to, &order.customer, order.price.total_pence),
            ..reservation(&order.customer, &lines, &offers)
        },
        approval,
        mail: state.mail_context().about(&order, &token, stored.locale).order_mail(catalogue)?,
    };
    match state.store.accept_quote(&stored.reference, &quote).await? {
        PlaceOutcome::OutOfStock(_) | PlaceOutcome::OverFreeLimit { .. } => {
            Err(ChangeRefusal::OutOfStock.into())
        }
        PlaceOutcome::OverUnpaidLimit => Err(ChangeRefusal::UnpaidLimit.into()),
        PlaceOutcome::OverUnpaidShare(_) => Err(ChangeRefusal::UnpaidShare.into()),
        PlaceOutcome::Placed => {
            state.mail_wake.notify_one();
            Ok(())
        }
        // It was accepted meanwhile.
        PlaceOutcome::AlreadyPlaced(_) | PlaceOutcome::InvalidTransition | PlaceOutcome::LimitReached(_) => {
            Ok(())
        }
    }
}
