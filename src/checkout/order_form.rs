//! The checkout form, beside the order summary.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    delivery::Delivery,
    form_values::delivery_option_value,
    order_summary::{OrderSummary, QUOTE},
    payment::PaymentMethods,
    state::{Checkout, CheckoutContent},
    your_details::YourDetails,
};

/// The form. Its style hides fields that do not apply to the current choices. Without the app
/// it hides everything, because an order needs the basket.
#[component]
pub(super) fn OrderForm(checkout: Checkout) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        checkout.place(event.submitter().is_some_and(|button| button.id() == QUOTE));
    };
    let delivery_option = move || {
        let kind = checkout.delivery_option().map(|option| option.kind);
        kind.or_else(|| checkout.draft.delivery_option.get()).map(delivery_option_value)
    };
    view! {
        <form
            class="checkout"
            data-hide-without-app
            data-undecided=move || (checkout.shown.get() == CheckoutContent::Undecided).then_some("")
            data-delivery-option=delivery_option
            data-free=move || (checkout.total_pence() == Some(0)).then_some("")
            novalidate
            on:submit=submit
        >
            <div class="checkout__fields">
                <YourDetails checkout/>
                <Delivery checkout/>
                <PaymentMethods checkout/>
            </div>
            <OrderSummary checkout/>
        </form>
    }
}
