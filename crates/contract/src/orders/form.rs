//! The forms on an order's page, as submitted: the page shows the input again after an error,
//! and each form converts to a change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Address, ChangeField, ChangeFieldError, ChangeKind, InvalidChange, Order, OrderChange, OrderLine,
    Payment,
    change::{quantity_error, reason_error},
};
use crate::text::{Nfc, lines, plain};

/// A submitted form, by the value of its field `act`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", try_from = "BTreeMap<String, String>")]
pub enum OrderForm {
    /// Cancels the order.
    Cancel,
    /// Changes the delivery address.
    Address(Address),
    /// Approves the order.
    Approve {
        /// The code that the officer received.
        code: String,
    },
    /// Requests a new code.
    NewCode {},
    /// Accepts a quote.
    Accept {
        /// `purchase-order`, `card` or `transfer`.
        #[serde(rename = "by")]
        method: String,
        /// The purchase order number.
        number: String,
    },
    /// Returns items.
    Return {
        /// The reason; may be empty.
        reason: String,
        /// The number of earlier returns, as shown on the page.
        known: String,
        /// The quantity for each SKU.
        #[serde(flatten)]
        quantities: BTreeMap<String, String>,
    },
}

/// From the fields of the form, all of which are texts. Serde would buffer a tagged enum in a value
/// of any type, and that code would add kilobytes to the app.
impl TryFrom<BTreeMap<String, String>> for OrderForm {
    type Error = &'static str;

    fn try_from(mut fields: BTreeMap<String, String>) -> Result<Self, &'static str> {
        let mut text = |name: &str| fields.remove(name).unwrap_or_default();
        Ok(match &*text("act") {
            "cancel" => Self::Cancel,
            "address" => Self::Address(Address {
                recipient: text("recipient"),
                line_1: text("line_1"),
                line_2: text("line_2"),
                town: text("town"),
                postcode: text("postcode"),
            }),
            "approve" => Self::Approve { code: text("code") },
            "new-code" => Self::NewCode {},
            "accept" => Self::Accept { method: text("by"), number: text("number") },
            "return" => Self::Return { reason: text("reason"), known: text("known"), quantities: fields },
            _ => return Err("there is no such form"),
        })
    }
}

impl OrderForm {
    /// The type of change that it asks for.
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::Cancel => ChangeKind::Cancel,
            Self::Address(_) => ChangeKind::Address,
            Self::Approve { .. } => ChangeKind::Approve,
            Self::NewCode {} => ChangeKind::NewCode,
            Self::Accept { .. } => ChangeKind::Accept,
            Self::Return { .. } => ChangeKind::Return,
        }
    }

    /// A copy with cleaned text fields.
    pub fn cleaned(self, nfc: Nfc) -> Self {
        match self {
            Self::Address(address) => Self::Address(address.cleaned(nfc)),
            Self::Accept { method, number } => Self::Accept { method, number: plain(&number, nfc) },
            Self::Return { reason, known, quantities } => Self::Return {
                reason: lines(&reason, nfc),
                known,
                quantities: quantities.into_iter().map(|(sku, typed)| (sku, plain(&typed, nfc))).collect(),
            },
            // In a code, only the digits count.
            other @ (Self::Cancel | Self::Approve { .. } | Self::NewCode {}) => other,
        }
    }

    /// Converts cleaned input to a change, or returns the errors of fields that cannot be
    /// converted, such as a quantity that is not a number or an unknown payment method.
    pub fn change(&self, order: &Order) -> Result<OrderChange, InvalidChange> {
        Ok(match self {
            Self::Cancel => OrderChange::Cancel {},
            Self::Address(address) => OrderChange::Address { address: address.clone() },
            Self::Approve { code } => OrderChange::Approve { code: code.clone() },
            Self::NewCode {} => OrderChange::NewCode {},
            Self::Accept { method, number } => {
                let payment = match &**method {
                    "purchase-order" => Payment::PurchaseOrder { number: number.clone() },
                    "card" => Payment::Card {},
                    "transfer" => Payment::Transfer {},
                    _ => return Err(vec![(ChangeField::Payment, ChangeFieldError::PaymentUnavailable)]),
                };
                OrderChange::Accept { payment }
            }
            Self::Return { reason, known, quantities } => OrderChange::Return {
                lines: returned_lines(order, quantities, reason)?,
                reason: reason.clone(),
                // Anything but a number was not on the page.
                returns: known.parse().unwrap_or(u32::MAX),
            },
        })
    }

    /// Validation errors of cleaned input; empty if the change is valid as far as the page can
    /// tell.
    pub fn validation_errors(&self, order: &Order, takes_cards: bool) -> InvalidChange {
        match self.change(order) {
            Ok(change) => change.validation_errors(order, takes_cards),
            Err(errors) => errors,
        }
    }
}

