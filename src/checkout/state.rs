//! The state of the checkout, from input to a placed order.

use contract::{
    Locale, Problem,
    orders::{DeliveryOption, OrderLine, PlaceOrder, PlacedOrder},
    shop::Shop,
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use super::{
    draft::Draft,
    field::Field,
    pending_order::PendingOrder,
    prices::{Prices, PricesState},
    response::{Failure, Response},
    retry_delay::retry_delay,
    server_errors::server_errors,
};
use crate::{
    a11y::navigation,
    api,
    basket::{Basket, List, use_basket},
    i18n::{
        checkout as t,
        order_errors::{field_id, order_error},
    },
    routes::Route,
    ui::{FormError, error_text, focus_summary, nfc, retry_when_online},
};

/// What the page shows below its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckoutContent {
    /// Before the app runs it is unknown whether the basket is empty, so both the form and the
    /// message are rendered. The style shows one of them by the count in `boot.js`.
    Undecided,
    Form,
    EmptyBasket,
}

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct Checkout {
    locale: Locale,
    pub(super) shop: StoredValue<Shop>,
    basket: Basket,
    pub(super) draft: Draft,
    pub(super) prices: Prices,
    pub(super) pending: PendingOrder,
    pub(super) shown: Memo<CheckoutContent>,
    pub(super) errors: RwSignal<Vec<FormError>>,
    /// The status of the order; shown while there is one.
    status: RwSignal<String>,
    /// Whether the last order was discarded.
    was_discarded: RwSignal<bool>,
    retry: StoredValue<Option<TimeoutHandle>>,
}

impl Checkout {
    /// The state for as long as the calling component lives. Create it before the form: the
    /// fields read what was typed before the app was ready, which takes precedence over the
    /// draft.
    pub(super) fn new(shop: Shop, locale: Locale) -> Self {
        let basket = use_basket();
        let draft = Draft::new(&shop);
        let pending = PendingOrder::follow();
        let prices = Prices::follow(basket, draft.text(Field::Postcode), locale);
        let shown = Memo::new(move |_| {
            if !prices.has_started.get() {
                return CheckoutContent::Undecided;
            }
            let has_known_product = prices.state.with(|state| match state {
                PricesState::Loaded(priced) => !priced.lines.is_empty(),
                _ => true,
            });
            let is_empty = basket.lines(List::Basket).is_empty() || !has_known_product;
            if is_empty { CheckoutContent::EmptyBasket } else { CheckoutContent::Form }
        });
        let checkout = Self {
            locale,
            shop: StoredValue::new(shop),
            basket,
            draft,
            prices,
            pending,
            shown,
            errors: RwSignal::new(Vec::new()),
            status: RwSignal::new(String::new()),
            was_discarded: RwSignal::new(false),
            retry: StoredValue::new(None),
        };
        checkout.start();
        checkout
    }

    /// Starts the effects outside the page: storage, network, timers.
    fn start(self) {
        Effect::new(move |_| {
            self.shop.with_value(|shop| self.draft.restore(shop));
            // After the fields have read what was typed early.
            spawn_local(async move {
                self.prices.has_started.try_set(true);
            });
            // If there is an order without a response when the page opens, it is sent again.
            if self.pending.exists_untracked() {
                self.send_again();
            }
        });
        retry_when_online(move || {
            if self.prices.state.with_untracked(|state| *state == PricesState::Failed) {
                self.prices.refresh();
            }
            self.pending.reset_failures();
            self.send();
        });
        on_cleanup(move || self.stop_retry());
    }

    /// The error of a field; empty if there is none.
    pub(super) fn error(self, id: &'static str) -> Signal<String> {
        error_text(self.errors, id)
    }

    /// The chosen delivery option, if it is available; otherwise the first.
    pub(super) fn delivery_option(self) -> Option<DeliveryOption> {
        let chosen = self.draft.delivery_option.get();
        self.prices.state.with(|state| {
            let PricesState::Loaded(priced) = state else { return None };
            let option = priced.delivery_options.iter().find(|option| Some(option.kind) == chosen);
            option.or_else(|| priced.delivery_options.first()).cloned()
        })
    }

