//! The shop's products: lists that can be filtered, and each product with its details.

mod catalogue;
mod collation;
mod facts;
mod offer;
mod product_index;

use axum::{
    Extension, Json,
    extract::{Path, RawQuery, State, rejection::PathRejection},
};
use contract::{
    Endpoint as _, Locale, Problem,
    contacts::RegionSummary,
    pairs,
    shop::{
        CollectionOffice, Currency, Delivery, Facet, FindProduct, FindShop, ListProducts, PAGE_LIMIT,
        Product, ProductText, Products, Search, Shop, ShopContact, SizeMeasures, Sort, TEXT_LIMIT, Variant,
    },
    term::Term,
    time::Date,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    cache::Shows,
    clock, contacts,
    error::ApiError,
    locale::Localised,
    paging::Paging,
    state::AppState,
    store::{Kind, Record},
};

use catalogue::Found;
use facts::label;

pub(crate) use catalogue::{Catalogue, CatalogueCache};
pub(crate) use facts::{
    DeliveryFacts, LocalShop, Part, PriceBand, ProductFacts, Seller, ShopFacts, VariantFacts,
};
pub(crate) use offer::Offer;

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

/// The products that match a search.
#[utoipa::path(
    get,
    path = ListProducts::PATH,
    tag = "shop",
    params(
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
        ("q" = Option<String>, Query, max_length = 100, description = "Words or a question; finds the products with all of its words, or else those with the most"),
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
        (status = 422, description = "Validation failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_products(
    State(state): State<AppState>,
    Localised(locale): Localised,
    RawQuery(query): RawQuery,
) -> Result<(Extension<Shows>, Json<Products>), ApiError> {
    let query = query.unwrap_or_default();
    check_query(&query)?;
    let paging = Paging::read(&query, ListProducts::LIMIT, ListProducts::MAX_LIMIT, PAGE_LIMIT)?;
    let catalogue = state.catalogue.get(&state.store).await?;
    let search = Search::parse(&query);
    let found = catalogue.find(&search, locale, &paging);
    let Found { total, products, next, facets } = found.ok_or_else(Paging::lost)?;
    let shows = Shows {
        products: products.iter().map(|product| product.slug.clone()).collect(),
        in_stock: true,
        typed: products.is_empty() || !catalogue.is_common(&search),
    };
    let products = Products {
        currency: Currency::Gbp,
        total,
        pages: paging.pages(total),
        products,
        facets,
        order_by: order_by(&state, &catalogue),
        next,
    };
    Ok((Extension(shows), Json(products)))
}

/// Refuses parameters that can only be a error.
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
) -> Result<(Extension<Shows>, Json<Product>), ApiError> {
    let Path(slug) = path.map_err(|_| ApiError::NotFound)?;
    let catalogue = state.catalogue.get(&state.store).await?;
    // A text that is no product's slug is not looked up: PostgreSQL rejects a text with a zero
    // byte.
    if !catalogue.has(&slug) {
        return Err(ApiError::NotFound);
    }
    let record: Record<ProductFacts, ProductText> =
        state.store.find(Kind::Product, &slug, locale).await?.ok_or(ApiError::NotFound)?;
    let order_by = order_by(&state, &catalogue);
    let product = product(record, &catalogue, locale, order_by);
    let related = product.related.iter().map(|related| related.slug.clone());
    let products = related.chain([product.slug.clone()]).collect();
    Ok((Extension(Shows { products, ..Shows::default() }), Json(product)))
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
    let office = |summary: RegionSummary| CollectionOffice { region: summary.region, name: summary.name };
    Ok(Json(Shop {
        contact: contact(&catalogue, locale),
        approval_from_pence: catalogue.facts().approval_from_pence,
        account: catalogue.facts().account.clone(),
        return_address: catalogue.facts().seller.lines(),
        card: state.card.is_some(),
        offices: regions.into_iter().map(office).collect(),
    }))
}

/// Who to contact to order without the website.
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
        stock_left: catalogue.stock_left(&variant.sku),
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
        made_to_order_days: facts.made_to_order_days,
        pictures: facts.pictures,
        variants: facts.variants.into_iter().map(variant).collect(),
        breaks: facts.breaks,
        size_chart: facts.size_chart.into_iter().map(measures).collect(),
        delivery,
        // An item that is made to order arrives later than that day allows for.
        order_by: order_by.filter(|_| facts.made_to_order_days.is_none()),
        shop: contact(catalogue, locale),
    }
}

/// The last day to order before the week, until it has passed.
fn order_by(state: &AppState, catalogue: &Catalogue) -> Option<Date> {
    let today = clock::uk_date(state.clock.now());
    catalogue.facts().order_by.filter(|&day| clock::civil_date(day) >= today)
}
