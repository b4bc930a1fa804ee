//! The price of a basket before it is ordered.

use serde::{Deserialize, Serialize};

use super::{OrderFieldError, OrderLine, add_line_errors, clean_lines};
use crate::{
    Locale, Submission,
    text::{self, Nfc},
    time::Date,
};

/// Prices a basket: `POST /api/v1/prices`. Nothing is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PriceBasket {
    /// The language of the names; English unless given.
    #[serde(default)]
    pub locale: Locale,
    /// The basket's lines; 1 to [`super::MAX_LINES`].
    pub lines: Vec<OrderLine>,
    /// The postcode to deliver to, in any format. Anything but a full postcode is priced as
    /// the mainland.
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
    pub fn validation_errors(&self) -> Vec<(String, OrderFieldError)> {
        let mut errors = Vec::new();
        add_line_errors(&self.lines, &mut errors);
        errors
    }
}

/// The current price of a basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PricedBasket {
    /// Its lines, in their order, except those of [`Self::unknown`].
    pub lines: Vec<PricedLine>,
    /// The SKUs that the shop does not have.
    pub unknown: Vec<String>,
    /// The subtotal of all lines, in pence, VAT included.
    #[serde(rename = "goods_pence")]
    pub subtotal_pence: u64,
    /// The delivery options, the cheapest first and collection last. Empty if no line is known
    /// to the shop.
    #[serde(rename = "ways")]
    pub delivery_options: Vec<DeliveryOption>,
}

/// A line of a basket, with its current price and stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PricedLine {
    /// The variant's product code.
    pub sku: String,
    /// The product's slug.
    pub product: String,
    /// Its name.
    pub name: String,
    /// What distinguishes the variant, such as `Plum, M`; empty if it is the only one.
    pub variant: String,
    /// The product's picture: a name in the app's set.
    pub picture: String,
    /// The colour that the picture is shown in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// The quantity.
    pub quantity: u32,
    /// The unit price before price breaks, in pence, VAT included.
    pub price_pence: u32,
    /// The unit price after price breaks.
    pub unit_pence: u32,
    /// The line's total.
    pub total_pence: u64,
    /// The quantity in stock, if it is less than requested, or low; 20 means 20 or more.
    #[serde(rename = "left", default, skip_serializing_if = "Option::is_none")]
    pub stock_left: Option<u32>,
    /// The maximum quantity of the product per order, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
}

impl PricedLine {
    /// The product with its variant, such as `Heart mug Red, Welsh`.
    pub fn full_name(&self) -> String {
        super::full_name(&self.name, &self.variant)
    }
}

/// A delivery option for a basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryOption {
    /// Which it is.
    #[serde(rename = "by")]
    pub kind: DeliveryOptionKind,
    /// Its name, empty for collection.
    pub name: String,
    /// What it costs, in pence, VAT included.
    pub price_pence: u64,
    /// The total with delivery.
    pub total_pence: u64,
    /// The VAT in the total.
    pub vat_pence: u64,
    /// The day by which it arrives if it is ordered today and, where payment comes first, paid
    /// today.
    pub arrives: Date,
    /// Whether it arrives before the week starts; none once the week has started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_week: Option<bool>,
}

/// A type of delivery option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryOptionKind {
    /// The cheapest delivery.
    Cheapest,
    /// The fastest delivery, if that is not the cheapest.
    Fastest,
    /// Collection from a regional office.
    Collection,
}

/// The delivery speed.
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
