//! An order that was sent without receiving a response: stored on the device, in sync between
//! tabs, and sent again until the server responds.

use contract::{
    Submission as _,
    orders::{PlaceOrder, PlacedOrder},
};
use leptos::prelude::*;

use super::response::{Failure, Response};
use crate::{
    api,
    storage::{self, Area},
};

/// The storage key.
const KEY: &str = "order-pending";

/// The order without a response, if there is one. A device has at most one, whichever tab it
/// is from.
#[derive(Clone, Copy)]
pub(super) struct PendingOrder {
    /// As stored.
    stored: RwSignal<Option<String>>,
    /// Whether it could be stored. If storage is blocked or full, it is lost when the page is
    /// closed.
    is_stored: StoredValue<bool>,
    /// The order being sent.
    sending: RwSignal<Option<String>>,
    /// Why the last try had no response.
    failure: RwSignal<Option<Failure>>,
    /// The number of consecutive tries without a response.
    failures: StoredValue<u32>,
}

impl PendingOrder {
    /// The order of this device, in sync with other tabs for as long as the calling component
    /// lives. It is none until the app runs, because a rendered page is the same for everyone.
    pub(super) fn follow() -> Self {
        let pending = Self {
            stored: RwSignal::new(None),
            is_stored: StoredValue::new(true),
            sending: RwSignal::new(None),
            failure: RwSignal::new(None),
            failures: StoredValue::new(0),
        };
        Effect::new(move |_| {
            pending.read();
            storage::follow(move |changed| {
                if changed.is_none_or(|changed| changed == KEY) {
                    pending.read();
                }
            });
        });
        pending
    }

    /// Whether there is one.
    pub(super) fn exists(self) -> bool {
        self.stored.with(Option::is_some)
    }

    /// The same without tracking, for code that runs once.
    pub(super) fn exists_untracked(self) -> bool {
        self.stored.with_untracked(Option::is_some)
    }

    /// The order itself; none if a later version of the app stored it.
    pub(super) fn order(self) -> Option<PlaceOrder> {
        self.stored.with(|stored| parse_order(stored.as_ref()?))
    }

    /// Whether it is being sent.
    pub(super) fn is_sending(self) -> bool {
        self.sending.with(Option::is_some)
    }

    /// Why the last try had no response; none before the first try, or if there is no order.
    pub(super) fn failure(self) -> Option<Failure> {
        self.failure.get()
    }

    /// The number of consecutive tries without a response.
    pub(super) fn failures(self) -> u32 {
        self.failures.get_value()
    }

    /// Resets the number of failures, if there is a reason to expect a response.
    pub(super) fn reset_failures(self) {
        self.failures.set_value(0);
    }

    /// Whether the page that shows it still exists.
    pub(super) fn is_shown(self) -> bool {
        !self.stored.is_disposed()
    }

    /// Reads the stored order.
    pub(super) fn read(self) {
        if self.is_stored.get_value() {
            self.set(Area::Local.get(KEY));
        }
    }

    fn set(self, stored: Option<String>) {
        if self.stored.with_untracked(|known| *known == stored) {
            return;
        }
        self.failure.set(None);
        self.failures.set_value(0);
        self.stored.set(stored);
    }

    /// Stores an order with a new idempotency key before the first try, so that every retry
    /// sends the same order.
    pub(super) fn store(self, order: &PlaceOrder) {
        let Ok(stored) = stored_text(&new_key(), order) else { return };
        self.is_stored.set_value(Area::Local.set(KEY, Some(&stored)));
        self.set(Some(stored));
    }

    /// Removes an order; returns whether it was still there. The page may have been left
    /// meanwhile.
    fn forget(self, order: &str) -> bool {
        let is_stored = Area::Local.get(KEY).as_deref() == Some(order);
        if is_stored {
            Area::Local.set(KEY, None);
        }
        let is_shown = self.stored.try_with_untracked(|stored| stored.as_deref() == Some(order));
        if is_shown != Some(true) {
            return is_stored;
        }
        let is_unstored = !self.is_stored.get_value();
        self.is_stored.set_value(true);
        self.set(None);
        is_stored || is_unstored
    }

    /// Removes the order without a response. A try in progress may still place it.
    pub(super) fn discard(self) {
        self.sending.set(None);
        if let Some(order) = self.stored.get_untracked() {
            self.forget(&order);
        }
    }

