//! Shows the basket with the shop's prices, and changes it.

use std::{cell::RefCell, rc::Rc};

use contract::{
    Locale,
    orders::{MOST_PIECES, OrderLine, PricedBasket},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::{
    basket_page::add_empty,
    kept::{self, List},
    lines::{self, Seen},
    many,
    pasted::from_link,
    pricing::Pricing,
};
use crate::{
    a11y::navigation,
    api::ApiError,
    i18n::{basket as t, use_locale},
    routes::Route,
    ui::{
        Markup,
        live::{find, listen, put, write},
        markup,
    },
};

/// The name under which the prices are kept that were shown last: `SKU:750 …`.
const SEEN: &str = "shown-prices";

/// What the page needs to know while it stands.
#[derive(Clone)]
struct Page {
    locale: Locale,
    pricing: Pricing,
    /// What was taken out last, to be put back.
    removed: Rc<RefCell<Option<(List, OrderLine)>>>,
    /// The prices that were shown before this visit.
    seen: Rc<Seen>,
}

pub(super) fn live() {
    if find(".basket__content").is_none() {
        return;
    }
    let Some(root) = find(".basket") else { return };
    let locale = use_locale();
    let page =
        Page { locale, pricing: Pricing::begin(locale), removed: Rc::default(), seen: Rc::new(seen()) };
    page.show();
    let own = page.clone();
    page.pricing.follow(move || own.show());
    // Where a number is typed while the lines are shown anew, the field changes unheard.
    for event in ["change", "focusout"] {
        let (own, is_change) = (page.clone(), event == "change");
        listen(&root, event, move |event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            // What nobody typed may be older than what another tab did.
            let is_typed = |input: &HtmlInputElement| is_change || input.value() != input.default_value();
            if let Some(input) = input.filter(is_typed)
                && let Some(sku) = input.get_attribute("data-sku")
            {
                own.set_pieces(&input, &sku);
            }
        });
    }
    let query = location().search().unwrap_or_default();
    let linked = from_link(&query);
    let navigate = use_navigate();
    let own = page.clone();
    let from_link = linked.clone();
    listen(&root, "click", move |event| {
        let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(button) = button.and_then(|target| target.closest("[data-act]").ok().flatten()) else {
            return;
        };
        let answered = own.act(&button, &from_link);
        if answered {
            // The question is not asked again when the page is loaded once more.
            let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
            navigate(&Route::Basket.path(), options);
        }
    });
    if !linked.is_empty() {
        page.ask(linked);
    }
    many::live(&page.pricing, locale);
}

impl Page {
    /// Asks what the basket costs, and shows it.
    fn show(&self) {
        let turn = self.pricing.turn();
        let [basket, later] = [List::Basket, List::Later].map(kept::read);
        let page = self.clone();
        spawn_local(async move {
            let prices = |lines| page.pricing.of(lines, String::new());
            let (shown, saved) = futures::future::join(prices(basket), prices(later)).await;
            if !turn.is_last() {
                return;
            }
            put(".basket__content", &page.content(shown));
            if let Some(content) = find(".basket__content") {
                _ = content.set_attribute("data-shown", "");
            }
            let saved = saved.and_then(Result::ok).map(|priced| lines::later(&priced, page.locale));
            put(".basket__later", &saved.unwrap_or_default());
        });
    }

    fn content(&self, priced: Option<Result<PricedBasket, ApiError>>) -> String {
        let locale = self.locale;
        let mut out = Markup::default();
        match priced {
            None => add_empty(&mut out, locale),
            Some(Err(_)) => {
                markup!(out, "<h2 class='basket__count' id='basket-count' tabindex='-1'>" (t::no_prices(locale)) "</h2><p>" (t::no_prices_hint(locale))
                    "</p><ul>");
                for line in kept::read(List::Basket) {
                    markup!(out, "<li>" (line.quantity.to_string()) " × " (line.sku) "</li>");
                }
                markup!(out, "</ul><p class='actions'><button class='button' type='button' data-act='again'>"
                    (t::again(locale)) "</button></p>");
            }
            Some(Ok(priced)) => {
                set_seen(&priced);
                return lines::basket(&priced, &self.seen, locale);
            }
        }
        out.html()
    }

