//! Fills the checkout in, says what is wrong before anything is sent, and has the
//! order placed.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use contract::{
    Locale, Problem,
    orders::{OrderLine, PlaceOrder, PlacedOrder, PricedBasket},
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlInputElement, SubmitEvent};

use super::{
    checkout_form::CheckoutForm,
    checkout_sum::{no_prices, nothing, sum, value, ways},
    kept::{self, List},
    pending::{self, Answer, Pending},
    pricing::Pricing,
    told::{id_of, order_mistake},
};
use crate::{
    i18n::{checkout as t, format, remote, use_locale},
    routes::Route,
    ui::{
        LimitReached, Markup,
        live::{find, listen, listen_to_storage, put, write},
        markup, nfc,
    },
};

/// How long to wait before an order that was not answered is sent again.
const RETRY: Duration = Duration::from_secs(10);

/// What the page needs to know while it stands.
#[derive(Clone)]
struct Page {
    locale: Locale,
    form: CheckoutForm,
    pricing: Pricing,
    /// What the basket costs, as it is shown.
    priced: Rc<RefCell<Option<PricedBasket>>>,
    /// An order that was sent and not answered.
    pending: Pending,
    /// Whether it is sent again by itself before long.
    waits: Rc<Cell<bool>>,
}

pub(super) fn live() {
    let Some(form) = CheckoutForm::find() else { return };
    let locale = use_locale();
    let page = Page {
        locale,
        form: form.clone(),
        pricing: Pricing::begin(locale),
        priced: Rc::default(),
        pending: Pending::default(),
        waits: Rc::default(),
    };
    form.restore();
    page.show();
    let own = page.clone();
    page.pricing.follow(move || own.show());
    let own = page.clone();
    listen_to_storage(move |changed| {
        if Pending::concerns(changed.as_deref()) {
            own.show();
        }
    });
    let own = page.clone();
    listen(form.element(), "input", move |_| own.form.keep_typed());
    let own = page.clone();
    listen(form.element(), "change", move |event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if input.is_some_and(|input| input.name() == "postcode") { own.show() } else { own.sum() }
    });
    let own = page.clone();
    listen(form.element(), "submit", move |event| {
        event.prevent_default();
        let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        own.order(button.is_some_and(|button| button.id() == "quote"));
    });
    if let Some(root) = find(".basket") {
        let own = page.clone();
        listen(&root, "click", move |event| {
            let Some(button) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
                return;
            };
            if button.has_attribute("data-again") {
                own.send_again();
            } else if button.has_attribute("data-prices") {
                own.show();
            }
        });
    }
    let own = send_wrapper::SendWrapper::new(page.clone());
    let online = window_event_listener(ev::online, move |_| {
        if own.priced.borrow().is_none() {
            own.show();
        }
        own.send();
    });
    on_cleanup(move || online.remove());
    // Whoever comes back to an order without an answer gets one.
    if page.pending.is_there() {
        write(".checkout__status", t::on_its_way(locale));
        page.send();
    }
}

impl Page {
    /// Asks what the basket costs and when it is where it should go.
    fn show(&self) {
        let turn = self.pricing.turn();
        let (page, postcode) = (self.clone(), self.form.typed("postcode"));
        spawn_local(async move {
            let answer = page.pricing.of(kept::read(List::Basket), postcode).await;
            if !turn.is_last() {
                return;
            }
            if !page.pending.is_there() && find("[data-again]").is_some() {
                // Another tab has had the answer.
                page.clear();
            }
            match answer {
                // Only where it goes has changed: the shop says so itself if its price does.
                Some(Err(_)) if page.is_priced() => {}
                Some(Err(_)) => {
                    page.priced.take();
                    put(".checkout__lines", &no_prices(page.locale));
                    page.name_button(t::order(page.locale), false);
                }
                Some(Ok(priced)) if !priced.lines.is_empty() => {
                    put(".checkout__ways", &ways(&priced, &page.form.chosen_way(), page.locale));
                    page.priced.replace(Some(priced));
                }
                _ => {
                    page.priced.take();
                    put(".checkout__lines", &nothing(page.locale));
                    page.name_button(t::order(page.locale), false);
                }
            }
            page.sum();
        });
    }

