//! Orders: what is ordered, prices, delivery and status.

mod basket;
mod change;
mod customer;
mod form;
mod link;
pub mod price;
mod refusal;
mod rules;
mod state;
mod status;
mod zone;

use serde::{Deserialize, Serialize};

pub use basket::{PriceBasket, PricedBasket, PricedLine, Speed, Way, WayKind};
pub use change::{
    ChangeField, ChangeKind, ChangeMistake, ChangeOrder, InvalidChange, OrderChange, code_digits,
};
pub use customer::{Address, Customer, CustomerKind, is_mail_address, parse_postcode};
pub use form::OrderForm;
pub use link::{RequestOrderLink, RequestedLink};
pub use refusal::ChangeRefusal;
pub use rules::{OrderDocument, RETURN_DAYS};
pub use state::OrderState;
pub use status::{Hold, OrderStatus};
pub use zone::Zone;

use crate::{
    Endpoint, Locale, Submission, query,
    region::Region,
    text::{self, Nfc},
    time::{Date, Moment},
};

/// The maximum number of lines in an order.
pub const MOST_LINES: usize = 200;
/// The number of days until a quote expires.
pub const QUOTE_DAYS: u32 = 30;
/// The maximum quantity of a line.
pub const MOST_PIECES: u32 = 10_000;

/// An order as it is placed: `POST /api/v1/orders`, with the header
/// `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    /// The language of its mails and papers; English unless given.
    #[serde(default)]
    pub locale: Locale,
    /// What is ordered; 1 to 200 lines.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 200))]
    pub lines: Vec<OrderLine>,
    /// Who orders.
    pub customer: Customer,
    /// Their number in their union; may be empty. No answer ever has it.
    #[serde(default)]
    pub membership: String,
    /// How it gets there.
    pub delivery: Delivery,
    /// How it is paid.
    pub payment: Payment,
    /// Whether only a quote is asked for: its prices stand for 30 days, and
    /// nothing is taken from the stock until it is accepted on its page. For branches
    /// and officers; how it is paid is said then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quote: bool,
    /// The total that was shown, in pence: another one is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_pence: Option<u64>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// The number that the variant is ordered by.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub sku: String,
    /// How many pieces, 1 to 10,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10_000))]
    pub quantity: u32,
}

/// How an order gets to whoever has ordered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", tag = "by", deny_unknown_fields)]
pub enum Delivery {
    /// It is sent.
    Post {
        /// Where to.
        address: Address,
        /// How fast; the cheapest way unless given.
        #[serde(default)]
        speed: Speed,
    },
    /// It is fetched from a regional office, at no cost.
    Collection {
        /// The office's region.
        region: Region,
    },
}

/// How an order is paid. Those without fields are written with braces: serde
/// would let unknown fields pass otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", tag = "by", deny_unknown_fields)]
pub enum Payment {
    /// On an invoice that names the branch's own number.
    PurchaseOrder {
        /// The number.
        number: String,
    },
    /// To the shop's account, with the order's reference, before it is sent.
    Transfer {},
    /// With a card, on the page of a payment provider.
    Card {},
    /// Not at all: everything in it is free.
    Nothing {},
}

