//! A region's contact: the office, the people in it by role, and the other
//! regions.

use contract::{
    Locale,
    contacts::{Contact, ContactPerson, FindRegion, ListRegions, Regions},
    region::Region,
};
use leptos::prelude::*;

use super::region_choice::add_region_choice;
use crate::{
    api,
    i18n::{contacts as t, format, page as page_text, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, dial_href, mail_link, markup, text_page_of_two},
};

#[component]
pub(crate) fn RegionPage() -> impl IntoView {
    let locale = use_locale();
    let slug = routes::param("region");
    let region = move || {
        let region = slug.with(|slug| slug.parse::<Region>().ok());
        // The API has no such region either, and says so.
        let slug = region.map_or("unknown", Region::slug).to_owned();
        FindRegion { slug, locale }
    };
    text_page_of_two(api::load_both(region, &ListRegions { locale }), page)
}

fn page(contact: Contact, regions: Regions, locale: Locale) -> TextPage {
    let Contact { region, reviewed_on, text, people, organisers, .. } = &contact;
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><p class='crumb'><a href='" (Route::Contacts.href(locale)) "'>"
        (t::title(locale)) "</a></p><h1 id='page-heading' tabindex='-1'>" (text.name) "</h1><p class='lede'>"
        (text.covers) "</p>");
    if let Some(note) = &text.note {
        markup!(out, "<div class='notice'><p class='notice__title'>" (text.office) "</p><p>" (note) "</p></div>");
    }
    add_office(&mut out, &contact, locale);
    out.raw("</div>");
    add_people(&mut out, "people", t::people(locale), people);
    add_people(&mut out, "organisers", t::organisers(locale), organisers);
    markup!(out, "<section class='wrap section region-others' id='regions' aria-labelledby='regions-title'>"
        "<h2 id='regions-title'>" (t::all_regions(locale)) "</h2>");
    add_region_choice(&mut out, &regions, &[], Some(*region), locale);
    markup!(out, "<p class='attribution'>" (t::attribution(locale)) "</p></section><p class='wrap reviewed'>"
        (page_text::reviewed_on(locale, &format::short_date(locale, *reviewed_on))) "</p>");
    TextPage {
        head: Head {
            title: t::region_title(locale, &text.name),
            description: t::region_summary(locale, &text.covers, &text.office),
            route: Some(Route::Contact(*region)),
        },
        html: out.html(),
        live,
    }
}

/// Prints the page, of which paper shows the office alone.
fn live() {
    #[cfg(target_arch = "wasm32")]
    if let Some(button) = crate::ui::live::find("[data-print]") {
        crate::ui::live::listen(&button, "click", |_| _ = window().print());
    }
}

/// The office on a card, which is also what is printed.
fn add_office(out: &mut Markup, contact: &Contact, locale: Locale) {
    let Contact { region, telephone, email, text, .. } = contact;
    let card = [&Route::Contact(*region).href(locale), "/card.vcf"].concat();
    markup!(out, "<section class='office' id='office' aria-labelledby='office-title'><div class='office__main'>"
        "<h2 class='office__name' id='office-title'>" (text.office) "</h2><p><a class='office__telephone' href='"
        (dial_href(telephone)) "'>" (telephone) "</a></p><p>");
    mail_link(out, email);
    markup!(out, "</p><p class='office__hours'>" (text.hours) "</p><p class='actions'><a class='button' href='" (card)
        "' download rel='external'>" (t::save_card(locale)) "</a><button class='button' type='button' data-needs-app"
        " data-print>" (t::print(locale)) "</button></p></div><dl class='office__facts'>");
    let facts = [
        (t::address(locale), &text.address),
        (t::languages(locale), &text.languages),
        (t::helps_with(locale), &text.helps_with),
    ];
    for (index, (name, lines)) in facts.into_iter().enumerate() {
        markup!(out, "<div><dt>" (name) "</dt><dd>");
        // What they help with is a list; an address is lines.
        out.raw(if index == 2 { "<ul>" } else { "<ul role='list'>" });
        for line in lines {
            markup!(out, "<li>" (line) "</li>");
        }
        out.raw("</ul></dd></div>");
    }
    out.raw("</dl></section>");
}

/// Adds people by role; nothing where there are none.
fn add_people(out: &mut Markup, id: &str, title: &str, people: &[ContactPerson]) {
    if people.is_empty() {
        return;
    }
    markup!(out, "<section class='wrap section' id='" (id) "' aria-labelledby='" (id) "-title'><h2 id='" (id)
        "-title'>" (title) "</h2><ul class='contact-list' role='list'>");
    for ContactPerson { role, about, telephone, email } in people {
        markup!(out, "<li class='contact'><h3 class='contact__name'>" (role) "</h3><p class='contact__role'>" (about)
            "</p><p><a class='contact__telephone' href='" (dial_href(telephone)) "'>" (telephone) "</a></p><p>");
        mail_link(out, email);
        out.raw("</p></li>");
    }
    out.raw("</ul></section>");
}
