//! An order: where it stands, what to do next, and what can still be changed. Its
//! forms are plain ones, so that it works from a mail without the app; only the server
//! makes it (`told_page.rs` is the browser's).

use contract::{
    Locale,
    orders::{Address, Approver, Delivery, FindOrder, Order, OrderEvent, OrderState, Payment},
    shop::{FindShop, Shop},
};
use leptos::prelude::*;

use super::{
    forms::{RefusedChange, add_acceptance, add_acts, add_approval, add_refusal},
    sent_back::add_return,
};
use crate::{
    api,
    i18n::{format, order as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, limit_text, markup, no_controls, text_page_of_two},
};

/// Whether there is an invoice for an order in this state.
pub const fn has_invoice(state: OrderState) -> bool {
    !matches!(
        state,
        OrderState::Quoted | OrderState::Placed | OrderState::AwaitingApproval | OrderState::Cancelled
    )
}

#[component]
pub(crate) fn OrderPage() -> impl IntoView {
    let locale = use_locale();
    let token = routes::param("token");
    let data = api::load_both(move || FindOrder { token: token.get(), locale }, &FindShop { locale });
    text_page_of_two(data, page)
}

fn page(order: Order, shop: Shop, locale: Locale) -> TextPage {
    let refused = use_context::<RefusedChange>();
    #[cfg(feature = "ssr")]
    if let Some(refused) = &refused {
        crate::render::Collector::set_status(if *refused == RefusedChange::NoCard { 503 } else { 422 });
    }
    let title = t::title(locale, &order.reference);
    let (name, hint) = standing(&order, locale);
    let token = routes::param("token").get_untracked();
    let mut out = Markup::default();
    let (before, after) = title.split_once(&*order.reference).unwrap_or((&title, ""));
    markup!(out, "<div class='wrap page-start order' data-told><h1 id='page-heading' tabindex='-1'>" (before)
        "<span class='order__reference'>" (order.reference) "</span>" (after) "</h1>");
    add_refusal(&mut out, refused.as_ref(), limit_text(locale), locale);
    markup!(out, "<div class='order__main'><p class='order__state'><b>" (name) "</b> " (hint) "</p>");
    match (order.state, &order.payment) {
        (OrderState::AwaitingPayment, Payment::Transfer {}) => add_account(&mut out, &order, &shop, locale),
        (OrderState::AwaitingPayment, Payment::Card {}) => {
            let total = format::price(locale, order.price.total_pence);
            markup!(out, "<p class='actions'><a class='button button--main' rel='external' href='"
                (Route::Order(token.clone()).href(locale)) "/pay'>" (t::pay(locale, &total)) "</a></p>");
        }
        (OrderState::Quoted, _) if order.valid_until.is_some() => {
            add_acceptance(&mut out, &order, &shop, refused.as_ref(), locale);
        }
        _ => {}
    }
    if order.approver == Some(Approver::Officer) {
        add_approval(&mut out, refused.as_ref(), locale);
    }
    add_lines(&mut out, &order, locale);
    add_acts(&mut out, &order, &token, refused.as_ref(), locale);
    add_return(&mut out, &order, &shop, refused.as_ref(), locale);
    out.raw("</div><div class='order__aside'>");
    add_facts(&mut out, &order, &shop, locale);
    add_history(&mut out, &order, locale);
    markup!(out, "</div><p class='order__note'>" (t::keep_link(locale)) "</p></div>");
    TextPage {
        head: Head { title, description: t::summary(locale).to_owned(), route: None },
        html: out.html(),
        live: no_controls,
    }
}

