//! The form that searches and filters the list. It is a `GET` form: without the app its button
//! loads the results; with the app the list follows every change.

use contract::{
    shop::{Facet, FacetCounts, Search, Sort},
    term::TermCount,
};
use leptos::{html, prelude::*};

use super::{
    form_query::form_query,
    product_search::{HEADING, ProductSearch},
};
use crate::{
    a11y::navigation,
    i18n::{shop as t, use_locale},
    routes::Route,
    ui::bind_input,
};

#[component]
pub(super) fn Filters(search: ProductSearch) -> impl IntoView {
    let locale = use_locale();
    let form = NodeRef::<html::Form>::new();
    let input = NodeRef::<html::Input>::new();
    bind_input(input, search.text);
    // The controls must not be changed before choices made before the app was ready have been
    // read.
    let is_bound = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(form) = form.get() {
            let early = Search::parse(&form_query(&form));
            is_bound.set(true);
            search.ask(|wanted| *wanted = Search { page: wanted.page, ..early });
        }
    });

    let first = search.wanted.get_untracked();
    // Open if it has a chosen value, so that no active filter is hidden.
    let is_open = first.chosen.iter().any(|(facet, _)| *facet != Facet::Category);
    let sorts = Sort::ALL
        .map(|sort| {
            let label = match sort {
                Sort::Featured => t::featured(locale),
                Sort::Cheapest => t::cheapest(locale),
                Sort::Dearest => t::dearest(locale),
                Sort::Name => t::by_name(locale),
            };
            view! { <option value=sort.name() selected=sort == first.sort>{label}</option> }
        })
        .collect_view();
    // The values never change, only the number of products for each.
    let facets = search.found.with_untracked(|(_, products)| products.facets.clone());
    let (categories, others): (Vec<_>, Vec<_>) = facets
        .into_iter()
        .filter_map(|counts| {
            Some((Facet::ALL.into_iter().find(|facet| facet.name() == counts.name)?, counts))
        })
        .partition(|(facet, _)| *facet == Facet::Category);
    let choices = move |facets: Vec<(Facet, FacetCounts)>| {
        facets
            .into_iter()
            .map(|(facet, counts)| view! { <FacetChoices search facet counts is_bound/> })
            .collect_view()
    };
    view! {
        <form
            class="filters"
            role="search"
            aria-label=t::title(locale)
            method="get"
            action=Route::Shop.href(locale)
            autocomplete="off"
            node_ref=form
            on:submit=move |event| {
                event.prevent_default();
                search.ask(|_| ());
                navigation::restore_or_focus(HEADING);
            }
        >
            <div class="field">
                <label class="field__label" for="q">{t::search(locale)}</label>
                <input
                    class="field__input"
                    node_ref=input
                    id="q"
                    name="q"
                    type="search"
                    maxlength="100"
                    autocomplete="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    value=first.text
                    on:input:target=move |event| search.text.set(event.target().value())
                />
            </div>
            <div class="field">
                <label class="field__label" for="sort">{t::sort(locale)}</label>
                <select
                    class="field__input"
                    id="sort"
                    name="sort"
                    prop:value=move || is_bound.get().then(|| search.wanted.with(|wanted| wanted.sort.name()))
                    on:change:target=move |event| {
                        let sort = Sort::find(&event.target().value()).unwrap_or_default();
                        search.ask(|wanted| wanted.sort = sort);
                    }
                >
                    {sorts}
                </select>
            </div>
            {choices(categories)}
            <details class="filters__more" open=is_open>
                <summary class="filters__summary">{t::more_filters(locale)}</summary>
                <div class="filters__groups">{choices(others)}</div>
            </details>
            <button class="button button--main filters__button" type="submit">{t::show(locale)}</button>
        </form>
    }
}

/// The values of a filter, each with its number of products.
#[component]
fn FacetChoices(
    search: ProductSearch,
    facet: Facet,
    counts: FacetCounts,
    /// Whether the checkboxes follow the search.
    is_bound: RwSignal<bool>,
) -> impl IntoView {
    let choices = counts
        .values
        .into_iter()
        .map(|TermCount { value, label, .. }| {
            let colour = (facet == Facet::Colour).then(|| value.clone());
            let value = StoredValue::new(value);
            let is_chosen = move || {
                search.wanted.with(|wanted| value.with_value(|value| wanted.has(facet.name(), value)))
            };
            view! {
                <li>
                    <label class="choice" data-colour=colour>
                        <input
                            class="choice__box"
                            type="checkbox"
                            name=facet.name()
                            value=value.get_value()
                            checked=untrack(is_chosen)
                            prop:checked=move || is_bound.get().then(is_chosen)
                            on:change:target=move |event| {
                                search.choose(facet, value.get_value(), event.target().checked());
                            }
                        />
                        <span class="choice__label">{label}</span>
                        " "
                        <span class="choice__count">
                            {move || value.with_value(|value| search.count(facet, value))}
                        </span>
                    </label>
                </li>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choices" data-facet=counts.name>
            <legend class="choices__label">{counts.label}</legend>
            <ul class="choices__list" role="list">{choices}</ul>
        </fieldset>
    }
}
