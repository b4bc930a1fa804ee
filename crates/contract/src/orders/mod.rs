//! Orders: what is ordered, prices, delivery and status.

mod basket;
mod change;
mod customer;
mod displayed_status;
mod form;
mod link;
pub mod price;
mod read;
mod refusal;
mod rules;
mod status;
mod zone;

use serde::{Deserialize, Serialize};

pub use basket::{DeliveryOption, DeliveryOptionKind, PriceBasket, PricedBasket, PricedLine, Speed};
pub use change::{
    ChangeField, ChangeFieldError, ChangeKind, ChangeOrder, InvalidChange, OrderChange, code_digits,
};
pub use customer::{Address, Customer, CustomerKind, is_email_address, parse_postcode};
pub use displayed_status::{DisplayedStatus, Hold};
pub use form::OrderForm;
pub use link::{RequestOrderLink, RequestedLink};
pub use refusal::ChangeRefusal;
pub use rules::{OrderDocument, RETURN_DAYS};
pub use status::OrderStatus;
pub use zone::Zone;

use crate::{
    Endpoint, Locale, Submission, query,
    region::Region,
    text::{self, Nfc},
    time::{Date, Moment},
};

/// The maximum number of lines in an order.
pub const MAX_LINES: usize = 200;
/// The number of days until a quote expires.
pub const QUOTE_DAYS: u32 = 30;
/// The maximum quantity of a line.
pub const MAX_QUANTITY: u32 = 10_000;

/// Places an order: `POST /api/v1/orders`, with the header `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    /// The language of its emails and documents; English unless given.
    #[serde(default)]
    pub locale: Locale,
    /// The order's lines; 1 to 200.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 200))]
    pub lines: Vec<OrderLine>,
    /// The customer.
    pub customer: Customer,
    /// Their union membership number; may be empty. No response contains it.
    #[serde(default)]
    pub membership: String,
    /// How it is delivered.
    pub delivery: Delivery,
    /// The payment method.
    pub payment: Payment,
    /// Whether to ask only for a quote: its prices are held for 30 days, and no stock is
    /// reserved until it is accepted on its page. For branches and officers; the payment
    /// method is chosen on acceptance.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quote: bool,
    /// The total that the customer saw, in pence; the order is refused if it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_pence: Option<u64>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// The variant's product code.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub sku: String,
    /// The quantity, 1 to 10,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10_000))]
    pub quantity: u32,
}

/// How an order gets to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", tag = "by", deny_unknown_fields, try_from = "read::Delivery")]
pub enum Delivery {
    /// Delivery to an address.
    Post {
        /// The delivery address.
        address: Address,
        /// The delivery speed; the cheapest unless given.
        #[serde(default)]
        speed: Speed,
    },
    /// Collection from a regional office, free of charge.
    Collection {
        /// The office's region.
        region: Region,
    },
}

/// A payment method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", tag = "by", deny_unknown_fields, try_from = "read::Payment")]
pub enum Payment {
    /// By invoice, with the branch's purchase order number.
    PurchaseOrder {
        /// The purchase order number.
        number: String,
    },
    /// By bank transfer, with the order's reference, before dispatch.
    Transfer {},
    /// By card, on the payment provider's page.
    Card {},
    /// No payment: everything in it is free.
    Nothing {},
}

/// A validation error of a field of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderFieldError {
    /// It is required.
    Missing,
    /// It has more characters than this.
    TooLong(usize),
    /// It contains this character, which is invisible.
    HiddenCharacter(char),
    /// It is not an email address.
    InvalidEmail,
    /// It is an email address with this character before its `@`, which few mail servers
    /// accept.
    UnsupportedEmailCharacter(char),
    /// It is not a phone number.
    InvalidTelephone,
    /// It is not a postcode.
    InvalidPostcode,
    /// The second half of the postcode is missing.
    IncompletePostcode,
    /// It is not between 1 and [`MAX_QUANTITY`].
    QuantityOutOfRange,
    /// There are more lines than [`MAX_LINES`].
    TooManyLines,
    /// An earlier line has the same variant.
    Duplicate,
    /// This needs a branch.
    BranchRequired,
}

impl PlaceOrder {
    /// A copy with cleaned text fields, and the postcode in its standard form.
    pub fn cleaned(self, nfc: Nfc) -> Self {
        Self {
            locale: self.locale,
            lines: clean_lines(self.lines, nfc),
            customer: self.customer.cleaned(nfc),
            membership: text::plain(&self.membership, nfc),
            delivery: match self.delivery {
                Delivery::Post { address, speed } => Delivery::Post { address: address.cleaned(nfc), speed },
                collection @ Delivery::Collection { .. } => collection,
            },
            payment: match self.payment {
                Payment::PurchaseOrder { number } => {
                    Payment::PurchaseOrder { number: text::plain(&number, nfc) }
                }
                other => other,
            },
            quote: self.quote,
            total_pence: self.total_pence,
        }
    }

    /// Why a cleaned text cannot be a purchase order number.
    pub fn number_error(number: &str) -> Option<OrderFieldError> {
        customer::required(number, 40)
    }

    /// Validation errors of a [cleaned](Self::cleaned) order, as far as can be checked without
    /// the shop: each with its path, such as `lines.0.quantity`, in the order of the form.
    pub fn validation_errors(&self) -> Vec<(String, OrderFieldError)> {
        let mut errors = Vec::new();
        add_line_errors(&self.lines, &mut errors);
        errors.extend(customer::under("customer", self.customer.validation_errors()));
        if let Some(error) = customer::too_long(&self.membership, 40) {
            errors.push(("membership".to_owned(), error));
        }
        if let Delivery::Post { address, .. } = &self.delivery {
            errors.extend(customer::under("delivery.address", address.validation_errors()));
        }
        let by_purchase_order = if let Payment::PurchaseOrder { number } = &self.payment {
            let known_later = self.quote && number.is_empty();
            if let Some(error) = Self::number_error(number).filter(|_| !known_later) {
                errors.push(("payment.number".to_owned(), error));
            }
            true
        } else {
            false
        };
        if (by_purchase_order || self.quote) && self.customer.kind == CustomerKind::Member {
            errors.push(("customer.kind".to_owned(), OrderFieldError::BranchRequired));
        }
        errors
    }
}

