//! Changes to an order by its customer, or anyone who has its link: cancel it, change the
//! delivery address, approve it, accept a quote, return items. The validation is here for both
//! the app, which shows errors before it sends anything, and the server.

use serde::{Deserialize, Serialize, Serializer};

use super::{Address, MOST_LINES, Order, OrderLine, OrderMistake, Payment, PlaceOrder};
use crate::{
    Locale, Submission, query,
    text::{self, Nfc, lines, plain},
};

/// The maximum length of the reason for a return, in characters.
const LONGEST_REASON: usize = 500;

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
    /// Emails the officer a new code.
    NewCode {},
    /// Accepts a quote, which makes it an order.
    Accept {
        /// The payment method; `nothing` for an order that costs nothing.
        payment: Payment,
    },
    /// Announces that items will be returned.
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
pub enum ChangeMistake {
    /// An error in its text.
    Text(OrderMistake),
    /// The order cannot be paid in this way.
    Payment,
    /// The quantity is not between 1 and this, which is the most that can still be returned.
    Quantity(u32),
    /// Nothing of this item can be returned.
    NotReturnable,
    /// No items were selected.
    NothingReturned,
}

/// Invalid fields of a change, in the order of its form.
pub type InvalidChange = Vec<(ChangeField, ChangeMistake)>;

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
    pub fn mistakes(&self, order: &Order, takes_cards: bool) -> InvalidChange {
        match self {
            Self::Cancel {} | Self::NewCode {} => Vec::new(),
            Self::Address { address } => {
                let mistakes = address.mistakes().into_iter();
                mistakes
                    .map(|(field, mistake)| (ChangeField::Address(field), ChangeMistake::Text(mistake)))
                    .collect()
            }
            Self::Approve { code } => {
                let is_missing = code_digits(code).is_empty();
                let mistake = (ChangeField::Code, ChangeMistake::Text(OrderMistake::Missing));
                is_missing.then_some(mistake).into_iter().collect()
            }
            Self::Accept { payment } => {
                payment_mistake(payment, order.price.total_pence, takes_cards).into_iter().collect()
            }
            Self::Return { lines, reason, .. } => return_mistakes(order, lines, reason),
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
fn payment_mistake(
    payment: &Payment,
    total_pence: u64,
    takes_cards: bool,
) -> Option<(ChangeField, ChangeMistake)> {
    // If the total is nothing, the payment method does not matter.
    if total_pence == 0 {
        return None;
    }
    match payment {
        Payment::Transfer {} => None,
        Payment::Card {} if takes_cards => None,
        Payment::Card {} | Payment::Nothing {} => Some((ChangeField::Payment, ChangeMistake::Payment)),
        Payment::PurchaseOrder { number } => {
            let mistake = PlaceOrder::number_mistake(number)?;
            Some((ChangeField::Number, ChangeMistake::Text(mistake)))
        }
    }
}

/// Validation errors of a return.
fn return_mistakes(order: &Order, lines: &[OrderLine], reason: &str) -> InvalidChange {
    let mut mistakes = Vec::new();
    if lines.is_empty() {
        mistakes.push((ChangeField::Lines, ChangeMistake::NothingReturned));
    }
    if lines.len() > MOST_LINES {
        mistakes.push((ChangeField::Lines, ChangeMistake::Text(OrderMistake::TooManyLines)));
    }
    for (index, line) in lines.iter().enumerate().take(MOST_LINES) {
        let is_repeated = lines[..index].iter().any(|earlier| earlier.sku == line.sku);
        let mistake = if is_repeated {
            Some(ChangeMistake::Text(OrderMistake::Twice))
        } else {
            quantity_mistake(order, &line.sku, Some(line.quantity))
        };
        mistakes.extend(mistake.map(|mistake| (ChangeField::Quantity(line.sku.clone()), mistake)));
    }
    mistakes.extend(reason_mistake(reason));
    mistakes
}

/// Why this quantity of a SKU cannot be returned. The quantity is `None` if what was typed is
/// not a number.
pub(super) fn quantity_mistake(order: &Order, sku: &str, quantity: Option<u32>) -> Option<ChangeMistake> {
    let Some((_, line)) = order.returnable().find(|(_, line)| line.sku == sku) else {
        return Some(ChangeMistake::NotReturnable);
    };
    let most = line.left_to_return();
    let fits = quantity.is_some_and(|quantity| (1..=most).contains(&quantity));
    (!fits).then_some(ChangeMistake::Quantity(most))
}

/// The validation error of the reason for a return.
pub(super) fn reason_mistake(reason: &str) -> Option<(ChangeField, ChangeMistake)> {
    let hidden = reason.lines().find_map(text::hidden).map(OrderMistake::HiddenCharacter);
    let is_long = reason.chars().count() > LONGEST_REASON;
    let mistake = hidden.or_else(|| is_long.then_some(OrderMistake::TooLong(LONGEST_REASON)))?;
    Some((ChangeField::Reason, ChangeMistake::Text(mistake)))
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
    use super::{ChangeField, ChangeMistake, ChangeOrder, OrderChange};
    use crate::{
        Locale, Submission as _,
        orders::{OrderLine, OrderMistake, OrderState, Payment, rules::tests::order},
        text::tests::nfc,
    };

    fn returned(lines: &[(&str, u32)], reason: &str) -> OrderChange {
        let line = |(sku, quantity): &(&str, u32)| OrderLine { sku: (*sku).to_owned(), quantity: *quantity };
        let lines = lines.iter().map(line).collect();
        OrderChange::Return { lines, reason: reason.to_owned(), returns: 0 }
    }

    #[test]
    fn a_change_is_sent_as_what_it_is_and_takes_no_other_fields() {
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
    fn the_name_of_a_change_is_the_one_on_the_wire() {
        for change in [OrderChange::Cancel {}, OrderChange::NewCode {}, returned(&[], "")] {
            let json = serde_json::to_value(&change).expect("JSON");
            assert_eq!(json["change"], change.kind().name());
        }
    }

    #[test]
    fn items_are_returned_as_far_as_they_were_sent_and_once_each() {
        let order = order(OrderState::Delivered);
        let mistakes = |lines: &[(&str, u32)]| returned(lines, "").mistakes(&order, false);
        assert_eq!(mistakes(&[("MUG", 3), ("BADGE", 1)]), []);
        assert_eq!(mistakes(&[]), [(ChangeField::Lines, ChangeMistake::NothingReturned)]);
        let quantity = |sku: &str, mistake| vec![(ChangeField::Quantity(sku.to_owned()), mistake)];
        assert_eq!(mistakes(&[("MUG", 4)]), quantity("MUG", ChangeMistake::Quantity(3)));
        assert_eq!(mistakes(&[("MUG", 0)]), quantity("MUG", ChangeMistake::Quantity(3)));
        assert_eq!(mistakes(&[("HAT", 1)]), quantity("HAT", ChangeMistake::NotReturnable));
        let twice = [("MUG", 2), ("BADGE", 1), ("MUG", 2)];
        assert_eq!(mistakes(&twice), quantity("MUG", ChangeMistake::Text(OrderMistake::Twice)));
        let field = ChangeField::Quantity("MUG".into());
        assert_eq!(returned(&twice, "").path_of(&field), "lines.2.quantity");
    }

    #[test]
    fn a_reason_has_lines_and_no_more_than_500_characters() {
        let order = order(OrderState::Delivered);
        let mistakes = |reason: &str| {
            returned(&[("MUG", 1)], reason).cleaned(nfc).mistakes(&order, false).into_iter().next()
        };
        assert_eq!(mistakes("A crack\r\nand a chip"), None);
        let wrong = |mistake| Some((ChangeField::Reason, ChangeMistake::Text(mistake)));
        assert_eq!(mistakes(&"a\r\n".repeat(251)), wrong(OrderMistake::TooLong(500)));
        assert_eq!(mistakes("A\u{3164}B"), wrong(OrderMistake::HiddenCharacter('\u{3164}')));
    }

    #[test]
    fn a_quote_is_paid_as_the_shop_takes_it() {
        let mut quote = order(OrderState::Quoted);
        let number = |number: &str| Payment::PurchaseOrder { number: number.to_owned() };
        let mistake = |quote: &_, payment, takes_cards| {
            OrderChange::Accept { payment }.mistakes(quote, takes_cards).into_iter().next()
        };
        assert_eq!(mistake(&quote, Payment::Transfer {}, false), None);
        assert_eq!(mistake(&quote, Payment::Card {}, true), None);
        let not_payable = Some((ChangeField::Payment, ChangeMistake::Payment));
        assert_eq!(mistake(&quote, Payment::Card {}, false), not_payable);
        assert_eq!(mistake(&quote, Payment::Nothing {}, true), not_payable);
        assert_eq!(mistake(&quote, number("PO 17"), false), None);
        let missing = Some((ChangeField::Number, ChangeMistake::Text(OrderMistake::Missing)));
        assert_eq!(mistake(&quote, number(""), false), missing);
        quote.price.total_pence = 0;
        assert_eq!(mistake(&quote, number(""), false), None, "nothing is to be paid");
    }

    #[test]
    fn a_code_has_a_figure_and_an_address_a_town() {
        let waiting = order(OrderState::AwaitingApproval);
        let approve = |code: &str| OrderChange::Approve { code: code.into() }.mistakes(&waiting, false);
        assert_eq!(approve("1234 5678"), []);
        assert_eq!(approve(" x "), [(ChangeField::Code, ChangeMistake::Text(OrderMistake::Missing))]);
        let change = OrderChange::Address { address: Default::default() };
        let (field, _) = &change.mistakes(&waiting, false)[1];
        assert_eq!(change.path_of(field), "address.town");
    }
}
