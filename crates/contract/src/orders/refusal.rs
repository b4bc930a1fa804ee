//! Why a change of an order is refused.

use serde::{Deserialize, Serialize};

use super::ChangeField;

/// Why a change was refused although its fields are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeRefusal {
    /// The order's status no longer allows this change.
    StatusConflict,
    /// Delivery to the new address costs a different amount.
    DeliveryCostDiffers,
    /// The address was changed too often today.
    TooManyAddressChanges,
    /// The code does not match.
    WrongCode,
    /// Wrong codes were entered too often.
    TooManyAttempts,
    /// There is not enough stock for the quote.
    OutOfStock,
    /// The unpaid total would be too high.
    UnpaidLimit,
    /// Orders that nobody has paid would hold too much of the stock.
    UnpaidShare,
    /// The quote has expired.
    QuoteExpired,
    /// The payment provider cannot be reached.
    PaymentsUnavailable,
}

impl ChangeRefusal {
    /// All reasons.
    pub const ALL: [Self; 10] = [
        Self::StatusConflict,
        Self::DeliveryCostDiffers,
        Self::TooManyAddressChanges,
        Self::WrongCode,
        Self::TooManyAttempts,
        Self::OutOfStock,
        Self::UnpaidLimit,
        Self::UnpaidShare,
        Self::QuoteExpired,
        Self::PaymentsUnavailable,
    ];

    /// The last part of the problem document's type, after `/problems/`.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::StatusConflict => "order-moved-on",
            Self::DeliveryCostDiffers => "delivery-cost",
            Self::TooManyAddressChanges => "address-changed-too-often",
            Self::WrongCode => "wrong-code",
            Self::TooManyAttempts => "no-tries-left",
            Self::OutOfStock => "too-little-stock",
            Self::UnpaidLimit => "unpaid-limit",
            Self::UnpaidShare => "unpaid-share",
            Self::QuoteExpired => "quote-expired",
            Self::PaymentsUnavailable => "payments-unavailable",
        }
    }

    /// The refusal with this type of problem document, if there is one.
    pub fn find(problem_type: &str) -> Option<Self> {
        let kind = problem_type.strip_prefix("/problems/")?;
        Self::ALL.into_iter().find(|reason| reason.kind() == kind)
    }

    /// The field that it is about; none if it is about the order as a whole.
    pub const fn field(self) -> Option<ChangeField> {
        match self {
            Self::DeliveryCostDiffers => Some(ChangeField::Address("postcode")),
            Self::WrongCode | Self::TooManyAttempts => Some(ChangeField::Code),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ChangeRefusal;

    #[test]
    fn refusals_are_found_by_problem_type() {
        for reason in ChangeRefusal::ALL {
            assert_eq!(ChangeRefusal::find(&["/problems/", reason.kind()].concat()), Some(reason));
        }
        assert_eq!(ChangeRefusal::find("/problems/invalid-field"), None);
        assert_eq!(ChangeRefusal::find("wrong-code"), None);
    }
}
