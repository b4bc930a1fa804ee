//! The price of a basket before it is ordered.

use serde::{Deserialize, Serialize};

use super::{OrderLine, OrderMistake, clean_lines, line_mistakes};
use crate::{
    Locale, Submission,
    text::{self, Nfc},
    time::Date,
};

/// Asks what a basket costs: `POST /api/v1/prices`. Nothing of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PriceBasket {
    /// The language of the names; English unless given.
    #[serde(default)]
    pub locale: Locale,
    /// What is in it; 1 to [`super::MOST_LINES`] lines.
    pub lines: Vec<OrderLine>,
    /// Where it would go, as people type a postcode. What is no whole postcode
    /// counts as the mainland.
    #[serde(default)]
    pub postcode: String,
}

impl Submission for PriceBasket {
    const PATH: &'static str = "/api/v1/prices";
    type Response = PricedBasket;
}

impl PriceBasket {
    /// A copy with cleaned text fields.
    pub fn cleaned(self, nfc: Nfc) -> Self {
        Self {
            locale: self.locale,
            lines: clean_lines(self.lines, nfc),
            postcode: text::plain(&self.postcode, nfc),
        }
    }

    /// Validation errors of a cleaned basket, each with the path of its field.
    pub fn mistakes(&self) -> Vec<(String, OrderMistake)> {
        let mut found = Vec::new();
        line_mistakes(&self.lines, &mut found);
        found
    }
}

/// What a basket costs now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PricedBasket {
    /// Its lines, in their order, but those of [`Self::unknown`].
    pub lines: Vec<PricedLine>,
    /// The SKUs that the shop does not have.
    pub unknown: Vec<String>,
    /// All lines together, in pence, VAT included.
    pub goods_pence: u64,
    /// How it could get there, the cheapest way of sending first; collection
    /// last. Empty where it has no line that the shop has.
    pub ways: Vec<Way>,
}

/// A line of a basket, and what the shop says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PricedLine {
    /// The number that the variant is ordered by.
    pub sku: String,
    /// The product's name in addresses.
    pub product: String,
    /// Its name.
    pub name: String,
    /// What tells the variant apart: `Plum, M`; empty where there is but one.
    pub variant: String,
    /// The product's drawing: a name in the app's set.
    pub picture: String,
    /// The colour that the drawing is shown in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// How many pieces.
    pub quantity: u32,
    /// What one costs before breaks, in pence, VAT included.
    pub price_pence: u32,
    /// What one costs after them.
    pub unit_pence: u32,
    /// What all of them cost.
    pub total_pence: u64,
    /// How many there are, where those are fewer than asked for, or few; 20 stands for 20
    /// or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
    /// How many of the product an order may hold, where that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
}

impl PricedLine {
    /// The product with its variant, such as `Heart mug Red, Welsh`.
    pub fn full_name(&self) -> String {
        super::full_name(&self.name, &self.variant)
    }
}

/// A way in which a basket could get to whoever orders it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = OrderWay))]
pub struct Way {
    /// Which it is.
    pub by: WayKind,
    /// Its name for people, empty for collection.
    pub name: String,
    /// What it costs, in pence, VAT included.
    pub price_pence: u64,
    /// Goods and sending together.
    pub total_pence: u64,
    /// The VAT in that.
    pub vat_pence: u64,
    /// The day by which it is there, if it is ordered, and paid where it is paid
    /// first, today.
    pub arrives: Date,
    /// Whether that is before the week starts; none once the week has started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_week: Option<bool>,
}

/// A kind of way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WayKind {
    /// The cheapest delivery.
    Cheapest,
    /// The fastest delivery, if that is not the cheapest.
    Fastest,
    /// Collection from a regional office.
    Collection,
}

/// How fast an order is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Speed {
    /// The cheapest delivery.
    #[default]
    Cheapest,
    /// The fastest delivery, even if it costs more.
    Fastest,
}