    /// Sends it; none if it is being sent already, or there is no order.
    pub(super) fn send(self) -> Option<impl Future<Output = Response> + use<>> {
        self.read();
        let order = self.stored.get_untracked()?;
        let Some((key, json)) = key_and_json(&order) else {
            self.forget(&order);
            return None;
        };
        if self.sending.with_untracked(Option::is_some) {
            return None;
        }
        let (key, json) = (key.to_owned(), json.to_owned());
        self.sending.set(Some(order.clone()));
        Some(async move {
            let answer = api::send_text(PlaceOrder::PATH, json.clone(), Some(&key)).await;
            let answer = answer.and_then(|body| api::parse::<PlacedOrder>(&body));
            // A new order may have been stored after this one was discarded.
            let was_discarded =
                self.sending.try_with_untracked(|sending| sending.as_deref() != Some(&*order)) == Some(true);
            if !was_discarded {
                self.sending.try_set(None);
            }
            let response = match Response::of(answer) {
                Response::Placed(_, placed) => {
                    // If another tab received the response first, it removes the lines from
                    // the basket.
                    let is_news = self.forget(&order) || was_discarded;
                    let sent = api::parse::<PlaceOrder>(&json).ok().filter(|sent| is_news && !sent.quote);
                    Response::Placed(sent.map(|sent| sent.lines).unwrap_or_default(), placed)
                }
                _ if was_discarded => Response::Discarded,
                // A customer who left the page is led back to it, where the order is refused
                // again.
                Response::Rejected(problem) if self.is_shown() => {
                    self.forget(&order);
                    Response::Rejected(problem)
                }
                other => other,
            };
            if let Response::Failed(failure) = response
                && self.is_shown()
            {
                self.fail(failure);
            }
            response
        })
    }

    fn fail(self, failure: Failure) {
        // Another tab may have received the response meanwhile.
        self.read();
        if self.stored.with_untracked(Option::is_some) {
            self.failures.update_value(|failures| *failures += 1);
            self.failure.set(Some(failure));
        }
    }
}

/// An order as it is stored: the idempotency key, a newline, and its JSON, which has none.
fn stored_text(key: &str, order: &PlaceOrder) -> serde_json::Result<String> {
    Ok([key, &serde_json::to_string(order)?].join("\n"))
}

/// The idempotency key and the JSON of a stored order.
fn key_and_json(stored: &str) -> Option<(&str, &str)> {
    stored.split_once('\n')
}

/// The stored order; none if a later version of the app stored it.
fn parse_order(stored: &str) -> Option<PlaceOrder> {
    api::parse(key_and_json(stored)?.1).ok()
}

/// 128 random bits in hex, from the browser's cryptographic generator.
fn new_key() -> String {
    let mut bytes = [0u8; 16];
    if let Ok(crypto) = window().crypto() {
        _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties {
    use contract::{
        Locale,
        orders::{Address, Customer, Delivery, OrderLine, Payment, PlaceOrder, Speed},
        region::Region,
    };
    use proptest::{prelude::*, sample::select};

    use super::{key_and_json, parse_order, stored_text};
    use crate::checkout::form_values::KINDS;

    fn delivery() -> impl Strategy<Value = Delivery> {
        let speeds = select(vec![Speed::Cheapest, Speed::Fastest]);
        let post = (any::<[String; 5]>(), speeds).prop_map(
            |([recipient, line_1, line_2, town, postcode], speed)| {
                let address = Address { recipient, line_1, line_2, town, postcode };
                Delivery::Post { address, speed }
            },
        );
        let collection = select(Region::ALL.to_vec()).prop_map(|region| Delivery::Collection { region });
        prop_oneof![post, collection]
    }

    fn payment() -> impl Strategy<Value = Payment> {
        prop_oneof![
            any::<String>().prop_map(|number| Payment::PurchaseOrder { number }),
            Just(Payment::Transfer {}),
            Just(Payment::Card {}),
            Just(Payment::Nothing {}),
        ]
    }

    fn order() -> impl Strategy<Value = PlaceOrder> {
        let line = (any::<String>(), any::<u32>()).prop_map(|(sku, quantity)| OrderLine { sku, quantity });
        let parts = (
            select(Locale::ALL.to_vec()),
            prop::collection::vec(line, 0..4),
            select(KINDS.to_vec()),
            any::<[String; 5]>(),
            delivery(),
            payment(),
            any::<bool>(),
            any::<Option<u64>>(),
        );
        parts.prop_map(|(locale, lines, kind, texts, delivery, payment, quote, total_pence)| {
            let [name, email, telephone, branch, membership] = texts;
            let customer = Customer { kind, name, email, telephone, branch };
            PlaceOrder { locale, lines, customer, membership, delivery, payment, quote, total_pence }
        })
    }

    proptest! {
        #[test]
        fn every_try_sends_the_same_order_with_the_same_key(key in "[0-9a-f]{32}", order in order()) {
            let stored = stored_text(&key, &order).expect("an order is serialised");
            let json = serde_json::to_string(&order).expect("an order is serialised");
            prop_assert_eq!(key_and_json(&stored), Some((&*key, &*json)));
            prop_assert_eq!(parse_order(&stored), Some(order));
        }

        #[test]
        fn any_other_stored_text_is_no_order(
            stored in prop_oneof![any::<String>(), "[0-9a-f]{0,32}\n\\{(\"(lines|customer|quote)\":[0-9a-z\\[\\]{}]{0,4},?){0,3}\\}"],
        ) {
            prop_assert_eq!(parse_order(&stored), None);
        }
    }
}
