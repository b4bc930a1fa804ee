//! The choice of colour, size and language. It is a `GET` form; with the app, each choice
//! takes effect immediately, on the page and in the URL.

use contract::{
    shop::{Product, Variant},
    term::Term,
};
use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{form_query::form_query, selected::Selected, stock};
use crate::{
    a11y::navigation,
    i18n::{format, shop as t, use_locale},
    queries,
    routes::Route,
    ui::listing::with_query,
};

/// The chosen value of each axis.
type Wanted = [Option<String>; 3];

#[component]
pub(super) fn VariantForm(selected: Selected) -> impl IntoView {
    let locale = use_locale();
    let route = Route::Product(selected.product.with_value(|product| product.slug.clone()));
    let path = route.path();
    let navigate = use_navigate();
    let show = Callback::new(move |wanted: Wanted| {
        // Replaces the history entry, because each choice should not be a step back.
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&with_query(&path, &queries::wanted_query(&wanted)), options);
    });
    let form = NodeRef::<html::Form>::new();
    // The controls must not be changed before choices made before the app was ready have been
    // read.
    let is_bound = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(form) = form.get() {
            let early = queries::wanted_in(&form_query(&form));
            is_bound.set(true);
            if early != wanted(selected) {
                show.run(early);
            }
        }
    });
    Effect::new(move |before: Option<()>| {
        let text = selected.with(|_, variant| {
            [format::price(locale, variant.price_pence), stock::sentence(locale, variant.stock_left)]
                .join(". ")
        });
        if before.is_some() {
            navigation::announce(&text);
        }
    });
    let axes = [t::colour(locale), t::size(locale), t::language(locale)]
        .into_iter()
        .enumerate()
        .map(|(axis, legend)| view! { <Axis selected axis legend is_bound show/> })
        .collect_view();
    view! {
        <form class="choice-form" method="get" action=route.href(locale) autocomplete="off" node_ref=form>
            {axes}
            <button class="button" type="submit" data-without-app>{t::show_variant(locale)}</button>
        </form>
    }
}

/// The options of one axis; nothing if the product does not have it.
#[component]
fn Axis(
    selected: Selected,
    /// An index into [`Variant::AXES`].
    axis: usize,
    legend: &'static str,
    /// Whether the buttons follow the variant shown.
    is_bound: RwSignal<bool>,
    /// Shows another variant.
    show: Callback<Wanted>,
) -> impl IntoView {
    let locale = use_locale();
    let name = Variant::AXES[axis];
    let terms = selected.product.with_value(|product| terms(product, axis));
    let has_terms = !terms.is_empty();
    let choices = terms
        .into_iter()
        .map(|term| {
            let colour = (name == "colour").then(|| term.value.clone());
            let (value, label) = (term.value.clone(), term.label.clone());
            let term = StoredValue::new(term);
            let is_chosen = move || {
                selected.with(|_, variant| term.with_value(|term| variant.axes()[axis] == Some(term)))
            };
            let is_out = move || {
                selected.with(|product, shown| {
                    term.with_value(|term| is_out_of_stock(product, shown, axis, term))
                })
            };
            let choose = move |_| {
                let mut wanted = wanted(selected);
                wanted[axis] = Some(term.with_value(|term| term.value.clone()));
                show.run(wanted);
            };
            view! {
                <label class="choice" data-colour=colour>
                    <input
                        class="choice__box"
                        type="radio"
                        name=name
                        value=value
                        checked=untrack(is_chosen)
                        prop:checked=move || is_bound.get().then(is_chosen)
                        on:change=choose
                    />
                    <span class="choice__label">{label}</span>
                    " "
                    <span class="choice__count">{move || is_out().then(|| t::out_of_stock_mark(locale))}</span>
                </label>
            }
        })
        .collect_view();
    has_terms.then(|| {
        view! {
            <fieldset class="choices">
                <legend class="choices__label">{legend}</legend>
                <div class="choices__row">{choices}</div>
            </fieldset>
        }
    })
}

/// The values of the variant shown.
fn wanted(selected: Selected) -> Wanted {
    untrack(|| selected.with(|_, variant| variant.axes().map(|term| term.map(|term| term.value.clone()))))
}

/// The options of an axis, in the variants' order.
fn terms(product: &Product, axis: usize) -> Vec<Term> {
    let mut terms = Vec::new();
    for term in product.variants.iter().filter_map(|variant| variant.axes()[axis]) {
        if !terms.contains(term) {
            terms.push(term.clone());
        }
    }
    terms
}

/// Whether the variant that differs from the one shown only in this term is out of stock.
fn is_out_of_stock(product: &Product, shown: &Variant, axis: usize, term: &Term) -> bool {
    let mut axes = shown.axes();
    axes[axis] = Some(term);
    let other = product.variants.iter().find(|variant| variant.axes() == axes);
    other.is_some_and(|other| other.stock_left == Some(0))
}
