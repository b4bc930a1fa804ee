//! A region's contact: the office, the people by role, and the other regions.

use contract::{
    contacts::{Contact, ContactPerson, FindRegion, ListRegions, Regions},
    region::Region,
};
use leptos::prelude::*;

use super::region_choice::RegionChoice;
use crate::{
    api,
    i18n::{contacts as t, format, page as page_text, use_locale},
    routes::{self, Route},
    ui::{EmailLink, Head, PageHead, Remote, dial_href},
};

#[component]
pub(crate) fn RegionPage() -> impl IntoView {
    let locale = use_locale();
    let slug = routes::param("region");
    let region = move || {
        let region = slug.with(|slug| slug.parse::<Region>().ok());
        // For an unknown region, the API responds with an error.
        let slug = region.map_or("unknown", Region::slug).to_owned();
        FindRegion { slug, locale }
    };
    let both = api::resource_of_two(region, move || ListRegions { locale });
    view! { <Remote data=both let:both><Content contact=both.0 regions=both.1/></Remote> }
}

#[component]
fn Content(contact: Contact, regions: Regions) -> impl IntoView {
    let locale = use_locale();
    let Contact { region, reviewed_on, text, people, organisers, .. } = contact.clone();
    let head = Head {
        title: t::region_title(locale, &text.name),
        description: t::region_summary(locale, &text.covers, &text.office),
        route: Some(Route::Contact(region)),
    };
    let note = text.note.map(|note| {
        view! {
            <div class="notice">
                <p class="notice__title">{text.office}</p>
                <p>{note}</p>
            </div>
        }
    });
    let reviewed = page_text::reviewed_on(locale, &format::short_date(locale, reviewed_on));
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <p class="crumb">
                <a href=Route::Contacts.href(locale)>{t::title(locale)}</a>
            </p>
            <h1 id="page-heading" tabindex="-1">{text.name}</h1>
            <p class="lede">{text.covers}</p>
            {note}
            <Office contact/>
        </div>
        <People id="people" title=t::people(locale) people/>
        <People id="organisers" title=t::organisers(locale) people=organisers/>
        <section class="wrap section region-others" id="regions" aria-labelledby="regions-title">
            <h2 id="regions-title">{t::all_regions(locale)}</h2>
            <RegionChoice regions marked=Signal::stored(Vec::new()) current=Some(region)/>
            <p class="attribution">{t::attribution(locale)}</p>
        </section>
        <p class="wrap reviewed">{reviewed}</p>
    }
}

/// The office on a card, which is also the printed part.
#[component]
fn Office(contact: Contact) -> impl IntoView {
    let locale = use_locale();
    let Contact { region, telephone, email, text, .. } = contact;
    let card = api::server_href(&[&Route::Contact(region).href(locale), "/card.vcf"].concat());
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <section class="office" id="office" aria-labelledby="office-title">
            <div class="office__main">
                <h2 class="office__name" id="office-title">{text.office}</h2>
                <p>
                    <a class="office__telephone" href=dial_href(&telephone)>{telephone.clone()}</a>
                </p>
                <p>
                    <EmailLink email/>
                </p>
                <p class="office__hours">{text.hours}</p>
                <p class="actions">
                    <a class="button" href=card download rel="external">{t::save_card(locale)}</a>
                    // Only the office is printed.
                    <button class="button" type="button" data-needs-app="" on:click=move |_| _ = window().print()>
                        {t::print(locale)}
                    </button>
                </p>
            </div>
            <dl class="office__facts">
                <div>
                    <dt>{t::address(locale)}</dt>
                    <dd>
                        <ul role="list">{lines(text.address)}</ul>
                    </dd>
                </div>
                <div>
                    <dt>{t::languages(locale)}</dt>
                    <dd>
                        <ul role="list">{lines(text.languages)}</ul>
                    </dd>
                </div>
                <div>
                    <dt>{t::helps_with(locale)}</dt>
                    <dd>
                        <ul>{lines(text.helps_with)}</ul>
                    </dd>
                </div>
            </dl>
        </section>
    }
}

/// People by role; nothing if there are none.
#[component]
fn People(id: &'static str, title: &'static str, people: Vec<ContactPerson>) -> impl IntoView {
    let title_id = [id, "-title"].concat();
    (!people.is_empty()).then(|| {
        let people = people
            .into_iter()
            .map(|ContactPerson { role, about, telephone, email }| {
                view! {
                    <li class="contact">
                        <h3 class="contact__name">{role}</h3>
                        <p class="contact__role">{about}</p>
                        <p>
                            <a class="contact__telephone" href=dial_href(&telephone)>{telephone.clone()}</a>
                        </p>
                        <p>
                            <EmailLink email/>
                        </p>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="wrap section" id=id aria-labelledby=title_id.clone()>
                <h2 id=title_id.clone()>{title}</h2>
                <ul class="contact-list" role="list">{people}</ul>
            </section>
        }
    })
}