impl Submission for PlaceOrder {
    const PATH: &'static str = "/api/v1/orders";
    type Response = PlacedOrder;
}

fn clean_lines(lines: Vec<OrderLine>, nfc: Nfc) -> Vec<OrderLine> {
    lines.into_iter().map(|line| OrderLine { sku: text::plain(&line.sku, nfc), ..line }).collect()
}

/// Adds the validation errors of lines, each with its path.
fn add_line_errors(lines: &[OrderLine], errors: &mut Vec<(String, OrderFieldError)>) {
    if lines.is_empty() {
        errors.push(("lines".to_owned(), OrderFieldError::Missing));
    }
    if lines.len() > MAX_LINES {
        errors.push(("lines".to_owned(), OrderFieldError::TooManyLines));
    }
    for (index, line) in lines.iter().enumerate().take(MAX_LINES) {
        let field = |name| ["lines.", &index.to_string(), ".", name].concat();
        if line.sku.is_empty() {
            errors.push((field("sku"), OrderFieldError::Missing));
        } else if lines[..index].iter().any(|earlier| earlier.sku == line.sku) {
            errors.push((field("sku"), OrderFieldError::Duplicate));
        }
        if !(1..=MAX_QUANTITY).contains(&line.quantity) {
            errors.push((field("quantity"), OrderFieldError::QuantityOutOfRange));
        }
    }
}

/// The response to a placed order: 201 with `Location`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlacedOrder {
    /// The order reference that customers quote.
    pub reference: String,
    /// The token in its link: anyone who has it can see the order.
    pub token: String,
    /// Its status.
    #[serde(rename = "state")]
    pub status: OrderStatus,
    /// The total to pay, in pence.
    pub total_pence: u64,
    /// The path that leads to the payment page, if the order is awaiting payment by card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_at: Option<String>,
}

/// Fetches an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindOrder {
    /// The token in the link to the order.
    pub token: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindOrder {
    const PATH: &'static str = "/api/v1/orders/{token}";
    type Response = Order;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{token}", &self.token), &[("locale", self.locale.tag())])
    }
}

/// An order, as anyone who has its link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Order {
    /// The order reference that customers quote.
    pub reference: String,
    /// Its status.
    #[serde(rename = "state")]
    pub status: OrderStatus,
    /// When it was placed.
    pub placed: Moment,
    /// Its lines.
    pub lines: Vec<OrderedLine>,
    /// What it costs.
    pub price: price::OrderPrice,
    /// Who placed the order.
    pub customer: Customer,
    /// How it is delivered.
    pub delivery: Delivery,
    /// The payment method.
    pub payment: Payment,
    /// Its history, the oldest entry first.
    #[serde(rename = "moves")]
    pub history: Vec<OrderHistoryEntry>,
    /// The last day on which items can be returned; none before delivery and after that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_by: Option<Date>,
    /// The last day on which a quote can be accepted; none if it is not a quote, or has
    /// expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Who approves it, if it is awaiting approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver: Option<Approver>,
    /// Whether its officer was sent no approval code, because they had been sent as many as we
    /// send in a day; a code can be requested.
    #[serde(default)]
    pub needs_code: bool,
    /// The last second for which an order awaiting payment or approval is held; none if it
    /// does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Moment>,
    /// The refunded amount, in pence.
    #[serde(default)]
    pub refunded_pence: u64,
    /// The number of returns that the customer has requested.
    #[serde(default)]
    pub returns: u32,
}

/// A line of an order that was placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderedLine {
    /// The variant's product code.
    pub sku: String,
    /// The product's slug.
    pub product: String,
    /// Its name.
    pub name: String,
    /// What distinguishes the variant; empty if it is the only one.
    pub variant: String,
    /// The quantity.
    pub quantity: u32,
    /// The quantity that was dispatched.
    pub dispatched: u32,
    /// The quantity that the customer has requested to return.
    #[serde(default, rename = "announced")]
    pub return_requested: u32,
    /// The quantity that was returned.
    pub returned: u32,
}

impl OrderedLine {
    /// The product with its variant, such as `Heart mug Red, Welsh`.
    pub fn full_name(&self) -> String {
        full_name(&self.name, &self.variant)
    }
}

fn full_name(name: &str, variant: &str) -> String {
    [name, variant].join(" ").trim_end().to_owned()
}

/// Who approves an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Approver {
    /// The officer registered by the branch, with a code.
    Officer,
    /// The shop's staff, because the branch has not registered an officer.
    Staff,
}

/// An event in an order's history that is more than a change of status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OrderEvent {
    /// It was not paid or approved in time, and is cancelled.
    Expired,
    /// Its delivery address was changed; the note has the outcode of the new postcode.
    AddressChanged,
}

impl OrderEvent {
    /// Its name in the API and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::AddressChanged => "address-changed",
        }
    }
}

/// An entry in an order's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderHistoryEntry {
    /// When it happened.
    pub at: Moment,
    /// The new status.
    #[serde(rename = "state")]
    pub status: OrderStatus,
    /// The note for the customer; may be empty.
    pub note: String,
    /// What else happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<OrderEvent>,
}