    /// Stores the number of pieces that was typed; one that cannot be ordered stays where
    /// it is, with what is wrong with it.
    fn set_pieces(&self, input: &HtmlInputElement, sku: &str) {
        let pieces = input.value().parse().ok().filter(|pieces| (1..=MOST_PIECES).contains(pieces));
        let wrong = if pieces.is_some() {
            String::new()
        } else {
            t::pieces_wrong(self.locale, &MOST_PIECES.to_string())
        };
        _ = input.set_attribute("aria-invalid", if pieces.is_some() { "false" } else { "true" });
        if let Some(place) = document().get_element_by_id(&[&input.id(), "-error"].concat()) {
            place.set_text_content(Some(&wrong));
        }
        match pieces {
            Some(pieces) if i64::from(pieces) == kept::pieces(List::Basket, sku) => {}
            Some(pieces) => self.kept(kept::set(List::Basket, sku, pieces), t::changed(self.locale)),
            None => self.say(&wrong, false),
        }
    }

    /// Does what a button says; whether it was the answer to the question.
    fn act(&self, button: &Element, linked: &[OrderLine]) -> bool {
        let locale = self.locale;
        let attribute = |name: &str| button.get_attribute(name).unwrap_or_default();
        let (sku, name) = (attribute("data-sku"), attribute("data-name"));
        let pieces = |list| u32::try_from(kept::pieces(list, &sku)).unwrap_or_default();
        let take_out = |list| {
            let line = OrderLine { sku: sku.clone(), quantity: pieces(list) };
            self.removed.replace(Some((list, line)));
            kept::remove(list, &sku);
            self.say(&t::removed(locale, if name.is_empty() { &sku } else { &name }), true);
        };
        let shift = |from, to, said: &str| {
            let stored = kept::change(to, &sku, i64::from(pieces(from)));
            if stored {
                kept::remove(from, &sku);
            }
            self.kept(stored, said);
        };
        match &*attribute("data-act") {
            "remove" => take_out(List::Basket),
            "drop" => take_out(List::Later),
            "later" => shift(List::Basket, List::Later, &t::saved_now(locale, &name)),
            "back" => shift(List::Later, List::Basket, &t::put_back_now(locale, &name)),
            "again" => {
                self.show();
                if button.closest(".basket__ask").ok().flatten().is_some() {
                    self.ask(linked.to_vec());
                }
            }
            "undo" => {
                if let Some((list, line)) = self.removed.take() {
                    let stored = kept::change(list, &line.sku, i64::from(line.quantity));
                    self.kept(stored, t::undone(locale));
                    // The button that was pressed is hidden now.
                    navigation::settle("basket-count");
                }
            }
            "accept" => {
                let add = |line: &OrderLine| kept::change(List::Basket, &line.sku, i64::from(line.quantity));
                let stored = linked.iter().all(add);
                put(".basket__ask", "");
                self.kept(stored, t::ask_done(locale));
                navigation::settle("page-heading");
                return true;
            }
            "decline" => {
                put(".basket__ask", "");
                self.say(t::ask_declined(locale), false);
                navigation::settle("page-heading");
                return true;
            }
            _ => {}
        }
        false
    }

    /// Says what was done, or that this browser keeps nothing.
    fn kept(&self, stored: bool, said: &str) {
        self.say(if stored { said } else { t::not_kept(self.locale) }, false);
    }

    /// Says something, with a button that takes it back or without.
    fn say(&self, text: &str, undo: bool) {
        write(".basket__status", text);
        if let Some(button) = find("[data-act=undo]") {
            _ = button.toggle_attribute_with_force("hidden", !undo);
            // The button that was pressed is gone with its line.
            if undo && let Some(button) = button.dyn_ref::<HtmlElement>() {
                _ = button.focus();
            }
        }
    }

    /// Asks before a link adds something.
    fn ask(&self, linked: Vec<OrderLine>) {
        let page = self.clone();
        spawn_local(async move {
            let asked = page.pricing.of(linked, String::new()).await;
            let Some(asked) = asked.filter(|_| page.pricing.stands()) else { return };
            let question = match asked {
                Ok(priced) => lines::question(&priced, page.locale),
                Err(_) => lines::no_question(page.locale),
            };
            put(".basket__ask", &question);
            // Whoever followed the link came to answer this, unless they do something else.
            let active = document().active_element();
            if active.is_none_or(|active| active.tag_name() == "BODY" || active.id() == "page-heading") {
                navigation::settle("ask-title");
            }
        });
    }
}

fn seen() -> Seen {
    let kept = kept::note(SEEN).unwrap_or_default();
    let pairs = kept.split(' ').filter_map(|pair| pair.split_once(':'));
    pairs.filter_map(|(sku, pence)| Some((sku.to_owned(), pence.parse().ok()?))).collect()
}

fn set_seen(priced: &PricedBasket) {
    let pairs = priced.lines.iter().map(|line| [&*line.sku, ":", &line.price_pence.to_string()].concat());
    kept::set_note(SEEN, Some(&pairs.collect::<Vec<_>>().join(" ")));
}
