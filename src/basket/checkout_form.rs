//! The form of the checkout: what stands in it, and what is wrong with it.

use contract::{
    Locale,
    orders::{
        Address, Customer, CustomerKind, Delivery, OrderLine, Payment, PlaceOrder, PricedBasket, PricedLine,
        Speed, Way, WayKind,
    },
};
use leptos::prelude::window;
use wasm_bindgen::JsCast as _;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, HtmlSelectElement, UrlSearchParams};

use super::{checkout_sum::value, told::PLACES};
use crate::{
    a11y::navigation,
    ui::{
        Markup, error_list,
        live::{find, put, write},
    },
};

/// The name under which a tab keeps what was typed.
const TYPED: &str = "checkout";

/// The form.
#[derive(Clone)]
pub(super) struct CheckoutForm(HtmlFormElement);

impl CheckoutForm {
    pub(super) fn find() -> Option<Self> {
        find(".checkout")?.dyn_into().ok().map(Self)
    }

    pub(super) fn element(&self) -> &HtmlFormElement {
        &self.0
    }

    /// What is typed into the field with this id.
    pub(super) fn typed(&self, id: &str) -> String {
        let input = find(&["#", id].concat()).and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        input.map(|input| input.value()).unwrap_or_default()
    }

    /// The value of the chosen one of a group.
    pub(super) fn chosen(&self, group: &str) -> String {
        let chosen = find(&[".checkout [name=", group, "]:checked"].concat());
        chosen.and_then(|input| input.get_attribute("value")).unwrap_or_default()
    }

    /// The way of sending that is chosen, or was before the page was loaded again.
    pub(super) fn chosen_way(&self) -> String {
        let chosen = self.chosen("way");
        if chosen.is_empty() { self.0.get_attribute("data-way").unwrap_or_default() } else { chosen }
    }

    /// The way that is chosen among those that there are; the first unless one is.
    pub(super) fn way(&self, priced: &PricedBasket) -> Option<Way> {
        let chosen = self.chosen_way();
        priced.ways.iter().find(|way| value(way.by) == chosen).or_else(|| priced.ways.first()).cloned()
    }

    /// The order that the form says.
    pub(super) fn filled(&self, priced: Option<&PricedBasket>, locale: Locale) -> PlaceOrder {
        let kind = match &*self.chosen("kind") {
            "branch" => CustomerKind::Branch,
            "officer" => CustomerKind::Officer,
            _ => CustomerKind::Member,
        };
        let way = priced.and_then(|priced| self.way(priced));
        let total = way.as_ref().map(|way| way.total_pence);
        let lines = priced.map(|priced| priced.lines.as_slice()).unwrap_or_default();
        let line = |line: &PricedLine| OrderLine { sku: line.sku.clone(), quantity: line.quantity };
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
            locale,
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

    /// Says what is wrong, in a summary and beside each field.
    pub(super) fn say_mistakes(&self, wrong: &[(&'static str, String)], locale: Locale) {
        for id in PLACES {
            let text = wrong.iter().find(|(own, _)| *own == id).map(|(_, text)| text.as_str());
            write(&["#", id, "-error"].concat(), text.unwrap_or_default());
            if let Some(input) = find(&[".field__input#", id].concat()) {
                _ = input.set_attribute("aria-invalid", if text.is_some() { "true" } else { "false" });
            }
        }
        let mut out = Markup::default();
        if !wrong.is_empty() {
            error_list(&mut out, wrong, locale);
        }
        put(".checkout__mistakes", &out.html());
        if !wrong.is_empty() {
            navigation::settle("error-summary");
        }
    }

    /// Keeps what is typed for as long as the tab lives; a number of a union's member is
    /// kept with an order that has no answer alone.
    pub(super) fn keep_typed(&self) {
        let Ok(data) = FormData::new_with_form(&self.0) else { return };
        data.delete("membership");
        let Ok(pairs) = UrlSearchParams::new_with_str_sequence_sequence(&data) else { return };
        if let Some(storage) = window().session_storage().ok().flatten() {
            _ = storage.set_item(TYPED, &String::from(pairs.to_string()));
        }
    }

    /// Keeps nothing any more: it is ordered.
    pub(super) fn forget_typed(&self) {
        if let Some(storage) = window().session_storage().ok().flatten() {
            _ = storage.remove_item(TYPED);
        }
    }

    /// Fills in what was typed before the page was loaded again. What was typed or
    /// chosen before the app ran is newer.
    pub(super) fn restore(&self) {
        let storage = window().session_storage().ok().flatten();
        let typed = storage.and_then(|storage| storage.get_item(TYPED).ok().flatten()).unwrap_or_default();
        for (name, value) in contract::pairs(&typed) {
            if name == "way" {
                _ = self.0.set_attribute("data-way", &value);
            }
            let text = find(&["#", &name].concat());
            if let Some(input) = text.as_ref().and_then(|input| input.dyn_ref::<HtmlInputElement>()) {
                if input.value().is_empty() {
                    input.set_value(&value);
                }
            } else if let Some(select) = text.and_then(|select| select.dyn_into::<HtmlSelectElement>().ok()) {
                if select.selected_index() == 0 {
                    select.set_value(&value);
                }
            } else if let Some(radio) = radio(&["#", &name, "-", &value].concat())
                && radio_of(&name).is_none_or(|chosen| chosen.default_checked())
            {
                radio.set_checked(true);
            }
        }
    }
}

fn radio(selector: &str) -> Option<HtmlInputElement> {
    find(selector)?.dyn_into().ok()
}

/// The chosen one of a group.
fn radio_of(group: &str) -> Option<HtmlInputElement> {
    radio(&[".checkout [name=", group, "]:checked"].concat())
}
