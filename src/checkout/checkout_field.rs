//! A text field of the checkout's form.

use leptos::prelude::*;

use super::{field::Field, state::Checkout};
use crate::{i18n::use_locale, ui::TextInput};

#[component]
pub(super) fn CheckoutField(checkout: Checkout, field: Field) -> impl IntoView {
    let locale = use_locale();
    view! {
        <TextInput
            id=field.id()
            label=field.label(locale)
            hint=field.hint(locale)
            error=checkout.error(field.id())
            value=checkout.draft.text(field)
            kind=field.kind()
            autocomplete=field.autocomplete()
        />
    }
}
