//! All unions, or those that fit a name, an abbreviation or a job.

use contract::{
    Locale,
    unions::{ListUnions, UnionSummary, Unions},
};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{unions as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, dial_href, live_search_form, mail_link, markup, search_form, text_page},
};

#[component]
pub(crate) fn UnionsPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Unions.path());
    let text = move || query.with(|query| ListUnions::text_in(query));
    text_page(api::load_again(move || ListUnions { locale, text: text() }), page)
}

fn page(unions: Unions, locale: Locale) -> TextPage {
    let Unions { text, unions, telephone, email } = unions;
    // The heading takes the focus, so it says what was found.
    let count = u32::try_from(unions.len()).unwrap_or(u32::MAX);
    let title = match (text.is_empty(), count) {
        (true, _) => t::title(locale).to_owned(),
        (false, 0) => t::nothing(locale, &text),
        (false, _) => t::found(locale, count, &text),
    };
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (title) "</h1><p class='lede'>"
        (t::summary(locale)) "</p>");
    search_form(&mut out, &Route::Unions, [t::label(locale), t::hint(locale)], &text, locale);
    out.raw("</div><div class='wrap unions'><ul class='union-list' role='list'>");
    unions.iter().for_each(|union| card(&mut out, union, locale));
    out.raw("</ul>");
    if !text.is_empty() {
        markup!(out, "<p><a class='more' href='" (Route::Unions.href(locale)) "'>" (t::all(locale)) "</a></p>");
    }
    markup!(out, "<div class='notice'><p class='notice__title'>" (t::unsure(locale)) "</p><p>" (t::ask(locale))
        "</p><p><a class='contact__telephone' href='" (dial_href(&telephone)) "'>" (telephone) "</a></p><p>");
    mail_link(&mut out, &email);
    markup!(out, "</p></div><p><a class='more' href='" (Route::Join.href(locale)) "'>" (t::how_to_join(locale))
        "</a></p></div>");
    TextPage {
        head: Head { title, description: t::summary(locale).to_owned(), route: Some(Route::Unions) },
        html: out.html(),
        live: live_search_form,
    }
}

fn card(out: &mut Markup, union: &UnionSummary, locale: Locale) {
    let href = Route::Union(union.slug.clone()).href(locale);
    markup!(out, "<li class='union-card' data-accent='" (union.accent) "'><h2 class='union-card__name'><a href='"
        (href) "'>" (union.name) "</a></h2><p class='union-card__letters'>" (union.abbreviation) "</p><p>"
        (union.summary) "</p><p class='union-card__jobs'>" (union.jobs.join(" · ")) "</p></li>");
}
