//! Puts a product into the basket: one variant, or several sizes at once.

use contract::{
    Locale,
    shop::{Product, Variant},
};
use leptos::{ev::SubmitEvent, html, prelude::*, reactive::owner::Owner};

use crate::{
    i18n::{basket as t, use_locale},
    routes::Route,
    ui::{Markup, markup},
};

/// What the form shares with the code that arrives when it is used.
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only a browser adds"))]
#[derive(Clone, Copy)]
struct Adding {
    product: StoredValue<Product>,
    /// The index of the variant that is shown.
    chosen: Memo<usize>,
    form: NodeRef<html::Form>,
    /// How often it was sent.
    sent: RwSignal<u32>,
}

/// The form beside a product. What is typed stays, whatever variant is chosen; the
/// form needs the app, which keeps the basket.
#[component]
pub(crate) fn Add(
    product: StoredValue<Product>,
    /// The index of the variant that is shown.
    chosen: Memo<usize>,
) -> impl IntoView {
    let locale = use_locale();
    let adding = Adding { product, chosen, form: NodeRef::new(), sent: RwSignal::new(0) };
    let controls = product.with_value(|product| controls(product, locale));
    let wake = waking(adding);
    let on_focus = wake.clone();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        wake();
        adding.sent.update(|sent| *sent += 1);
    };
    view! {
        <form
            class="add"
            data-kept
            autocomplete="off"
            novalidate
            node_ref=adding.form
            on:focusin=move |_| on_focus()
            on:submit=on_submit
            inner_html=controls
        ></form>
    }
}

/// What fetches the code that adds, once.
fn waking(adding: Adding) -> impl Fn() + Clone {
    provide_context(adding);
    let awake = StoredValue::new(false);
    let owner = Owner::current();
    move || {
        if !awake.get_value() {
            awake.set_value(true);
            #[cfg(target_arch = "wasm32")]
            if let Some(owner) = &owner {
                owner.with(|| crate::lazy::arrive_later(super::ADD_LIVE));
            }
            #[cfg(not(target_arch = "wasm32"))]
            let _ = (&owner, super::ADD_LIVE.make);
        }
    }
}

/// Adds whenever the form is sent.
pub(super) fn live() {
    #[cfg(target_arch = "wasm32")]
    browser::live();
}

fn controls(product: &Product, locale: Locale) -> String {
    let mut out = Markup::default();
    let most = product.cap.map_or_else(|| "10000".to_owned(), |cap| cap.to_string());
    markup!(out, "<div class='add__row'><label class='field__label' for='pieces'>" (t::pieces(locale))
        "</label><input class='field__input add__pieces' id='pieces' type='number' inputmode='numeric' min='1' max='"
        (most) "' value='1' required><button class='button button--main' type='submit'>" (t::add(locale))
        "</button></div>");
    let sizes = sizes(product);
    if sizes.len() > 1 {
        markup!(out, "<details class='add__sizes'><summary>" (t::several_sizes(locale)) "</summary><p>"
            (t::several_sizes_hint(locale)) "</p><div class='add__grid'>");
        for (value, label) in sizes {
            markup!(out, "<label>" (label) " <input class='field__input' type='number' inputmode='numeric' min='0' max='"
                (most) "' name='" (value) "'></label>");
        }
        out.raw("</div></details>");
    }
    markup!(out, "<p class='add__status' role='status'></p><p class='add__basket' hidden><a class='more' href='"
        (Route::Basket.href(locale)) "'>" (t::to_basket(locale)) "</a></p>");
    out.html()
}

/// The sizes of a product, as values and names, in the variants' order.
fn sizes(product: &Product) -> Vec<(&str, &str)> {
    let mut sizes = Vec::new();
    for size in product.variants.iter().filter_map(|variant| variant.size.as_ref()) {
        if !sizes.contains(&(size.value.as_str(), size.label.as_str())) {
            sizes.push((&size.value, &size.label));
        }
    }
    sizes
}

/// The variant that differs from another by its size alone.
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only a browser adds"))]
fn of_size<'a>(product: &'a Product, like: &Variant, size: &str) -> Option<&'a Variant> {
    product.variants.iter().find(|variant| {
        variant.size.as_ref().is_some_and(|own| own.value == size)
            && variant.colour == like.colour
            && variant.language == like.language
    })
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use contract::{
        Locale,
        shop::{Product, Variant},
    };
    use leptos::prelude::*;
    use wasm_bindgen::JsCast as _;
    use web_sys::{HtmlFormElement, HtmlInputElement};

    use super::{Adding, of_size};
    use crate::{
        basket::kept::{self, List},
        i18n::{basket as t, use_locale},
        ui::live::{find, find_all, write},
    };

    pub(super) fn live() {
        let Adding { product, chosen, form, sent } = expect_context();
        let locale = use_locale();
        Effect::new(move |_| {
            if sent.get() > 0
                && let Some(form) = form.get_untracked()
            {
                product.with_value(|product| {
                    add(&form, product, &product.variants[chosen.get_untracked()], locale);
                });
            }
        });
    }

    /// Adds what the form asks for, and says so.
    fn add(form: &HtmlFormElement, product: &Product, chosen: &Variant, locale: Locale) {
        let inputs = find_all(form, "input").into_iter().filter_map(|input| input.dyn_into().ok());
        let inputs: Vec<HtmlInputElement> = inputs.collect();
        let Some((single, grid)) = inputs.split_first() else { return };
        let is_typed = |input: &&HtmlInputElement| !input.value().is_empty() || !input.check_validity();
        // Whoever fills in sizes means those, and not one of the shown one more.
        let mut used: Vec<&HtmlInputElement> = grid.iter().filter(is_typed).collect();
        if used.is_empty() {
            used.push(single);
        }
        for input in &inputs {
            let wrong = used.contains(&input) && !input.check_validity();
            _ = input.set_attribute("aria-invalid", if wrong { "true" } else { "false" });
        }
        if let Some(wrong) = used.iter().find(|input| !input.check_validity()) {
            _ = wrong.focus();
            return write(".add__status", &t::pieces_wrong(locale, &wrong.max()));
        }
        let count = |input: &HtmlInputElement| input.value().parse::<u32>().ok().filter(|count| *count > 0);
        let mut wanted: Vec<(&Variant, u32)> = Vec::new();
        for input in used {
            let variant = match &*input.name() {
                "" => Some(chosen),
                size => of_size(product, chosen, size),
            };
            wanted.extend(variant.zip(count(input)));
        }
        if wanted.is_empty() {
            return write(".add__status", &t::pieces_wrong(locale, &single.max()));
        }
        let (gone, wanted): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|(variant, _)| variant.left == Some(0));
        let said = if !gone.is_empty() {
            let names: Vec<&str> = gone
                .iter()
                .filter_map(|(variant, _)| variant.size.as_ref())
                .map(|size| &*size.label)
                .collect();
            if names.is_empty() {
                t::sold_out(locale).to_owned()
            } else {
                t::sizes_sold_out(locale, &names.join(", "))
            }
        } else if wanted
            .iter()
            .all(|(variant, pieces)| kept::change(List::Basket, &variant.sku, i64::from(*pieces)))
        {
            for input in grid {
                input.set_value("");
            }
            let pieces = wanted.iter().map(|(_, pieces)| *pieces).sum();
            t::added(locale, pieces, &product.text.name)
        } else {
            t::not_kept(locale).to_owned()
        };
        write(".add__status", &said);
        if let Some(link) = find(".add__basket") {
            _ = link.remove_attribute("hidden");
        }
    }
}
