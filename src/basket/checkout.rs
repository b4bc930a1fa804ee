//! Fills the checkout in, says what is wrong before anything is sent, and has the
//! order placed.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use contract::{
    Locale,
    orders::{
        Address, Customer, CustomerKind, Delivery, MOST_LINES, OrderLine, Payment, PlaceOrder, PlacedOrder,
        PriceBasket, PricedBasket, Speed, Way, WayKind,
    },
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, HtmlSelectElement, SubmitEvent, UrlSearchParams};

use super::{
    kept::{self, List},
    lines::{arrival, shortage},
    pending::{Answer, Pending},
    told::{FIELDS, id_of, order_mistake},
};
use crate::{
    a11y::navigation,
    api,
    i18n::{basket, checkout as t, format, use_locale},
    routes::Route,
    ui::{
        Markup, error_list,
        live::{find, listen, listen_to_storage, write},
        markup,
    },
};

/// The name under which a tab keeps what was typed.
const TYPED: &str = "checkout";
/// How long to wait before an order that was not answered is sent again.
const RETRY: Duration = Duration::from_secs(10);

/// What the page needs to know while it stands.
#[derive(Clone)]
struct Page {
    locale: Locale,
    form: HtmlFormElement,
    /// What the basket costs, as it is shown.
    priced: Rc<RefCell<Option<PricedBasket>>>,
    /// Counts what was asked: only the last answer is shown.
    asked: Rc<Cell<u32>>,
    /// An order that was sent and not answered.
    pending: Pending,
    /// Turns false when the page is left.
    stands: Rc<Cell<bool>>,
}

pub(super) fn live() {
    let Some(form) = find(".checkout").and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    let page = Page {
        locale: use_locale(),
        form: form.clone(),
        priced: Rc::default(),
        asked: Rc::default(),
        pending: Pending::read(),
        stands: Rc::new(Cell::new(true)),
    };
    let stands = send_wrapper::SendWrapper::new(Rc::clone(&page.stands));
    on_cleanup(move || stands.set(false));
    page.restore();
    page.show();
    let own = page.clone();
    listen_to_storage(move |changed| {
        if kept::concerns(changed.as_deref()) {
            own.show();
        }
    });
    let own = page.clone();
    listen(&form, "input", move |_| own.keep_typed());
    let own = page.clone();
    listen(&form, "change", move |event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if input.is_some_and(|input| input.name() == "postcode") { own.show() } else { own.sum() }
    });
    let own = page.clone();
    listen(&form, "submit", move |event| {
        event.prevent_default();
        let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        own.order(button.is_some_and(|button| button.id() == "quote"));
    });
    if let Some(place) = find(".checkout__pending") {
        let own = page.clone();
        listen(&place, "click", move |event| {
            let button = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            if button.is_some_and(|button| button.has_attribute("data-again")) {
                own.send();
            }
        });
    }
    let own = send_wrapper::SendWrapper::new(page.clone());
    let online = window_event_listener(ev::online, move |_| own.send());
    on_cleanup(move || online.remove());
    // Whoever comes back to an order without an answer gets one.
    page.send();
}

impl Page {
    /// Asks what the basket costs and when it is where it should go.
    fn show(&self) {
        let turn = self.asked.get() + 1;
        self.asked.set(turn);
        let mut lines = kept::read(List::Basket);
        lines.truncate(MOST_LINES);
        let page = self.clone();
        if lines.is_empty() {
            self.priced.take();
            return self.sum();
        }
        let asked = PriceBasket { locale: self.locale, lines, postcode: self.typed("postcode") };
        spawn_local(async move {
            let answer = api::send(&asked, None).await;
            if page.asked.get() != turn || !page.stands.get() {
                return;
            }
            match answer {
                Ok(priced) => {
                    page.priced.replace(Some(priced));
                    page.add_ways();
                    page.sum();
                }
                Err(_) => {
                    put(".checkout__lines", &["<p>", basket::no_prices_hint(page.locale), "</p>"].concat());
                }
            }
        });
    }

