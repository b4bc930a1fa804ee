//! Which variant is wanted: its colour, size and language. A plain `GET` form;
//! with the app each choice shows at once, in the page and in the address.

use contract::{
    Locale,
    shop::{Product, Variant},
    term::Term,
};
use leptos::{ev::Event, html, prelude::*, wasm_bindgen::JsCast as _, web_sys::HtmlInputElement};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::product_page::Shown;
use crate::{
    i18n::{shop as t, use_locale},
    routes::{self, Route},
    ui::{Markup, markup},
};

#[component]
pub(super) fn Choice(shown: Shown) -> impl IntoView {
    let locale = use_locale();
    let route = Route::Product(shown.product.with_value(|product| product.slug.clone()));
    let form = NodeRef::<html::Form>::new();
    let controls = untrack(|| shown.with(|product, variant| controls(product, variant, locale)));
    let navigate = use_navigate();
    let path = route.path();
    let on_input = move |event: Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
            return;
        };
        let mut wanted = wanted(shown);
        for (axis, wanted) in Variant::AXES.iter().zip(&mut wanted) {
            if *axis == input.name() {
                *wanted = Some(input.value());
            }
        }
        navigate(&to(&path, &wanted), replacing());
    };
    #[cfg(target_arch = "wasm32")]
    browser::follow(shown, form, locale);
    view! {
        <form
            class="choice-form"
            method="get"
            action=route.href(locale)
            autocomplete="off"
            node_ref=form
            on:input=on_input
            inner_html=controls
        ></form>
    }
}

/// What the chosen variant is.
fn wanted(shown: Shown) -> Wanted {
    untrack(|| shown.with(|_, variant| variant.axes().map(|term| term.map(|term| term.value.clone()))))
}

/// The address of the variant that is this.
fn to(path: &str, wanted: &Wanted) -> String {
    [path, "?", &routes::wanted_query(wanted)].concat()
}

/// Another variant is no place to go back from.
fn replacing() -> NavigateOptions {
    NavigateOptions { replace: true, scroll: false, ..Default::default() }
}

/// A group for each axis that the product has. Nothing where there is no choice.
fn controls(product: &Product, chosen: &Variant, locale: Locale) -> String {
    let mut out = Markup::default();
    if product.variants.len() < 2 {
        return String::new();
    }
    let legends = [t::colour(locale), t::size(locale), t::language(locale)];
    for (axis, legend) in legends.into_iter().enumerate() {
        let terms = terms(product, axis);
        if terms.is_empty() {
            continue;
        }
        markup!(out, "<fieldset class='choices'><legend class='choices__label'>" (legend)
            "</legend><div class='choices__row'>");
        for term in terms {
            let name = Variant::AXES[axis];
            out.raw("<label class='choice'");
            if axis == 0 {
                markup!(out, " data-colour='" (term.value) "'");
            }
            markup!(out, "><input class='choice__box' type='radio' name='" (name) "' value='" (term.value));
            out.raw(if chosen.axes()[axis] == Some(term) { "' checked>" } else { "'>" });
            markup!(out, "<span class='choice__label'>" (term.label) "</span> <span class='choice__count'>"
                (sold_out(product, chosen, axis, term, locale)) "</span></label>");
        }
        out.raw("</div></fieldset>");
    }
    markup!(out, "<button class='button' type='submit' data-without-app>" (t::show_variant(locale)) "</button>");
    out.html()
}

/// What is wanted of each axis.
type Wanted = [Option<String>; 3];

/// What there is to choose of an axis, in the variants' order.
fn terms(product: &Product, axis: usize) -> Vec<&Term> {
    let mut terms = Vec::new();
    for term in product.variants.iter().filter_map(|variant| variant.axes()[axis]) {
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

/// A mark where the variant that differs from the chosen one by this alone is
/// sold out.
fn sold_out(product: &Product, chosen: &Variant, axis: usize, term: &Term, locale: Locale) -> &'static str {
    let mut axes = chosen.axes();
    axes[axis] = Some(term);
    let other = product.variants.iter().find(|variant| variant.axes() == axes);
    if other.is_some_and(|other| other.left == Some(0)) { t::sold_out_mark(locale) } else { "" }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use contract::{Locale, shop::Variant};
    use leptos::{html, prelude::*};
    use leptos_router::hooks::use_navigate;
    use wasm_bindgen::JsCast as _;
    use web_sys::{HtmlFormElement, HtmlInputElement};

    use super::{Shown, Wanted, replacing, sold_out, terms, to, wanted};
    use crate::{a11y::navigation, i18n::format, routes::Route, shop::stock};

    /// Says what the chosen variant costs, and marks what is sold out beside it.
    pub(super) fn follow(shown: Shown, form: NodeRef<html::Form>, locale: Locale) {
        let path = Route::Product(shown.product.with_value(|product| product.slug.clone())).path();
        let navigate = use_navigate();
        Effect::new(move |before: Option<()>| {
            let (said, marks) = shown.with(|product, variant| {
                let said =
                    [format::price(locale, variant.price_pence), stock::sentence(locale, variant.left)];
                let axes =
                    (0..3).flat_map(|axis| terms(product, axis).into_iter().map(move |term| (axis, term)));
                let marks = axes.map(|(axis, term)| sold_out(product, variant, axis, term, locale));
                (said.join(". "), marks.collect::<Vec<_>>())
            });
            if before.is_none() {
                // Somebody may have chosen before the app ran.
                let chosen = form.get_untracked().map(|form| read(&form)).unwrap_or_default();
                if chosen != wanted(shown) && chosen.iter().any(Option::is_some) {
                    navigate(&to(&path, &chosen), replacing());
                }
                return;
            }
            navigation::announce(&said);
            let places = form.get_untracked().and_then(|form| form.query_selector_all(".choice__count").ok());
            for (index, mark) in (0..).zip(marks) {
                if let Some(place) = places.as_ref().and_then(|places| places.get(index)) {
                    place.set_text_content(Some(mark));
                }
            }
        });
    }

    /// What the form says.
    fn read(form: &HtmlFormElement) -> Wanted {
        Variant::AXES.map(|axis| {
            let selector = ["[name=", axis, "]:checked"].concat();
            let checked = form.query_selector(&selector).ok().flatten();
            checked.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()).map(|input| input.value())
        })
    }
}
