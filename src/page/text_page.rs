//! A page whose text comes whole from the content.

use contract::{
    Locale,
    page::{FindPage, Page},
};
use leptos::prelude::*;

use crate::{
    api,
    device::DeviceStorage,
    i18n::{format, page as t, use_locale},
    routes::Route,
    ui::{Head, Markup, PageHead, TextPage, markup, no_controls, remote, text_page},
};

/// The accessibility statement.
#[component]
pub(crate) fn AccessibilityPage() -> impl IntoView {
    text_page(load(Route::Accessibility), |page, locale| text(Route::Accessibility, page, locale))
}

/// Join a union.
#[component]
pub(crate) fn JoinPage() -> impl IntoView {
    text_page(load(Route::Join), |page, locale| text(Route::Join, page, locale))
}

/// The privacy page, with what this very device keeps.
#[component]
pub(crate) fn PrivacyPage() -> impl IntoView {
    remote(load(Route::Privacy), |page| {
        let TextPage { head, html, .. } = text(Route::Privacy, page, use_locale());
        view! {
            <PageHead head/>
            <div inner_html=html></div>
            <div class="wrap prose"><DeviceStorage/></div>
        }
    })
}

fn load(route: Route) -> api::Loading {
    let slug = route.template().trim_start_matches('/').to_owned();
    api::load(&FindPage { slug, locale: use_locale() })
}

fn text(route: Route, page: Page, locale: Locale) -> TextPage {
    let Page { reviewed_on, text, .. } = page;
    let reviewed = t::reviewed_on(locale, &format::short_date(locale, reviewed_on));
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (text.title)
        "</h1><p class='lede'>" (text.summary) "</p></div><div class='wrap prose'>");
    out.sanitised(&text.html);
    markup!(out, "</div><p class='wrap reviewed'>" (reviewed) "</p>");
    TextPage {
        head: Head { title: text.title, description: text.summary, route: Some(route) },
        html: out.html(),
        live: no_controls,
    }
}
