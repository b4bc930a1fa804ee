//! How to order without the basket.

use contract::shop::ShopContact;
use leptos::prelude::*;

use crate::{
    i18n::{basket as t, order, shop, use_locale},
    routes::Route,
    ui::dial_href,
};

/// Who to contact to order by phone or email, for customers without JavaScript, and the link
/// to find an order.
#[component]
pub(crate) fn OrderContact(contact: ShopContact) -> impl IntoView {
    let locale = use_locale();
    let ShopContact { telephone, email, hours } = contact;
    let mail_to = ["mailto:", &email, "?subject=", shop::title(locale)].concat();
    view! {
        <section class="notice basket__order-contact" aria-labelledby="order-contact-title">
            <h2 class="notice__title" id="order-contact-title">{t::order_contact(locale)}</h2>
            <p>{t::order_contact_hint(locale)}</p>
            <p class="basket__contacts">
                <a class="more" href=dial_href(&telephone)>{telephone.clone()}</a>
                " "
                <a class="more" href=mail_to>{email}</a>
                " "
                <span>{hours}</span>
            </p>
        </section>
        <p>
            <a class="more" href=Route::FindOrder.href(locale)>{order::find(locale)}</a>
        </p>
    }
}
