//! Adds a product to the basket: one variant, or several sizes at once.

use contract::{
    orders::MAX_QUANTITY,
    shop::{Product, Variant},
    term::Term,
};
use leptos::{ev::SubmitEvent, html, prelude::*};
use web_sys::HtmlInputElement;

use super::{
    Basket, List,
    quantity::{quantity_error, scroll_page},
    use_basket,
};
use crate::{
    a11y::navigation,
    i18n::{basket as t, use_locale},
    routes::Route,
    ui::AppMissing,
};

/// The id of the form's status message.
const STATUS: &str = "add-status";

/// A quantity input, for the variant shown or for another size.
#[derive(Clone)]
struct QuantityInput {
    size: Option<Term>,
    input: NodeRef<html::Input>,
    is_invalid: RwSignal<bool>,
}

impl QuantityInput {
    fn new(size: Option<Term>) -> Self {
        Self { size, input: NodeRef::new(), is_invalid: RwSignal::new(false) }
    }
}

/// The form on a product page. Input is kept when another variant is chosen. The form needs
/// the app, because the basket is in the browser.
#[component]
pub(crate) fn AddToBasket(
    product: StoredValue<Product>,
    /// The index of the variant that is shown.
    chosen: Memo<usize>,
) -> impl IntoView {
    let locale = use_locale();
    let basket = use_basket();
    let single = QuantityInput::new(None);
    let sizes: Vec<QuantityInput> =
        product.with_value(sizes).into_iter().map(|size| QuantityInput::new(Some(size))).collect();
    let limit = product.with_value(|product| product.cap.unwrap_or(MAX_QUANTITY));
    let status = RwSignal::new(None::<String>);
    let is_answered = RwSignal::new(false);
    let fields = (single.clone(), sizes.clone());
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let (single, sizes) = &fields;
        let Some(wanted) = wanted(single, sizes) else {
            status.set(Some(quantity_error(locale, limit)));
            return navigation::set_error_title(true, locale);
        };
        navigation::set_error_title(false, locale);
        let added = product.with_value(|product| {
            let shown = &product.variants[chosen.get_untracked()];
            let of_size = |size: Option<&Term>| match size {
                None => Some(shown),
                Some(size) => of_size(product, shown, size),
            };
            let wanted =
                wanted.iter().filter_map(|(size, quantity)| Some((of_size(size.as_ref())?, *quantity)));
            add_variants(basket, product, &wanted.collect::<Vec<_>>(), locale)
        });
        if added.is_ok() {
            clear(sizes);
        }
        status.set(Some(added.unwrap_or_else(|refused| refused)));
        is_answered.set(true);
    };
    let has_sizes = sizes.len() > 1;
    view! {
        <AppMissing stopped=t::form_stopped(locale) focus="quantity"/>
        <form class="add" autocomplete="off" novalidate on:submit=add>
            <div class="add__row">
                <label class="field__label" for="quantity">{t::quantity(locale)}</label>
                <input
                    class="field__input add__quantity"
                    node_ref=single.input
                    id="quantity"
                    type="number"
                    inputmode="numeric"
                    min="1"
                    max=limit.to_string()
                    value="1"
                    required
                    aria-describedby=move || single.is_invalid.get().then_some(STATUS)
                    aria-invalid=move || if single.is_invalid.get() { "true" } else { "false" }
                    on:wheel=scroll_page
                />
                <button class="button button--main" type="submit">{t::add(locale)}</button>
            </div>
            {has_sizes.then(|| view! { <Sizes sizes limit/> })}
            <p class="add__status" id=STATUS role="status">{move || status.get()}</p>
            <p class="add__basket" hidden=move || !is_answered.get()>
                <a class="more" href=Route::Basket.href(locale)>{t::to_basket(locale)}</a>
            </p>
        </form>
    }
}

