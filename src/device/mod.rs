//! What this device keeps of a visit, listed and cleared on request.
//!
//! Everything that the app stores in the browser is named here; somebody who
//! shares a device, or uses an employer's, must be able to see all of it.

use leptos::prelude::*;

use crate::i18n::{device as t, use_locale};

/// Lists what the device keeps, with a button that removes it.
#[component]
pub fn DeviceStorage() -> impl IntoView {
    let locale = use_locale();
    // Nothing is known until the app runs: a rendered page is the same for all.
    let (kept, set_kept) = signal(None::<Vec<String>>);
    let (cleared, set_cleared) = signal(false);
    #[cfg(target_arch = "wasm32")]
    Effect::new(move |_| set_kept.set(Some(browser::kept(locale))));

    let clear = move |_| {
        #[cfg(target_arch = "wasm32")]
        browser::clear();
        set_kept.set(Some(Vec::new()));
        set_cleared.set(true);
    };
    let list = move || match kept.get() {
        None => view! { <p>{t::unknown(locale)}</p> }.into_any(),
        Some(kept) if kept.is_empty() => ().into_any(),
        Some(kept) => {
            let items = kept.into_iter().map(|name| view! { <li>{name}</li> }).collect_view();
            view! {
                <ul>{items}</ul>
                <button class="button" type="button" on:click=clear>{t::clear(locale)}</button>
            }
            .into_any()
        }
    };
    let status = move || {
        let text = match (cleared.get(), kept.with(|kept| kept.as_ref().is_some_and(Vec::is_empty))) {
            (true, _) => t::cleared(locale),
            (false, true) => t::nothing(locale),
            (false, false) => return None,
        };
        Some(view! { <p>{text}</p> })
    };
    view! {
        <section class="device" id="this-device" aria-labelledby="this-device-title">
            <h2 id="this-device-title" tabindex="-1">{t::title(locale)}</h2>
            {list}
            <div role="status">{status}</div>
            <p>{t::beyond_reach(locale)}</p>
        </section>
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use contract::Locale;
    use leptos::prelude::window;
    use web_sys::{Storage, StorageEvent};

    use crate::i18n::device as t;

    /// The storages of this site that the browser lets us see.
    fn storages() -> impl Iterator<Item = Storage> {
        let window = window();
        [window.local_storage(), window.session_storage()]
            .into_iter()
            .filter_map(|storage| storage.ok().flatten())
    }

    /// What is stored, in words.
    pub(super) fn kept(locale: Locale) -> Vec<String> {
        let keys = storages().flat_map(|storage| {
            let count = storage.length().unwrap_or_default();
            (0..count).filter_map(move |index| storage.key(index).ok().flatten()).collect::<Vec<_>>()
        });
        keys.map(|key| match key.as_str() {
            "contrast" => t::contrast(locale).to_owned(),
            steps if steps.starts_with("steps-") => t::steps(locale).to_owned(),
            line if line.starts_with("basket-") => t::basket(locale).to_owned(),
            line if line.starts_with("later-") => t::later(locale).to_owned(),
            "shown-prices" => t::prices(locale).to_owned(),
            "checkout" => t::checkout(locale).to_owned(),
            "order-pending" => t::order(locale).to_owned(),
            other => t::other(locale, other),
        })
        .collect()
    }

    /// Removes all of it, and tells boot.js as another tab would.
    pub(super) fn clear() {
        for storage in storages() {
            _ = storage.clear();
        }
        if let Ok(event) = StorageEvent::new("storage") {
            _ = window().dispatch_event(&event);
        }
    }
}
