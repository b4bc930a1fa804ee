//! The customer's details.

use leptos::prelude::*;

use super::{
    checkout_field::CheckoutField,
    field::Field,
    form_values::{KINDS, kind_value},
    state::Checkout,
};
use crate::{
    i18n::{checkout as t, use_locale},
    ui::{FieldError, RadioButtons},
};

#[component]
pub(super) fn YourDetails(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    let labels = [t::member(locale), t::for_branch(locale), t::officer(locale)];
    let kinds = KINDS.into_iter().zip(labels).map(|(kind, label)| (kind, kind_value(kind), label)).collect();
    let fields = [Field::Branch, Field::Name, Field::Email, Field::Telephone, Field::Membership];
    view! {
        <fieldset class="checkout__part">
            <legend>{t::your_details(locale)}</legend>
            <fieldset class="choices" aria-describedby="kind-member-error">
                <legend class="choices__label">{t::kind(locale)}</legend>
                <div class="choices__row">
                    <RadioButtons name="kind" choices=kinds chosen=checkout.draft.kind/>
                </div>
                <FieldError field="kind-member".to_owned() error=checkout.error("kind-member")/>
            </fieldset>
            {fields.map(|field| view! { <CheckoutField checkout field/> })}
        </fieldset>
    }
}
