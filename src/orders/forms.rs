//! The forms on an order's page, and what it says where one was refused.

use contract::{
    Locale,
    orders::{Address, Delivery, Order, OrderMistake, OrderState, Payment, PlaceOrder},
    shop::Shop,
};

use super::{
    order_page::has_invoice,
    sent_back::{self, SentBack},
};
use crate::{
    basket::order_mistake,
    i18n::{checkout, format, order as t},
    routes::Route,
    ui::{Markup, TextField, error_list, markup},
};

/// Why what somebody has asked of an order was not done; the page says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusedChange {
    /// The order has gone on.
    NotNow,
    /// Sending it there costs another price.
    Dearer(Address),
    /// The address has mistakes.
    Address(Address),
    /// The code, which was not tried.
    Code(String),
    /// The address was changed too often today.
    TooOften(Address),
    /// The code is another.
    WrongCode,
    /// Wrong codes were typed too often.
    NoTriesLeft,
    /// The payment page cannot be reached.
    NoCard,
    /// A purchase order has no number, or one that cannot be one: this.
    NoNumber(String),
    /// There is too little of what was quoted.
    Short {
        /// How it should be paid.
        by: String,
        /// The number of a purchase order.
        number: String,
    },
    /// Too much would be unpaid then.
    OverUnpaid {
        /// How it should be paid.
        by: String,
        /// The number of a purchase order.
        number: String,
    },
    /// The quote's time is over.
    Expired,
    /// What is to be sent back has mistakes.
    Return(SentBack),
}

/// Says why what was asked for was not done: because of its `limit`, if there is one.
pub(super) fn add_refusal(
    out: &mut Markup,
    refused: Option<&RefusedChange>,
    limit: Option<String>,
    locale: Locale,
) {
    if let Some(limit) = limit {
        return error_list(out, &[("page-heading", limit)], locale);
    }
    let wrong = match refused {
        None | Some(RefusedChange::Code(_)) => return,
        Some(RefusedChange::NotNow) => vec![("page-heading", t::not_now(locale).to_owned())],
        Some(RefusedChange::Dearer(_)) => vec![("postcode", t::dearer(locale).to_owned())],
        Some(RefusedChange::Address(address)) => address_mistakes(address, locale),
        Some(RefusedChange::TooOften(_)) => vec![("page-heading", t::changed_too_often(locale).to_owned())],
        Some(RefusedChange::WrongCode) => vec![("code", t::wrong_code(locale).to_owned())],
        Some(RefusedChange::NoTriesLeft) => vec![("code", t::no_tries_left(locale).to_owned())],
        Some(RefusedChange::NoCard) => vec![("page-heading", t::no_card(locale).to_owned())],
        Some(RefusedChange::NoNumber(number)) => vec![("number", number_mistake(number, locale))],
        Some(RefusedChange::Short { .. }) => vec![("page-heading", t::short(locale).to_owned())],
        Some(RefusedChange::OverUnpaid { .. }) => {
            vec![("page-heading", checkout::unpaid_limit(locale).to_owned())]
        }
        Some(RefusedChange::Expired) => vec![("page-heading", t::quote_over(locale).to_owned())],
        Some(RefusedChange::Return(sent)) => sent_back::mistake(sent, locale),
    };
    error_list(out, &wrong, locale);
}

/// What makes a quote an order, as long as it stands.
pub(super) fn add_acceptance(
    out: &mut Markup,
    order: &Order,
    shop: &Shop,
    refused: Option<&RefusedChange>,
    locale: Locale,
) {
    let empty = String::new();
    let known = match &order.payment {
        Payment::PurchaseOrder { number } => number,
        _ => &empty,
    };
    let (chosen, typed, mistake) = match refused {
        Some(RefusedChange::NoNumber(number)) => ("purchase-order", number, number_mistake(number, locale)),
        Some(RefusedChange::Short { by, number } | RefusedChange::OverUnpaid { by, number }) => {
            (by.as_str(), number, String::new())
        }
        _ => ("purchase-order", known, String::new()),
    };
    markup!(out, "<div class='notice order__approval'><form class='order__address' method='post' novalidate>"
        "<input type='hidden' name='act' value='accept'><fieldset class='order__choice'><legend>"
        (checkout::payment(locale)) "</legend><div class='choices__list'>");
    let mut ways = vec![("purchase-order", checkout::purchase_order(locale))];
    if shop.card {
        ways.push(("card", checkout::card(locale)));
    }
    ways.push(("transfer", checkout::transfer(locale)));
    for (value, label) in ways {
        markup!(out, "<label class='choice'><input class='choice__box' type='radio' name='by' value='" (value) "'");
        if value == chosen {
            out.raw(" checked");
        }
        markup!(out, "><span class='choice__label'>" (label) "</span></label>");
    }
    out.raw("</div></fieldset>");
    let number = TextField {
        id: "number",
        name: "number",
        label: checkout::number(locale),
        hint: checkout::number_hint(locale),
        mistake: &mistake,
        value: typed,
        attributes: "type='text' maxlength='40' autocomplete='off'",
    };
    number.add(out);
    markup!(out, "<p class='actions'><button class='button button--main' type='submit'>"
        (checkout::order_for(locale, &format::price(locale, order.price.total_pence)))
        "</button></p></form></div>");
}

