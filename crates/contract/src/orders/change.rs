//! Changes to an order by its customer, or anyone who has its link: cancel it, change the
//! delivery address, approve it, accept a quote, return items. The validation is here for both
//! the app, which shows errors before it sends anything, and the server.

use serde::{Deserialize, Serialize, Serializer};

use super::{Address, MAX_LINES, Order, OrderFieldError, OrderLine, Payment, PlaceOrder};
use crate::{
    Locale, Submission, query,
    text::{self, Nfc, lines, plain},
};

/// The maximum length of the reason for a return, in characters.
const MAX_REASON_LENGTH: usize = 500;

/// A change of an order: `POST /api/v1/orders/{token}/changes`. It is idempotent. Variants
/// without fields are written with braces, because serde would otherwise accept unknown
/// fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", tag = "change", deny_unknown_fields)]
pub enum OrderChange {
    /// Cancels it.
    Cancel {},
    /// Changes the delivery address, if delivery costs the same.
    Address {
        /// The address.
        address: Address,
    },
    /// Approves it.
    Approve {
        /// The code that was emailed to the branch officer.
        code: String,
    },
    /// Emails the officer a new code, unless one was emailed in the last ten minutes.
    NewCode {},
    /// Accepts a quote, which makes it an order.
    Accept {
        /// The payment method; `nothing` for an order that costs nothing.
        payment: Payment,
    },
    /// Requests a return of items.
    Return {
        /// The items with their quantities; 1 to 200 lines.
        #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 200))]
        lines: Vec<OrderLine>,
        /// The reason; may be empty.
        #[serde(default)]
        reason: String,
        /// The order's `returns` when it was read. A repeated number is counted once.
        returns: u32,
    },
}

/// The type of a change, without its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// [`OrderChange::Cancel`].
    Cancel,
    /// [`OrderChange::Address`].
    Address,
    /// [`OrderChange::Approve`].
    Approve,
    /// [`OrderChange::NewCode`].
    NewCode,
    /// [`OrderChange::Accept`].
    Accept,
    /// [`OrderChange::Return`].
    Return,
}

impl ChangeKind {
    /// Its name in the API and in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Address => "address",
            Self::Approve => "approve",
            Self::NewCode => "new-code",
            Self::Accept => "accept",
            Self::Return => "return",
        }
    }
}

/// A field of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeField {
    /// A line of the address, by its field name.
    Address(&'static str),
    /// The approval code.
    Code,
    /// The payment method for an accepted quote.
    Payment,
    /// The purchase order number.
    Number,
    /// The returned items as a whole.
    Lines,
    /// The returned quantity of this SKU.
    Quantity(String),
    /// The reason.
    Reason,
}

/// A validation error of a field of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeFieldError {
    /// An error in its text.
    Text(OrderFieldError),
    /// The order cannot be paid in this way.
    PaymentUnavailable,
    /// The quantity is not between 1 and this, which is the most that can still be returned.
    QuantityOutOfRange(u32),
    /// Nothing of this item can be returned.
    NotReturnable,
    /// No items were selected.
    NoItemsSelected,
}

/// Invalid fields of a change, in the order of its form.
pub type InvalidChange = Vec<(ChangeField, ChangeFieldError)>;

impl OrderChange {
    /// The type of this change.
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::Cancel {} => ChangeKind::Cancel,
            Self::Address { .. } => ChangeKind::Address,
            Self::Approve { .. } => ChangeKind::Approve,
            Self::NewCode {} => ChangeKind::NewCode,
            Self::Accept { .. } => ChangeKind::Accept,
            Self::Return { .. } => ChangeKind::Return,
        }
    }

    /// A copy with cleaned text fields.
    pub fn cleaned(self, nfc: Nfc) -> Self {
        match self {
            Self::Address { address } => Self::Address { address: address.cleaned(nfc) },
            Self::Accept { payment: Payment::PurchaseOrder { number } } => {
                Self::Accept { payment: Payment::PurchaseOrder { number: plain(&number, nfc) } }
            }
            Self::Return { lines: returned, reason, returns } => {
                Self::Return { lines: returned, reason: lines(&reason, nfc), returns }
            }
            // In a code, only the digits count.
            other => other,
        }
    }

    /// Validation errors of a [cleaned](Self::cleaned) change, as far as the order itself and
    /// whether the shop takes cards can tell.
    pub fn validation_errors(&self, order: &Order, takes_cards: bool) -> InvalidChange {
        match self {
            Self::Cancel {} | Self::NewCode {} => Vec::new(),
            Self::Address { address } => {
                let errors = address.validation_errors().into_iter();
                errors
                    .map(|(field, error)| (ChangeField::Address(field), ChangeFieldError::Text(error)))
                    .collect()
            }
            Self::Approve { code } => {
                let is_missing = code_digits(code).is_empty();
                let error = (ChangeField::Code, ChangeFieldError::Text(OrderFieldError::Missing));
                is_missing.then_some(error).into_iter().collect()
            }
            Self::Accept { payment } => {
                payment_error(payment, order.price.total_pence, takes_cards).into_iter().collect()
            }
            Self::Return { lines, reason, .. } => return_errors(order, lines, reason),
        }
    }

    /// The path of a field in the JSON, for a problem document.
    pub fn path_of(&self, field: &ChangeField) -> String {
        match field {
            ChangeField::Address(line) => ["address.", line].concat(),
            ChangeField::Code => "code".to_owned(),
            ChangeField::Payment => "payment.by".to_owned(),
            ChangeField::Number => "payment.number".to_owned(),
            ChangeField::Lines => "lines".to_owned(),
            ChangeField::Quantity(sku) => match self {
                // The last line with this SKU is the duplicate.
                Self::Return { lines, .. } => match lines.iter().rposition(|line| line.sku == *sku) {
                    Some(index) => ["lines.", &index.to_string(), ".quantity"].concat(),
                    None => "lines".to_owned(),
                },
                _ => "lines".to_owned(),
            },
            ChangeField::Reason => "reason".to_owned(),
        }
    }
}

