//! What a search finds: how many, the products, and the way to the other pages.

use contract::{
    Locale,
    shop::{Facet, Products, Search},
};
use leptos::prelude::*;

use super::{card::cards, live::Found};
use crate::{
    i18n::{shop as t, use_locale},
    routes::Route,
    ui::{
        Markup,
        listing::{page_links, with_query},
        markup,
    },
};

/// Where the results are, for the focus when another page of them is shown.
pub(super) const HEADING: &str = "results-title";

#[component]
pub(super) fn Results(
    /// What the page shows.
    found: Found,
) -> impl IntoView {
    let locale = use_locale();
    let Found { shown, busy, failed, again, .. } = found;
    view! {
        <section class="results" aria-labelledby=HEADING aria-busy=move || busy.get().then_some("true")>
            <h2 class="results__title" id=HEADING tabindex="-1">
                {move || shown.with(|(_, products)| number(locale, products.total))}
            </h2>
            <div class="notice" role="alert" hidden=move || !failed.get()>
                <p>{t::failed(locale)}</p>
                <button class="button" type="button" on:click=move |_| again.update(|again| *again += 1)>
                    {t::retry(locale)}
                </button>
            </div>
            <div inner_html=move || shown.with(|(search, products)| above(search, products, locale))></div>
            <ul
                class="products"
                role="list"
                inner_html=move || shown.with(|(_, products)| cards(&products.products, locale))
            ></ul>
            <div inner_html=move || shown.with(|(search, products)| below(search, products, locale))></div>
        </section>
    }
}

/// How many were found.
pub(super) fn number(locale: Locale, total: u32) -> String {
    if total == 0 { t::none_found(locale).to_owned() } else { t::found(locale, total) }
}

/// The way back from a search that found something.
fn above(search: &Search, products: &Products, locale: Locale) -> String {
    let mut out = Markup::default();
    if !search.is_open() && products.total > 0 {
        link(&mut out, t::clear(locale), &Search::default(), locale);
    }
    out.html()
}

/// The way on from the list; from an empty one the way back.
fn below(search: &Search, products: &Products, locale: Locale) -> String {
    let mut out = Markup::default();
    if products.products.is_empty() {
        nothing(&mut out, search, products, locale);
    } else {
        let labels = [t::previous(locale), t::next(locale)];
        let to = |page| href(&Search { page, ..search.clone() }, locale);
        page_links(&mut out, search.page, products.pages, labels, &to, locale);
    }
    out.html()
}

/// Nothing was found: what can be left out of the search, and everything.
fn nothing(out: &mut Markup, search: &Search, products: &Products, locale: Locale) {
    markup!(out, "<div class='notice'><p>" (t::nothing(locale)) "</p><ul role='list'>");
    let mut way = |label: &str, search: &Search| {
        out.raw("<li>");
        link(out, label, search, locale);
        out.raw("</li>");
    };
    let first = Search { page: 1, ..search.clone() };
    if products.total > 0 {
        way(t::first_page(locale), &first);
    } else if !search.text.is_empty() && !search.chosen.is_empty() {
        let without_filters = Search { chosen: Vec::new(), ..first.clone() };
        way(&t::without_filters(locale, &search.text), &without_filters);
        way(&t::without_text(locale, &search.text), &Search { text: String::new(), ..first });
    }
    for value in products.facets.iter().take(1).flat_map(|category| &category.values) {
        let chosen = vec![(Facet::Category, value.value.clone())];
        way(&value.label, &Search { chosen, ..Search::default() });
    }
    way(t::everything(locale), &Search::default());
    out.raw("</ul></div>");
}

fn link(out: &mut Markup, label: &str, search: &Search, locale: Locale) {
    markup!(out, "<a class='more' href='" (href(search, locale)) "'>" (label) "</a>");
}

fn href(search: &Search, locale: Locale) -> String {
    [locale.path_prefix(), &path(search)].concat()
}

/// The address that looks for this, without the language's prefix.
pub(super) fn path(search: &Search) -> String {
    with_query(&Route::Shop.path(), &search.query())
}
