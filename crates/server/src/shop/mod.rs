//! The shop's products: lists that are narrowed down, and one product with all
//! that is told about it.

mod alphabet;
mod catalogue;
mod range;

use axum::{
    Json,
    extract::{Path, RawQuery, State, rejection::PathRejection},
};
use contract::{
    Endpoint as _, Locale, Problem,
    contacts::RegionSummary,
    orders::price::{Ordered, Rate},
    pairs,
    shop::{
        Account, Currency, Delivery, Facet, FindProduct, FindShop, ListProducts, PAGE_LIMIT, PickUpOffice,
        PriceBreak, Product, ProductText, Products, Search, Shop, ShopContact, SizeMeasures, Sort,
        TEXT_LIMIT, Variant,
    },
    term::Term,
    time::Date,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    clock, contacts,
    error::ApiError,
    locale::Localised,
    paging::Paging,
    state::AppState,
    store::{Kind, Record},
};

pub(crate) use catalogue::Catalogue;
pub(crate) use catalogue::CatalogueCache;
use catalogue::Found;

/// The values of [`Facet::Only`].
const IN_STOCK: &str = "in-stock";
const WELSH: &str = "welsh";
const UNION_MADE: &str = "union-made";
pub(crate) const ONLY: [&str; 3] = [IN_STOCK, WELSH, UNION_MADE];

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_products))
        .routes(routes!(find_shop))
        .routes(routes!(find_product))
}

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
    /// From this total on a branch's order waits for its officer.
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

/// What an order needs to know of a variant.
pub(crate) struct Offer<'a> {
    /// The product's name in addresses.
    pub(crate) product: &'a str,
    /// The product's name, the variant's, and its drawing in its colour.
    pub(crate) name: &'a str,
    pub(crate) variant: &'a str,
    pub(crate) picture: &'a str,
    pub(crate) colour: Option<&'a str>,
    /// How many an order, and a branch altogether, may have of the product.
    pub(crate) cap: Option<u32>,
    pub(crate) branch_cap: Option<u32>,
    /// How many there are, as far as the catalogue knows.
    pub(crate) stock: u32,
    pub(crate) price_pence: u32,
    vat_percent: u32,
    weight_grams: u32,
    breaks: &'a [PriceBreak],
    /// What it is made of, where it is a bundle.
    parts: &'a [Part],
}

/// What stands in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// The variant.
    pub(crate) sku: String,
    /// How many of it.
    pub(crate) count: u32,
}

impl<'a> Offer<'a> {
    /// What so many pieces of it take from the stock: its own pieces, or the parts of
    /// a bundle.
    pub(crate) fn takes(&self, sku: &str, quantity: u32) -> Vec<(String, u32)> {
        if self.parts.is_empty() {
            return vec![(sku.to_owned(), quantity)];
        }
        let part = |part: &Part| (part.sku.clone(), part.count.saturating_mul(quantity));
        self.parts.iter().map(part).collect()
    }

    /// So many pieces of it.
    pub(crate) fn ordered(&self, quantity: u32) -> Ordered<'a> {
        Ordered {
            product: self.product,
            quantity,
            price_pence: self.price_pence,
            vat_percent: self.vat_percent,
            weight_grams: self.weight_grams,
            breaks: self.breaks,
        }
    }
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
    fn holds(&self, price_pence: u32) -> bool {
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
    fn facet(&self, facet: Facet) -> (&str, &[Term]) {
        (&self.facets[facet as usize], &self.terms[facet as usize])
    }

    /// What people call a value; the value itself where nobody has said.
    fn label<'a>(&'a self, facet: Facet, value: &'a str) -> &'a str {
        label(&self.terms[facet as usize], value)
    }

    fn term(&self, facet: Facet, value: &str) -> Term {
        Term { value: value.to_owned(), label: self.label(facet, value).to_owned() }
    }
}

fn label<'a>(terms: &'a [Term], value: &'a str) -> &'a str {
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
    fn is_welsh(&self) -> bool {
        self.language.as_deref().is_some_and(|language| language != Locale::En.tag())
    }

    /// What tells it apart, such as `Plum, M`.
    fn name(&self, shop: &LocalShop) -> String {
        let colour = self.colour.iter().map(|value| shop.label(Facet::Colour, value));
        let size = self.size.iter().map(|value| shop.label(Facet::Size, value));
        let language = self.language.iter().map(|value| label(&shop.languages, value));
        colour.chain(size).chain(language).collect::<Vec<_>>().join(", ")
    }
}

