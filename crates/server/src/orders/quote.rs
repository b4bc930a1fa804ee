//! The price of a basket, and when it could be delivered.

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::header,
    response::{IntoResponse as _, Response},
};
use contract::{
    Problem, Submission as _,
    orders::{
        DeliveryOption, DeliveryOptionKind, OrderLine, PriceBasket, PricedBasket, PricedLine, Speed, Zone,
        parse_postcode,
        price::{OrderPrice, PricingLine, delivery_rate, price, weight_grams},
    },
    shop::{LOW_STOCK, MAX_STOCK_SHOWN},
};
use jiff::Timestamp;

use super::check;
use crate::{
    clock,
    error::ApiError,
    shop::{Catalogue, Offer},
    state::AppState,
    text::nfc,
};

/// The price of a basket, with all delivery options.
#[utoipa::path(
    post,
    path = PriceBasket::PATH,
    tag = "orders",
    request_body = PriceBasket,
    responses(
        (status = 200, description = "Current prices. Nothing is stored", body = PricedBasket),
        (status = 403, description = "Sent by a page of another site", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Validation failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn price_basket(
    State(state): State<AppState>,
    body: Result<Json<PriceBasket>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(basket) = body.map_err(|error| ApiError::refused("body", error.body_text()))?;
    let basket = basket.cleaned(nfc);
    check(basket.validation_errors())?;
    let catalogue = state.catalogue.get(&state.store).await?;
    let offers: Vec<(&OrderLine, Option<Offer<'_>>)> =
        basket.lines.iter().map(|line| (line, catalogue.offer(&line.sku, basket.locale))).collect();
    let unknown = offers.iter().filter(|(_, offer)| offer.is_none()).map(|(line, _)| line.sku.clone());
    let unknown: Vec<String> = unknown.collect();
    let (known, offers): (Vec<&OrderLine>, Vec<Offer<'_>>) =
        offers.into_iter().filter_map(|(line, offer)| Some((line, offer?))).unzip();
    let ordered: Vec<PricingLine<'_>> =
        offers.iter().zip(&known).map(|(offer, line)| offer.ordered(line.quantity)).collect();
    let without_delivery = price(&ordered, 0);
    let takes = known.iter().zip(&offers).flat_map(|(line, offer)| offer.takes(&line.sku, 1));
    let skus: Vec<String> = takes.map(|(sku, _)| sku).collect();
    let stock = state.store.stock_of(&skus).await?;
    let line = |((line, offer), price): ((&&OrderLine, &Offer<'_>), &contract::orders::price::LinePrice)| {
        // Not limited to what pages show, which is only that there are enough or a few; but
        // the exact size of a large stock is not revealed.
        let left = offer.left_in(&stock, &line.sku);
        PricedLine {
            sku: line.sku.clone(),
            product: offer.product.to_owned(),
            name: offer.name.to_owned(),
            variant: offer.variant.to_owned(),
            picture: offer.picture.to_owned(),
            colour: offer.colour.map(str::to_owned),
            quantity: line.quantity,
            price_pence: offer.price_pence,
            unit_pence: price.unit_pence,
            total_pence: price.total_pence,
            stock_left: (left < line.quantity || left <= LOW_STOCK).then_some(left.min(MAX_STOCK_SHOWN)),
            cap: offer.cap,
        }
    };
    let lines = known.iter().zip(&offers).zip(&without_delivery.lines).map(line).collect();
    let zone = parse_postcode(&basket.postcode).map_or(Zone::Mainland, |postcode| Zone::of(&postcode));
    let delivery_options = if ordered.is_empty() {
        Vec::new()
    } else {
        let making_days =
            offers.iter().filter_map(|offer| offer.made_to_order_days).max().unwrap_or_default();
        let names = catalogue.delivery_methods(basket.locale);
        delivery_options(&catalogue, &ordered, making_days, zone, names, state.clock.now())
    };
    let priced =
        PricedBasket { lines, unknown, subtotal_pence: without_delivery.subtotal_pence, delivery_options };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(priced)).into_response())
}

fn delivery_options(
    catalogue: &Catalogue,
    ordered: &[PricingLine<'_>],
    making_days: u32,
    zone: Zone,
    names: &[String],
    now: Timestamp,
) -> Vec<DeliveryOption> {
    let facts = catalogue.facts();
    let week_starts_on = catalogue.week_starts_on();
    let today = clock::wire_date(clock::uk_date(now));
    let option = |kind, name: &str, price: &OrderPrice, working_days| {
        let arrives = clock::working_days_after(now, making_days + working_days, &facts.closed);
        DeliveryOption {
            kind,
            name: name.to_owned(),
            price_pence: price.delivery_pence,
            total_pence: price.total_pence,
            vat_pence: price.vat.iter().map(|vat| vat.vat_pence).sum(),
            arrives,
            before_week: week_starts_on.filter(|start| today < *start).map(|start| arrives < start),
        }
    };
    let grams = weight_grams(ordered);
    let [cheapest, fastest] =
        [Speed::Cheapest, Speed::Fastest].map(|speed| delivery_rate(&facts.rates, zone, grams, speed));
    let fastest = fastest.filter(|fastest| Some(*fastest) != cheapest);
    let mut options = Vec::new();
    for (kind, sent) in [(DeliveryOptionKind::Cheapest, cheapest), (DeliveryOptionKind::Fastest, fastest)] {
        if let Some((rate, pence)) = sent {
            let name = names.get(rate.way).map_or("", String::as_str);
            options.push(option(kind, name, &price(ordered, pence), rate.working_days));
        }
    }
    options.push(option(
        DeliveryOptionKind::Collection,
        "",
        &price(ordered, 0),
        facts.collection_working_days,
    ));
    options
}
