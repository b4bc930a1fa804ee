//! The support page: a content note before any detail, contacts by region and union, and the
//! “Exit this page” button.

use contract::support::{FindSupport, Support, SupportContact};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{format, page as page_text, support as t, use_locale},
    routes::Route,
    ui::{EmailLink, ExitButton, Head, PageHead, Remote, dial_href},
};

#[component]
pub(crate) fn SupportPage() -> impl IntoView {
    let locale = use_locale();
    let support = api::resource(move || FindSupport { locale });
    view! { <Remote data=support let:support><Content support/></Remote> }
}

#[component]
fn Content(support: Support) -> impl IntoView {
    let locale = use_locale();
    let Support { reviewed_on, text, regions, unions } = support;
    let head =
        Head { title: text.title.clone(), description: text.summary.clone(), route: Some(Route::Support) };
    let reviewed = format::short_date(locale, reviewed_on);
    view! {
        <PageHead head/>
        <ExitButton/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{text.title}</h1>
            <p class="lede">{text.summary}</p>
            <div class="notice">
                <p class="notice__title">{t::before_you_read(locale)}</p>
                <p>{text.content_note}</p>
            </div>
        </div>
        <Contacts id="regions" title=t::by_region(locale) contacts=regions/>
        <Contacts id="unions" title=t::by_union(locale) contacts=unions/>
        <div class="wrap prose" inner_html=text.html></div>
        <p class="wrap reviewed">{page_text::reviewed_on(locale, &reviewed)}</p>
    }
}

#[component]
fn Contacts(id: &'static str, title: &'static str, contacts: Vec<SupportContact>) -> impl IntoView {
    let title_id = [id, "-title"].concat();
    let contacts = contacts
        .into_iter()
        .map(|SupportContact { name, role, telephone, email, hours, .. }| {
            view! {
                <li class="contact">
                    <h3 class="contact__name">{name}</h3>
                    <p class="contact__role">{role}</p>
                    <p>
                        <a class="contact__telephone" href=dial_href(&telephone)>{telephone.clone()}</a>
                    </p>
                    <p class="contact__hours">{hours}</p>
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
            <ul class="contact-list" role="list">{contacts}</ul>
        </section>
    }
}
