//! The payment method.

use leptos::prelude::*;

use super::{checkout_field::CheckoutField, field::Field, form_values::PaymentMethod, state::Checkout};
use crate::{
    i18n::{checkout as t, use_locale},
    ui::{FieldError, RadioButtons},
};

#[component]
pub(super) fn PaymentMethods(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    let takes_cards = checkout.shop.with_value(|shop| shop.card);
    let methods = [
        (PaymentMethod::Card, t::card(locale)),
        (PaymentMethod::Transfer, t::transfer(locale)),
        (PaymentMethod::PurchaseOrder, t::purchase_order(locale)),
    ];
    let methods = methods
        .into_iter()
        .filter(|(method, _)| takes_cards || *method != PaymentMethod::Card)
        .map(|(method, label)| (method, method.value(), label))
        .collect();
    view! {
        <fieldset class="checkout__part checkout__payment" aria-describedby="by-transfer-error">
            <legend>{t::payment(locale)}</legend>
            <div class="choices__list">
                <RadioButtons name="by" choices=methods chosen=checkout.draft.payment/>
            </div>
            <FieldError field="by-transfer".to_owned() error=checkout.error("by-transfer")/>
            <CheckoutField checkout field=Field::Number/>
        </fieldset>
    }
}
