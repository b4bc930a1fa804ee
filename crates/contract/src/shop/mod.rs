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
pub const LOW_STOCK: u32 = 10;
/// The largest quantity in stock that is revealed to a client that asks for more than there
/// is; it means that many or more.
pub const MAX_STOCK_SHOWN: u32 = 20;

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
    pub const MAX_LIMIT: u32 = 100;
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

/// A page of the products that match a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Products {
    /// The currency of every price.
    pub currency: Currency,
    /// The total number of products on all pages.
    pub total: u32,
    /// The number of pages; 0 if there are no results.
    pub pages: u32,
    /// The page's products, in the order asked for.
    pub products: Vec<ProductSummary>,
    /// The filters, with their values.
    pub facets: Vec<FacetCounts>,
    /// The last day on which an order still arrives before the week; none once it has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_by: Option<Date>,
    /// The `cursor` for the next page; none on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A product in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductSummary {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its picture: a name in the app's set.
    pub picture: String,
    /// The colour that the picture is shown in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// The price of its cheapest variant, VAT included; 0 if it is free.
    pub from_pence: u32,
    /// The price of its most expensive variant.
    pub to_pence: u32,
    /// The quantity in stock of all variants together, if it is at most [`LOW_STOCK`]; 0 if it is
    /// out of stock.
    #[serde(rename = "left", default, skip_serializing_if = "Option::is_none")]
    pub stock_left: Option<u32>,
    /// Whether union members made it.
    pub union_made: bool,
    /// Whether there is a variant in Welsh.
    pub welsh: bool,
}

/// A filter for products.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetCounts {
    /// The filter's name in query strings: `category`, `size`, `colour`, `price` or `only`.
    pub name: String,
    /// The label that visitors see.
    pub label: String,
    /// Its values, in list order.
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

/// A product with all its details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Product {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// The currency of every price.
    pub currency: Currency,
    /// The texts in the language asked for.
    pub text: ProductText,
    /// Its category.
    pub category: Term,
    /// Whether union members made it.
    pub union_made: bool,
    /// The VAT rate that prices include, in per cent.
    pub vat_percent: u32,
    /// The unit weight, in grams.
    pub weight_grams: u32,
    /// The maximum quantity per order; only free products have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
    /// The maximum quantity for a branch, or a member's email address, in all orders together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_cap: Option<u32>,
    /// The working days it takes to make, if it is made to order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_to_order_days: Option<u32>,
    /// Its pictures: names in the app's set, the front first.
    pub pictures: Vec<String>,
    /// Its variants; at least one.
    pub variants: Vec<Variant>,
    /// Its price breaks, the smallest quantity first.
    pub breaks: Vec<PriceBreak>,
    /// Measurements of each size; empty if sizes do not matter.
    pub size_chart: Vec<SizeMeasures>,
    /// The delivery cost of a single item, the cheapest first.
    pub delivery: Vec<Delivery>,
    /// The last day on which an order still arrives before the week; none once
    /// it has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_by: Option<Date>,
    /// Who to contact to order without the website.
    pub shop: ShopContact,
    /// Related products.
    pub related: Vec<ProductSummary>,
}

/// A product's text, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductText {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence; also its description for search engines.
    pub summary: String,
    /// More details for the buyer, in a sentence or two.
    pub details: String,
    /// What it is made of.
    pub materials: String,
    /// Where it is made, and who makes it.
    pub origin: String,
}

/// A variant of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Variant {
    /// Its product code.
    pub sku: String,
    /// Its colour, if the product comes in several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Term>,
    /// Its size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Term>,
    /// The language printed on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Term>,
    /// The unit price, VAT included; 0 if it is free.
    pub price_pence: u32,
    /// The quantity in stock, if it is at most [`LOW_STOCK`]; 0 if it is out of stock.
    #[serde(rename = "left", default, skip_serializing_if = "Option::is_none")]
    pub stock_left: Option<u32>,
}

/// The measurements of a size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SizeMeasures {
    /// The label of the size.
    pub size: String,
    /// The chest measurement, in centimetres.
    pub chest_cm: u32,
    /// The length from shoulder to hem, in centimetres.
    pub length_cm: u32,
}

/// A delivery method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ProductDelivery))]
pub struct Delivery {
    /// Its name, and how long it takes.
    pub name: String,
    /// The price for a single item, VAT included.
    pub price_pence: u32,
}

/// Who to contact to order by phone or email.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShopContact {
    /// The phone number, formatted for display.
    pub telephone: String,
    /// The email address.
    pub email: String,
    /// When calls are answered.
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
    /// Who to contact to order without the website.
    pub contact: ShopContact,
    /// The total, in pence, from which a branch's order needs approval, unless its officer has
    /// set another limit. Orders by purchase order may need approval below it.
    pub approval_from_pence: u64,
    /// The bank account for transfers.
    pub account: Account,
    /// The address for returns, line by line.
    pub return_address: Vec<String>,
    /// Whether card payments are available.
    pub card: bool,
    /// The offices for collection.
    pub offices: Vec<CollectionOffice>,
}

/// A bank account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The account holder.
    pub name: String,
    /// The bank's sort code.
    pub sort_code: String,
    /// The account's number.
    pub number: String,
}

/// An office where orders can be collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CollectionOffice {
    /// Its region.
    pub region: Region,
    /// The region's name.
    pub name: String,
}

/// The index of the variant that matches most of `wanted` (colour, size and language, in that
/// order of importance). Among equal matches, the first one in stock, or else the first.
pub fn choose_variant(variants: &[Variant], wanted: [Option<&str>; 3]) -> usize {
    let score = |variant: &Variant| {
        let mut score = u32::from(variant.stock_left != Some(0));
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

    fn variant(colour: &str, size: &str, stock_left: Option<u32>) -> Variant {
        let term = |value: &str| Some(Term { value: value.to_owned(), label: String::new() });
        Variant {
            sku: [colour, size].concat(),
            colour: term(colour),
            size: term(size),
            language: None,
            price_pence: 100,
            stock_left,
        }
    }

    #[test]
    fn the_best_matching_variant_is_chosen() {
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
    fn requests_contain_the_search() {
        let request = |query| ListProducts { locale: Locale::Cy, search: Search::parse(query) };
        assert_eq!(request("").path_and_query(), "/api/v1/products?locale=cy");
        assert_eq!(
            request("q=tŷ&only=welsh&page=2").path_and_query(),
            "/api/v1/products?locale=cy&q=t%C5%B7&only=welsh&page=2"
        );
    }
}