    /// Whether the prices that are shown are those of the basket as it is.
    fn is_priced(&self) -> bool {
        let priced = self.priced.borrow();
        let shown = priced.iter().flat_map(|priced| &priced.lines).map(|line| (&*line.sku, line.quantity));
        let basket = kept::read(List::Basket);
        priced.is_some() && shown.eq(basket.iter().map(|line| (&*line.sku, line.quantity)))
    }

    /// What it costs as things are chosen, and what the button says; nothing new while
    /// the prices are not known.
    fn sum(&self) {
        let locale = self.locale;
        let form = self.form.element();
        let priced = self.priced.borrow();
        let Some((priced, way)) = priced.as_ref().and_then(|priced| Some((priced, self.form.way(priced)?)))
        else {
            return;
        };
        _ = form.set_attribute("data-way", value(way.by));
        let kind = self.form.chosen("kind");
        let limit = form.get_attribute("data-approval-from").and_then(|limit| limit.parse().ok());
        let is_large = limit.is_some_and(|limit: u64| way.total_pence >= limit);
        let waits = match &*kind {
            "member" => None,
            _ if way.total_pence == 0 => None,
            _ => Some(if is_large { t::waits(locale) } else { t::may_wait(locale) }),
        };
        put(".checkout__lines", &sum(priced, &way, waits, locale));
        let price = format::price(locale, way.total_pence);
        let button = match &*self.form.chosen("by") {
            _ if way.total_pence == 0 => t::order(locale).to_owned(),
            "card" => t::order_and_pay(locale, &price),
            _ => t::order_for(locale, &price),
        };
        _ = form.toggle_attribute_with_force("data-free", way.total_pence == 0);
        if let Some(quote) = find(".checkout__quote") {
            _ = quote.toggle_attribute_with_force("hidden", kind == "member" || way.total_pence == 0);
        }
        self.name_button(&button, !priced.lines.is_empty());
    }

    /// Names the button that orders; it works where there is something to order.
    fn name_button(&self, name: &str, works: bool) {
        if let Some(submit) = find(".checkout [type=submit]") {
            submit.set_text_content(Some(name));
            _ = submit.toggle_attribute_with_force("disabled", !works || self.pending.is_sending());
        }
    }

