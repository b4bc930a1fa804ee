//! Printed documents of orders: quotes and invoices for anyone who has the link, delivery
//! notes and statements for staff.

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use campaign_hub::{
    i18n::{format, order as t, order_document as p, order_status},
    routes::Route,
};
use contract::{
    Locale,
    orders::{Delivery, DisplayedStatus, Order, OrderDocument, OrderStatus, OrderedLine, Payment},
    time::Date,
};
use print::ShopDocument;

use super::{by_token, read_token, show::to_order};
use crate::{clock, error::ApiError, shop::Catalogue, state::AppState};

/// The routes of an order's documents.
pub(super) fn pages() -> Router<AppState> {
    let mut router = Router::new();
    for locale in Locale::ALL {
        let order = Route::Order("{token}".to_owned()).href(locale);
        for document in OrderDocument::ALL {
            let show = get(move |state, token| show(locale, document, state, token));
            router = router.route(&[&order, document.path()].concat(), show);
        }
    }
    router
}

/// Responds with the quote or the invoice, if the order has one.
async fn show(
    locale: Locale,
    document: OrderDocument,
    State(state): State<AppState>,
    token: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let stored = by_token(&state, &read_token(token)?).await?;
    let catalogue = state.catalogue.get(&state.store).await?;
    let order = to_order(stored, &catalogue, clock::uk_date(state.clock.now()), locale)?;
    if order.document() != Some(document) {
        return Err(ApiError::NotFound);
    }
    let shop_document = invoice(&order, &catalogue, locale);
    let printed = state
        .print_queue
        .print("order", move |typesetter| typesetter.print_shop_document(&shop_document))
        .await?;
    if !printed.missing.is_empty() {
        // The number, not the characters: they are part of a name or an address.
        tracing::warn!(letters = printed.missing.len(), "characters of a document cannot be printed");
    }
    let name = format!("inline; filename=\"{}-{locale}.pdf\"", order.reference);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, &*name),
    ];
    Ok((headers, printed.pdf).into_response())
}

/// The invoice of an order, or its quote.
pub(super) fn invoice(order: &Order, catalogue: &Catalogue, locale: Locale) -> ShopDocument {
    let day = |date| format::short_date(locale, date);
    let mut facts = vec![(p::number(locale), order.reference.clone())];
    // The invoice date of an accepted quote is the day of acceptance.
    let invoiced =
        order.history.iter().find(|own| own.status.has_invoice()).map_or(&order.placed, |own| &own.at);
    let is_quote = order.valid_until.is_some();
    let date = if is_quote { p::date(locale) } else { p::invoice_date(locale) };
    facts.push((date, day(invoiced.uk_date)));
    if let Some(last) = order.valid_until {
        facts.push((p::valid_until(locale), day(last)));
    }
    if let Payment::PurchaseOrder { number } = &order.payment
        && !number.is_empty()
    {
        facts.push((p::purchase_order(locale), number.clone()));
    }
    let price = &order.price;
    let vat_pence: u64 = price.vat.iter().map(|vat| vat.vat_pence).sum();
    let mut sums = vec![
        (t::subtotal(locale).to_owned(), format::pounds(price.subtotal_pence)),
        (t::delivery(locale).to_owned(), format::pounds(price.delivery_pence)),
        (p::net(locale).to_owned(), format::pounds(price.total_pence.saturating_sub(vat_pence))),
    ];
    for vat in &price.vat {
        sums.push((p::vat(locale, &vat.percent.to_string()), format::pounds(vat.vat_pence)));
    }
    let total = sums.len();
    sums.push((p::gross(locale).to_owned(), format::pounds(price.total_pence)));
    if order.refunded_pence > 0 {
        sums.push((t::refunded_amount(locale).to_owned(), format::pounds(order.refunded_pence)));
    }
    let row = |(line, price): (&OrderedLine, &contract::orders::price::LinePrice)| {
        vec![
            line.full_name(),
            line.quantity.to_string(),
            format::price(locale, price.unit_pence),
            format::price(locale, price.total_pence),
        ]
    };
    let account = &catalogue.facts().account;
    let pay = p::pay_to(locale, &account.name, &account.number, &order.reference, &account.sort_code);
    let notes = match (&order.payment, order.valid_until) {
        (_, Some(last)) => vec![p::quote_note(locale, &day(last))],
        (Payment::PurchaseOrder { .. }, None) => vec![p::pay_within(locale).to_owned(), pay],
        (Payment::Transfer {}, None) if order.status == OrderStatus::AwaitingPayment => vec![pay],
        (Payment::Card {}, None) if order.status == OrderStatus::AwaitingPayment => Vec::new(),
        (Payment::Transfer {} | Payment::Card {}, None) => vec![p::paid(locale).to_owned()],
        (Payment::Nothing {}, None) => Vec::new(),
    };
    ShopDocument {
        title: if is_quote { p::quote(locale) } else { p::invoice(locale) }.to_owned(),
        facts: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        columns: [t::item(locale), t::quantity(locale), t::unit_price(locale), t::line_total(locale)]
            .map(str::to_owned)
            .to_vec(),
        rows: order.lines.iter().zip(&price.lines).map(row).collect(),
        total,
        sums,
        notes,
        ..base_document(order, catalogue, locale)
    }
}

