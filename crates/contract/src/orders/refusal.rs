//! Why a change of an order is not made.

use serde::{Deserialize, Serialize};

use super::ChangeField;

/// Why a change was not made though its fields are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeRefusal {
    /// The order has moved on, so that this cannot be changed any more.
    MovedOn,
    /// Delivery to the new address costs another amount.
    DeliveryCost,
    /// The address was changed too often today.
    ChangedTooOften,
    /// The code is another.
    WrongCode,
    /// Wrong codes were typed too often.
    NoTriesLeft,
    /// There is too little of what was quoted.
    OutOfStock,
    /// Too much would be unpaid.
    UnpaidLimit,
    /// The quote has expired.
    QuoteExpired,
    /// The payment provider cannot be reached.
    PaymentsUnavailable,
}

impl ChangeRefusal {
    /// All reasons.
    pub const ALL: [Self; 9] = [
        Self::MovedOn,
        Self::DeliveryCost,
        Self::ChangedTooOften,
        Self::WrongCode,
        Self::NoTriesLeft,
        Self::OutOfStock,
        Self::UnpaidLimit,
        Self::QuoteExpired,
        Self::PaymentsUnavailable,
    ];

    /// What follows `/problems/` in the type of its problem document.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::MovedOn => "order-moved-on",
            Self::DeliveryCost => "delivery-cost",
            Self::ChangedTooOften => "address-changed-too-often",
            Self::WrongCode => "wrong-code",
            Self::NoTriesLeft => "no-tries-left",
            Self::OutOfStock => "too-little-stock",
            Self::UnpaidLimit => "unpaid-limit",
            Self::QuoteExpired => "quote-expired",
            Self::PaymentsUnavailable => "payments-unavailable",
        }
    }

    /// The reason that a problem document gives by its type, if it is one of these.
    pub fn find(problem_type: &str) -> Option<Self> {
        let kind = problem_type.strip_prefix("/problems/")?;
        Self::ALL.into_iter().find(|reason| reason.kind() == kind)
    }

    /// The field that it is about; none where it is about the order.
    pub const fn field(self) -> Option<ChangeField> {
        match self {
            Self::DeliveryCost => Some(ChangeField::Address("postcode")),
            Self::WrongCode | Self::NoTriesLeft => Some(ChangeField::Code),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ChangeRefusal;

    #[test]
    fn a_problem_document_says_which_refusal_it_is() {
        for reason in ChangeRefusal::ALL {
            assert_eq!(ChangeRefusal::find(&["/problems/", reason.kind()].concat()), Some(reason));
        }
        assert_eq!(ChangeRefusal::find("/problems/invalid-field"), None);
        assert_eq!(ChangeRefusal::find("wrong-code"), None);
    }
}
