//! A page whose text comes entirely from the content.

use contract::page::{FindPage, Page};
use leptos::prelude::*;

use crate::{
    api,
    device::DeviceStorage,
    i18n::{format, page as t, use_locale},
    routes::Route,
    ui::{Head, PageHead, Remote},
};

/// The accessibility statement.
#[component]
pub(crate) fn AccessibilityPage() -> impl IntoView {
    view! { <TextPage route=Route::Accessibility/> }
}

/// Delivery, cancellation and returns.
#[component]
pub(crate) fn DeliveryAndReturnsPage() -> impl IntoView {
    view! { <TextPage route=Route::DeliveryAndReturns/> }
}

/// Join a union.
#[component]
pub(crate) fn JoinPage() -> impl IntoView {
    view! { <TextPage route=Route::Join/> }
}

/// The privacy page, with the data stored on this device.
#[component]
pub(crate) fn PrivacyPage() -> impl IntoView {
    view! { <TextPage route=Route::Privacy/> }
}

#[component]
fn TextPage(route: Route) -> impl IntoView {
    let locale = use_locale();
    let slug = route.template().trim_start_matches('/').to_owned();
    let page = api::resource(move || FindPage { slug: slug.clone(), locale });
    view! { <Remote data=page let:page><Text page route=route.clone()/></Remote> }
}

#[component]
fn Text(page: Page, route: Route) -> impl IntoView {
    let locale = use_locale();
    let Page { reviewed_on, text, .. } = page;
    let device = (route == Route::Privacy).then(|| {
        view! {
            <div class="wrap prose">
                <DeviceStorage/>
            </div>
        }
    });
    let head = Head { title: text.title.clone(), description: text.summary.clone(), route: Some(route) };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{text.title}</h1>
            <p class="lede">{text.summary}</p>
        </div>
        <div class="wrap prose" inner_html=text.html></div>
        <p class="wrap reviewed">{t::reviewed_on(locale, &format::short_date(locale, reviewed_on))}</p>
        {device}
    }
}