/// What is called where it stands, and what comes next.
pub fn standing(order: &Order, locale: Locale) -> (&'static str, String) {
    let total = || format::pounds(order.price.total_pence);
    if order.has_expired() {
        return (t::expired(locale), t::expired_hint(locale).to_owned());
    }
    let name = match order.approver {
        Some(Approver::Officer) => t::awaiting_officer(locale),
        _ => state_name(order.state, locale),
    };
    let hint = match order.state {
        OrderState::Quoted => match order.valid_until {
            Some(day) => t::quoted_hint(locale, &format::short_date(locale, day)),
            None => t::quote_over(locale).to_owned(),
        },
        OrderState::Placed => t::placed_hint(locale).to_owned(),
        OrderState::AwaitingApproval => match order.approver {
            Some(Approver::Officer) => t::awaiting_officer_hint(locale).to_owned(),
            _ => t::awaiting_staff_hint(locale).to_owned(),
        },
        OrderState::AwaitingPayment => {
            if order.payment == (Payment::Card {}) {
                t::awaiting_card_hint(locale, &total())
            } else {
                t::awaiting_payment_hint(locale, &order.reference, &total())
            }
        }
        OrderState::Confirmed => t::confirmed_hint(locale).to_owned(),
        OrderState::Packed => t::packed_hint(locale).to_owned(),
        OrderState::PartlyDispatched => t::partly_dispatched_hint(locale).to_owned(),
        OrderState::Dispatched => t::dispatched_hint(locale).to_owned(),
        OrderState::Delivered => match order.return_by {
            Some(day) => t::delivered_hint(locale, &format::short_date(locale, day)),
            None => t::delivered_late_hint(locale).to_owned(),
        },
        OrderState::Cancelled => t::cancelled_hint(locale).to_owned(),
        OrderState::Returned => t::returned_hint(locale).to_owned(),
        OrderState::Refunded => {
            let pounds = format::pounds(order.refunded_pence);
            match order.payment {
                Payment::PurchaseOrder { .. } => t::refunded_invoice_hint(locale, &pounds),
                _ => t::refunded_hint(locale, &pounds),
            }
        }
    };
    (name, [hint, held(order, locale)].join(" ").trim_end().to_owned())
}

/// Until when it is held, where it waits for somebody.
fn held(order: &Order, locale: Locale) -> String {
    let Some(last) = &order.held_until else { return String::new() };
    let day = format::short_date(locale, last.uk_date);
    if order.state == OrderState::AwaitingApproval {
        t::held_until_approved(locale, &day)
    } else if order.payment == (Payment::Card {}) {
        t::held_until_time(locale, &day, &format::time(locale, last))
    } else {
        t::held_until_paid(locale, &day)
    }
}

/// What a state is called.
pub fn state_name(state: OrderState, locale: Locale) -> &'static str {
    match state {
        OrderState::Quoted => t::quoted(locale),
        OrderState::Placed => t::placed(locale),
        OrderState::AwaitingApproval => t::awaiting_approval(locale),
        OrderState::AwaitingPayment => t::awaiting_payment(locale),
        OrderState::Confirmed => t::confirmed(locale),
        OrderState::Packed => t::packed(locale),
        OrderState::PartlyDispatched => t::partly_dispatched(locale),
        OrderState::Dispatched => t::dispatched(locale),
        OrderState::Delivered => t::delivered(locale),
        OrderState::Cancelled => t::cancelled(locale),
        OrderState::Returned => t::returned(locale),
        OrderState::Refunded => t::refunded(locale),
    }
}

fn add_account(out: &mut Markup, order: &Order, shop: &Shop, locale: Locale) {
    let rows = [
        (t::account_name(locale), shop.account.name.as_str()),
        (t::sort_code(locale), &shop.account.sort_code),
        (t::account_number(locale), &shop.account.number),
        (t::reference(locale), &order.reference),
        (t::amount(locale), &format::pounds(order.price.total_pence)),
    ];
    markup!(out, "<section class='notice' aria-labelledby='account-title'><h2 class='notice__title' id='account-title'>"
        (t::account(locale)) "</h2>");
    add_rows(out, &rows);
    out.raw("</section>");
}

fn add_rows(out: &mut Markup, rows: &[(&str, &str)]) {
    out.raw("<dl class='order__facts'>");
    for (name, value) in rows {
        markup!(out, "<div><dt>" (name) "</dt><dd>" (value) "</dd></div>");
    }
    out.raw("</dl>");
}

