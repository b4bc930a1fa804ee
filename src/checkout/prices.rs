//! What the shop says that the basket costs, asked again whenever the basket or the postcode
//! changes.

use contract::{
    Locale,
    orders::{MOST_LINES, OrderLine, PricedBasket, PricedLine},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::ApiError,
    basket::{Basket, List, price},
};

/// What is known of the prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PricesState {
    /// They were not answered yet, or there is nothing to ask for.
    Waiting,
    /// They could not be loaded.
    Failed,
    /// The basket as the shop has it.
    Known(PricedBasket),
}

/// The prices of the basket.
#[derive(Clone, Copy)]
pub(super) struct Prices {
    pub(super) state: RwSignal<PricesState>,
    /// Where it is to be delivered, once that was typed to its end; none before the draft is
    /// restored.
    postcode: RwSignal<Option<String>>,
    /// Changes when the prices are to be asked for again.
    again: RwSignal<()>,
    /// Counts what was asked: only the last answer is shown.
    asked: StoredValue<u32>,
}

impl Prices {
    /// The prices of the basket, for as long as the component lives that calls this.
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

    /// Says where it is to be delivered.
    pub(super) fn set_postcode(self, postcode: String) {
        if self.postcode.try_with_untracked(|known| known.as_ref() != Some(&postcode)) == Some(true) {
            self.postcode.set(Some(postcode));
        }
    }

    /// Whether the draft is restored, so that the prices are those of its postcode.
    pub(super) fn has_started(self) -> bool {
        self.postcode.with(Option::is_some)
    }

    /// Asks again.
    pub(super) fn refresh(self) {
        self.again.set(());
    }

    /// The basket as the shop has it.
    pub(super) fn basket(self) -> Option<PricedBasket> {
        self.state.with(|state| match state {
            PricesState::Known(priced) => Some(priced.clone()),
            _ => None,
        })
    }

    /// The name of a product with its variant, where it is known.
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
        lines.truncate(MOST_LINES);
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
            // Only where it goes has changed: the shop refuses an order itself if its price does.
            Err(_) if self.state.with_untracked(|state| state.are_of(lines)) => {}
            Err(_) => self.state.set(PricesState::Failed),
        }
    }
}

impl PricesState {
    /// Whether they are the prices of these lines.
    fn are_of(&self, lines: &[OrderLine]) -> bool {
        let Self::Known(priced) = self else { return false };
        let shown = priced.lines.iter().map(|line| (&*line.sku, line.quantity));
        shown.eq(lines.iter().map(|line| (&*line.sku, line.quantity)))
    }
}
