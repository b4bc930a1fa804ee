//! Browser storage: reading, writing, and changes from other tabs. Blocked or full storage is
//! not an error: nothing is stored then.

use leptos::{ev, prelude::*};
use web_sys::{Storage, StorageEvent};

/// One of the two storage areas of the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Shared by all tabs, and kept until it is cleared.
    Local,
    /// For the lifetime of the tab.
    Session,
}

impl Area {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Local, Self::Session];

    fn storage(self) -> Option<Storage> {
        let storage = match self {
            Self::Local => window().local_storage(),
            Self::Session => window().session_storage(),
        };
        storage.ok().flatten()
    }

    /// The value of a name.
    pub fn get(self, name: &str) -> Option<String> {
        self.storage()?.get_item(name).ok().flatten()
    }

    /// Stores a value, or removes it; returns whether it was possible.
    pub fn set(self, name: &str, value: Option<&str>) -> bool {
        let Some(storage) = self.storage() else { return false };
        match value {
            Some(value) => storage.set_item(name, value).is_ok(),
            None => storage.remove_item(name).is_ok(),
        }
    }

    /// The names of all stored values.
    pub fn names(self) -> Vec<String> {
        let Some(storage) = self.storage() else { return Vec::new() };
        let count = storage.length().unwrap_or_default();
        (0..count).filter_map(|index| storage.key(index).ok().flatten()).collect()
    }

    /// Removes everything.
    pub fn clear(self) {
        if let Some(storage) = self.storage() {
            _ = storage.clear();
        }
    }
}

/// Calls `changed` with the name of the value that another tab has changed, or with none if it
/// cleared everything, for as long as the calling component lives. Changes in this tab are
/// reported through [`notify`].
pub fn follow(changed: impl Fn(Option<&str>) + 'static) {
    let listening = window_event_listener(ev::storage, move |event| changed(event.key().as_deref()));
    on_cleanup(move || listening.remove());
}

/// Notifies listeners in this tab of a change, as the browser notifies other tabs; `boot.js`
/// listens too.
pub fn notify() {
    if let Ok(event) = StorageEvent::new("storage") {
        _ = window().dispatch_event(&event);
    }
}
