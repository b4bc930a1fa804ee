//! The shop: its products, their prices, and search.
//!
//! Money is whole pence of the currency in the response; weights are in grams.

mod price;
mod search;

use serde::{Deserialize, Serialize};

use crate::{
    Endpoint, Locale, query,
    region::Region,
    term::{Term, TermCount},
    time::Date,
};

pub use price::{Currency, PriceBreak, vat_in};
pub use search::{Facet, PAGE_LIMIT, Search, Sort, TEXT_LIMIT};

/// The largest quantity in stock that is shown; above it, the item is simply in stock.
pub const FEW: u32 = 10;
/// The largest quantity in stock that is revealed to a client that asks for more than there
/// is; it means that many or more.
pub const MOST_TOLD: u32 = 20;

/// Fetches a page of the products that match a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListProducts {
    /// The language of the texts.
    pub locale: Locale,
    /// The search, and the page number.
    pub search: Search,
}

impl ListProducts {
    /// The default page size.
    pub const LIMIT: u32 = 24;
    /// The maximum page size.
    pub const MOST: u32 = 100;
}

impl Endpoint for ListProducts {
    const PATH: &'static str = "/api/v1/products";
    type Response = Products;

    fn path_and_query(&self) -> String {
        let path = query(Self::PATH, &[("locale", self.locale.tag())]);
        let search = self.search.query();
        if search.is_empty() { path } else { [&path, "&", &search].concat() }
    }
}

/// A page of the products that a search finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Products {
    /// The currency of every price.
    pub currency: Currency,
    /// How many products are found on all pages together.
    pub total: u32,
    /// How many pages they fill; 0 where nothing is found.
    pub pages: u32,
    /// The page's products, in the order asked for.
    pub products: Vec<ProductSummary>,
    /// What the products can be narrowed down by.
    pub facets: Vec<FacetCounts>,
    /// The last day on which an order still arrives before the week; none once
    /// it has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_by: Option<Date>,
    /// What asks for the products after these, as `cursor`; none after the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A product in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductSummary {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its drawing: a name in the app's set.
    pub picture: String,
    /// The colour that the drawing is shown in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// What the cheapest of its variants costs, VAT included; 0 for what is
    /// free.
    pub from_pence: u32,
    /// What the dearest costs.
    pub to_pence: u32,
    /// How many are left of all variants together, where those are at most
    /// [`FEW`]; 0 where it is sold out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
    /// Whether union members made it.
    pub union_made: bool,
    /// Whether there is a variant in Welsh.
    pub welsh: bool,
}

/// A property that products can be narrowed down by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetCounts {
    /// The property's name in queries: `category`, `size`, `colour`, `price` or
    /// `only`.
    pub name: String,
    /// The property's name for people.
    pub label: String,
    /// Its values, in the order in which lists show them.
    pub values: Vec<TermCount>,
}

/// Asks for one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindProduct {
    /// The product's slug.
    pub slug: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindProduct {
    const PATH: &'static str = "/api/v1/products/{slug}";
    type Response = Product;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{slug}", &self.slug), &[("locale", self.locale.tag())])
    }
}

/// A product with all that is told about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Product {
    /// Its name in addresses.
    pub slug: String,
    /// The currency of every price.
    pub currency: Currency,
    /// The texts in the language asked for.
    pub text: ProductText,
    /// Its category.
    pub category: Term,
    /// Whether union members made it.
    pub union_made: bool,
    /// The rate of VAT that prices include, in per cent.
    pub vat_percent: u32,
    /// What one piece weighs, in grams.
    pub weight_grams: u32,
    /// How many an order may hold; only what is free has such a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
    /// How many a branch, or a member's email address, may order of it altogether.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_cap: Option<u32>,
    /// How many working days it takes to make, where it is made to order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_to_order_days: Option<u32>,
    /// Its drawings: names in the app's set, the front first.
    pub pictures: Vec<String>,
    /// What can be ordered of it; at least one.
    pub variants: Vec<Variant>,
    /// By how much each piece gets cheaper, for how many; the smallest number
    /// first.
    pub breaks: Vec<PriceBreak>,
    /// Measures of each size; empty where sizes do not matter.
    pub size_chart: Vec<SizeMeasures>,
    /// What sending one piece costs, the cheapest first.
    pub delivery: Vec<Delivery>,
    /// The last day on which an order still arrives before the week; none once
    /// it has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_by: Option<Date>,
    /// Whom to order from without the website.
    pub shop: ShopContact,
    /// Other products that go with it.
    pub related: Vec<ProductSummary>,
}

/// What is told about a product, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductText {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence; also its description for search engines.
    pub summary: String,
    /// What else a buyer should know, in a sentence or two.
    pub details: String,
    /// What it is made of.
    pub materials: String,
    /// Where and by whom it is made.
    pub origin: String,
}

