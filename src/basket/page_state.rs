//! The state of the basket page: its lists with current prices, and the last action.

use std::time::Duration;

use contract::{
    Locale,
    orders::{OrderLine, PricedBasket, PricedLine},
};
use futures::future::{abortable, join};
use leptos::{ev, prelude::*, task::spawn_local};

use super::{Basket, List, price, shown_prices::ShownPrices, use_basket};
use crate::{
    a11y::navigation,
    api::ApiError,
    i18n::{basket as t, use_locale},
    ui::{keep_focus, retry_when_online},
};

/// The id of the heading with the number of items.
pub(super) const COUNT: &str = "basket-count";

/// The debounce delay before prices are requested after a change.
const DEBOUNCE_DELAY: Duration = Duration::from_millis(50);

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct PageState {
    pub(super) locale: Locale,
    pub(super) basket: Basket,
    /// The last prices of the basket; none before the first response.
    pub(super) priced: RwSignal<Option<PricedBasket>>,
    /// The last prices of the items saved for later.
    pub(super) saved: RwSignal<Option<PricedBasket>>,
    /// Whether the current prices could not be loaded.
    pub(super) has_failed: RwSignal<bool>,
    /// The number of manual retries.
    retries: RwSignal<u32>,
    /// The prices shown before this visit.
    pub(super) shown_before: RwSignal<Option<ShownPrices>>,
    /// The last status message.
    pub(super) status: RwSignal<String>,
    /// The last removed line, while it can be restored.
    pub(super) removed: RwSignal<Option<(List, OrderLine)>>,
    /// The SKUs of lines with an invalid quantity.
    pub(super) invalid_skus: RwSignal<Vec<String>>,
    /// Whether a pasted list has lines that could not be added.
    pub(super) has_list_errors: RwSignal<bool>,
    /// Whether something is being pressed with a mouse or a finger.
    pub(super) is_pressed: RwSignal<bool>,
}

impl PageState {
    /// The state for a new page. The basket is not shown until the app runs.
    pub(super) fn new() -> Self {
        let state = Self {
            locale: use_locale(),
            basket: use_basket(),
            priced: RwSignal::new(None),
            saved: RwSignal::new(None),
            has_failed: RwSignal::new(false),
            retries: RwSignal::new(0),
            shown_before: RwSignal::new(None),
            status: RwSignal::new(String::new()),
            removed: RwSignal::new(None),
            invalid_skus: RwSignal::new(Vec::new()),
            has_list_errors: RwSignal::new(false),
            is_pressed: RwSignal::new(false),
        };
        state.request_prices();
        state.follow_presses();
        state.update_error_title();
        state
    }

    /// The lines that the shop knows, without those removed since.
    pub(super) fn lines(self, list: List) -> Vec<PricedLine> {
        let stored = self.basket.lines(list);
        let mut lines = self
            .priced_list(list)
            .with(|priced| priced.as_ref().map(|priced| priced.lines.clone()).unwrap_or_default());
        lines.retain(|line| stored.iter().any(|stored| stored.sku == line.sku));
        lines
    }

    /// The SKUs that the shop does not know.
    pub(super) fn unknown(self, list: List) -> Vec<String> {
        let stored = self.basket.lines(list);
        let mut unknown = self
            .priced_list(list)
            .with(|priced| priced.as_ref().map(|priced| priced.unknown.clone()).unwrap_or_default());
        unknown.retain(|sku| stored.iter().any(|stored| stored.sku == *sku));
        unknown
    }

    /// The priced line of a SKU, if there is one.
    pub(super) fn line(self, list: List, sku: &str) -> Option<PricedLine> {
        self.priced_list(list).with(|priced| {
            let lines = priced.as_ref().map(|priced| &priced.lines);
            lines.and_then(|lines| lines.iter().find(|line| line.sku == sku).cloned())
        })
    }

    const fn priced_list(self, list: List) -> RwSignal<Option<PricedBasket>> {
        match list {
            List::Basket => self.priced,
            List::Later => self.saved,
        }
    }

