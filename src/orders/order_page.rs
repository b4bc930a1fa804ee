//! An order: its status, what to do next, and what can still be changed. Its forms are
//! submitted by the app or, without it, by the browser.

use contract::{
    orders::{FindOrder, Order},
    shop::{FindShop, Shop},
};
use leptos::prelude::*;

use super::{
    acceptance_form::AcceptanceForm,
    address_form::AddressForm,
    approval_form::ApprovalForm,
    cancel_form::CancelForm,
    details::Details,
    documents::Documents,
    errors,
    fields::Fields,
    lines::Lines,
    order_store::OrderStore,
    payment::PaymentDue,
    refused_form::RefusedForm,
    return_form::Returns,
    status::{History, Status},
};
use crate::{
    api,
    i18n::{frame, order as t, use_locale},
    render::set_status,
    routes::{self, Route},
    ui::{ErrorSummary, Head, PageHead, Remote, limit_text},
};

#[component]
pub(crate) fn OrderPage() -> impl IntoView {
    let locale = use_locale();
    // The component is reused from one order to another.
    let token = routes::param("token");
    let refused = api::from_server::<RefusedForm>();
    if let Some(refused) = &refused {
        set_status(refused.status());
    }
    let limit = limit_text(locale);
    let refused_token = token.get_untracked();
    let both =
        api::resource_of_two(move || FindOrder { token: token.get(), locale }, move || FindShop { locale });
    let content = move |(order, shop): (Order, Shop)| {
        let token = token.get_untracked();
        let is_refused = token == refused_token;
        let refused = refused.clone().filter(|_| is_refused);
        let limit = limit.clone().filter(|_| is_refused);
        view! { <Content token order shop refused limit/> }
    };
    view! {
        <Remote data=both let:both>
            {content(both)}
        </Remote>
    }
}

#[component]
fn Content(
    token: String,
    order: Order,
    shop: Shop,
    refused: Option<RefusedForm>,
    limit: Option<String>,
) -> impl IntoView {
    let locale = use_locale();
    let title = t::title(locale, &order.reference);
    let errors = match limit {
        Some(limit) => vec![errors::of_order(limit)],
        None => refused
            .as_ref()
            .map(|refused| errors::of_form(refused, &order, &shop, locale))
            .unwrap_or_default(),
    };
    let head = Head { title: title.clone(), description: t::summary(locale).to_owned(), route: None };
    let head = if errors.is_empty() { head } else { head.with_error(locale) };
    let fields = Fields::new(&order, refused.as_ref().and_then(|refused| refused.form.as_ref()));
    let kind = refused.and_then(|refused| refused.form).map(|form| form.kind());
    let reference = order.reference.clone();
    let (before, after) = title.split_once(&*reference).unwrap_or((&title, ""));
    let (before, after) = (before.to_owned(), after.to_owned());
    let store = OrderStore::new(token, order, shop, fields, errors, kind, locale);
    let summary = move || {
        let errors = store.errors.get();
        (!errors.is_empty()).then(|| view! { <ErrorSummary errors/> })
    };
    view! {
        <PageHead head/>
        <div class="wrap page-start order">
            <h1 id="page-heading" tabindex="-1">
                {before}
                <span class="order__reference">{reference}</span>
                {after}
            </h1>
            {move || summary()}
            <div class="order__main">
                <Status store/>
                <PaymentDue store/>
                <AcceptanceForm store/>
                <ApprovalForm store/>
                <Lines store/>
                <section class="order__actions" aria-labelledby="manage-title">
                    <h2 id="manage-title">{t::manage(locale)}</h2>
                    <Documents store/>
                    <AddressForm store/>
                    <CancelForm store/>
                </section>
                <Returns store/>
            </div>
            <div class="order__aside">
                <Details store/>
                <History store/>
            </div>
            <p class="order__note">
                <RightToCancel store/>
                <a href=Route::DeliveryAndReturns.href(locale)>{frame::returns(locale)}</a>
            </p>
            <p class="order__note">{t::keep_link(locale)}</p>
        </div>
    }
}

#[component]
fn RightToCancel(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    view! {
        {move || {
            let has_right = store.order.with(Order::has_right_to_cancel);
            has_right.then(|| [t::right_to_cancel(locale), " "].concat())
        }}
    }
}
