//! An order: where it stands, what to do next, and what can still be changed. Its
//! forms are plain ones, so that it works from a mail without the app; only the server
//! makes it (`told_page.rs` is the browser's).

use contract::{
    Locale,
    orders::{Address, Delivery, FindOrder, Order, OrderState, OrderedLine, Payment},
    shop::{FindShop, Shop},
};
use leptos::prelude::*;

use crate::{
    api,
    basket::order_mistake,
    i18n::{checkout, format, order as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, error_list, markup, no_controls, text_page_of_two},
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
    markup!(out, "<div class='wrap page-start order' data-told><h1 id='page-heading' tabindex='-1'>" (title) "</h1>");
    add_refusal(&mut out, refused.as_ref(), locale);
    markup!(out, "<p class='order__state'><b>" (name) "</b> " (hint) "</p>");
    match (order.state, &order.payment) {
        (OrderState::AwaitingPayment, Payment::Transfer {}) => add_account(&mut out, &order, &shop, locale),
        (OrderState::AwaitingPayment, Payment::Card {}) => {
            let total = format::price(locale, order.price.total_pence);
            markup!(out, "<p class='actions'><a class='button button--main' rel='external' href='"
                (Route::Order(token.clone()).href(locale)) "/pay'>" (t::pay(locale, &total)) "</a></p>");
        }
        (OrderState::Quoted, _) => add_acceptance(&mut out, &order, &shop, refused.as_ref(), locale),
        _ => {}
    }
    if order.state == OrderState::AwaitingApproval {
        add_approval(&mut out, locale);
    }
    add_lines(&mut out, &order, locale);
    add_facts(&mut out, &order, &shop, locale);
    add_history(&mut out, &order, locale);
    add_acts(&mut out, &order, &token, refused.as_ref(), locale);
    add_return(&mut out, &order, &shop, refused.as_ref(), locale);
    markup!(out, "<p class='order__note'>" (t::keep_link(locale)) "</p></div>");
    TextPage {
        head: Head { title, description: t::summary(locale).to_owned(), route: None },
        html: out.html(),
        live: no_controls,
    }
}

fn add_refusal(out: &mut Markup, refused: Option<&RefusedChange>, locale: Locale) {
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

/// What is called where it stands, and what comes next.
pub fn standing(order: &Order, locale: Locale) -> (&'static str, String) {
    let total = || format::pounds(order.price.total_pence);
    let hint = match order.state {
        OrderState::Quoted => match order.valid_until {
            Some(day) => t::quoted_hint(locale, &format::short_date(locale, day)),
            None => String::new(),
        },
        OrderState::Placed => t::placed_hint(locale).to_owned(),
        OrderState::AwaitingApproval => t::awaiting_approval_hint(locale).to_owned(),
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
    (state_name(order.state, locale), hint)
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

/// What makes a quote an order, as long as it stands.
fn add_acceptance(
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

fn add_approval(out: &mut Markup, locale: Locale) {
    markup!(out, "<div class='notice order__approval'><form class='order__address' method='post' novalidate>"
        "<input type='hidden' name='act' value='approve'><div class='field'><label class='field__label' for='code'>"
        (t::approve_code(locale)) "</label><p class='field__hint' id='code-hint'>" (t::approve_code_hint(locale))
        "</p><input class='field__input' type='text' inputmode='numeric' autocomplete='one-time-code' id='code' name='code' "
        "aria-describedby='code-hint'></div><p class='actions'><button class='button button--main' type='submit'>"
        (t::approve(locale)) "</button></p></form><form method='post'><input type='hidden' name='act' value='new-code'>"
        "<p class='actions'><button class='button' type='submit'>" (t::new_code(locale))
        "</button></p></form></div>");
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
        let what = [&*line.name, &line.variant].join(" ");
        markup!(out, "<tr><th scope='row'>" (what.trim()) " <span class='order__sku'>" (line.sku) "</span>");
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
        markup!(out, "<li><b>" (state_name(step.state, locale)) "</b> " (format::short_date(locale, step.at.uk_date)) ", "
            (format::time(locale, &step.at)) " " (step.note) "</li>");
    }
    out.raw("</ol></section>");
}

fn add_acts(out: &mut Markup, order: &Order, token: &str, refused: Option<&RefusedChange>, locale: Locale) {
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
fn add_return(out: &mut Markup, order: &Order, shop: &Shop, refused: Option<&RefusedChange>, locale: Locale) {
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