    /// The ways to send it, with what each costs.
    fn add_ways(&self) {
        let locale = self.locale;
        let mut chosen = self.chosen("way");
        if chosen.is_empty() {
            // Before the page was loaded again.
            chosen = self.form.get_attribute("data-way").unwrap_or_default();
        }
        let mut out = Markup::default();
        let priced = self.priced.borrow();
        let ways = priced.as_ref().map(|priced| priced.ways.as_slice()).unwrap_or_default();
        let is_known = ways.iter().any(|way| value(way.by) == chosen);
        for (index, way) in ways.iter().enumerate() {
            let name = if way.by == WayKind::Collection { t::collection(locale) } else { &way.name };
            markup!(out, "<label class='choice'><input class='choice__box' type='radio' name='way' id='way-"
                (value(way.by)) "' value='" (value(way.by)) "'");
            if value(way.by) == chosen || (!is_known && index == 0) {
                out.raw(" checked");
            }
            markup!(out, "><span class='choice__label'><b>" (name) ", " (format::price(locale, way.price_pence)) "</b> "
                (arrival(Some(way), locale)) "</span></label>");
        }
        drop(priced);
        put(".checkout__ways", &out.html());
    }

    /// What it costs as things are chosen, and what the button says.
    fn sum(&self) {
        let locale = self.locale;
        let priced = self.priced.borrow();
        let way = self.way(priced.as_ref());
        _ = self.form.set_attribute("data-way", way.as_ref().map_or("", |way| value(way.by)));
        let mut out = Markup::default();
        let Some((priced, way)) = priced.as_ref().zip(way) else {
            markup!(out, "<p>" (basket::empty(locale)) "</p><p><a class='more' href='" (Route::Shop.href(locale)) "'>"
                (basket::to_shop(locale)) "</a></p>");
            drop(priced);
            return self.finish(&out.html(), t::order(locale), true);
        };
        out.raw("<ul class='checkout__goods' role='list'>");
        for line in &priced.lines {
            let name = [&*line.name, &line.variant].join(" ");
            markup!(out, "<li><span>" (line.quantity.to_string()) " × " (name.trim()) "</span> <b>"
                (format::price(locale, line.total_pence)) "</b>");
            if let Some(shortage) = shortage(line, locale) {
                markup!(out, " <span class='tag'>" (shortage) "</span>");
            }
            out.raw("</li>");
        }
        for sku in &priced.unknown {
            markup!(out, "<li>" (basket::unknown(locale, sku)) "</li>");
        }
        markup!(out, "</ul><dl class='basket-sum__rows'><div><dt>" (t::sending(locale)) "</dt><dd>"
            (format::price(locale, way.price_pence)) "</dd></div><div class='basket-sum__total'><dt>" (t::total(locale))
            "</dt><dd>" (format::price(locale, way.total_pence)) "</dd></div><div><dt>" (t::vat(locale)) "</dt><dd>"
            (format::pounds(way.vat_pence)) "</dd></div></dl>");
        let kind = self.chosen("kind");
        let limit = self.form.get_attribute("data-approval-from").and_then(|limit| limit.parse().ok());
        if kind != "member" && limit.is_some_and(|limit: u64| way.total_pence >= limit) {
            markup!(out, "<p class='tag'>" (t::waits(locale)) "</p>");
        }
        let price = format::price(locale, way.total_pence);
        let button = match &*self.chosen("by") {
            _ if way.total_pence == 0 => t::order(locale).to_owned(),
            "card" => t::order_and_pay(locale, &price),
            _ => t::order_for(locale, &price),
        };
        _ = self.form.toggle_attribute_with_force("data-free", way.total_pence == 0);
        if let Some(quote) = find(".checkout__quote") {
            _ = quote.toggle_attribute_with_force("hidden", kind == "member" || way.total_pence == 0);
        }
        self.finish(&out.html(), &button, priced.lines.is_empty());
    }

    fn finish(&self, lines: &str, button: &str, disabled: bool) {
        put(".checkout__lines", lines);
        if let Some(submit) = find(".checkout [type=submit]") {
            submit.set_text_content(Some(button));
            _ = submit.toggle_attribute_with_force("disabled", disabled || self.pending.is_sending());
        }
    }

    /// The way that is chosen.
    fn way(&self, priced: Option<&PricedBasket>) -> Option<Way> {
        let chosen = self.chosen("way");
        let ways = &priced?.ways;
        ways.iter().find(|way| value(way.by) == chosen).or_else(|| ways.first()).cloned()
    }