/// A validation error of a field of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderMistake {
    /// It is required.
    Missing,
    /// It has more characters than this.
    TooLong(usize),
    /// It contains this character, which is invisible.
    HiddenCharacter(char),
    /// It is not an email address.
    NoMailAddress,
    /// It is an email address with this character before its `@`, which few mail servers
    /// accept.
    EmailLetter(char),
    /// It is not a phone number.
    NoTelephone,
    /// It is not a postcode.
    NoPostcode,
    /// The second half of the postcode is missing.
    HalfPostcode,
    /// It is not between 1 and [`MOST_PIECES`].
    Quantity,
    /// There are more lines than [`MOST_LINES`].
    TooManyLines,
    /// An earlier line has the same variant.
    Twice,
    /// This needs a branch.
    NeedsBranch,
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
    pub fn number_mistake(number: &str) -> Option<OrderMistake> {
        customer::required(number, 40)
    }

    /// Validation errors of a [cleaned](Self::cleaned) order, as far as can be checked without
    /// the shop: each with its path, such as `lines.0.quantity`, in the order of the form.
    pub fn mistakes(&self) -> Vec<(String, OrderMistake)> {
        let mut found = Vec::new();
        line_mistakes(&self.lines, &mut found);
        found.extend(customer::under("customer", self.customer.mistakes()));
        if let Some(mistake) = customer::too_long(&self.membership, 40) {
            found.push(("membership".to_owned(), mistake));
        }
        if let Delivery::Post { address, .. } = &self.delivery {
            found.extend(customer::under("delivery.address", address.mistakes()));
        }
        let by_purchase_order = if let Payment::PurchaseOrder { number } = &self.payment {
            let known_later = self.quote && number.is_empty();
            if let Some(mistake) = Self::number_mistake(number).filter(|_| !known_later) {
                found.push(("payment.number".to_owned(), mistake));
            }
            true
        } else {
            false
        };
        if (by_purchase_order || self.quote) && self.customer.kind == CustomerKind::Member {
            found.push(("customer.kind".to_owned(), OrderMistake::NeedsBranch));
        }
        found
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
fn line_mistakes(lines: &[OrderLine], found: &mut Vec<(String, OrderMistake)>) {
    if lines.is_empty() {
        found.push(("lines".to_owned(), OrderMistake::Missing));
    }
    if lines.len() > MOST_LINES {
        found.push(("lines".to_owned(), OrderMistake::TooManyLines));
    }
    for (index, line) in lines.iter().enumerate().take(MOST_LINES) {
        let field = |name| ["lines.", &index.to_string(), ".", name].concat();
        if line.sku.is_empty() {
            found.push((field("sku"), OrderMistake::Missing));
        } else if lines[..index].iter().any(|earlier| earlier.sku == line.sku) {
            found.push((field("sku"), OrderMistake::Twice));
        }
        if !(1..=MOST_PIECES).contains(&line.quantity) {
            found.push((field("quantity"), OrderMistake::Quantity));
        }
    }
}

/// An order that was placed, as its first answer says it: 201 with `Location`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlacedOrder {
    /// What people read out.
    pub reference: String,
    /// The token in its link: whoever has it sees the order.
    pub token: String,
    /// Where it stands.
    pub state: OrderState,
    /// What is to be paid, in pence.
    pub total_pence: u64,
    /// The path of the site that leads to the payment page, where the order is paid by
    /// card and waits for that.
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

/// An order as whoever has its link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Order {
    /// What people read out.
    pub reference: String,
    /// Where it stands.
    pub state: OrderState,
    /// When it was placed.
    pub placed: Moment,
    /// Its lines.
    pub lines: Vec<OrderedLine>,
    /// What it costs.
    pub price: price::OrderPrice,
    /// Who has ordered.
    pub customer: Customer,
    /// How it gets there.
    pub delivery: Delivery,
    /// How it is paid.
    pub payment: Payment,
    /// What has become of it, the first move first.
    pub moves: Vec<OrderMove>,
    /// The last day on which pieces can be sent back; none before it is delivered
    /// and once that day has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_by: Option<Date>,
    /// The last day on which a quote can be accepted; none where it is none, or that day is
    /// over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Who approves it, where it waits for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver: Option<Approver>,
    /// The last second for which an order is held that waits to be paid or approved; none
    /// where it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Moment>,
    /// What was given back, in pence.
    #[serde(default)]
    pub refunded_pence: u64,
    /// How often its customer has said that something is sent back.
    #[serde(default)]
    pub returns: u32,
}

/// A line of an order that was placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderedLine {
    /// The number that the variant is ordered by.
    pub sku: String,
    /// The product's name in addresses.
    pub product: String,
    /// Its name.
    pub name: String,
    /// What tells the variant apart; empty where there is but one.
    pub variant: String,
    /// How many pieces.
    pub quantity: u32,
    /// How many of them are on their way.
    pub dispatched: u32,
    /// How many are to be sent back, as its customer has said.
    #[serde(default)]
    pub announced: u32,
    /// How many have come back.
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

/// What happened to an order, where that is more than a move to another state.
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

/// A move of an order from one state to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderMove {
    /// When.
    pub at: Moment,
    /// Where to.
    pub state: OrderState,
    /// What was said of it; may be empty.
    pub note: String,
    /// What else happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<OrderEvent>,
}
