//! The support page: a content note before any detail, contacts by region and
//! union, and a quick way out.

use contract::support::{FindSupport, Support, SupportContact};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{format, page, support as t, use_locale},
    routes::Route,
    ui::{Head, LeaveButton, MailLink, Notice, PageHead, dial_href, remote},
};

#[component]
pub(crate) fn SupportPage() -> impl IntoView {
    let data = api::load(&FindSupport { locale: use_locale() });
    remote(data, |support| view! { <Content support/> })
}

#[component]
fn Content(support: Support) -> impl IntoView {
    let locale = use_locale();
    let Support { reviewed_on, text, regions, unions } = support;
    let head =
        Head { title: text.title.clone(), description: text.summary.clone(), route: Some(Route::Support) };
    view! {
        <PageHead head/>
        <LeaveButton/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{text.title}</h1>
            <p class="lede">{text.summary}</p>
            <Notice title=t::before_you_read(locale)>
                <p>{text.content_note}</p>
            </Notice>
        </div>
        <ContactList id="regions" title=t::by_region(locale) contacts=regions/>
        <ContactList id="unions" title=t::by_union(locale) contacts=unions/>
        <div class="wrap prose" inner_html=text.html></div>
        <p class="wrap reviewed">{page::reviewed_on(locale, &format::short_date(locale, reviewed_on))}</p>
    }
}

#[component]
fn ContactList(id: &'static str, title: &'static str, contacts: Vec<SupportContact>) -> impl IntoView {
    let cards = contacts.into_iter().map(|contact| view! { <ContactCard contact/> }).collect_view();
    view! {
        <section class="wrap section" id=id aria-labelledby=[id, "-title"].concat()>
            <h2 id=[id, "-title"].concat()>{title}</h2>
            <ul class="contact-list" role="list">{cards}</ul>
        </section>
    }
}

#[component]
fn ContactCard(contact: SupportContact) -> impl IntoView {
    let SupportContact { name, role, telephone, email, hours, .. } = contact;
    let dial = dial_href(&telephone);
    view! {
        <li class="contact">
            <h3 class="contact__name">{name}</h3>
            <p class="contact__role">{role}</p>
            <p><a class="contact__telephone" href=dial>{telephone}</a></p>
            <p class="contact__hours">{hours}</p>
            <p><MailLink email/></p>
        </li>
    }
}
