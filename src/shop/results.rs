//! The search results: their number, the products, and the pagination links.

use contract::{
    Locale,
    shop::{Facet, ProductSummary, Products, Search},
};
use leptos::prelude::*;

use super::{
    card::Card,
    product_search::{HEADING, ProductSearch, count_text, path},
};
use crate::{
    i18n::{shop as t, use_locale},
    ui::PageLinks,
};

#[component]
pub(super) fn Results(search: ProductSearch) -> impl IntoView {
    let locale = use_locale();
    let ProductSearch { found, is_busy, has_failed, .. } = search;
    // The link that clears the search.
    let clear = move || {
        found
            .with(|(search, products)| !search.is_open() && products.total > 0)
            .then(|| view! { <SearchLink label=t::clear(locale) search=Search::default()/> })
    };
    let after = move || {
        let (search, products) = found.get();
        if products.products.is_empty() {
            return view! { <NothingFound search products/> }.into_any();
        }
        let (page, pages) = (search.page, products.pages);
        let href = move |page| href(&Search { page, ..search.clone() }, locale);
        view! { <PageLinks page pages labels=[t::previous(locale), t::next(locale)] href/> }.into_any()
    };
    view! {
        <section
            class="results"
            aria-labelledby=HEADING
            aria-busy=move || is_busy.get().then_some("true")
        >
            <h2 class="results__title" id=HEADING tabindex="-1">
                {move || count_text(locale, found.with(|(_, products)| products.total))}
            </h2>
            <div class="notice" role="alert" hidden=move || !has_failed.get()>
                <p>{t::failed(locale)}</p>
                <button class="button" type="button" on:click=move |_| search.retry()>
                    {t::retry(locale)}
                </button>
            </div>
            <div>{move || clear()}</div>
            <ul class="products" role="list">
                <For
                    each=move || found.with(|(_, products)| products.products.clone())
                    key=|product| product.slug.clone()
                    let:product
                >
                    <UpdatedCard product found/>
                </For>
            </ul>
            <div>{move || after()}</div>
        </section>
    }
}

/// A card that keeps its elements, and so the focus, when the product's stock or price changes.
#[component]
fn UpdatedCard(product: ProductSummary, found: RwSignal<(Search, Products)>) -> impl IntoView {
    // The current product or, while it is being removed, the last known one.
    let now = Memo::new(move |last: Option<&ProductSummary>| {
        let is_same = |new: &&ProductSummary| new.slug == product.slug;
        let current = found.with(|(_, products)| products.products.iter().find(is_same).cloned());
        current.or_else(|| last.cloned()).unwrap_or_else(|| product.clone())
    });
    move || view! { <Card product=now.get()/> }
}

/// Suggestions after a search without results.
#[component]
fn NothingFound(search: Search, products: Products) -> impl IntoView {
    let locale = use_locale();
    let mut suggestions: Vec<(String, Search)> = Vec::new();
    let first = Search { page: 1, ..search.clone() };
    if products.total > 0 {
        suggestions.push((t::first_page(locale).to_owned(), first));
    } else if !search.text.is_empty() && !search.chosen.is_empty() {
        let without_filters = Search { chosen: Vec::new(), ..first.clone() };
        let without_text = Search { text: String::new(), ..first };
        suggestions.push((t::without_filters(locale, &search.text), without_filters));
        suggestions.push((t::without_text(locale, &search.text), without_text));
    }
    let categories = products.facets.into_iter().find(|counts| counts.name == Facet::Category.name());
    for category in categories.into_iter().flat_map(|counts| counts.values) {
        let chosen = vec![(Facet::Category, category.value)];
        suggestions.push((category.label, Search { chosen, ..Search::default() }));
    }
    suggestions.push((t::everything(locale).to_owned(), Search::default()));
    let links = suggestions
        .into_iter()
        .map(|(label, search)| view! { <li><SearchLink label search/></li> })
        .collect_view();
    view! {
        <div class="notice">
            <p>{t::nothing(locale)}</p>
            <ul role="list">{links}</ul>
        </div>
    }
}

#[component]
fn SearchLink(#[prop(into)] label: String, search: Search) -> impl IntoView {
    view! { <a class="more" href=href(&search, use_locale())>{label}</a> }
}

fn href(search: &Search, locale: Locale) -> String {
    [locale.path_prefix(), &path(search)].concat()
}
