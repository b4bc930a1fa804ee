//! The basket page. The server renders the same page for everyone; the basket itself is on the
//! device, and is shown once the app runs.

use contract::shop::{FindShop, Shop};
use leptos::prelude::*;

use super::{
    OrderContact, actions::UNDO, bulk_add_form::BulkAddForm, contents::Contents, link_question::LinkQuestion,
    page_state::PageState, saved_for_later::SavedForLater,
};
use crate::{
    api,
    i18n::{basket as t, use_locale},
    routes::Route,
    ui::{AppMissing, PageStart, Remote},
};

#[component]
pub(crate) fn BasketPage() -> impl IntoView {
    let locale = use_locale();
    let shop = api::resource(move || FindShop { locale });
    view! { <Remote data=shop let:shop> <BasketView shop/> </Remote> }
}

#[component]
fn BasketView(shop: Shop) -> impl IntoView {
    let locale = use_locale();
    let page = PageState::new();
    view! {
        <PageStart route=Route::Basket title=t::title(locale) summary=t::summary(locale)/>
        <div class="wrap basket">
            <div class="basket__link-question"><LinkQuestion page/></div>
            <Status page/>
            <AppMissing stopped=t::basket_stopped(locale) focus="page-heading"/>
            // Until then its style reserves space for the lines counted by boot.js.
            <div
                class="basket__content"
                data-hide-without-app=""
                data-shown=move || page.is_shown().then_some("")
            >
                <Contents page/>
            </div>
            <div class="basket__later"><SavedForLater page/></div>
            <BulkAddForm page/>
            <OrderContact contact=shop.contact/>
        </div>
    }
}

/// The last status message, with the undo button.
#[component]
fn Status(page: PageState) -> impl IntoView {
    let text = move || Some(page.status.get()).filter(|text| !text.is_empty());
    view! {
        <div class="basket__messages">
            <p class="basket__status" role="status">{move || text()}</p>
            <button
                class="button"
                type="button"
                id=UNDO
                hidden=move || page.removed.with(Option::is_none)
                on:click=move |_| page.undo()
            >
                {t::undo(page.locale)}
            </button>
        </div>
    }
}
