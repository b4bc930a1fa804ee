//! The shop's prices for what is in the basket, as long as a page shows them.

use std::{cell::Cell, rc::Rc};

use contract::{
    Locale,
    orders::{MOST_LINES, OrderLine, PriceBasket, PricedBasket},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::kept;
use crate::{
    api::{self, ApiError},
    ui::live::listen_to_storage,
};

/// What asks for prices.
#[derive(Clone)]
pub(super) struct Pricing {
    locale: Locale,
    /// Counts what was asked: only the last answer is shown.
    asked: Rc<Cell<u32>>,
    /// Turns false when the page is left.
    stands: Rc<Cell<bool>>,
}

/// One question among others.
pub(super) struct Turn {
    pricing: Pricing,
    number: u32,
}

impl Turn {
    /// Whether nothing was asked since, and the page still stands.
    pub(super) fn is_last(&self) -> bool {
        self.pricing.asked.get() == self.number && self.pricing.stands()
    }
}

impl Pricing {
    /// For the page that has just been made.
    pub(super) fn begin(locale: Locale) -> Self {
        let stands = Rc::new(Cell::new(true));
        let own = send_wrapper::SendWrapper::new(Rc::clone(&stands));
        on_cleanup(move || own.set(false));
        Self { locale, asked: Rc::default(), stands }
    }

    /// Whether the page is still there.
    pub(super) fn stands(&self) -> bool {
        self.stands.get()
    }

    pub(super) fn turn(&self) -> Turn {
        let number = self.asked.get() + 1;
        self.asked.set(number);
        Turn { pricing: self.clone(), number }
    }

    /// Calls `show` once the basket has changed, in this tab or another; of many changes
    /// at once only once.
    pub(super) fn follow(&self, show: impl Fn() + Clone + 'static) {
        let own = self.clone();
        listen_to_storage(move |changed| {
            if kept::concerns(changed.as_deref()) {
                let (turn, show) = (own.turn(), show.clone());
                spawn_local(async move {
                    if turn.is_last() {
                        show();
                    }
                });
            }
        });
    }

    /// What the shop says of these lines; none where there are none.
    pub(super) async fn of(
        &self,
        mut lines: Vec<OrderLine>,
        postcode: String,
    ) -> Option<Result<PricedBasket, ApiError>> {
        if lines.is_empty() {
            return None;
        }
        lines.truncate(MOST_LINES);
        Some(api::send(&PriceBasket { locale: self.locale, lines, postcode }, None).await)
    }
}
