//! The “page not found” page: for a URL unknown to the router, or content unknown to the API.

use leptos::prelude::*;

use super::{Head, PageHead};
use crate::{
    i18n::{not_found as t, use_locale},
    routes::Route,
};

/// Says that there is no such page, and where to go instead.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let locale = use_locale();
    crate::render::set_status(404);
    let title = t::title(locale);
    let head = Head { title: title.to_owned(), description: t::body(locale).to_owned(), route: None };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{title}</h1>
            <p class="lede">{t::body(locale)}</p>
            <p class="actions">
                <a class="button button--main" href=Route::Home.href(locale)>{t::back_to_home(locale)}</a>
                <a class="button" href=Route::Support.href(locale)>{t::to_support(locale)}</a>
            </p>
        </div>
    }
}
