//! The shop's current prices of the basket, requested again whenever the basket or the
//! postcode changes.

use contract::{
    Locale,
    orders::{MAX_LINES, OrderLine, PricedBasket, PricedLine},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::ApiError,
    basket::{Basket, List, price},
};

/// The state of the prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PricesState {
    /// The response has not arrived yet, or there is nothing to price.
    Waiting,
    /// They could not be loaded.
    Failed,
    /// The priced basket.
    Known(PricedBasket),
}

/// The prices of the basket.
#[derive(Clone, Copy)]
pub(super) struct Prices {
    pub(super) state: RwSignal<PricesState>,
    /// The postcode for delivery, once it was entered completely; none before the draft is
    /// restored.
    postcode: RwSignal<Option<String>>,
    /// Triggers a new request.
    again: RwSignal<()>,
    /// Counts requests: only the response to the last one is used.
    asked: StoredValue<u32>,
}

impl Prices {
    /// The prices of the basket, for as long as the calling component lives.
    pub(super) fn follow(basket: Basket, locale: Locale) -> Self {
        let prices = Self {
            state: RwSignal::new(PricesState::Waiting),
            postcode: RwSignal::new(None),
            again: RwSignal::new(()),
            asked: StoredValue::new(0),
        };
        Effect::new(move |_| {
            prices.again.track();
            let lines = basket.lines(List::Basket);
            if let Some(postcode) = prices.postcode.get() {
                prices.ask(lines, postcode, locale);
            }
        });
        prices
    }

    /// Sets the postcode for delivery.
    pub(super) fn set_postcode(self, postcode: String) {
        if self.postcode.try_with_untracked(|known| known.as_ref() != Some(&postcode)) == Some(true) {
            self.postcode.set(Some(postcode));
        }
    }

    /// Whether the draft is restored, so that the prices are for its postcode.
    pub(super) fn has_started(self) -> bool {
        self.postcode.with(Option::is_some)
    }

    /// Requests the prices again.
    pub(super) fn refresh(self) {
        self.again.set(());
    }

    /// The priced basket.
    pub(super) fn basket(self) -> Option<PricedBasket> {
        self.state.with(|state| match state {
            PricesState::Known(priced) => Some(priced.clone()),
            _ => None,
        })
    }

    /// The name of a product with its variant, if it is known.
    pub(super) fn name_of(self, sku: &str) -> Option<String> {
        self.state.with(|state| match state {
            PricesState::Known(priced) => {
                priced.lines.iter().find(|line| line.sku == sku).map(PricedLine::full_name)
            }
            _ => None,
        })
    }

    fn ask(self, mut lines: Vec<OrderLine>, postcode: String, locale: Locale) {
        let turn = self.asked.get_value() + 1;
        self.asked.set_value(turn);
        if lines.is_empty() {
            return self.state.set(PricesState::Waiting);
        }
        lines.truncate(MAX_LINES);
        spawn_local(async move {
            let answer = price(lines.clone(), postcode, locale).await;
            if self.asked.try_get_value() == Some(turn) {
                self.show(answer, &lines);
            }
        });
    }

    fn show(self, answer: Result<PricedBasket, ApiError>, lines: &[OrderLine]) {
        match answer {
            Ok(priced) => self.state.set(PricesState::Known(priced)),
            // Only the postcode has changed. The old prices can stay, because the shop refuses
            // an order if its price differs.
            Err(_) if self.state.with_untracked(|state| state.are_of(lines)) => {}
            Err(_) => self.state.set(PricesState::Failed),
        }
    }
}

impl PricesState {
    /// Whether the prices are for these lines.
    fn are_of(&self, lines: &[OrderLine]) -> bool {
        let Self::Known(priced) = self else { return false };
        let shown = priced.lines.iter().map(|line| (&*line.sku, line.quantity));
        shown.eq(lines.iter().map(|line| (&*line.sku, line.quantity)))
    }
}