    /// Whether the prices have been requested.
    pub(super) fn is_shown(self) -> bool {
        self.priced.with(Option::is_some) || self.has_failed.get()
    }

    /// Whether the basket is empty.
    pub(super) fn is_empty(self) -> bool {
        let has_unpriced = self.has_failed.get() && !self.basket.lines(List::Basket).is_empty();
        !has_unpriced && self.lines(List::Basket).is_empty() && self.unknown(List::Basket).is_empty()
    }

    /// Requests the prices again.
    pub(super) fn retry(self) {
        self.retries.update(|retries| *retries += 1);
    }

    /// Requests the prices of both lists whenever they change; a series of changes makes one
    /// request.
    fn request_prices(self) {
        let locale = self.locale;
        Effect::new(move |_| {
            self.retries.track();
            if !self.basket.is_read() {
                return;
            }
            if self.shown_before.with_untracked(Option::is_none) {
                self.shown_before.set(Some(ShownPrices::read()));
            }
            let [basket, later] = List::ALL.map(|list| self.basket.lines(list));
            let prices = |lines| price(lines, String::new(), locale);
            let (prices, request) = abortable(join(prices(basket), prices(later)));
            // Outdated responses are ignored.
            on_cleanup(move || request.abort());
            let send = move || {
                spawn_local(async move {
                    if let Ok((basket, later)) = prices.await {
                        self.show(basket, later);
                    }
                });
            };
            // Another tab reports its changes one by one.
            if untrack(|| self.is_shown()) {
                if let Ok(timeout) = set_timeout_with_handle(send, DEBOUNCE_DELAY) {
                    on_cleanup(move || timeout.clear());
                }
            } else {
                send();
            }
        });
        retry_when_online(move || {
            if self.has_failed.get_untracked() {
                self.retry();
            }
        });
    }

    fn show(self, basket: Result<PricedBasket, ApiError>, later: Result<PricedBasket, ApiError>) {
        keep_focus(COUNT);
        self.has_failed.set(basket.is_err());
        if let Ok(priced) = basket {
            if !priced.lines.is_empty() {
                ShownPrices::store(&priced);
            }
            self.priced.set(Some(priced));
        }
        if let Ok(saved) = later {
            self.saved.set(Some(saved));
        }
    }

    /// Follows presses. Browsers report those of a finger as mouse events too, just before `click`,
    /// whose target is already known at `mouseup`.
    fn follow_presses(self) {
        Effect::new(move |_| {
            let listening = [
                window_event_listener(ev::mousedown, move |_| self.is_pressed.set(true)),
                window_event_listener(ev::mouseup, move |_| self.is_pressed.set(false)),
                // One that drags something or opens a menu may end without `mouseup`.
                window_event_listener(ev::keydown, move |_| self.is_pressed.set(false)),
            ];
            on_cleanup(move || listening.into_iter().for_each(WindowListenerHandle::remove));
        });
    }

    /// Adds the error prefix to the title if anything on the page is invalid.
    fn update_error_title(self) {
        let locale = self.locale;
        let has_error = Memo::new(move |_| {
            let is_there = |sku: &String| self.basket.quantity(List::Basket, sku) > 0;
            self.has_list_errors.get() || self.invalid_skus.with(|skus| skus.iter().any(is_there))
        });
        Effect::new(move |before: Option<bool>| {
            let has_error = has_error.get();
            if has_error || before == Some(true) {
                navigation::set_error_title(has_error, locale);
            }
            has_error
        });
    }

    /// Sets the status message.
    pub(super) fn set_status(self, text: impl Into<String>) {
        self.removed.set(None);
        self.status.set(text.into());
    }

    /// Sets the status message, or says that this browser cannot store the change.
    pub(super) fn set_stored_status(self, is_stored: bool, text: impl Into<String>) {
        self.set_status(if is_stored { text.into() } else { t::not_stored(self.locale).to_owned() });
    }
}
