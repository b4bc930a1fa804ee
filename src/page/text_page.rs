//! A page whose text comes whole from the content.

use contract::page::{FindPage, Page};
use leptos::prelude::*;

use crate::{
    api,
    device::DeviceStorage,
    i18n::{format, page as t, use_locale},
    routes::Route,
    ui::{Head, PageHead, remote},
};

/// The accessibility statement.
#[component]
pub(crate) fn AccessibilityPage() -> impl IntoView {
    remote(load(Route::Accessibility), |page| view! { <Text route=Route::Accessibility page/> })
}

/// Join a union.
#[component]
pub(crate) fn JoinPage() -> impl IntoView {
    remote(load(Route::Join), |page| view! { <Text route=Route::Join page/> })
}

/// The privacy page, with what this very device keeps.
#[component]
pub(crate) fn PrivacyPage() -> impl IntoView {
    remote(load(Route::Privacy), |page| {
        view! {
            <Text route=Route::Privacy page/>
            <div class="wrap prose"><DeviceStorage/></div>
        }
    })
}

fn load(route: Route) -> api::Loading {
    let slug = route.template().trim_start_matches('/').to_owned();
    api::load(&FindPage { slug, locale: use_locale() })
}

#[component]
fn Text(route: Route, page: Page) -> impl IntoView {
    let locale = use_locale();
    let Page { reviewed_on, text, .. } = page;
    let head = Head { title: text.title.clone(), description: text.summary.clone(), route: Some(route) };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{text.title}</h1>
            <p class="lede">{text.summary}</p>
        </div>
        <div class="wrap prose" inner_html=text.html></div>
        <p class="wrap reviewed">{t::reviewed_on(locale, &format::short_date(locale, reviewed_on))}</p>
    }
}
