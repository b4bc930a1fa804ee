//! A document in a list.

use contract::{Locale, documents::DocumentSummary};

use crate::{
    i18n::{documents as t, format},
    routes::Route,
    ui::{Markup, markup},
};

/// Adds several documents as a list.
pub(super) fn add_documents(out: &mut Markup, documents: &[DocumentSummary], locale: Locale) {
    out.raw("<ul class='document-list' role='list'>");
    for document in documents {
        let href = Route::Resource(document.slug.clone()).href(locale);
        markup!(out, "<li class='document-card'><p class='document-card__kind'><span class='tag'>"
            (document.kind.label) "</span> " (format::short_date(locale, document.published_on)) " · "
            (document.union.label) "</p><h3><a href='" (href) "'>" (document.title) "</a></h3><p>"
            (document.summary) "</p>");
        if !document.contents.is_empty() {
            markup!(out, "<p class='document-card__contents'>" (t::contents(locale)) "</p><ul>");
            for heading in &document.contents {
                markup!(out, "<li>" (heading) "</li>");
            }
            out.raw("</ul>");
        }
        out.raw("<p class='actions'>");
        add_download(out, document, "button", locale);
        markup!(out, " <a class='more' href='" (href) "'>" (t::read_here(locale)) "</a></p></li>");
    }
    out.raw("</ul>");
}

/// Adds the link to the file, with its type, size, pages and language.
pub(super) fn add_download(
    out: &mut Markup,
    document: &DocumentSummary,
    class: &'static str,
    locale: Locale,
) {
    // A file is no page of the app.
    markup!(out, "<a class='" (class) "' rel='external' type='application/pdf' href='" (document.file) "'>"
        (t::download(locale)) "</a> <span class='document-card__file'>" (file_facts(document, locale)) "</span>");
}

/// `PDF, 3 pages A4, 28 KB, English`.
fn file_facts(document: &DocumentSummary, locale: Locale) -> String {
    let kilobytes = document.bytes.div_ceil(1024).to_string();
    let pages = t::pages(locale, document.pages, &document.paper);
    t::file(locale, &kilobytes, t::language(locale), &pages)
}