    /// The total to pay, in pence; none before the prices are known.
    pub(super) fn total_pence(self) -> Option<u64> {
        self.delivery_option().map(|option| option.total_pence)
    }

    /// The status of the order.
    pub(super) fn status(self) -> Option<String> {
        if self.pending.exists() {
            Some(self.status.get()).filter(|status| !status.is_empty())
        } else {
            self.was_discarded.get().then(|| t::discarded(self.locale).to_owned())
        }
    }

    /// Places the order, or requests a quote, unless the form has errors.
    pub(super) fn place(self, quote: bool) {
        self.pending.read();
        if self.pending.exists_untracked() {
            // The previous order must be resolved first, because it may have been placed.
            return self.send_again();
        }
        let (priced, option) = untrack(|| (self.prices.basket(), self.delivery_option()));
        let order = self.draft.order(priced.as_ref(), option.as_ref(), self.locale);
        let order = PlaceOrder { quote, ..order }.cleaned(nfc);
        let errors: Vec<FormError> = order
            .validation_errors()
            .into_iter()
            .map(|(path, error)| FormError::new(field_id(&path), order_error(self.locale, &path, error)))
            .collect();
        let is_valid = errors.is_empty();
        self.show_errors(errors);
        if is_valid {
            self.pending.store(&order);
            self.send_again();
        }
    }

    /// Shows errors, or removes them.
    fn show_errors(self, errors: Vec<FormError>) {
        let has_errors = !errors.is_empty();
        self.errors.set(errors);
        navigation::set_error_title(has_errors, self.locale);
        if has_errors {
            focus_summary();
        }
    }

    /// Sends the order again, with a status message.
    pub(super) fn send_again(self) {
        self.was_discarded.set(false);
        self.status.set(t::placing(self.locale).to_owned());
        self.send();
    }

    /// Sends the order without a response, if there is one.
    fn send(self) {
        self.stop_retry();
        let Some(response) = self.pending.send() else { return };
        spawn_local(async move {
            match response.await {
                Response::Placed(lines, placed) => self.show_placed(&lines, &placed),
                Response::Rejected(problem) => self.show_rejection(&problem),
                Response::Failed(failure) => self.show_failure(failure),
                Response::Discarded => {}
            }
        });
    }

    /// Empties the basket and opens the order's page, or the payment provider's. A customer
    /// who has moved to another page is redirected as well, because nothing else would tell
    /// them that the order is placed.
    fn show_placed(self, lines: &[OrderLine], placed: &PlacedOrder) {
        self.basket.remove_ordered(lines);
        Draft::forget();
        let page = match &placed.pay_at {
            Some(path) => api::server_href(path),
            None => Route::Order(placed.token.clone()).href(self.locale),
        };
        _ = window().location().replace(&page);
    }

    /// A customer who has moved to another page is led back, where the same order is sent and
    /// refused again.
    fn show_rejection(self, problem: &Problem) {
        if self.pending.is_shown() {
            self.show_errors(server_errors(problem, self.locale));
            self.prices.refresh();
        } else {
            _ = window().location().replace(&Route::Checkout.href(self.locale));
        }
    }

    /// It is unknown whether the order was placed, so it is sent again.
    fn show_failure(self, failure: Failure) {
        if !self.pending.is_shown() {
            return;
        }
        self.status.set(match failure {
            // The shop has asked to wait, so the customer decides when to retry.
            Failure::RateLimited(limit) => limit.text(self.locale),
            Failure::Offline | Failure::ServerError => {
                let delay = retry_delay(self.pending.failures());
                let retry = set_timeout_with_handle(move || self.send(), delay);
                self.retry.set_value(retry.ok());
                t::pending(self.locale).to_owned()
            }
        });
    }

    fn stop_retry(self) {
        if let Some(Some(retry)) = self.retry.try_update_value(Option::take) {
            retry.clear();
        }
    }

    /// Discards the order without a response. Its items stay in the basket, and the input in
    /// the form.
    pub(super) fn discard(self) {
        self.stop_retry();
        self.pending.discard();
        self.was_discarded.set(true);
    }
}