fn add_lines(out: &mut Markup, order: &Order, locale: Locale) {
    markup!(out, "<section aria-labelledby='lines-title'><h2 id='lines-title'>" (t::lines(locale))
        "</h2><table class='order__lines'><thead><tr><th scope='col'>" (t::piece(locale)) "</th><th scope='col'>"
        (t::pieces(locale)) "</th><th scope='col'>" (t::each(locale)) "</th><th scope='col'>" (t::together(locale))
        "</th></tr></thead><tbody>");
    for (line, price) in order.lines.iter().zip(&order.price.lines) {
        markup!(out, "<tr><th scope='row'>" (line.full_name()) " <span class='order__sku'>" (line.sku) "</span>");
        if line.dispatched > 0 && line.dispatched < line.quantity {
            markup!(out, " <span class='tag'>" (t::dispatched_of(locale, line.dispatched)) "</span>");
        }
        if line.announced > line.returned {
            markup!(out, " <span class='tag'>" (t::announced_of(locale, line.announced - line.returned)) "</span>");
        }
        if line.returned > 0 {
            markup!(out, " <span class='tag'>" (t::returned_of(locale, line.returned)) "</span>");
        }
        markup!(out, "</th><td>" (line.quantity.to_string()) "</td><td>" (format::price(locale, price.unit_pence))
            "</td><td>" (format::price(locale, price.total_pence)) "</td></tr>");
    }
    out.raw("</tbody></table><dl class='order__sums'>");
    let mut sums = vec![
        (t::goods(locale).to_owned(), format::pounds(order.price.goods_pence)),
        (t::sending(locale).to_owned(), format::pounds(order.price.delivery_pence)),
    ];
    for vat in &order.price.vat {
        sums.push((t::vat_at(locale, &vat.percent.to_string()), format::pounds(vat.vat_pence)));
    }
    for (name, sum) in &sums {
        markup!(out, "<div><dt>" (name) "</dt><dd>" (sum) "</dd></div>");
    }
    markup!(out, "<div class='order__total'><dt>" (t::total(locale)) "</dt><dd>" (format::pounds(order.price.total_pence))
        "</dd></div>");
    if order.refunded_pence > 0 {
        markup!(out, "<div><dt>" (t::given_back(locale)) "</dt><dd>" (format::pounds(order.refunded_pence)) "</dd></div>");
    }
    out.raw("</dl></section>");
}

fn add_facts(out: &mut Markup, order: &Order, shop: &Shop, locale: Locale) {
    let customer = &order.customer;
    let by = [&*customer.name, &customer.branch, &customer.email].into_iter().filter(|part| !part.is_empty());
    let by = by.collect::<Vec<_>>().join(", ");
    let (where_to, place) = match &order.delivery {
        Delivery::Post { address, .. } => (t::goes_to(locale), written(address)),
        Delivery::Collection { region } => {
            let office = shop.offices.iter().find(|office| office.region == *region);
            let name = office.map(|office| office.name.clone()).unwrap_or_default();
            (t::fetched_at(locale), name)
        }
    };
    let paid = match &order.payment {
        Payment::PurchaseOrder { number } => t::by_purchase_order(locale, number),
        Payment::Transfer {} => t::by_transfer(locale).to_owned(),
        Payment::Card {} => t::by_card(locale).to_owned(),
        Payment::Nothing {} => t::by_nothing(locale).to_owned(),
    };
    markup!(out, "<section aria-labelledby='facts-title'><h2 id='facts-title'>" (t::facts(locale)) "</h2>");
    let day = format::short_date(locale, order.placed.uk_date);
    let mut rows = vec![(t::placed(locale), &*day), (t::ordered_by(locale), &by), (where_to, &place)];
    if order.state != OrderState::Quoted {
        rows.push((t::paid_by(locale), &paid));
    }
    add_rows(out, &rows);
    out.raw("</section>");
}

fn written(address: &Address) -> String {
    let Address { recipient, line_1, line_2, town, postcode } = address;
    let parts = [recipient, line_1, line_2, town, postcode];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn add_history(out: &mut Markup, order: &Order, locale: Locale) {
    markup!(out, "<section aria-labelledby='history-title'><h2 id='history-title'>" (t::history(locale))
        "</h2><ol class='order__moves' role='list'>");
    for step in &order.moves {
        let name = match step.event {
            Some(OrderEvent::Expired) => t::expired(locale),
            Some(OrderEvent::AddressChanged) => t::address_changed(locale),
            None => state_name(step.state, locale),
        };
        markup!(out, "<li><b>" (name) "</b> " (format::short_date(locale, step.at.uk_date)) ", "
            (format::time(locale, &step.at)));
        if !step.note.is_empty() {
            markup!(out, " <span class='order__move-note'>" (step.note) "</span>");
        }
        out.raw("</li>");
    }
    out.raw("</ol></section>");
}
