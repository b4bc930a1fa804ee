//! The controls of a list: filter links and pagination. Each link has its own URL, with and
//! without the app.

use contract::term::TermCount;
use leptos::prelude::*;

use crate::i18n::{list as t, use_locale};

/// A row of filter links for a property, with the chosen one marked; the first link clears the
/// choice. Terms without entries are left out.
#[component]
pub(crate) fn FilterLinks(
    #[prop(into)] label: String,
    counts: Vec<TermCount>,
    /// The chosen value.
    chosen: Option<String>,
    /// The URL with another value, or with none.
    href: impl Fn(Option<String>) -> String + Send + 'static,
) -> impl IntoView {
    let locale = use_locale();
    let links = counts
        .into_iter()
        .filter_map(|TermCount { value, label, count }| {
            let is_chosen = chosen.as_ref() == Some(&value);
            (count > 0 || is_chosen).then(|| {
                view! { <FilterLink label count=count.to_string() href=href(Some(value)) is_chosen/> }
            })
        })
        .collect_view();
    view! {
        <FilterRow label>
            <FilterLink label=t::every(locale) href=href(None) is_chosen=chosen.is_none()/>
            {links}
        </FilterRow>
    }
}

/// A labelled row of [`FilterLink`]s.
#[component]
pub(crate) fn FilterRow(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <p class="chips-label">{label}</p>
        <ul class="chips" role="list">{children()}</ul>
    }
}

/// A link in such a row.
#[component]
pub(crate) fn FilterLink(
    #[prop(into)] label: String,
    /// The number of entries for it.
    #[prop(optional, into)]
    count: String,
    href: String,
    is_chosen: bool,
) -> impl IntoView {
    view! {
        <li>
            <a class="chip" href=href aria-current=is_chosen.then_some("true")>
                {label} " " <span class="chip__count">{Some(count).filter(|count| !count.is_empty())}</span>
            </a>
        </li>
    }
}

/// Links to the previous and the next page; nothing if there is only one page.
#[component]
pub(crate) fn PageLinks(
    page: u32,
    pages: u32,
    /// The labels of the two links.
    labels: [&'static str; 2],
    href: impl Fn(u32) -> String + Send + 'static,
) -> impl IntoView {
    let locale = use_locale();
    let [before, after] = labels;
    let link = |page: u32, label: &'static str| {
        (1..=pages).contains(&page).then(|| view! { <a class="button" href=href(page)>{label}</a> })
    };
    (pages > 1).then(|| {
        view! {
            <nav class="pages" aria-label=t::pages(locale)>
                {link(page - 1, before)}
                <p>{t::page_of(locale, &page.to_string(), &pages.to_string())}</p>
                {link(page + 1, after)}
            </nav>
        }
    })
}

/// A path with a query string, if there is one.
pub(crate) fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { [path, "?", query].concat() }
}
