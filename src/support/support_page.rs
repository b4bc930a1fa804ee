//! The support page: a content note before any detail, contacts by region and
//! union, and a quick way out.

use contract::{
    Locale,
    support::{FindSupport, Support, SupportContact},
};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{format, page as page_text, support as t, use_locale},
    routes::Route,
    ui::{Head, Markup, TextPage, dial_href, leave_button, mail_link, markup, no_controls, text_page},
};

#[component]
pub(crate) fn SupportPage() -> impl IntoView {
    text_page(api::load(&FindSupport { locale: use_locale() }), page)
}

fn page(support: Support, locale: Locale) -> TextPage {
    let Support { reviewed_on, text, regions, unions } = support;
    let mut out = Markup::default();
    leave_button(&mut out, locale);
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (text.title)
        "</h1><p class='lede'>" (text.summary) "</p><div class='notice'><p class='notice__title'>"
        (t::before_you_read(locale)) "</p><p>" (text.content_note) "</p></div></div>");
    add_contacts(&mut out, "regions", t::by_region(locale), &regions);
    add_contacts(&mut out, "unions", t::by_union(locale), &unions);
    out.raw("<div class='wrap prose'>");
    out.sanitised(&text.html);
    let reviewed = format::short_date(locale, reviewed_on);
    markup!(out, "</div><p class='wrap reviewed'>" (page_text::reviewed_on(locale, &reviewed)) "</p>");
    TextPage {
        head: Head { title: text.title, description: text.summary, route: Some(Route::Support) },
        html: out.html(),
        live: no_controls,
    }
}

fn add_contacts(out: &mut Markup, id: &str, title: &str, contacts: &[SupportContact]) {
    markup!(out, "<section class='wrap section' id='" (id) "' aria-labelledby='" (id) "-title'><h2 id='" (id)
        "-title'>" (title) "</h2><ul class='contact-list' role='list'>");
    for SupportContact { name, role, telephone, email, hours, .. } in contacts {
        markup!(out, "<li class='contact'><h3 class='contact__name'>" (name) "</h3><p class='contact__role'>" (role)
            "</p><p><a class='contact__telephone' href='" (dial_href(telephone)) "'>" (telephone)
            "</a></p><p class='contact__hours'>" (hours) "</p><p>");
        mail_link(out, email);
        out.raw("</p></li>");
    }
    out.raw("</ul></section>");
}