    /// Places the order that the form says, or asks for a quote, unless something is
    /// wrong with it.
    fn order(&self, quote: bool) {
        if self.pending.is_there() {
            // The one before comes first: it may have been placed.
            return self.send();
        }
        let filled = self.form.filled(self.priced.borrow().as_ref(), self.locale);
        let order = PlaceOrder { quote, ..filled }.cleaned(nfc);
        let wrong: Vec<(&'static str, String)> = order
            .mistakes()
            .into_iter()
            .map(|(path, mistake)| (id_of(&path), order_mistake(self.locale, &path, mistake)))
            .collect();
        self.form.say_mistakes(&wrong, self.locale);
        if !wrong.is_empty() {
            return;
        }
        self.pending.keep(&order);
        write(".checkout__status", t::on_its_way(self.locale));
        self.send();
    }

    /// Sends the order that has no answer yet, if there is one.
    fn send(&self) {
        let Some(sent) = self.pending.send() else { return };
        self.sum();
        let page = self.clone();
        spawn_local(async move {
            match sent.await {
                Answer::Placed(lines, placed) => page.placed(&lines, &placed),
                Answer::Refused(problem, pending) => page.refused(&problem, &pending),
                Answer::TooMany(limit) => page.put_off(limit),
                Answer::Silence => page.wait(),
            }
        });
    }

    /// The same at somebody's word; another tab may have had its answer meanwhile.
    fn send_again(&self) {
        if self.pending.is_there() {
            write(".checkout__status", t::on_its_way(self.locale));
            self.send();
        } else {
            self.clear();
            self.show();
        }
    }

    /// Nothing is on its way any more.
    fn clear(&self) {
        put(".checkout__pending", "");
        write(".checkout__status", "");
    }

    /// The server has it: the basket is empty, and the order has a page, or is paid on
    /// one of the payment provider's. Whoever has gone to another page meanwhile is led
    /// there too, since nothing else says that it is placed.
    fn placed(&self, lines: &[OrderLine], placed: &PlacedOrder) {
        self.clear();
        kept::ordered(lines);
        self.form.forget_typed();
        let order = || Route::Order(placed.token.clone()).href(self.locale);
        _ = window().location().replace(&placed.pay_at.clone().unwrap_or_else(order));
    }

    /// The server says what is wrong. Whoever has gone to another page meanwhile is led
    /// back, where the same order is sent and refused again.
    fn refused(&self, problem: &Problem, pending: &str) {
        if !self.pricing.stands() {
            _ = window().location().replace(&Route::Checkout.href(self.locale));
            return;
        }
        self.pending.forget(pending);
        self.clear();
        let locale = self.locale;
        let wrong: Vec<(&'static str, String)> = match problem.kind.as_str() {
            "/problems/price-changed" => vec![("checkout-lines", t::price_changed(locale).to_owned())],
            "/problems/too-little-stock" => vec![("checkout-lines", t::too_little(locale).to_owned())],
            "/problems/too-many-requests" => {
                let wait = pending::limit(problem).wait(locale);
                vec![("email", [t::too_many_for_email(locale), " ", &wait].concat())]
            }
            "/problems/unpaid-limit" => {
                problem.errors.iter().map(|error| unpaid(&error.field, locale)).collect()
            }
            _ => problem.errors.iter().map(|error| self.told(&error.field)).collect(),
        };
        self.form.say_mistakes(&wrong, locale);
        self.show();
    }

    /// Where a mistake that only the server finds stands in the form, and what it is.
    fn told(&self, field: &str) -> (&'static str, String) {
        let locale = self.locale;
        let text = match field {
            "customer.email" => t::no_mail_address(locale),
            "delivery.address.postcode" => t::nowhere(locale),
            "payment.by" => t::way_to_pay_gone(locale),
            _ if field.starts_with("lines.") && field.ends_with(".sku") => t::withdrawn(locale),
            _ if field.starts_with("lines.") => t::over_cap(locale),
            _ => t::not_taken(locale),
        };
        (id_of(field), text.to_owned())
    }

    /// The shop takes no more from this network for a while: it is sent again when
    /// somebody says so.
    fn put_off(&self, limit: LimitReached) {
        if !self.pricing.stands() {
            return;
        }
        let locale = self.locale;
        let text = limit.text(locale);
        write(".checkout__status", &text);
        let hint = [&text, " ", t::kept_hint(locale)].concat();
        offer_to_send("limit", &hint, remote::retry(locale), locale);
        self.sum();
    }

    /// No answer: it may be placed or not, and is sent again.
    fn wait(&self) {
        if !self.pricing.stands() {
            return;
        }
        if !self.pending.is_there() {
            // Another tab has had the answer meanwhile.
            self.clear();
            return self.show();
        }
        let locale = self.locale;
        write(".checkout__status", t::pending(locale));
        // Once: whoever stands on its button stays there.
        if find("[data-again=silence]").is_none() {
            offer_to_send("silence", t::pending_hint(locale), t::send_again(locale), locale);
        }
        self.sum();
        if self.waits.replace(true) {
            return;
        }
        let page = send_wrapper::SendWrapper::new(self.clone());
        set_timeout(
            move || {
                page.waits.set(false);
                if page.pricing.stands() {
                    page.send();
                }
            },
            RETRY,
        );
    }
}

/// Says that the order is not confirmed yet and `why`, above a button that sends it.
fn offer_to_send(why: &'static str, hint: &str, button: &str, locale: Locale) {
    let mut out = Markup::default();
    markup!(out, "<section class='notice' aria-labelledby='pending-title'><h2 class='notice__title' id='pending-title'>"
        (t::pending(locale)) "</h2><p>" (hint) "</p><p class='actions'>"
        "<button class='button button--main' type='button' id='send-again' data-again='" (why) "'>" (button)
        "</button></p></section>");
    put(".checkout__pending", &out.html());
}

/// Where too much would be unpaid stands in the form, and what to do.
fn unpaid(field: &str, locale: Locale) -> (&'static str, String) {
    let id = id_of(field);
    (id, if id == "email" { t::unpaid_limit(locale) } else { t::unpaid_share(locale) }.to_owned())
}