/// The digits of an approval code, without the separators that people type.
pub fn code_digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

/// Why an accepted quote with this total cannot be paid in this way.
fn payment_error(
    payment: &Payment,
    total_pence: u64,
    takes_cards: bool,
) -> Option<(ChangeField, ChangeFieldError)> {
    // If the total is nothing, the payment method does not matter.
    if total_pence == 0 {
        return None;
    }
    match payment {
        Payment::Transfer {} => None,
        Payment::Card {} if takes_cards => None,
        Payment::Card {} | Payment::Nothing {} => {
            Some((ChangeField::Payment, ChangeFieldError::PaymentUnavailable))
        }
        Payment::PurchaseOrder { number } => {
            let error = PlaceOrder::number_error(number)?;
            Some((ChangeField::Number, ChangeFieldError::Text(error)))
        }
    }
}

/// Validation errors of a return.
fn return_errors(order: &Order, lines: &[OrderLine], reason: &str) -> InvalidChange {
    let mut errors = Vec::new();
    if lines.is_empty() {
        errors.push((ChangeField::Lines, ChangeFieldError::NoItemsSelected));
    }
    if lines.len() > MAX_LINES {
        errors.push((ChangeField::Lines, ChangeFieldError::Text(OrderFieldError::TooManyLines)));
    }
    for (index, line) in lines.iter().enumerate().take(MAX_LINES) {
        let is_repeated = lines[..index].iter().any(|earlier| earlier.sku == line.sku);
        let error = if is_repeated {
            Some(ChangeFieldError::Text(OrderFieldError::Duplicate))
        } else {
            quantity_error(order, &line.sku, Some(line.quantity))
        };
        errors.extend(error.map(|error| (ChangeField::Quantity(line.sku.clone()), error)));
    }
    errors.extend(reason_error(reason));
    errors
}

/// Why this quantity of a SKU cannot be returned. The quantity is `None` if what was typed is
/// not a number.
pub(super) fn quantity_error(order: &Order, sku: &str, quantity: Option<u32>) -> Option<ChangeFieldError> {
    let Some((_, line)) = order.returnable().find(|(_, line)| line.sku == sku) else {
        return Some(ChangeFieldError::NotReturnable);
    };
    let most = line.left_to_return();
    let fits = quantity.is_some_and(|quantity| (1..=most).contains(&quantity));
    (!fits).then_some(ChangeFieldError::QuantityOutOfRange(most))
}

/// The validation error of the reason for a return.
pub(super) fn reason_error(reason: &str) -> Option<(ChangeField, ChangeFieldError)> {
    let hidden = reason.lines().find_map(text::hidden).map(OrderFieldError::HiddenCharacter);
    let is_long = reason.chars().count() > MAX_REASON_LENGTH;
    let error = hidden.or_else(|| is_long.then_some(OrderFieldError::TooLong(MAX_REASON_LENGTH)))?;
    Some((ChangeField::Reason, ChangeFieldError::Text(error)))
}

/// Sends a change of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeOrder {
    /// The token in the order's link.
    pub token: String,
    /// The language of the response, which is the changed order.
    pub locale: Locale,
    /// The change; only this is sent in the body.
    pub change: OrderChange,
}

impl Serialize for ChangeOrder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.change.serialize(serializer)
    }
}

impl Submission for ChangeOrder {
    const PATH: &'static str = "/api/v1/orders/{token}/changes";
    type Response = Order;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{token}", &self.token), &[("locale", self.locale.tag())])
    }
}

#[cfg(test)]
mod tests {
    use super::{ChangeField, ChangeFieldError, ChangeOrder, OrderChange};
    use crate::{
        Locale, Submission as _,
        orders::{OrderFieldError, OrderLine, OrderStatus, Payment, rules::tests::order},
        text::tests::nfc,
    };

    fn returned(lines: &[(&str, u32)], reason: &str) -> OrderChange {
        let line = |(sku, quantity): &(&str, u32)| OrderLine { sku: (*sku).to_owned(), quantity: *quantity };
        let lines = lines.iter().map(line).collect();
        OrderChange::Return { lines, reason: reason.to_owned(), returns: 0 }
    }

