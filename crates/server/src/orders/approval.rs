//! Decides who approves an order before it is packed: the officer registered by the branch,
//! with a code emailed only to them, or staff.

use contract::{
    Locale,
    orders::{Approver, Customer, CustomerKind, Order, OrderStatus, Payment},
};
use jiff::SignedDuration;

use crate::{
    error::ApiError,
    secrets,
    state::AppState,
    store::{Approval, Officer, StoredOrder},
};

/// The registered officer of the customer's branch.
pub(super) async fn officer_of(state: &AppState, customer: &Customer) -> Result<Option<Officer>, ApiError> {
    if customer.kind == CustomerKind::Member {
        return Ok(None);
    }
    Ok(state.store.officer_of(&customer.branch).await?)
}

/// The number of hours that a branch's unapproved orders count towards the officer's limit: 30
/// days.
const COUNTED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The total of a branch's recent orders by purchase order that nobody approved, so that the
/// officer's limit cannot be evaded with several small orders. Two concurrent orders may not
/// count each other, but the next one counts both.
pub(super) async fn unapproved_pence(
    state: &AppState,
    customer: &Customer,
    payment: &Payment,
) -> Result<u64, ApiError> {
    match (customer.kind, payment) {
        (CustomerKind::Branch | CustomerKind::Officer, Payment::PurchaseOrder { .. }) => {
            Ok(state.store.unapproved_pence(&customer.branch, state.clock.now() - COUNTED).await?)
        }
        _ => Ok(0),
    }
}

/// The first status of an order, where `unapproved_pence` is what the branch ordered recently
/// without its officer. Above `shop_from_pence`, staff check orders of a branch without an
/// officer before they are sent.
pub(super) fn first_status(
    kind: CustomerKind,
    payment: &Payment,
    total_pence: u64,
    unapproved_pence: u64,
    officer: Option<&Officer>,
    shop_from_pence: u64,
) -> OrderStatus {
    let from_pence = match (kind, officer, payment) {
        (CustomerKind::Member, ..) => None,
        (_, Some(officer), _) => Some(officer.approve_from_pence),
        // Nobody has confirmed that the branch pays for it.
        (_, None, Payment::PurchaseOrder { .. }) => Some(0),
        (_, None, _) => Some(shop_from_pence),
    };
    if total_pence == 0 {
        OrderStatus::Confirmed
    } else if from_pence.is_some_and(|from_pence| total_pence.saturating_add(unapproved_pence) >= from_pence)
    {
        OrderStatus::AwaitingApproval
    } else {
        approved_status(payment)
    }
}

/// The status of an order once it needs no approval.
pub(super) const fn approved_status(payment: &Payment) -> OrderStatus {
    match payment {
        Payment::PurchaseOrder { .. } | Payment::Nothing {} => OrderStatus::Confirmed,
        Payment::Transfer {} | Payment::Card {} => OrderStatus::AwaitingPayment,
    }
}

/// The status of an order after approval: if it was paid before its address changed, it need
/// not be paid again.
pub(super) fn status_after_approval(order: &StoredOrder, payment: &Payment) -> OrderStatus {
    if was_confirmed(order) { OrderStatus::Confirmed } else { approved_status(payment) }
}

/// Whether an order awaiting approval was paid before; such an order does not expire.
pub(super) fn was_paid(order: &StoredOrder, payment: &Payment) -> bool {
    approved_status(payment) == OrderStatus::AwaitingPayment && was_confirmed(order)
}

fn was_confirmed(order: &StoredOrder) -> bool {
    order.transitions.iter().any(|own| own.status == OrderStatus::Confirmed)
}

/// Who approves an order with this status.
pub(super) fn approver(status: OrderStatus, has_officer: bool) -> Option<Approver> {
    let approver = if has_officer { Approver::Officer } else { Approver::Staff };
    (status == OrderStatus::AwaitingApproval).then_some(approver)
}

/// A code for the officer, and the email with it.
pub(super) fn approval(
    state: &AppState,
    order: &Order,
    officer: &Officer,
    token: &str,
    locale: Locale,
) -> Result<Approval, ApiError> {
    let code = secrets::random_code()?;
    let code_digest = code_digest(state, &order.reference, &code);
    let mail = state.mail_context().about(order, token, locale).code_mail(officer, &code)?;
    Ok(Approval { code_digest, mail })
}

/// The stored digest of a code.
pub(super) fn code_digest(state: &AppState, reference: &str, code: &str) -> String {
    state.secrets.digest([reference, " ", code].concat().as_bytes())
}

#[cfg(test)]
mod tests {
    use contract::orders::{CustomerKind, OrderStatus, Payment};

    use super::first_status;
    use crate::store::Officer;

    #[test]
    fn first_status_depends_on_officer_and_limit() {
        use OrderStatus::{AwaitingApproval, AwaitingPayment, Confirmed};
        let number = || Payment::PurchaseOrder { number: "7".to_owned() };
        let officer = |approve_from_pence| Officer {
            branch: "Leeds".to_owned(),
            email: "a@b.example".to_owned(),
            approve_from_pence,
        };
        let status = |payment: &Payment, total, officer: Option<Officer>| {
            first_status(CustomerKind::Branch, payment, total, 0, officer.as_ref(), 25_000)
        };
        assert_eq!(status(&number(), 1, None), AwaitingApproval);
        assert_eq!(status(&number(), 1, Some(officer(1))), AwaitingApproval, "from the first penny");
        assert_eq!(status(&number(), 9_999, Some(officer(10_000))), Confirmed);
        assert_eq!(status(&number(), 10_000, Some(officer(10_000))), AwaitingApproval);
        assert_eq!(status(&Payment::Transfer {}, 30_000, Some(officer(40_000))), AwaitingPayment);
        assert_eq!(status(&Payment::Card {}, 24_999, None), AwaitingPayment);
        assert_eq!(status(&Payment::Transfer {}, 25_000, None), AwaitingApproval);
        assert_eq!(status(&Payment::Nothing {}, 0, Some(officer(0))), Confirmed);
        let member = first_status(CustomerKind::Member, &Payment::Card {}, 99_999, 0, None, 25_000);
        assert_eq!(member, AwaitingPayment);
        let union = first_status(CustomerKind::Officer, &number(), 1, 0, None, 25_000);
        assert_eq!(union, AwaitingApproval);
    }
}
