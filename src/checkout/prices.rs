//! The shop's current prices of the basket, requested again whenever the basket or the
//! postcode changes.

use contract::{
    Locale,
    orders::{MAX_LINES, OrderLine, PricedBasket, PricedLine, parse_postcode},
    text,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::ApiError,
    basket::{Basket, List, price},
    ui::{keep_focus, nfc},
};

/// The id of the list of items with their prices, to which errors about the order as a whole lead.
pub(super) const LINES: &str = "checkout-lines";

/// The state of the prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PricesState {
    /// The response has not arrived yet, or there is nothing to price.
    Loading,
    /// They could not be loaded.
    Failed,
    /// The priced basket.
    Loaded(PricedBasket),
}

/// The prices of the basket.
#[derive(Clone, Copy)]
pub(super) struct Prices {
    pub(super) state: RwSignal<PricesState>,
    /// Whether the draft is restored, so that the prices are for its postcode.
    pub(super) has_started: RwSignal<bool>,
    /// Triggers a new request.
    refetch: RwSignal<()>,
    /// Counts requests: only the response to the last one is used.
    request_count: StoredValue<u32>,
}

impl Prices {
    /// The prices of the basket, for as long as the calling component lives.
    pub(super) fn follow(basket: Basket, typed_postcode: RwSignal<String>, locale: Locale) -> Self {
        let prices = Self {
            state: RwSignal::new(PricesState::Loading),
            has_started: RwSignal::new(false),
            refetch: RwSignal::new(()),
            request_count: StoredValue::new(0),
        };
        // Delivery costs more to some postcodes. The last complete one counts while another is typed,
        // and none before the first. If the prices were requested only when the field is left, they
        // could arrive while a button is pressed, and move it away before it is released.
        let postcode = Memo::new(move |last: Option<&String>| {
            let typed = typed_postcode.with(|typed| text::plain(typed, nfc));
            let complete = parse_postcode(&typed).map(|postcode| postcode.to_string());
            complete.or_else(|| last.cloned()).unwrap_or_default()
        });
        Effect::new(move |_| {
            prices.refetch.track();
            let lines = basket.lines(List::Basket);
            if prices.has_started.get() {
                prices.request(lines, postcode.get(), locale);
            }
        });
        prices
    }

    /// Requests the prices again.
    pub(super) fn refresh(self) {
        self.refetch.set(());
    }

    /// The priced basket.
    pub(super) fn basket(self) -> Option<PricedBasket> {
        self.state.with(|state| match state {
            PricesState::Loaded(priced) => Some(priced.clone()),
            _ => None,
        })
    }

    /// The name of a product with its variant, if it is known.
    pub(super) fn name_of(self, sku: &str) -> Option<String> {
        self.state.with(|state| match state {
            PricesState::Loaded(priced) => {
                priced.lines.iter().find(|line| line.sku == sku).map(PricedLine::full_name)
            }
            _ => None,
        })
    }

    fn request(self, mut lines: Vec<OrderLine>, postcode: String, locale: Locale) {
        let request_number = self.request_count.get_value() + 1;
        self.request_count.set_value(request_number);
        if lines.is_empty() {
            return self.state.set(PricesState::Loading);
        }
        lines.truncate(MAX_LINES);
        spawn_local(async move {
            let result = price(lines.clone(), postcode, locale).await;
            if self.request_count.try_get_value() == Some(request_number) {
                self.show(result, &lines);
            }
        });
    }

    fn show(self, result: Result<PricedBasket, ApiError>, lines: &[OrderLine]) {
        // Prices replace the retry button, and can remove delivery options.
        keep_focus(LINES);
        match result {
            Ok(priced) => self.state.set(PricesState::Loaded(priced)),
            // Only the postcode has changed. The old prices can stay, because the shop refuses
            // an order if its price differs.
            Err(_) if self.state.with_untracked(|state| state.is_for(lines)) => {}
            Err(_) => self.state.set(PricesState::Failed),
        }
    }
}

impl PricesState {
    /// Whether the prices are for these lines.
    fn is_for(&self, lines: &[OrderLine]) -> bool {
        let Self::Loaded(priced) = self else { return false };
        let shown = priced.lines.iter().map(|line| (&*line.sku, line.quantity));
        shown.eq(lines.iter().map(|line| (&*line.sku, line.quantity)))
    }
}
