//! How to order without the basket.

use leptos::prelude::*;

use super::selected::Selected;
use crate::{
    i18n::{shop as t, use_locale},
    ui::dial_href,
};

/// Who to call or email, with the product code to quote. Beside a working basket it is small;
/// without the app, its style makes it stand out.
#[component]
pub(super) fn ContactDetails(selected: Selected) -> impl IntoView {
    let locale = use_locale();
    let shop = selected.product.with_value(|product| product.shop.clone());
    let sku = move || selected.with(|_, variant| variant.sku.clone());
    let mail_to = ["mailto:", &shop.email, "?subject="].concat();
    view! {
        <div class="notice product__contact">
            <p>{t::order_with(locale)} " " <b class="sku">{move || sku()}</b></p>
            <p class="product__contacts">
                <a class="more" href=dial_href(&shop.telephone)>{shop.telephone.clone()}</a>
                " "
                <a class="more" href=move || [mail_to.as_str(), &sku()].concat()>{shop.email}</a>
                " "
                <span>{shop.hours}</span>
            </p>
        </div>
    }
}
