//! The form that narrows the list down. It is a plain `GET` form: without the
//! app its button loads the page that it asks for; with the app the list
//! follows every change (`live.rs`).

use contract::{
    Locale,
    shop::{Facet, FacetCounts, Search, Sort},
};
use leptos::{ev::Event, prelude::*, wasm_bindgen::JsCast as _, web_sys::HtmlInputElement};

use super::live::{Change, Found, follow};
use crate::{
    i18n::{shop as t, use_locale},
    routes::Route,
    ui::{Markup, markup},
};

#[component]
pub(super) fn Filters(
    /// What the page shows.
    found: Found,
) -> impl IntoView {
    let locale = use_locale();
    let changed = follow(found);
    let sent = changed.clone();
    let controls =
        found.shown.with_untracked(|(search, products)| controls(search, &products.facets, locale));
    view! {
        <form
            class="filters"
            role="search"
            aria-label=t::title(locale)
            method="get"
            action=Route::Shop.href(locale)
            autocomplete="off"
            node_ref=found.form
            on:input=move |event| changed(change(&event))
            on:submit=move |event| {
                event.prevent_default();
                sent(Change::Sent);
            }
            inner_html=controls
        ></form>
    }
}

/// What an event of one of the controls means.
fn change(event: &Event) -> Change {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    match target {
        Some(input) if input.type_() == "search" => Change::Typed,
        _ => Change::Chosen,
    }
}

fn controls(search: &Search, facets: &[FacetCounts], locale: Locale) -> String {
    let mut out = Markup::default();
    markup!(out, "<div class='field'><label class='field__label' for='q'>" (t::search(locale)) "</label>\
        <input class='field__input' id='q' name='q' type='search' maxlength='100' autocomplete='off' \
        spellcheck='false' enterkeyhint='search' value='" (search.text) "'></div>\
        <div class='field'><label class='field__label' for='sort'>" (t::sort(locale)) "</label>\
        <select class='field__input' id='sort' name='sort'>");
    for sort in Sort::ALL {
        let label = match sort {
            Sort::Featured => t::featured(locale),
            Sort::Cheapest => t::cheapest(locale),
            Sort::Dearest => t::dearest(locale),
            Sort::Name => t::by_name(locale),
        };
        let chosen = if sort == search.sort { "' selected>" } else { "'>" };
        markup!(out, "<option value='"(sort.name()));
        out.raw(chosen);
        markup!(out, (label) "</option>");
    }
    out.raw("</select></div>");
    let is_category = |facet: &&FacetCounts| facet.name == Facet::Category.name();
    for facet in facets.iter().filter(is_category) {
        group(&mut out, facet, search);
    }
    // Open where something in it is chosen, so that nothing narrows unseen.
    let open = search.chosen.iter().any(|(facet, _)| *facet != Facet::Category);
    out.raw(if open { "<details class='filters__more' open>" } else { "<details class='filters__more'>" });
    markup!(out, "<summary class='filters__summary'>" (t::more_filters(locale)) "</summary><div class='filters__groups'>");
    for facet in facets.iter().filter(|facet| !is_category(facet)) {
        group(&mut out, facet, search);
    }
    markup!(out, "</div></details><button class='button button--main filters__button' type='submit'>" (t::show(locale))
        "</button>");
    out.html()
}

/// A facet's values, each with how many products it would leave.
fn group(out: &mut Markup, facet: &FacetCounts, search: &Search) {
    markup!(out, "<fieldset class='choices' data-facet='" (facet.name) "'><legend class='choices__label'>" (facet.label)
        "</legend><ul class='choices__list' role='list'>");
    for value in &facet.values {
        out.raw("<li><label class='choice'");
        if facet.name == Facet::Colour.name() {
            markup!(out, " data-colour='" (value.value) "'");
        }
        markup!(out, "><input class='choice__box' type='checkbox' name='" (facet.name) "' value='" (value.value));
        out.raw(if search.has(&facet.name, &value.value) { "' checked>" } else { "'>" });
        markup!(out, "<span class='choice__label'>" (value.label) "</span> <span class='choice__count'>"
            (value.count.to_string()) "</span></label></li>");
    }
    out.raw("</ul></fieldset>");
}
