//! What stands around a list: links that narrow it down, and links to its other
//! pages. Each is an address of its own, with and without the app.

use contract::{Locale, term::TermCount};

use super::Markup;
use crate::i18n::list as t;

/// A row of links for the words of a property, the chosen one marked; the first
/// takes the choice back. Words that would leave nothing are left out.
pub(crate) fn term_links(
    out: &mut Markup,
    label: &str,
    counts: &[TermCount],
    chosen: Option<&str>,
    href: &dyn Fn(Option<String>) -> String,
    locale: Locale,
) {
    start_links(out, label);
    link(out, t::every(locale), "", &href(None), chosen.is_none());
    for TermCount { value, label, count } in counts {
        let is_chosen = chosen == Some(value);
        if *count > 0 || is_chosen {
            link(out, label, &count.to_string(), &href(Some(value.clone())), is_chosen);
        }
    }
    out.raw("</ul>");
}

/// The start of a row of links; each of them and `</ul>` follow.
pub(crate) fn start_links(out: &mut Markup, label: &str) {
    markup!(out, "<p class='chips-label'>" (label) "</p><ul class='chips' role='list'>");
}

/// A link of such a row, with the number of entries that it would leave.
pub(crate) fn link(out: &mut Markup, label: &str, count: &str, href: &str, is_chosen: bool) {
    markup!(out, "<li><a class='chip' href='"(href));
    out.raw(if is_chosen { "' aria-current='true'>" } else { "'>" });
    markup!(out, (label) " <span class='chip__count'>" (count) "</span></a></li>");
}

/// Links to the page before and the page after; nothing where there is one page.
pub(crate) fn page_links(
    out: &mut Markup,
    page: u32,
    pages: u32,
    [before, after]: [&str; 2],
    href: &dyn Fn(u32) -> String,
    locale: Locale,
) {
    if pages < 2 {
        return;
    }
    let link = |out: &mut Markup, page: u32, label: &str| {
        if (1..=pages).contains(&page) {
            markup!(out, "<a class='button' href='" (href(page)) "'>" (label) "</a>");
        }
    };
    markup!(out, "<nav class='pages' aria-label='" (t::pages(locale)) "'>");
    link(out, page - 1, before);
    markup!(out, "<p>" (t::page_of(locale, &page.to_string(), &pages.to_string())) "</p>");
    link(out, page + 1, after);
    out.raw("</nav>");
}

/// An address with a query, if there is one.
pub(crate) fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { [path, "?", query].concat() }
}
