//! The forms on an order's page, and what it says where one was refused.

use contract::{
    Locale,
    orders::{Address, Delivery, Order, OrderState, OrderedLine, Payment},
    shop::Shop,
};

use super::order_page::has_invoice;
use crate::{
    basket::order_mistake,
    i18n::{checkout, format, order as t},
    routes::Route,
    ui::{Markup, error_list, markup},
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
    /// The code is another.
    WrongCode,
    /// Wrong codes were typed too often.
    NoTriesLeft,
    /// The payment page cannot be reached.
    NoCard,
    /// A purchase order has no number, or one that is too long.
    NoNumber,
    /// There is too little of what was quoted.
    Short,
    /// What is to be sent back has mistakes.
    Return(SentBack),
}

/// What somebody wants to send back, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentBack {
    /// How many of each SKU.
    pub pieces: Vec<(String, String)>,
    /// Why; may be empty.
    pub reason: String,
}

impl SentBack {
    /// How many of each SKU, if there is one piece at least, and nowhere more than can
    /// come back.
    pub fn read(&self, order: &Order) -> Option<Vec<(String, u32)>> {
        let mut read = Vec::new();
        for (sku, typed) in self.pieces.iter().filter(|(_, typed)| !typed.trim().is_empty()) {
            let line = order.lines.iter().find(|line| line.sku == *sku)?;
            let count: u32 = typed.trim().parse().ok()?;
            if count > left_to_return(line) {
                return None;
            }
            if count > 0 {
                read.push((sku.clone(), count));
            }
        }
        let plain = |letter: char| !letter.is_control() || letter.is_whitespace();
        let fits = self.reason.chars().count() <= MOST_REASON && self.reason.chars().all(plain);
        (!read.is_empty() && fits).then_some(read)
    }

    /// Whether what was typed for a line is no number that can come back.
    fn is_wrong(&self, line: &OrderedLine) -> bool {
        let typed = self.typed(&line.sku).trim();
        !typed.is_empty() && typed.parse::<u32>().map_or(true, |count| count > left_to_return(line))
    }

    fn typed(&self, sku: &str) -> &str {
        self.pieces.iter().find(|(own, _)| own == sku).map_or("", |(_, typed)| typed)
    }
}

/// How many characters a reason has at most.
const MOST_REASON: usize = 500;

/// How many pieces of a line can still be sent back.
fn left_to_return(line: &OrderedLine) -> u32 {
    line.dispatched.saturating_sub(line.announced)
}

pub(super) fn add_refusal(out: &mut Markup, refused: Option<&RefusedChange>, locale: Locale) {
    let wrong = match refused {
        None => return,
        Some(RefusedChange::NotNow) => vec![("page-heading", t::not_now(locale).to_owned())],
        Some(RefusedChange::Dearer(_)) => vec![("postcode", t::dearer(locale).to_owned())],
        Some(RefusedChange::Address(address)) => address_mistakes(address, locale),
        Some(RefusedChange::WrongCode) => vec![("code", t::wrong_code(locale).to_owned())],
        Some(RefusedChange::NoTriesLeft) => vec![("code", t::no_tries_left(locale).to_owned())],
        Some(RefusedChange::NoCard) => vec![("page-heading", t::no_card(locale).to_owned())],
        Some(RefusedChange::NoNumber) => vec![("number", t::no_number(locale).to_owned())],
        Some(RefusedChange::Short) => vec![("page-heading", t::short(locale).to_owned())],
        Some(RefusedChange::Return(_)) => vec![("return-title", t::return_wrong(locale).to_owned())],
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
    let known = match &order.payment {
        Payment::PurchaseOrder { number } => number,
        _ => "",
    };
    let wrong = refused == Some(&RefusedChange::NoNumber);
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
        if value == "purchase-order" {
            out.raw(" checked");
        }
        markup!(out, "><span class='choice__label'>" (label) "</span></label>");
    }
    markup!(out, "</div></fieldset><div class='field' data-field='number'><label class='field__label' for='number'>"
        (checkout::number(locale)) "</label><p class='field__hint' id='number-hint'>" (checkout::number_hint(locale))
        "</p><p class='field__error' id='number-error'>" (if wrong { t::no_number(locale) } else { "" })
        "</p><input class='field__input' type='text' maxlength='40' autocomplete='off' id='number' name='number' value='"
        (known) "' aria-describedby='number-error number-hint' aria-invalid='" (if wrong { "true" } else { "false" })
        "'></div><p class='actions'><button class='button button--main' type='submit'>"
        (checkout::order_for(locale, &format::price(locale, order.price.total_pence)))
        "</button></p></form></div>");
}

