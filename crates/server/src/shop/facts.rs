//! The shop and its products, as stored in the database.

use contract::{
    Locale,
    orders::price::Rate,
    shop::{Account, Facet, PriceBreak, SizeMeasures},
    term::Term,
    time::Date,
};
use serde::{Deserialize, Serialize};

/// The language-independent fields of the shop's file.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct ShopFacts {
    /// The last day on which an order still arrives before the week.
    pub(crate) order_by: Option<Date>,
    pub(crate) telephone: String,
    pub(crate) email: String,
    pub(crate) prices: Vec<PriceBand>,
    /// The delivery prices, in the order of the names in [`LocalShop`].
    pub(crate) delivery: Vec<DeliveryFacts>,
    /// The delivery prices by zone.
    #[serde(default)]
    pub(crate) rates: Vec<Rate>,
    /// Where transfers go.
    #[serde(default)]
    pub(crate) account: Account,
    /// Days other than weekends without packing or delivery.
    #[serde(default)]
    pub(crate) closed: Vec<Date>,
    /// The number of working days until an order can be collected.
    #[serde(default)]
    pub(crate) collection_working_days: u32,
    /// The total from which staff check the orders of a branch without an officer, whatever
    /// the payment method.
    #[serde(default)]
    pub(crate) approval_from_pence: u64,
    /// The seller, and the address for returns.
    #[serde(default)]
    pub(crate) seller: Seller,
}

/// The seller, as named on invoices.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Seller {
    pub(crate) name: String,
    /// The lines of the address.
    pub(crate) address: Vec<String>,
    pub(crate) vat_number: String,
}

impl Seller {
    /// The name and the address.
    pub(crate) fn lines(&self) -> Vec<String> {
        [std::slice::from_ref(&self.name), &self.address].concat()
    }
}

/// A part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// The variant.
    pub(crate) sku: String,
    /// Its quantity in the bundle.
    pub(crate) count: u32,
}

/// A range of prices.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PriceBand {
    pub(crate) value: String,
    pub(crate) from_pence: u32,
    /// None if there is no upper limit.
    pub(crate) below_pence: Option<u32>,
}

impl PriceBand {
    pub(super) fn holds(&self, price_pence: u32) -> bool {
        self.from_pence <= price_pence && self.below_pence.is_none_or(|below| price_pence < below)
    }
}

/// The delivery price of an order up to a weight.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DeliveryFacts {
    pub(crate) up_to_grams: u32,
    pub(crate) price_pence: u32,
}

/// The text of the shop's file in one language.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct LocalShop {
    /// When calls are answered.
    pub(crate) hours: String,
    /// The names of the filters, in order.
    pub(crate) facets: [String; 5],
    /// The values of the filters, in order.
    pub(crate) terms: [Vec<Term>; 5],
    /// The languages that are printed on products.
    pub(crate) languages: Vec<Term>,
    /// The names of the delivery methods.
    pub(crate) delivery: Vec<String>,
}

impl LocalShop {
    pub(super) fn facet(&self, facet: Facet) -> (&str, &[Term]) {
        (&self.facets[facet as usize], &self.terms[facet as usize])
    }

    /// The label of a value; the value itself if there is none.
    pub(super) fn label<'a>(&'a self, facet: Facet, value: &'a str) -> &'a str {
        label(&self.terms[facet as usize], value)
    }

    pub(super) fn term(&self, facet: Facet, value: &str) -> Term {
        Term { value: value.to_owned(), label: self.label(facet, value).to_owned() }
    }
}

pub(super) fn label<'a>(terms: &'a [Term], value: &'a str) -> &'a str {
    terms.iter().find(|term| term.value == value).map_or(value, |term| &term.label)
}

/// The language-independent fields of a product's file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ProductFacts {
    /// Its position in the shop's order, the smallest first.
    pub(crate) place: u32,
    pub(crate) category: String,
    pub(crate) union_made: bool,
    pub(crate) vat_percent: u32,
    pub(crate) weight_grams: u32,
    pub(crate) cap: Option<u32>,
    /// The maximum quantity for a branch, in all orders together.
    #[serde(default)]
    pub(crate) branch_cap: Option<u32>,
    /// How many working days it takes to make, where it is made to order.
    #[serde(default)]
    pub(crate) made_to_order_days: Option<u32>,
    pub(crate) pictures: Vec<String>,
    pub(crate) breaks: Vec<PriceBreak>,
    /// Measurements for each size.
    pub(crate) size_chart: Vec<SizeMeasures>,
    pub(crate) variants: Vec<VariantFacts>,
}

/// A variant of a product, without its stock.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct VariantFacts {
    pub(crate) sku: String,
    pub(crate) price_pence: u32,
    pub(crate) colour: Option<String>,
    pub(crate) size: Option<String>,
    pub(crate) language: Option<String>,
    /// Its parts, if it is a bundle: a bundle has no stock of its own.
    #[serde(default)]
    pub(crate) parts: Vec<Part>,
}

impl VariantFacts {
    /// Whether Welsh is printed on it, alone or beside English.
    pub(super) fn is_welsh(&self) -> bool {
        self.language.as_deref().is_some_and(|language| language != Locale::En.tag())
    }

    /// What distinguishes it, such as `Plum, M`.
    pub(super) fn name(&self, shop: &LocalShop) -> String {
        let colour = self.colour.iter().map(|value| shop.label(Facet::Colour, value));
        let size = self.size.iter().map(|value| shop.label(Facet::Size, value));
        let language = self.language.iter().map(|value| label(&shop.languages, value));
        colour.chain(size).chain(language).collect::<Vec<_>>().join(", ")
    }
}