/// The delivery note: the items that were not dispatched yet or, once all were, all items. The
/// order is collected from the `office`, if there is one.
pub(super) fn delivery_note(
    order: &Order,
    office: Option<&str>,
    catalogue: &Catalogue,
    locale: Locale,
) -> ShopDocument {
    let is_gone = order.lines.iter().all(|line| line.dispatched == line.quantity);
    let left = |line: &OrderedLine| if is_gone { line.quantity } else { line.quantity - line.dispatched };
    let lines = order.lines.iter().filter(|line| left(line) > 0);
    let row = |line: &OrderedLine| vec![line.full_name(), line.sku.clone(), left(line).to_string()];
    let mut facts = vec![
        (p::number(locale), order.reference.clone()),
        (p::date(locale), format::short_date(locale, order.placed.uk_date)),
    ];
    facts.extend(office.map(|office| (t::collect_from(locale), office.to_owned())));
    ShopDocument {
        title: p::delivery_note(locale).to_owned(),
        facts: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        columns: [t::item(locale), p::sku(locale), t::quantity(locale)].map(str::to_owned).to_vec(),
        rows: lines.map(row).collect(),
        notes: vec![p::delivery_note_thanks(locale).to_owned()],
        ..base_document(order, catalogue, locale)
    }
}

/// The statement of all orders under a purchase order: their totals, refunds and statuses.
pub(super) fn statement(
    orders: &[Order],
    number: &str,
    today: Date,
    catalogue: &Catalogue,
    locale: Locale,
) -> ShopDocument {
    let row = |order: &Order| {
        vec![
            order.reference.clone(),
            format::short_date(locale, order.placed.uk_date),
            order_status::name(DisplayedStatus::of(order.status, &order.delivery), locale).to_owned(),
            format::pounds(amount_owed(order)),
        ]
    };
    let total: u64 = orders.iter().map(amount_owed).sum();
    let facts = [
        (p::purchase_order(locale), number.to_owned()),
        (p::date(locale), format::short_date(locale, today)),
    ];
    let columns = [p::number(locale), p::date(locale), p::status(locale), t::total(locale)];
    let mut to: Vec<String> = Vec::new();
    for order in orders {
        if !order.customer.branch.is_empty() && !to.contains(&order.customer.branch) {
            to.push(order.customer.branch.clone());
        }
    }
    let first = &orders[0];
    ShopDocument {
        title: p::statement(locale).to_owned(),
        summary: [p::statement(locale), " ", number].concat(),
        to,
        facts: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: orders.iter().map(row).collect(),
        sums: vec![(t::total(locale).to_owned(), format::pounds(total))],
        total: 0,
        notes: vec![p::statement_note(locale).to_owned()],
        created_on: clock::civil_date(today),
        ..base_document(first, catalogue, locale)
    }
}

/// The amount an order adds to a statement: nothing for a quote or a cancelled order.
fn amount_owed(order: &Order) -> u64 {
    if order.status.has_invoice() { order.price.total_pence.saturating_sub(order.refunded_pence) } else { 0 }
}

/// The parts that all documents share.
fn base_document(order: &Order, catalogue: &Catalogue, locale: Locale) -> ShopDocument {
    let facts = catalogue.facts();
    let seller = &facts.seller;
    let mut from = seller.lines();
    from.push(p::vat_number(locale, &seller.vat_number));
    let customer = &order.customer;
    let mut to = vec![customer.branch.clone(), customer.name.clone()];
    if let Delivery::Post { address, .. } = &order.delivery {
        let contract::orders::Address { recipient, line_1, line_2, town, postcode } = address;
        to.extend([recipient, line_1, line_2, town, postcode].map(Clone::clone));
    }
    to.retain(|line| !line.is_empty());
    ShopDocument {
        lang: locale.tag(),
        title: String::new(),
        summary: t::title(locale, &order.reference),
        author: seller.name.clone(),
        seller: from,
        to_title: p::to(locale).to_owned(),
        to,
        facts_title: p::facts(locale).to_owned(),
        facts: Vec::new(),
        lines_title: p::lines(locale).to_owned(),
        columns: Vec::new(),
        rows: Vec::new(),
        sums: Vec::new(),
        total: 0,
        notes: Vec::new(),
        footer: [seller.name.as_str(), " · ", &facts.telephone, " · ", &facts.email].concat(),
        created_on: clock::civil_date(order.placed.uk_date),
    }
}