/// The products that a search finds.
#[utoipa::path(
    get,
    path = ListProducts::PATH,
    tag = "shop",
    params(
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
        ("q" = Option<String>, Query, max_length = 100, description = "Words; each must start a word that is told about the product"),
        ("category" = Option<Vec<String>>, Query, description = "A category; several widen the search. The answer lists all values of each such filter"),
        ("size" = Option<Vec<String>>, Query, description = "A size; several widen the search"),
        ("colour" = Option<Vec<String>>, Query, description = "A colour; several widen the search"),
        ("price" = Option<Vec<String>>, Query, description = "A range of prices; several widen the search"),
        ("only" = Option<Vec<String>>, Query, description = "`in-stock`, `welsh` or `union-made`; several narrow the search"),
        ("sort" = inline(Option<Sort>), Query, description = "The order; `featured` unless given"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "How many products at most; 24 unless given"),
        ("page" = Option<u32>, Query, minimum = 1, maximum = 10_000, description = "The page, from 1"),
        ("cursor" = Option<String>, Query, description = "`next` of the answer before, instead of a page"),
    ),
    responses(
        (status = 200, description = "A page of the products, and what they can be narrowed down by", body = Products),
        (status = 422, description = "A parameter cannot be used", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_products(
    State(state): State<AppState>,
    Localised(locale): Localised,
    RawQuery(query): RawQuery,
) -> Result<Json<Products>, ApiError> {
    let query = query.unwrap_or_default();
    check_query(&query)?;
    let paging = Paging::read(&query, ListProducts::LIMIT, ListProducts::MOST, PAGE_LIMIT)?;
    let catalogue = state.catalogue.get(&state.store).await?;
    let found = catalogue.find(&Search::parse(&query), locale, &paging);
    let Found { total, products, next, facets } = found.ok_or_else(Paging::lost)?;
    Ok(Json(Products {
        currency: Currency::Gbp,
        total,
        pages: paging.pages(total),
        products,
        facets,
        order_by: order_by(&state, &catalogue),
        next,
    }))
}

/// Refuses what a search can only be asked for by mistake.
fn check_query(query: &str) -> Result<(), ApiError> {
    for (name, value) in pairs(query) {
        match name.as_str() {
            "q" if value.trim().chars().count() > TEXT_LIMIT => {
                return Err(ApiError::invalid("q", format!("Use at most {TEXT_LIMIT} characters.")));
            }
            "sort" if Sort::find(&value).is_none() => {
                let names = Sort::ALL.map(Sort::name).join(", ");
                return Err(ApiError::invalid("sort", format!("Use one of {names}.")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// One product.
#[utoipa::path(
    get,
    path = FindProduct::PATH,
    tag = "shop",
    params(
        ("slug" = String, Path, description = "The product's name in addresses"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The product", body = Product),
        (status = 404, description = "No such product", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_product(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Json<Product>, ApiError> {
    let Path(slug) = path.map_err(|_| ApiError::NotFound)?;
    let catalogue = state.catalogue.get(&state.store).await?;
    // What is no product's name is not asked for: PostgreSQL refuses a text with
    // a zero byte.
    if !catalogue.has(&slug) {
        return Err(ApiError::NotFound);
    }
    let record: Record<ProductFacts, ProductText> =
        state.store.find(Kind::Product, &slug, locale).await?.ok_or(ApiError::NotFound)?;
    let order_by = order_by(&state, &catalogue);
    Ok(Json(product(record, &catalogue, locale, order_by)))
}

/// How to order.
#[utoipa::path(
    get,
    path = FindShop::PATH,
    tag = "shop",
    params(("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given")),
    responses(
        (status = 200, description = "How to order", body = Shop),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_shop(
    State(state): State<AppState>,
    Localised(locale): Localised,
) -> Result<Json<Shop>, ApiError> {
    let catalogue = state.catalogue.get(&state.store).await?;
    let regions = contacts::summaries(&state, locale).await?;
    let office = |summary: RegionSummary| PickUpOffice { region: summary.region, name: summary.name };
    Ok(Json(Shop {
        contact: contact(&catalogue, locale),
        approval_from_pence: catalogue.facts().approval_from_pence,
        account: catalogue.facts().account.clone(),
        return_address: catalogue.facts().seller.lines(),
        card: state.card.is_some(),
        offices: regions.into_iter().map(office).collect(),
    }))
}

/// Whom to order from without the website.
fn contact(catalogue: &Catalogue, locale: Locale) -> ShopContact {
    ShopContact {
        telephone: catalogue.facts().telephone.clone(),
        email: catalogue.facts().email.clone(),
        hours: catalogue.shop(locale).hours.clone(),
    }
}

fn product(
    record: Record<ProductFacts, ProductText>,
    catalogue: &Catalogue,
    locale: Locale,
    order_by: Option<Date>,
) -> Product {
    let Record { slug, facts, text } = record;
    let shop = catalogue.shop(locale);
    let variant = |variant: VariantFacts| Variant {
        left: catalogue.left(&variant.sku),
        sku: variant.sku,
        price_pence: variant.price_pence,
        colour: variant.colour.map(|colour| shop.term(Facet::Colour, &colour)),
        size: variant.size.map(|size| shop.term(Facet::Size, &size)),
        language: variant
            .language
            .map(|value| Term { label: label(&shop.languages, &value).to_owned(), value }),
    };
    let measures = |measures: SizeMeasures| SizeMeasures {
        size: shop.label(Facet::Size, &measures.size).to_owned(),
        ..measures
    };
    let sent = catalogue.facts().delivery.iter().zip(&shop.delivery);
    let delivery = sent
        .filter(|(facts_of, _)| facts_of.up_to_grams >= facts.weight_grams)
        .map(|(facts, name)| Delivery { name: name.clone(), price_pence: facts.price_pence })
        .collect();
    Product {
        currency: Currency::Gbp,
        category: shop.term(Facet::Category, &facts.category),
        related: catalogue.related(&slug, locale),
        slug,
        text,
        union_made: facts.union_made,
        vat_percent: facts.vat_percent,
        weight_grams: facts.weight_grams,
        cap: facts.cap,
        branch_cap: facts.branch_cap,
        pictures: facts.pictures,
        variants: facts.variants.into_iter().map(variant).collect(),
        breaks: facts.breaks,
        size_chart: facts.size_chart.into_iter().map(measures).collect(),
        delivery,
        order_by,
        shop: contact(catalogue, locale),
    }
}

/// The last day to order before the week, while it has not passed.
fn order_by(state: &AppState, catalogue: &Catalogue) -> Option<Date> {
    let today = clock::uk_date(state.clock.now());
    catalogue.facts().order_by.filter(|&day| clock::civil_date(day) >= today)
}
