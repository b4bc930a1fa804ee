//! The basket store: stored only in this browser, and in sync between tabs.

use std::cell::OnceCell;

use contract::orders::OrderLine;
use leptos::prelude::*;

use super::entries::{Entries, List, Tab, Write};
use crate::storage::{self, Area};

/// The lists stored in the browser. Every change reads the current state of the storage first,
/// so that changes made by other tabs are not lost.
#[derive(Clone, Copy)]
pub(crate) struct Basket {
    basket: RwSignal<Vec<OrderLine>>,
    later: RwSignal<Vec<OrderLine>>,
    /// Whether the browser's storage has been read.
    is_read: RwSignal<bool>,
}

/// Provides the basket as context, for as long as the calling component lives. It is empty
/// until the app runs, because a rendered page is the same for everyone.
pub(crate) fn provide_basket() {
    let basket = Basket {
        basket: RwSignal::new(Vec::new()),
        later: RwSignal::new(Vec::new()),
        is_read: RwSignal::new(false),
    };
    provide_context(basket);
    Effect::new(move |_| {
        basket.read();
        storage::follow(move |changed| {
            if concerns(changed) {
                basket.read();
            }
        });
    });
}

/// The basket provided by [`provide_basket`].
pub(crate) fn use_basket() -> Basket {
    expect_context()
}

impl Basket {
    /// The lines of a list, in the order in which they were added. None before storage has
    /// been read.
    pub(crate) fn lines(self, list: List) -> Vec<OrderLine> {
        self.signal(list).get()
    }

    /// The quantity of a variant in a list.
    pub(super) fn quantity(self, list: List, sku: &str) -> u32 {
        let of = |lines: &Vec<OrderLine>| lines.iter().find(|line| line.sku == sku).map(|line| line.quantity);
        self.signal(list).with(of).unwrap_or_default()
    }

    /// Whether the browser's storage has been read.
    pub(crate) fn is_read(self) -> bool {
        self.is_read.get()
    }

    /// Adds a quantity of a variant to a list, or removes it if negative; returns whether it
    /// could be stored.
    pub(crate) fn change(self, list: List, sku: &str, by: i64) -> bool {
        write([stored(list).change(&this_tab(), sku, by)])
    }

    /// Sets the quantity of a variant in a list; returns whether it could be stored.
    pub(crate) fn set(self, list: List, sku: &str, quantity: u32) -> bool {
        write([stored(list).set(&this_tab(), sku, quantity)])
    }

    /// Removes a variant from a list.
    pub(crate) fn remove(self, list: List, sku: &str) {
        write(stored(list).remove(sku));
    }

    /// Removes ordered lines from the basket. Items that another tab added since are kept.
    pub(crate) fn remove_ordered(self, lines: &[OrderLine]) {
        let (entries, tab) = (stored(List::Basket), this_tab());
        write(lines.iter().flat_map(|line| entries.remove_ordered(&tab, line)));
    }

    const fn signal(self, list: List) -> RwSignal<Vec<OrderLine>> {
        match list {
            List::Basket => self.basket,
            List::Later => self.later,
        }
    }

    fn read(self) {
        for list in List::ALL {
            let (signal, lines) = (self.signal(list), stored(list).lines());
            // Prices are requested when the lines change.
            if signal.with_untracked(|known| *known != lines) {
                signal.set(lines);
            }
        }
        if !self.is_read.get_untracked() {
            self.is_read.set(true);
        }
    }
}

/// Whether a change of the storage by another tab affects one of the lists.
fn concerns(changed: Option<&str>) -> bool {
    changed.is_none_or(|name| List::ALL.iter().any(|list| name.starts_with(list.prefix())))
}

fn stored(list: List) -> Entries {
    let names = Area::Local.names().into_iter();
    let own = names.filter(|name| name.starts_with(list.prefix()));
    Entries::read(
        list,
        own.filter_map(|name| {
            let value = Area::Local.get(&name)?;
            Some((name, value))
        }),
    )
}

/// Stores changes; returns whether it was possible. Notifies the stores of all tabs, including
/// this one, and `boot.js`, which shows the number of items.
fn write(writes: impl IntoIterator<Item = Write>) -> bool {
    let mut are_stored = true;
    for (name, value) in writes {
        are_stored &= Area::Local.set(&name, value.as_deref());
    }
    storage::notify();
    are_stored
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a random number below 2^32, and milliseconds far below what an i64 holds"
)]
fn this_tab() -> Tab {
    thread_local! {
        static NAME: OnceCell<String> = const { OnceCell::new() };
    }
    let name = || ((js_sys::Math::random() * 4e9) as u32).to_string();
    // Whole milliseconds, because formatting a fraction would add code to the module.
    Tab { name: NAME.with(|known| known.get_or_init(name).clone()), now: js_sys::Date::now() as i64 }
}
