//! Search over everything on the site.

use contract::{
    Locale,
    search::{SearchResults, SearchSite, SiteSearch},
};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{frame, search as t, use_locale},
    routes::{self, Route},
    ui::{
        Head, Markup, TextPage,
        listing::{page_links, term_links, with_query},
        live_search_form, markup, search_form, text_page,
    },
};

#[component]
pub(crate) fn SearchPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Search.path());
    let search = move || query.with(|query| SiteSearch::parse(query));
    text_page(api::load_again(move || SearchSite { locale, search: search() }), page)
}

fn page(results: SearchResults, locale: Locale) -> TextPage {
    let search = routes::query_at(Route::Search.path()).with_untracked(|query| SiteSearch::parse(query));
    let asked = !search.text.is_empty();
    // The heading takes the focus, so it says what was found.
    let title = if asked {
        [&t::found(locale, results.total), ": ", &search.text].concat()
    } else {
        t::title(locale).to_owned()
    };
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (title) "</h1>");
    search_form(&mut out, &Route::Search, [t::label(locale), t::hint(locale)], &search.text, locale);
    out.raw("</div>");
    if asked {
        add_results(&mut out, &search, &results, locale);
    }
    TextPage {
        head: Head { title, description: t::summary(locale).to_owned(), route: Some(Route::Search) },
        html: out.html(),
        live: live_search_form,
    }
}

fn add_results(out: &mut Markup, search: &SiteSearch, results: &SearchResults, locale: Locale) {
    out.raw("<div class='wrap results-page'>");
    if results.total > 0 || search.kind.is_some() {
        markup!(out, "<nav class='results-page__kinds' aria-label='" (t::kinds(locale)) "'>");
        let with_kind = |kind| href(&SiteSearch { kind, page: 1, ..search.clone() }, locale);
        term_links(out, t::kinds(locale), &results.kinds, search.kind.as_deref(), &with_kind, locale);
        out.raw("</nav>");
    }
    if results.results.is_empty() {
        markup!(out, "<div class='notice'><p>" (t::nothing(locale)) "</p><p>" (t::nothing_try(locale))
            " <a class='more' href='" (Route::Contacts.href(locale)) "'>" (frame::contacts(locale)) "</a></p></div></div>");
        return;
    }
    out.raw("<ol class='result-list' role='list'>");
    for result in &results.results {
        markup!(out, "<li class='result'><p class='result__kind'>" (result.kind) "</p><h2 class='result__title'><a href='"
            (result.path) "'>" (result.title) "</a></h2><p>" (result.summary) "</p></li>");
    }
    out.raw("</ol>");
    let labels = [t::previous(locale), t::next(locale)];
    let to = |page| href(&SiteSearch { page, ..search.clone() }, locale);
    page_links(out, search.page, results.pages, labels, &to, locale);
    out.raw("</div>");
}

fn href(search: &SiteSearch, locale: Locale) -> String {
    with_query(&Route::Search.href(locale), &search.query())
}
