//! The form that the server refused, for the order's page to show, if it was submitted without
//! JavaScript.

use contract::orders::{ChangeRefusal, OrderForm};
use serde::{Deserialize, Serialize};

/// A form that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedForm {
    /// The input; none if the request was for the payment page.
    pub form: Option<OrderForm>,
    /// Why it was refused; none if its fields are invalid, because the page validates them
    /// itself.
    pub refusal: Option<ChangeRefusal>,
}

impl RefusedForm {
    /// The HTTP status of the page.
    pub(super) const fn status(&self) -> u16 {
        match self.refusal {
            Some(ChangeRefusal::PaymentsUnavailable) => 503,
            _ => 422,
        }
    }
}