/// The returned lines: those with a quantity other than 0. Whether the quantities are
/// available is checked later, because the same return may have been sent before.
fn returned_lines(
    order: &Order,
    quantities: &BTreeMap<String, String>,
    reason: &str,
) -> Result<Vec<OrderLine>, InvalidChange> {
    let (mut lines, mut errors, mut are_numbers) = (Vec::new(), Vec::new(), true);
    // In the order of the form, then SKUs that it does not have.
    let known = order.lines.iter().filter_map(|line| quantities.get_key_value(&line.sku));
    let unknown = quantities.iter().filter(|(sku, _)| order.lines.iter().all(|line| line.sku != **sku));
    for (sku, typed) in known.chain(unknown).filter(|(_, typed)| !typed.trim().is_empty()) {
        let quantity = typed.trim().parse().ok();
        if quantity == Some(0) {
            continue;
        }
        let error = quantity_error(order, sku, quantity);
        errors.extend(error.map(|error| (ChangeField::Quantity(sku.clone()), error)));
        match quantity {
            Some(quantity) => lines.push(OrderLine { sku: sku.clone(), quantity }),
            None => are_numbers = false,
        }
    }
    if are_numbers {
        return Ok(lines);
    }
    errors.extend(reason_error(reason));
    Err(errors)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::OrderForm;
    use crate::orders::{
        Address, ChangeField, ChangeFieldError, OrderChange, OrderLine, OrderStatus, rules::tests::order,
    };

    fn returned(quantities: &[(&str, &str)]) -> OrderForm {
        let quantities = quantities.iter().map(|(sku, typed)| ((*sku).to_owned(), (*typed).to_owned()));
        OrderForm::Return {
            reason: "A crack".into(),
            known: "0".into(),
            quantities: quantities.collect::<BTreeMap<_, _>>(),
        }
    }

    #[test]
    fn a_form_that_is_serialised_is_read_again() {
        let (method, number, code) = ("card".into(), "7".into(), "12345678".into());
        for form in [
            OrderForm::Cancel,
            OrderForm::Address(Address { line_1: "1 Union Street".into(), ..Address::default() }),
            OrderForm::Approve { code },
            OrderForm::NewCode {},
            OrderForm::Accept { method, number },
            returned(&[("BADGE", "x"), ("MUG", "")]),
        ] {
            let json = serde_json::to_string(&form).expect("JSON");
            assert_eq!(serde_json::from_str::<OrderForm>(&json).expect(&json), form);
        }
        assert!(serde_json::from_str::<OrderForm>(r#"{"act":"refund"}"#).is_err());
    }

    #[test]
    fn typed_return_quantities_are_parsed() {
        let order = order(OrderStatus::Delivered);
        let form = returned(&[("BADGE", "0"), ("MUG", " 2 ")]);
        let lines = vec![OrderLine { sku: "MUG".into(), quantity: 2 }];
        let change = OrderChange::Return { lines, reason: "A crack".into(), returns: 0 };
        assert_eq!(form.change(&order), Ok(change));
        assert_eq!(form.validation_errors(&order, false), []);
        let nothing = [(ChangeField::Lines, ChangeFieldError::NoItemsSelected)];
        assert_eq!(returned(&[("MUG", "0"), ("BADGE", "")]).validation_errors(&order, false), nothing);
    }

    #[test]
    fn invalid_return_quantities_are_reported_in_form_order() {
        let order = order(OrderStatus::Delivered);
        let form = returned(&[("BADGE", "x"), ("MUG", "4"), ("HAT", "-1")]);
        let quantity = |sku: &str, error| (ChangeField::Quantity(sku.to_owned()), error);
        let expected = [
            quantity("MUG", ChangeFieldError::QuantityOutOfRange(3)),
            quantity("BADGE", ChangeFieldError::QuantityOutOfRange(2)),
            quantity("HAT", ChangeFieldError::NotReturnable),
        ];
        assert_eq!(form.validation_errors(&order, false), expected);
    }

    #[test]
    fn a_repeated_return_is_still_parsed() {
        let mut order = order(OrderStatus::Delivered);
        order.lines[0].return_requested = 3;
        let form = returned(&[("MUG", "3")]);
        assert!(form.change(&order).is_ok());
        assert_ne!(form.validation_errors(&order, false), []);
    }

    #[test]
    fn unknown_payment_methods_are_rejected() {
        let form = OrderForm::Accept { method: "cheque".into(), number: String::new() };
        let quote = order(OrderStatus::Quoted);
        assert_eq!(
            form.validation_errors(&quote, true),
            [(ChangeField::Payment, ChangeFieldError::PaymentUnavailable)]
        );
    }

    #[test]
    fn order_forms_are_serialised_and_parsed() {
        for form in [
            OrderForm::Cancel,
            OrderForm::Approve { code: "1".into() },
            OrderForm::Address(Default::default()),
            returned(&[("MUG", "1")]),
        ] {
            let json = serde_json::to_string(&form).expect("JSON");
            assert_eq!(serde_json::from_str::<OrderForm>(&json).expect("a form"), form);
        }
    }
}
