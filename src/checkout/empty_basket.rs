//! Shown instead of the form if the basket is empty.

use leptos::prelude::*;

use super::state::{Checkout, CheckoutContent};
use crate::{
    i18n::{basket as t, use_locale},
    routes::Route,
};

/// The id of the heading.
pub(super) const EMPTY_BASKET: &str = "basket-empty";

#[component]
pub(super) fn EmptyBasket(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section
            class="checkout-empty"
            data-hide-without-app
            data-undecided=move || (checkout.shown.get() == CheckoutContent::Undecided).then_some("")
            aria-labelledby=EMPTY_BASKET
        >
            <h2 class="basket__count" id=EMPTY_BASKET tabindex="-1">{t::empty(locale)}</h2>
            <p>{t::empty_hint(locale)}</p>
            <p class="actions">
                <a class="button button--main" href=Route::Shop.href(locale)>{t::to_shop(locale)}</a>
                " "
                // The form for an order list.
                <a class="more" href=[&*Route::Basket.href(locale), "#bulk-title"].concat()>{t::bulk_title(locale)}</a>
            </p>
            <p class="checkout__status" role="status">{move || checkout.status()}</p>
        </section>
    }
}
