//! The order that was sent and has had no response: stored on the device, the same in all tabs,
//! and sent again until the server has said what became of it.

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

/// The name under which it is stored: its key, a line's end, and its JSON.
const KEY: &str = "order-pending";

/// The order that has no response, if there is one: this device has one at most, whichever tab
/// it was made in.
#[derive(Clone, Copy)]
pub(super) struct PendingOrder {
    /// As it is stored.
    stored: RwSignal<Option<String>>,
    /// Whether storage took it. Where it is blocked or full, it lasts as long as the page.
    is_stored: StoredValue<bool>,
    /// The one that is on its way.
    sending: RwSignal<Option<String>>,
    /// Why the last try had no response.
    failure: RwSignal<Option<Failure>>,
    /// How many tries in a row had none.
    failures: StoredValue<u32>,
}

impl PendingOrder {
    /// The order of this device, in step with other tabs for as long as the component lives that
    /// calls this. There is none until the app runs: a rendered page is the same for all.
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

    /// The same, for what happens once.
    pub(super) fn exists_untracked(self) -> bool {
        self.stored.with_untracked(Option::is_some)
    }

    /// The order itself; none where a later version of the app has stored it.
    pub(super) fn order(self) -> Option<PlaceOrder> {
        self.stored.with(|stored| api::parse(stored.as_ref()?.split_once('\n')?.1).ok())
    }

    /// Whether it is on its way.
    pub(super) fn is_sending(self) -> bool {
        self.sending.with(Option::is_some)
    }

    /// Why the last try had no response; none before the first, and where there is no order.
    pub(super) fn failure(self) -> Option<Failure> {
        self.failure.get()
    }

    /// How many tries in a row had no response.
    pub(super) fn failures(self) -> u32 {
        self.failures.get_value()
    }

    /// Counts from none again, where there is a reason to expect a response.
    pub(super) fn reset_failures(self) {
        self.failures.set_value(0);
    }

    /// Whether the page that shows it still stands.
    pub(super) fn is_shown(self) -> bool {
        !self.stored.is_disposed()
    }

    /// Takes up what is stored now.
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

    /// Stores an order before its first try, with a key of its own, so that it is this order
    /// that is tried again.
    pub(super) fn store(self, order: &PlaceOrder) {
        let Ok(json) = serde_json::to_string(order) else { return };
        let stored = [new_key(), json].join("\n");
        self.is_stored.set_value(Area::Local.set(KEY, Some(&stored)));
        self.set(Some(stored));
    }

    /// Forgets an order; whether it was still there. The page may have been left meanwhile.
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

    /// Forgets the order without a response. A try that is on its way can still place it.
    pub(super) fn discard(self) {
        self.sending.set(None);
        if let Some(order) = self.stored.get_untracked() {
            self.forget(&order);
        }
    }

    /// Sends it; none while it is on its way, or where there is none.
    pub(super) fn send(self) -> Option<impl Future<Output = Response> + use<>> {
        self.read();
        let order = self.stored.get_untracked()?;
        let Some((key, json)) = order.split_once('\n') else {
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
            // Another may have been made after this one was discarded.
            let was_discarded =
                self.sending.try_with_untracked(|sending| sending.as_deref() != Some(&*order)) == Some(true);
            if !was_discarded {
                self.sending.try_set(None);
            }
            let response = match Response::of(answer) {
                Response::Placed(_, placed) => {
                    // The lines are another tab's to remove if it has had the response before.
                    let is_news = self.forget(&order) || was_discarded;
                    let sent = api::parse::<PlaceOrder>(&json).ok().filter(|sent| is_news && !sent.quote);
                    Response::Placed(sent.map(|sent| sent.lines).unwrap_or_default(), placed)
                }
                _ if was_discarded => Response::Discarded,
                // Someone who has left the page comes back to it, and is refused again there.
                Response::Refused(problem) if self.is_shown() => {
                    self.forget(&order);
                    Response::Refused(problem)
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
        // Another tab may have had the response meanwhile.
        self.read();
        if self.stored.with_untracked(Option::is_some) {
            self.failures.update_value(|failures| *failures += 1);
            self.failure.set(Some(failure));
        }
    }
}

/// 128 bits in hex, from the browser's own source of them.
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