pub(super) fn add_approval(out: &mut Markup, locale: Locale) {
    markup!(out, "<div class='notice order__approval'><form class='order__address' method='post' novalidate>"
        "<input type='hidden' name='act' value='approve'><div class='field'><label class='field__label' for='code'>"
        (t::approve_code(locale)) "</label><p class='field__hint' id='code-hint'>" (t::approve_code_hint(locale))
        "</p><input class='field__input' type='text' inputmode='numeric' autocomplete='one-time-code' id='code' name='code' "
        "aria-describedby='code-hint'></div><p class='actions'><button class='button button--main' type='submit'>"
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
        OrderState::Quoted => Some(("/quote.pdf", t::quote_file(locale))),
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
        markup!(out, "<form method='post'><input type='hidden' name='act' value='cancel'><p>" (t::cancel_hint(locale))
            "</p><p class='actions'><button class='button' type='submit'>" (t::cancel(locale)) "</button></p></form>");
    }
    out.raw("</section>");
}

/// The form that says what is sent back, and where that goes.
pub(super) fn add_return(
    out: &mut Markup,
    order: &Order,
    shop: &Shop,
    refused: Option<&RefusedChange>,
    locale: Locale,
) {
    let announced: u32 =
        order.lines.iter().map(|line| line.announced - line.returned.min(line.announced)).sum();
    let open = order.state.takes_returns() && order.return_by.is_some();
    if !open && announced == 0 {
        return;
    }
    markup!(out, "<section class='order__acts' aria-labelledby='return-title'><h2 id='return-title' tabindex='-1'>"
        (t::send_back(locale)) "</h2>");
    if announced > 0 {
        markup!(out, "<p>" (t::return_to(locale, &order.reference)) "</p><address class='order__seller'>");
        for line in &shop.return_address {
            markup!(out, (line) "<br>");
        }
        out.raw("</address>");
    }
    if open && order.lines.iter().any(|line| left_to_return(line) > 0) {
        let empty = SentBack::default();
        let (typed, wrong) = match refused {
            Some(RefusedChange::Return(typed)) => (typed, true),
            _ => (&empty, false),
        };
        out.raw(if wrong || announced == 0 { "<details open><summary>" } else { "<details><summary>" });
        markup!(out, (t::return_which(locale)) "</summary><form class='order__address' method='post' novalidate><p>"
            (t::return_hint(locale)) "</p><input type='hidden' name='act' value='return'>"
            "<input type='hidden' name='known' value='" (order.returns.to_string()) "'>");
        for (index, line) in order.lines.iter().enumerate().filter(|(_, line)| left_to_return(line) > 0) {
            let id = ["return-", &index.to_string()].concat();
            let what = [&*line.name, &line.variant].join(" ");
            markup!(out, "<div class='field'><label class='field__label' for='" (id) "'>"
                (t::return_pieces(locale, &left_to_return(line).to_string(), what.trim()))
                "</label><p class='field__error' id='" (id) "-error'>"
                (if typed.is_wrong(line) { t::return_wrong(locale) } else { "" })
                "</p><input class='field__input order__count' type='text' inputmode='numeric' id='" (id) "' name='" (line.sku)
                "' value='" (typed.typed(&line.sku)) "' aria-describedby='" (id) "-error' aria-invalid='"
                (if typed.is_wrong(line) { "true" } else { "false" }) "'></div>");
        }
        markup!(out, "<div class='field'><label class='field__label' for='reason'>" (t::return_reason(locale))
            "</label><textarea class='field__input' id='reason' name='reason' rows='3' maxlength='500'>" (typed.reason)
            "</textarea></div><p class='actions'><button class='button' type='submit'>" (t::return_send(locale))
            "</button></p></form></details>");
    }
    out.raw("</section>");
}

fn add_address(out: &mut Markup, known: &Address, refused: Option<&RefusedChange>, locale: Locale) {
    let (address, open) = match refused {
        Some(RefusedChange::Dearer(address) | RefusedChange::Address(address)) => (address, true),
        _ => (known, false),
    };
    let wrong = address_mistakes(address, locale);
    out.raw(if open { "<details open><summary>" } else { "<details><summary>" });
    markup!(out, (t::change_address(locale)) "</summary><form class='order__address' method='post' novalidate><p>"
        (t::change_address_hint(locale)) "</p><input type='hidden' name='act' value='address'>");
    for (name, label, value) in address_fields(address, locale) {
        let mistake = wrong.iter().find(|(field, _)| *field == name).map(|(_, text)| text.as_str());
        markup!(out, "<div class='field'><label class='field__label' for='" (name) "'>" (label)
            "</label><p class='field__error' id='" (name) "-error'>" (mistake.unwrap_or_default())
            "</p><input class='field__input' type='text' id='" (name) "' name='" (name) "' value='" (value)
            "' aria-describedby='" (name) "-error' aria-invalid='"
            (if mistake.is_some() { "true" } else { "false" }) "'></div>");
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