    #[test]
    fn changes_are_serialised_and_reject_unknown_fields() {
        let change = OrderChange::Approve { code: "12345678".into() };
        let request = ChangeOrder { token: "abc".into(), locale: Locale::Cy, change: change.clone() };
        assert_eq!(request.path_and_query(), "/api/v1/orders/abc/changes?locale=cy");
        let json = serde_json::to_string(&request).expect("JSON");
        assert_eq!(json, r#"{"change":"approve","code":"12345678"}"#);
        assert_eq!(serde_json::from_str::<OrderChange>(&json).expect("a change"), change);
        for wrong in [
            r#"{"change":"cancel","why":"x"}"#,
            r#"{"change":"new-code","code":"1"}"#,
            r#"{"change":"approve","code":"1","x":1}"#,
            r#"{"change":"accept","payment":{"by":"transfer","number":"7"}}"#,
            r#"{"change":"deliver"}"#,
            r#"{"code":"1"}"#,
        ] {
            assert!(serde_json::from_str::<OrderChange>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn change_names_match_the_api() {
        for change in [OrderChange::Cancel {}, OrderChange::NewCode {}, returned(&[], "")] {
            let json = serde_json::to_value(&change).expect("JSON");
            assert_eq!(json["change"], change.kind().name());
        }
    }

    #[test]
    fn items_can_be_returned_up_to_the_dispatched_quantity_and_once_each() {
        let order = order(OrderStatus::Delivered);
        let errors = |lines: &[(&str, u32)]| returned(lines, "").validation_errors(&order, false);
        assert_eq!(errors(&[("MUG", 3), ("BADGE", 1)]), []);
        assert_eq!(errors(&[]), [(ChangeField::Lines, ChangeFieldError::NoItemsSelected)]);
        let quantity = |sku: &str, error| vec![(ChangeField::Quantity(sku.to_owned()), error)];
        assert_eq!(errors(&[("MUG", 4)]), quantity("MUG", ChangeFieldError::QuantityOutOfRange(3)));
        assert_eq!(errors(&[("MUG", 0)]), quantity("MUG", ChangeFieldError::QuantityOutOfRange(3)));
        assert_eq!(errors(&[("HAT", 1)]), quantity("HAT", ChangeFieldError::NotReturnable));
        let twice = [("MUG", 2), ("BADGE", 1), ("MUG", 2)];
        assert_eq!(errors(&twice), quantity("MUG", ChangeFieldError::Text(OrderFieldError::Duplicate)));
        let field = ChangeField::Quantity("MUG".into());
        assert_eq!(returned(&twice, "").path_of(&field), "lines.2.quantity");
    }

    #[test]
    fn reasons_may_have_line_breaks_and_up_to_500_characters() {
        let order = order(OrderStatus::Delivered);
        let errors = |reason: &str| {
            returned(&[("MUG", 1)], reason).cleaned(nfc).validation_errors(&order, false).into_iter().next()
        };
        assert_eq!(errors("A crack\r\nand a chip"), None);
        let wrong = |error| Some((ChangeField::Reason, ChangeFieldError::Text(error)));
        assert_eq!(errors(&"a\r\n".repeat(251)), wrong(OrderFieldError::TooLong(500)));
        assert_eq!(errors("A\u{3164}B"), wrong(OrderFieldError::HiddenCharacter('\u{3164}')));
    }

    #[test]
    fn quotes_accept_only_available_payment_methods() {
        let mut quote = order(OrderStatus::Quoted);
        let number = |number: &str| Payment::PurchaseOrder { number: number.to_owned() };
        let error = |quote: &_, payment, takes_cards| {
            OrderChange::Accept { payment }.validation_errors(quote, takes_cards).into_iter().next()
        };
        assert_eq!(error(&quote, Payment::Transfer {}, false), None);
        assert_eq!(error(&quote, Payment::Card {}, true), None);
        let not_payable = Some((ChangeField::Payment, ChangeFieldError::PaymentUnavailable));
        assert_eq!(error(&quote, Payment::Card {}, false), not_payable);
        assert_eq!(error(&quote, Payment::Nothing {}, true), not_payable);
        assert_eq!(error(&quote, number("PO 17"), false), None);
        let missing = Some((ChangeField::Number, ChangeFieldError::Text(OrderFieldError::Missing)));
        assert_eq!(error(&quote, number(""), false), missing);
        quote.price.total_pence = 0;
        assert_eq!(error(&quote, number(""), false), None, "nothing is to be paid");
    }

    #[test]
    fn approval_codes_need_digits_and_addresses_a_town() {
        let waiting = order(OrderStatus::AwaitingApproval);
        let approve =
            |code: &str| OrderChange::Approve { code: code.into() }.validation_errors(&waiting, false);
        assert_eq!(approve("1234 5678"), []);
        assert_eq!(approve(" x "), [(ChangeField::Code, ChangeFieldError::Text(OrderFieldError::Missing))]);
        let change = OrderChange::Address { address: Default::default() };
        let (field, _) = &change.validation_errors(&waiting, false)[1];
        assert_eq!(change.path_of(field), "address.town");
    }
}