/// What can be ordered of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Variant {
    /// The number that it is ordered by.
    pub sku: String,
    /// Its colour, where the product comes in several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Term>,
    /// Its size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Term>,
    /// The language printed on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Term>,
    /// What one costs, VAT included; 0 for what is free.
    pub price_pence: u32,
    /// How many are left where those are at most [`FEW`]; 0 where it is sold
    /// out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
}

/// The measures of a size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SizeMeasures {
    /// The size for people.
    pub size: String,
    /// Around the chest, in centimetres.
    pub chest_cm: u32,
    /// From shoulder to hem, in centimetres.
    pub length_cm: u32,
}

/// A way to have an order sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ProductDelivery))]
pub struct Delivery {
    /// What it is, and how long it takes.
    pub name: String,
    /// What it costs for an order of one piece, VAT included.
    pub price_pence: u32,
}

/// Whom to order from by telephone or mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShopContact {
    /// The telephone number as people read it.
    pub telephone: String,
    /// The mail address.
    pub email: String,
    /// When somebody answers.
    pub hours: String,
}

/// Fetches how to order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindShop {
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindShop {
    const PATH: &'static str = "/api/v1/shop";
    type Response = Shop;

    fn path_and_query(&self) -> String {
        query(Self::PATH, &[("locale", self.locale.tag())])
    }
}

/// How to order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shop {
    /// Whom to order from without the website.
    pub contact: ShopContact,
    /// From this total on, in pence, a branch's order waits to be approved unless its
    /// officer has set another limit. By purchase order, less may wait too.
    pub approval_from_pence: u64,
    /// Where transfers go.
    pub account: Account,
    /// Where things are sent back to, line by line.
    pub return_address: Vec<String>,
    /// Whether cards are taken.
    pub card: bool,
    /// Where orders can be fetched.
    pub offices: Vec<PickUpOffice>,
}

/// A bank account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// Whose it is.
    pub name: String,
    /// The bank's sort code.
    pub sort_code: String,
    /// The account's number.
    pub number: String,
}

/// An office where orders can be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PickUpOffice {
    /// Its region.
    pub region: Region,
    /// The region's name.
    pub name: String,
}

/// The index of the variant that matches most of `wanted` (colour, size and language, in that
/// order of importance). Among equal matches, the first one in stock, or else the first.
pub fn choose_variant(variants: &[Variant], wanted: [Option<&str>; 3]) -> usize {
    let score = |variant: &Variant| {
        let mut score = u32::from(variant.left != Some(0));
        for ((term, wanted), weight) in variant.axes().into_iter().zip(wanted).zip([8, 4, 2]) {
            if wanted.is_some() && term.map(|term| term.value.as_str()) == wanted {
                score += weight;
            }
        }
        score
    };
    let mut best = 0;
    for (index, variant) in variants.iter().enumerate() {
        if score(variant) > score(&variants[best]) {
            best = index;
        }
    }
    best
}

impl Variant {
    /// The colour, size and language that distinguish it from other variants.
    pub fn axes(&self) -> [Option<&Term>; 3] {
        [self.colour.as_ref(), self.size.as_ref(), self.language.as_ref()]
    }

    /// The names of the axes in URLs.
    pub const AXES: [&'static str; 3] = ["colour", "size", "language"];
}

#[cfg(test)]
mod tests {
    use super::{ListProducts, Search, Term, Variant, choose_variant};
    use crate::{Endpoint as _, Locale};

    fn variant(colour: &str, size: &str, left: Option<u32>) -> Variant {
        let term = |value: &str| Some(Term { value: value.to_owned(), label: String::new() });
        Variant {
            sku: [colour, size].concat(),
            colour: term(colour),
            size: term(size),
            language: None,
            price_pence: 100,
            left,
        }
    }

    #[test]
    fn the_variant_with_most_of_what_is_wanted_is_chosen() {
        let variants = [
            variant("red", "m", Some(0)),
            variant("red", "l", None),
            variant("plum", "m", None),
            variant("plum", "l", Some(3)),
        ];
        assert_eq!(choose_variant(&variants, [None, None, None]), 1, "the first that can be had");
        assert_eq!(choose_variant(&variants, [Some("red"), Some("m"), None]), 0, "even if it is sold out");
        assert_eq!(choose_variant(&variants, [Some("plum"), Some("xl"), None]), 2);
        assert_eq!(choose_variant(&variants, [None, Some("l"), Some("cy")]), 1);
        assert_eq!(choose_variant(&variants, [Some("green"), None, None]), 1);
    }

    #[test]
    fn a_request_carries_what_is_looked_for() {
        let request = |query| ListProducts { locale: Locale::Cy, search: Search::parse(query) };
        assert_eq!(request("").path_and_query(), "/api/v1/products?locale=cy");
        assert_eq!(
            request("q=tŷ&only=welsh&page=2").path_and_query(),
            "/api/v1/products?locale=cy&q=t%C5%B7&only=welsh&page=2"
        );
    }
}
