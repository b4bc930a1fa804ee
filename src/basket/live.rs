//! Shows the basket with the shop's prices, and changes it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use contract::{
    Locale,
    orders::{MOST_LINES, MOST_PIECES, OrderLine, PriceBasket, PricedBasket},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use super::{
    basket_page::add_empty,
    kept::{self, List},
    lines::{self, Seen},
    pasted::{Pasted, PastedMistake, from_link},
};
use crate::{
    a11y::navigation,
    api::{self, ApiError},
    i18n::{basket as t, use_locale},
    routes::Route,
    ui::{
        Markup,
        live::{find, find_all, listen, listen_to_storage, write},
        markup,
    },
};

/// The name under which the prices are kept that were shown last: `SKU:750 …`.
const SEEN: &str = "shown-prices";

/// What the page needs to know while it stands.
#[derive(Clone)]
struct Page {
    locale: Locale,
    /// Counts what was asked: only the last answer is shown.
    asked: Rc<Cell<u32>>,
    /// What was taken out last, to be put back.
    removed: Rc<RefCell<Option<(List, OrderLine)>>>,
    /// The prices that were shown before this visit.
    seen: Rc<Seen>,
    /// Turns false when the page is left.
    stands: Rc<Cell<bool>>,
}

pub(super) fn live() {
    if find(".basket__content").is_none() {
        return;
    }
    let Some(root) = find(".basket") else { return };
    let page = Page {
        locale: use_locale(),
        asked: Rc::default(),
        removed: Rc::default(),
        seen: Rc::new(seen()),
        stands: Rc::new(Cell::new(true)),
    };
    let stands = send_wrapper::SendWrapper::new(Rc::clone(&page.stands));
    on_cleanup(move || stands.set(false));
    page.show();
    let own = page.clone();
    listen_to_storage(move |changed| {
        if kept::concerns(changed.as_deref()) {
            own.show();
        }
    });
    let own = page.clone();
    listen(&root, "change", move |event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input
            && let Some(sku) = input.get_attribute("data-sku")
        {
            own.set_pieces(&input, &sku);
        }
    });
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
    if let Some(form) = find(".many") {
        let own = page;
        listen(&form, "submit", move |event| {
            event.prevent_default();
            own.add_many();
        });
    }
}

