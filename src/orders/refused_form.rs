//! What the server tells the page of an order about a form without script that it has refused.

use contract::orders::{ChangeRefusal, OrderForm};
use serde::{Deserialize, Serialize};

/// A form that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedForm {
    /// What was typed; none where the page was asked to lead to the payment provider.
    pub form: Option<OrderForm>,
    /// Why it was refused; none where its fields have mistakes, which the page finds itself.
    pub refusal: Option<ChangeRefusal>,
}

impl RefusedForm {
    /// The status of the page that says so.
    pub(super) const fn status(&self) -> u16 {
        match self.refusal {
            Some(ChangeRefusal::PaymentsUnavailable) => 503,
            _ => 422,
        }
    }
}
