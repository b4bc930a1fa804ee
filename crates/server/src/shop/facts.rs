//! The shop and its products as they are stored.

use contract::{
    Locale,
    orders::price::Rate,
    shop::{Account, Facet, PriceBreak, SizeMeasures},
    term::Term,
    time::Date,
};
use serde::{Deserialize, Serialize};

/// What the shop's file says in every language alike.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct ShopFacts {
    /// The last day on which an order still arrives before the week.
    pub(crate) order_by: Option<Date>,
    pub(crate) telephone: String,
    pub(crate) email: String,
    pub(crate) prices: Vec<PriceBand>,
    /// What sending costs, in the order of the names in [`LocalShop`].
    pub(crate) delivery: Vec<DeliveryFacts>,
    /// The same by zone.
    #[serde(default)]
    pub(crate) rates: Vec<Rate>,
    /// Where transfers go.
    #[serde(default)]
    pub(crate) account: Account,
    /// Days but weekends on which nothing is packed or carried.
    #[serde(default)]
    pub(crate) closed: Vec<Date>,
    /// How many working days an order takes until it can be fetched.
    #[serde(default)]
    pub(crate) collection_working_days: u32,
    /// From this total on staff check what a branch without an officer orders, however it
    /// is paid.
    #[serde(default)]
    pub(crate) approval_from_pence: u64,
    /// Who sells, and where things are sent back to.
    #[serde(default)]
    pub(crate) seller: Seller,
}

/// Who sells, as invoices name them.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Seller {
    pub(crate) name: String,
    /// The lines of the address.
    pub(crate) address: Vec<String>,
    pub(crate) vat_number: String,
}

impl Seller {
    /// The name, and where it is.
    pub(crate) fn lines(&self) -> Vec<String> {
        [std::slice::from_ref(&self.name), &self.address].concat()
    }
}

/// What stands in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// The variant.
    pub(crate) sku: String,
    /// How many of it.
    pub(crate) count: u32,
}

/// A range of prices.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PriceBand {
    pub(crate) value: String,
    pub(crate) from_pence: u32,
    /// None where the range is open.
    pub(crate) below_pence: Option<u32>,
}

impl PriceBand {
    pub(super) fn holds(&self, price_pence: u32) -> bool {
        self.from_pence <= price_pence && self.below_pence.is_none_or(|below| price_pence < below)
    }
}

/// What sending an order costs up to a weight.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DeliveryFacts {
    pub(crate) up_to_grams: u32,
    pub(crate) price_pence: u32,
}

/// What the shop's file says in one language.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct LocalShop {
    /// When somebody answers.
    pub(crate) hours: String,
    /// The names of the facets, in their order.
    pub(crate) facets: [String; 5],
    /// The values of the facets, in their order.
    pub(crate) terms: [Vec<Term>; 5],
    /// The languages that are printed on products.
    pub(crate) languages: Vec<Term>,
    /// The names of the ways to have an order sent.
    pub(crate) delivery: Vec<String>,
}

impl LocalShop {
    pub(super) fn facet(&self, facet: Facet) -> (&str, &[Term]) {
        (&self.facets[facet as usize], &self.terms[facet as usize])
    }

    /// What people call a value; the value itself where nobody has said.
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

/// What a product's file says in every language alike.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ProductFacts {
    /// Where it stands in the shop's own order; the smallest first.
    pub(crate) place: u32,
    pub(crate) category: String,
    pub(crate) union_made: bool,
    pub(crate) vat_percent: u32,
    pub(crate) weight_grams: u32,
    pub(crate) cap: Option<u32>,
    /// How many a branch may order altogether.
    #[serde(default)]
    pub(crate) branch_cap: Option<u32>,
    /// How many working days it takes to make, where it is made to order.
    #[serde(default)]
    pub(crate) made_to_order_days: Option<u32>,
    pub(crate) pictures: Vec<String>,
    pub(crate) breaks: Vec<PriceBreak>,
    /// Measures with the sizes' values.
    pub(crate) size_chart: Vec<SizeMeasures>,
    pub(crate) variants: Vec<VariantFacts>,
}

/// What can be ordered of a product, without how many there are.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct VariantFacts {
    pub(crate) sku: String,
    pub(crate) price_pence: u32,
    pub(crate) colour: Option<String>,
    pub(crate) size: Option<String>,
    pub(crate) language: Option<String>,
    /// What it is made of, where it is a bundle: it has no stock of its own.
    #[serde(default)]
    pub(crate) parts: Vec<Part>,
}

impl VariantFacts {
    /// Whether Welsh is printed on it, alone or beside English.
    pub(super) fn is_welsh(&self) -> bool {
        self.language.as_deref().is_some_and(|language| language != Locale::En.tag())
    }

    /// What tells it apart, such as `Plum, M`.
    pub(super) fn name(&self, shop: &LocalShop) -> String {
        let colour = self.colour.iter().map(|value| shop.label(Facet::Colour, value));
        let size = self.size.iter().map(|value| shop.label(Facet::Size, value));
        let language = self.language.iter().map(|value| label(&shop.languages, value));
        colour.chain(size).chain(language).collect::<Vec<_>>().join(", ")
    }
}