impl Page {
    /// Asks what the basket costs, and shows it.
    fn show(&self) {
        let turn = self.asked.get() + 1;
        self.asked.set(turn);
        let [basket, later] = [List::Basket, List::Later].map(kept::read);
        let page = self.clone();
        spawn_local(async move {
            let (shown, saved) = futures::future::join(page.price(basket), page.price(later)).await;
            if page.asked.get() != turn || !page.stands.get() {
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

    /// What the shop says of these lines; none where there are none.
    async fn price(&self, lines: Vec<OrderLine>) -> Option<Result<PricedBasket, ApiError>> {
        if lines.is_empty() {
            return None;
        }
        let mut lines = lines;
        lines.truncate(MOST_LINES);
        let basket = PriceBasket { locale: self.locale, lines, postcode: String::new() };
        Some(api::send(&basket, None).await)
    }

    fn content(&self, priced: Option<Result<PricedBasket, ApiError>>) -> String {
        let locale = self.locale;
        let mut out = Markup::default();
        match priced {
            None => add_empty(&mut out, locale),
            Some(Err(_)) => {
                markup!(out, "<h2 class='basket__count'>" (t::no_prices(locale)) "</h2><p>" (t::no_prices_hint(locale))
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

    fn set_pieces(&self, input: &HtmlInputElement, sku: &str) {
        match input.value().parse().ok().filter(|pieces| (1..=MOST_PIECES).contains(pieces)) {
            Some(pieces) => self.kept(kept::set(List::Basket, sku, pieces), t::changed(self.locale)),
            None => {
                input.set_value(&kept::pieces(List::Basket, sku).to_string());
                write(".basket__status", &t::pieces_wrong(self.locale, &MOST_PIECES.to_string()));
            }
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
            "again" => self.show(),
            "undo" => {
                if let Some((list, line)) = self.removed.take() {
                    let stored = kept::change(list, &line.sku, i64::from(line.quantity));
                    self.kept(stored, t::undone(locale));
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
            let asked = page.price(linked).await;
            if let Some(Ok(priced)) = asked
                && page.stands.get()
            {
                put(".basket__ask", &lines::question(&priced, page.locale));
            }
        });
    }

    /// Adds what was pasted and what is in the file that was chosen.
    fn add_many(&self) {
        let page = self.clone();
        spawn_local(async move {
            let mut text = typed();
            let file = find("#many-file").and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
            if let Some(file) = file.and_then(|input| input.files()?.get(0))
                && let Ok(read) = JsFuture::from(file.text()).await
            {
                text = [&text, "\n", &read.as_string().unwrap_or_default()].concat();
            }
            let mut pasted = Pasted::read(&text);
            let mut known = 0;
            let mut unreachable = false;
            match page.price(pasted.lines.clone()).await {
                Some(Ok(priced)) => {
                    for line in &priced.lines {
                        if kept::change(List::Basket, &line.sku, i64::from(line.quantity)) {
                            known += 1;
                        }
                    }
                    pasted.lines.retain(|line| priced.unknown.contains(&line.sku));
                }
                Some(Err(_)) => unreachable = true,
                None => {}
            }
            if !page.stands.get() {
                return;
            }
            put(".many__report", &page.report(known, &pasted, unreachable));
            if !unreachable {
                page.keep_failed(&pasted);
            }
        });
    }

    /// What was added, and what was not and why.
    fn report(&self, added: u32, pasted: &Pasted, unreachable: bool) -> String {
        let locale = self.locale;
        let mut out = Markup::default();
        if unreachable {
            markup!(out, "<p>" (t::no_prices_hint(locale)) "</p>");
            return out.html();
        }
        if added == 0 && pasted.lines.is_empty() && pasted.failed.is_empty() {
            markup!(out, "<p>" (t::many_nothing(locale)) "</p>");
            return out.html();
        }
        markup!(out, "<p>" (t::many_added(locale, added)) "</p>");
        let failed = pasted.lines.len() + pasted.failed.len();
        if failed > 0 {
            markup!(out, "<p>" (t::many_failed(locale, u32::try_from(failed).unwrap_or(u32::MAX))) "</p><ul>");
            for (number, line, mistake) in &pasted.failed {
                let why = match mistake {
                    PastedMistake::Form => t::many_form(locale).to_owned(),
                    PastedMistake::Quantity => t::pieces_wrong(locale, &MOST_PIECES.to_string()),
                    PastedMistake::TooMany => t::many_too_many(locale, &MOST_LINES.to_string()),
                };
                markup!(out, "<li>" (t::many_line(locale, &number.to_string())) " <b>" (line) "</b>: " (why) "</li>");
            }
            for line in &pasted.lines {
                markup!(out, "<li>" (t::unknown(locale, &line.sku)) "</li>");
            }
            out.raw("</ul>");
        }
        out.html()
    }

    /// Leaves in the field what still has to be put right.
    fn keep_failed(&self, pasted: &Pasted) {
        let failed = pasted.failed.iter().map(|(_, line, _)| line.clone());
        let unknown = pasted.lines.iter().map(|line| [&*line.sku, ",", &line.quantity.to_string()].concat());
        let left: Vec<String> = failed.chain(unknown).collect();
        if let Some(area) = find("#many-list").and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) {
            area.set_value(&left.join("\n"));
        }
        if let Some(file) = find("#many-file").and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            file.set_value("");
        }
    }
}

fn typed() -> String {
    let area = find("#many-list").and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
    area.map(|area| area.value()).unwrap_or_default()
}

/// Puts HTML into an element of the page; what had the focus has it again, or what
/// was typed into it just now.
fn put(selector: &str, html: &str) {
    let Some(place) = find(selector) else { return };
    let focused = document().active_element().filter(|active| place.contains(Some(active)));
    let id = focused.map(|focused| focused.id()).unwrap_or_default();
    place.set_inner_html(html);
    if !id.is_empty()
        && let Some(again) = find_all(&place, "[id]").into_iter().find(|element| element.id() == id)
        && let Ok(again) = again.dyn_into::<HtmlElement>()
    {
        _ = again.focus();
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