    /// Places the order that the form says, or asks for a quote, unless something is
    /// wrong with it.
    fn order(&self, quote: bool) {
        if self.pending.is_there() {
            // The one before comes first: it may have been placed.
            return self.send();
        }
        let order = PlaceOrder { quote, ..self.filled() };
        let wrong: Vec<(&'static str, String)> = order
            .mistakes()
            .into_iter()
            .map(|(path, mistake)| (id_of(&path), order_mistake(self.locale, &path, mistake)))
            .collect();
        self.say_mistakes(&wrong);
        if !wrong.is_empty() {
            return;
        }
        self.pending.keep(&order);
        self.send();
    }

    /// Sends the order that has no answer yet, if there is one.
    fn send(&self) {
        let Some(sent) = self.pending.send() else { return };
        write(".checkout__status", t::on_its_way(self.locale));
        self.sum();
        let page = self.clone();
        spawn_local(async move {
            match sent.await {
                Answer::Placed(lines, placed) => page.placed(&lines, &placed),
                Answer::Refused(problem) => page.refused(&problem),
                Answer::Silence => page.wait(),
            }
        });
    }

    fn clear(&self) {
        put(".checkout__pending", "");
        write(".checkout__status", "");
    }

    /// The server has it: the basket is empty, and the order has a page, or is paid on
    /// one of the payment provider's.
    fn placed(&self, lines: &[OrderLine], placed: &PlacedOrder) {
        self.clear();
        kept::ordered(lines);
        if let Some(storage) = window().session_storage().ok().flatten() {
            _ = storage.remove_item(TYPED);
        }
        if !self.stands.get() {
            return;
        }
        let order = || Route::Order(placed.token.clone()).href(self.locale);
        _ = window().location().replace(&placed.pay_at.clone().unwrap_or_else(order));
    }

    /// The server says what is wrong.
    fn refused(&self, problem: &contract::Problem) {
        self.clear();
        let locale = self.locale;
        let wrong: Vec<(&'static str, String)> = match problem.kind.as_str() {
            "/problems/price-changed" => vec![("checkout-lines", t::price_changed(locale).to_owned())],
            "/problems/too-little-stock" => vec![("checkout-lines", t::too_little(locale).to_owned())],
            _ => problem
                .errors
                .iter()
                .map(|error| {
                    let id = id_of(&error.field);
                    let text = match id {
                        "postcode" => t::nowhere(locale).to_owned(),
                        "checkout-lines" => t::over_cap(locale).to_owned(),
                        _ => error.detail.clone(),
                    };
                    (id, text)
                })
                .collect(),
        };
        self.say_mistakes(&wrong);
        self.show();
    }

    /// No answer: it may be placed or not, and is sent again.
    fn wait(&self) {
        if !self.stands.get() {
            return;
        }
        let locale = self.locale;
        let mut out = Markup::default();
        markup!(out, "<section class='notice' aria-labelledby='pending-title'><h2 class='notice__title' id='pending-title'>"
            (t::pending(locale)) "</h2><p>" (t::pending_hint(locale)) "</p><p class='actions'>"
            "<button class='button button--main' type='button' data-again>" (t::send_again(locale))
            "</button></p></section>");
        put(".checkout__pending", &out.html());
        write(".checkout__status", t::pending(locale));
        self.sum();
        let page = send_wrapper::SendWrapper::new(self.clone());
        set_timeout(
            move || {
                if page.stands.get() {
                    page.send();
                }
            },
            RETRY,
        );
    }

    /// Says what is wrong, in a summary and beside each field.
    fn say_mistakes(&self, wrong: &[(&'static str, String)]) {
        for (_, id) in FIELDS {
            let text = wrong.iter().find(|(own, _)| *own == id).map(|(_, text)| text.as_str());
            write(&["#", id, "-error"].concat(), text.unwrap_or_default());
            if let Some(input) = find(&["#", id].concat()) {
                _ = input.set_attribute("aria-invalid", if text.is_some() { "true" } else { "false" });
            }
        }
        let mut out = Markup::default();
        if !wrong.is_empty() {
            error_list(&mut out, wrong, self.locale);
        }
        put(".checkout__mistakes", &out.html());
        if !wrong.is_empty() {
            navigation::settle("error-summary");
        }
    }

    /// The order that the form says.
    fn filled(&self) -> PlaceOrder {
        let kind = match &*self.chosen("kind") {
            "branch" => CustomerKind::Branch,
            "officer" => CustomerKind::Officer,
            _ => CustomerKind::Member,
        };
        let priced = self.priced.borrow();
        let way = self.way(priced.as_ref());
        let total = way.as_ref().map(|way| way.total_pence);
        let lines = priced.as_ref().map(|priced| priced.lines.as_slice()).unwrap_or_default();
        let line = |line: &contract::orders::PricedLine| OrderLine {
            sku: line.sku.clone(),
            quantity: line.quantity,
        };
        let address = || Address {
            recipient: self.typed("recipient"),
            line_1: self.typed("line-1"),
            line_2: self.typed("line-2"),
            town: self.typed("town"),
            postcode: self.typed("postcode"),
        };
        let region = find("#region").and_then(|select| select.dyn_into::<HtmlSelectElement>().ok());
        let region = region.and_then(|select| select.value().parse().ok());
        let delivery = match way.map(|way| way.by).zip(region) {
            Some((WayKind::Collection, region)) => Delivery::Collection { region },
            Some((WayKind::Fastest, _)) => Delivery::Post { address: address(), speed: Speed::Fastest },
            _ => Delivery::Post { address: address(), speed: Speed::Cheapest },
        };
        let payment = match &*self.chosen("by") {
            _ if total == Some(0) => Payment::Nothing {},
            "purchase-order" => Payment::PurchaseOrder { number: self.typed("number") },
            "card" => Payment::Card {},
            _ => Payment::Transfer {},
        };
        PlaceOrder {
            locale: self.locale,
            lines: lines.iter().map(line).collect(),
            customer: Customer {
                kind,
                name: self.typed("name"),
                email: self.typed("email"),
                telephone: self.typed("telephone"),
                branch: if kind == CustomerKind::Member { String::new() } else { self.typed("branch") },
            },
            membership: self.typed("membership"),
            delivery,
            payment,
            quote: false,
            total_pence: total,
        }
    }

    fn typed(&self, id: &str) -> String {
        let input = find(&["#", id].concat()).and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        input.map(|input| input.value()).unwrap_or_default()
    }

    /// The value of the chosen one of a group.
    fn chosen(&self, group: &str) -> String {
        let chosen = find(&[".checkout [name=", group, "]:checked"].concat());
        chosen.and_then(|input| input.get_attribute("value")).unwrap_or_default()
    }

    /// Keeps what is typed for as long as the tab lives.
    fn keep_typed(&self) {
        let Ok(data) = FormData::new_with_form(&self.form) else { return };
        // A number of a union's member is not kept.
        data.delete("membership");
        let Ok(pairs) = UrlSearchParams::new_with_str_sequence_sequence(&data) else { return };
        if let Some(storage) = window().session_storage().ok().flatten() {
            _ = storage.set_item(TYPED, &String::from(pairs.to_string()));
        }
    }

    /// Fills in what was typed before the page was loaded again.
    fn restore(&self) {
        let storage = window().session_storage().ok().flatten();
        let typed = storage.and_then(|storage| storage.get_item(TYPED).ok().flatten()).unwrap_or_default();
        for (name, value) in contract::pairs(&typed) {
            if name == "way" {
                _ = self.form.set_attribute("data-way", &value);
            }
            let text = find(&["#", &name].concat());
            if let Some(input) = text.as_ref().and_then(|input| input.dyn_ref::<HtmlInputElement>()) {
                // What was typed before the app ran is newer.
                if input.value().is_empty() {
                    input.set_value(&value);
                }
            } else if let Some(select) = text.and_then(|select| select.dyn_into::<HtmlSelectElement>().ok()) {
                select.set_value(&value);
            } else if let Some(radio) = find(&["#", &name, "-", &value].concat())
                && let Ok(radio) = radio.dyn_into::<HtmlInputElement>()
            {
                radio.set_checked(true);
            }
        }
    }
}

/// The value of a way in the form.
const fn value(way: WayKind) -> &'static str {
    match way {
        WayKind::Cheapest => "cheapest",
        WayKind::Fastest => "fastest",
        WayKind::Collection => "collection",
    }
}

fn put(selector: &str, html: &str) {
    if let Some(place) = find(selector) {
        place.set_inner_html(html);
    }
}