/// What is wrong with the number of a purchase order.
fn number_mistake(number: &str, locale: Locale) -> String {
    match PlaceOrder::number_mistake(number) {
        Some(hidden @ OrderMistake::HiddenCharacter(_)) => order_mistake(locale, "payment.number", hidden),
        _ => t::no_number(locale).to_owned(),
    }
}

pub(super) fn add_approval(out: &mut Markup, refused: Option<&RefusedChange>, locale: Locale) {
    out.raw(
        "<div class='notice order__approval'><form class='order__address' method='post' novalidate>\
        <input type='hidden' name='act' value='approve'>",
    );
    let code = TextField {
        id: "code",
        name: "code",
        label: t::approve_code(locale),
        hint: t::approve_code_hint(locale),
        mistake: match refused {
            Some(RefusedChange::WrongCode) => t::wrong_code(locale),
            Some(RefusedChange::NoTriesLeft) => t::no_tries_left(locale),
            _ => "",
        },
        value: match refused {
            Some(RefusedChange::Code(code)) => code,
            _ => "",
        },
        attributes: "type='text' inputmode='numeric' autocomplete='one-time-code'",
    };
    code.add(out);
    markup!(out, "<p class='actions'><button class='button button--main' type='submit'>"
        (t::approve(locale)) "</button></p></form><form method='post'><input type='hidden' name='act' value='new-code'>"
        "<p class='actions'><button class='button' type='submit'>" (t::new_code(locale))
        "</button></p></form></div>");
}

pub(super) fn add_acts(
    out: &mut Markup,
    order: &Order,
    token: &str,
    refused: Option<&RefusedChange>,
    locale: Locale,
) {
    let again = order.lines.iter().map(|line| [&*line.sku, ":", &line.quantity.to_string()].concat());
    let again = again.collect::<Vec<_>>().join(",");
    markup!(out, "<section class='order__acts' aria-labelledby='act-title'><h2 id='act-title'>" (t::act(locale))
        "</h2><p class='actions'><a class='button' href='" (Route::Basket.href(locale)) "?add=" (again) "'>"
        (t::reorder(locale)) "</a>");
    let paper = match order.state {
        OrderState::Quoted if order.valid_until.is_some() => Some(("/quote.pdf", t::quote_file(locale))),
        state if has_invoice(state) => Some(("/invoice.pdf", t::invoice_file(locale))),
        _ => None,
    };
    if let Some((file, label)) = paper {
        markup!(out, "<a class='button' rel='external' href='" (Route::Order(token.to_owned()).href(locale)) (file) "'>"
            (label) "</a>");
    }
    out.raw("</p>");
    if order.state.is_open() {
        if let Delivery::Post { address, .. } = &order.delivery {
            add_address(out, address, refused, locale);
        }
        markup!(out, "<form class='order__cancel' method='post'><input type='hidden' name='act' value='cancel'><p>" (t::cancel_hint(locale))
            "</p><p class='actions'><button class='button' type='submit'>" (t::cancel(locale)) "</button></p></form>");
    }
    out.raw("</section>");
}

fn add_address(out: &mut Markup, known: &Address, refused: Option<&RefusedChange>, locale: Locale) {
    let (address, open) = match refused {
        Some(
            RefusedChange::Dearer(address)
            | RefusedChange::Address(address)
            | RefusedChange::TooOften(address),
        ) => (address, true),
        _ => (known, false),
    };
    let mut wrong = address_mistakes(address, locale);
    if let Some(RefusedChange::Dearer(_)) = refused {
        wrong.push(("postcode", t::dearer(locale).to_owned()));
    }
    out.raw(if open { "<details open><summary>" } else { "<details><summary>" });
    markup!(out, (t::change_address(locale)) "</summary><form class='order__address' method='post' novalidate><p>"
        (t::change_address_hint(locale)) "</p><input type='hidden' name='act' value='address'>");
    for (name, label, value) in address_fields(address, locale) {
        let mistake = wrong.iter().find(|(field, _)| *field == name).map_or("", |(_, text)| text.as_str());
        TextField { id: name, name, label, hint: "", mistake, value, attributes: "type='text'" }.add(out);
    }
    markup!(out, "<p class='actions'><button class='button' type='submit'>" (t::change_address_save(locale))
        "</button></p></form></details>");
}

/// The fields of an address: names, labels, and what stands in them.
fn address_fields(address: &Address, locale: Locale) -> [(&'static str, &'static str, &str); 5] {
    [
        ("recipient", checkout::recipient(locale), &address.recipient),
        ("line_1", checkout::line_1(locale), &address.line_1),
        ("line_2", checkout::line_2(locale), &address.line_2),
        ("town", checkout::town(locale), &address.town),
        ("postcode", checkout::postcode(locale), &address.postcode),
    ]
}

fn address_mistakes(address: &Address, locale: Locale) -> Vec<(&'static str, String)> {
    let told = |(field, mistake)| {
        let path = ["delivery.address.", field].concat();
        (field, order_mistake(locale, &path, mistake))
    };
    address.mistakes().into_iter().map(told).collect()
}
