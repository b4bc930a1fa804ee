//! The choices at the checkout, and their values in the form and the draft.

use contract::orders::{CustomerKind, DeliveryOptionKind};

/// A payment method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaymentMethod {
    Card,
    Transfer,
    PurchaseOrder,
}

impl PaymentMethod {
    pub(super) const ALL: [Self; 3] = [Self::Card, Self::Transfer, Self::PurchaseOrder];

    /// Its value in the form.
    pub(super) const fn value(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Transfer => "transfer",
            Self::PurchaseOrder => "purchase-order",
        }
    }
}

/// Every kind of customer, in the order of the form.
pub(super) const KINDS: [CustomerKind; 3] =
    [CustomerKind::Member, CustomerKind::Branch, CustomerKind::Officer];

/// The value of a kind of customer in the form.
pub(super) const fn kind_value(kind: CustomerKind) -> &'static str {
    match kind {
        CustomerKind::Member => "member",
        CustomerKind::Branch => "branch",
        CustomerKind::Officer => "officer",
    }
}

/// The value of a delivery option in the form.
pub(super) const fn delivery_option_value(kind: DeliveryOptionKind) -> &'static str {
    match kind {
        DeliveryOptionKind::Cheapest => "cheapest",
        DeliveryOptionKind::Fastest => "fastest",
        DeliveryOptionKind::Collection => "collection",
    }
}