/// A quantity for each size.
#[component]
fn Sizes(sizes: Vec<QuantityInput>, limit: u32) -> impl IntoView {
    let locale = use_locale();
    let fields = sizes
        .into_iter()
        .map(|QuantityInput { size, input, is_invalid }| {
            let (name, label) = size.map(|size| (size.value, size.label)).unwrap_or_default();
            view! {
                <label>
                    {label}
                    " "
                    <input
                        class="field__input"
                        node_ref=input
                        type="number"
                        inputmode="numeric"
                        min="0"
                        max=limit.to_string()
                        name=name
                        aria-describedby=move || is_invalid.get().then_some(STATUS)
                        aria-invalid=move || if is_invalid.get() { "true" } else { "false" }
                        on:wheel=scroll_page
                    />
                </label>
            }
        })
        .collect_view();
    view! {
        <details class="add__sizes">
            <summary>{t::several_sizes(locale)}</summary>
            <p>{t::several_sizes_hint(locale)}</p>
            <div class="add__grid">{fields}</div>
        </details>
    }
}

/// The requested quantities above zero, each with its size unless it is the variant shown.
/// None if a quantity is invalid; its field then has the focus.
fn wanted(single: &QuantityInput, sizes: &[QuantityInput]) -> Option<Vec<(Option<Term>, u32)>> {
    let input = |field: &QuantityInput| field.input.get_untracked();
    let is_typed = |input: &HtmlInputElement| !input.value().is_empty() || !input.check_validity();
    // Quantities of sizes replace the single one.
    let has_sizes = sizes.iter().filter_map(input).any(|input| is_typed(&input));
    let mut first_invalid = None;
    let mut wanted = Vec::new();
    for field in std::iter::once(single).chain(sizes) {
        let Some(input) = input(field) else { continue };
        let is_used = if field.size.is_some() { is_typed(&input) } else { !has_sizes };
        let is_invalid = is_used && !input.check_validity();
        field.is_invalid.set(is_invalid);
        if is_invalid {
            first_invalid = first_invalid.or(Some(input));
        } else if is_used && let Some(quantity) = input.value().parse().ok().filter(|quantity| *quantity > 0)
        {
            wanted.push((field.size.clone(), quantity));
        }
    }
    if let Some(input) = &first_invalid {
        _ = input.focus();
    }
    (first_invalid.is_none() && !wanted.is_empty()).then_some(wanted)
}

/// Adds variants to the basket.
///
/// # Errors
///
/// Why nothing was added.
fn add_variants(
    basket: Basket,
    product: &Product,
    wanted: &[(&Variant, u32)],
    locale: contract::Locale,
) -> Result<String, String> {
    let is_out = |variant: &Variant| variant.stock_left == Some(0);
    if wanted.iter().any(|(variant, _)| is_out(variant)) {
        let out = wanted.iter().filter(|(variant, _)| is_out(variant));
        let sizes: Vec<&str> =
            out.filter_map(|(variant, _)| variant.size.as_ref()).map(|size| &*size.label).collect();
        return Err(if sizes.is_empty() {
            t::option_out_of_stock(locale).to_owned()
        } else {
            t::sizes_out_of_stock(locale, &sizes.join(", "))
        });
    }
    let add = |(variant, quantity): &(&Variant, u32)| {
        basket.change(List::Basket, &variant.sku, i64::from(*quantity))
    };
    if wanted.iter().all(add) {
        let quantity = wanted.iter().map(|(_, quantity)| *quantity).sum();
        Ok(t::added(locale, quantity, &product.text.name))
    } else {
        Err(t::not_stored(locale).to_owned())
    }
}

/// Clears the quantities of sizes.
fn clear(sizes: &[QuantityInput]) {
    for input in sizes.iter().filter_map(|field| field.input.get_untracked()) {
        input.set_value("");
    }
}

/// The sizes of a product, in the variants' order.
fn sizes(product: &Product) -> Vec<Term> {
    let mut sizes: Vec<Term> = Vec::new();
    for size in product.variants.iter().filter_map(|variant| variant.size.as_ref()) {
        if !sizes.contains(size) {
            sizes.push(size.clone());
        }
    }
    sizes
}

/// The variant that differs from another only in size.
fn of_size<'a>(product: &'a Product, like: &Variant, size: &Term) -> Option<&'a Variant> {
    product.variants.iter().find(|variant| {
        variant.size.as_ref() == Some(size)
            && variant.colour == like.colour
            && variant.language == like.language
    })
}
