//! A region's contact: the office, the people in it by role, and the other
//! regions.

use contract::{
    contacts::{Contact, ContactPerson, ContactText, FindRegion, ListRegions, Regions},
    region::Region,
};
use leptos::prelude::*;

use super::region_choice::region_choice;
use crate::{
    api,
    i18n::{contacts as t, format, page, use_locale},
    routes::{self, Route},
    ui::{Head, MailLink, Notice, PageHead, dial_href, remote_pair},
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
    let data = api::load_both(region, &ListRegions { locale });
    remote_pair(data, |contact, regions| view! { <Content contact regions/> })
}

#[component]
fn Content(contact: Contact, regions: Regions) -> impl IntoView {
    let locale = use_locale();
    let Contact { region, reviewed_on, telephone, email, text, people, organisers } = contact;
    let title = t::region_title(locale, &text.name);
    let description = t::region_summary(locale, &text.covers, &text.office);
    let head = Head { title, description, route: Some(Route::Contact(region)) };
    let note = text.note.clone();
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <p class="crumb"><a href=Route::Contacts.href(locale)>{t::title(locale)}</a></p>
            <h1 id="page-heading" tabindex="-1">{text.name.clone()}</h1>
            <p class="lede">{text.covers.clone()}</p>
            {note.map(|note| view! { <Notice title=text.office.clone()><p>{note}</p></Notice> })}
            <OfficeCard region text telephone email/>
        </div>
        <People id="people" title=t::people(locale) people/>
        <People id="organisers" title=t::organisers(locale) people=organisers/>
        <section class="wrap section region-others" id="regions" aria-labelledby="regions-title">
            <h2 id="regions-title">{t::all_regions(locale)}</h2>
            {region_choice(locale, &regions, &[], Some(region))}
            <p class="attribution">{t::attribution(locale)}</p>
        </section>
        <p class="wrap reviewed">{page::reviewed_on(locale, &format::short_date(locale, reviewed_on))}</p>
    }
}

/// The office on a card, which is also what is printed.
#[component]
fn OfficeCard(region: Region, text: ContactText, telephone: String, email: String) -> impl IntoView {
    let locale = use_locale();
    let ContactText { office, address, hours, languages, helps_with, .. } = text;
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let card = [&Route::Contact(region).href(locale), "/card.vcf"].concat();
    let print = move |_| {
        #[cfg(target_arch = "wasm32")]
        {
            _ = window().print();
        }
    };
    view! {
        <section class="office" id="office" aria-labelledby="office-title">
            <div class="office__main">
                <h2 class="office__name" id="office-title">{office}</h2>
                <p><a class="office__telephone" href=dial_href(&telephone)>{telephone.clone()}</a></p>
                <p><MailLink email/></p>
                <p class="office__hours">{hours}</p>
                <p class="actions">
                    <a class="button" href=card download rel="external">{t::save_card(locale)}</a>
                    <button class="button" type="button" data-needs-app on:click=print>{t::print(locale)}</button>
                </p>
            </div>
            <dl class="office__facts">
                <div><dt>{t::address(locale)}</dt><dd><ul role="list">{lines(address)}</ul></dd></div>
                <div><dt>{t::languages(locale)}</dt><dd><ul role="list">{lines(languages)}</ul></dd></div>
                <div><dt>{t::helps_with(locale)}</dt><dd><ul>{lines(helps_with)}</ul></dd></div>
            </dl>
        </section>
    }
}

/// People by role; nothing where there are none.
#[component]
fn People(id: &'static str, title: &'static str, people: Vec<ContactPerson>) -> impl IntoView {
    let cards = people
        .into_iter()
        .map(|person| {
            let ContactPerson { role, about, telephone, email } = person;
            view! {
                <li class="contact">
                    <h3 class="contact__name">{role}</h3>
                    <p class="contact__role">{about}</p>
                    <p><a class="contact__telephone" href=dial_href(&telephone)>{telephone.clone()}</a></p>
                    <p><MailLink email/></p>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!cards.is_empty()).then(|| {
        view! {
            <section class="wrap section" id=id aria-labelledby=[id, "-title"].concat()>
                <h2 id=[id, "-title"].concat()>{title}</h2>
                <ul class="contact-list" role="list">{cards}</ul>
            </section>
        }
    })
}
