//! The steps of a role, as a checklist.

use contract::{
    Locale,
    take_part::{FindRole, Role},
};
use leptos::prelude::*;

use super::{checklist, take_part_page::add_roles};
use crate::{
    api,
    i18n::{take_part as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, markup, text_page},
};

#[component]
pub(crate) fn RolePage() -> impl IntoView {
    let locale = use_locale();
    // From one role to another the page stays.
    let slug = routes::param("role");
    text_page(api::load_again(move || FindRole { slug: slug.get(), locale }), page)
}

fn page(role: Role, locale: Locale) -> TextPage {
    let Role { summary, html, steps, others } = role;
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><p class='crumb'><a href='" (Route::TakePart.href(locale)) "'>"
        (t::title(locale)) "</a></p><h1 id='page-heading' tabindex='-1'>" (summary.title) "</h1><p class='lede'>"
        (summary.summary) "</p></div><div class='wrap prose'>");
    out.sanitised(&html);
    out.raw("</div>");
    checklist::add(&mut out, &summary.slug, &steps, locale);
    markup!(out, "<section class='wrap section' aria-labelledby='others-title'><h2 id='others-title'>"
        (t::others(locale)) "</h2>");
    add_roles(&mut out, &others, locale);
    out.raw("</section>");
    TextPage {
        head: Head {
            title: summary.title,
            description: summary.summary,
            route: Some(Route::Role(summary.slug)),
        },
        html: out.html(),
        live: checklist::live,
    }
}
