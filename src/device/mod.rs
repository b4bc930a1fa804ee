//! What this device stores of a visit, listed and cleared on request.
//!
//! Everything that the app stores in the browser is named here; someone who
//! shares a device, or uses an employer's, must be able to see all of it.

use contract::Locale;
use leptos::prelude::*;

use crate::{
    i18n::{device as t, use_locale},
    storage::{self, Area},
};

/// Lists what the device stores, with a button that removes it.
#[component]
pub fn DeviceStorage() -> impl IntoView {
    let locale = use_locale();
    // Nothing is known until the app runs: a rendered page is the same for all.
    let items = RwSignal::new(None::<Vec<String>>);
    let is_cleared = RwSignal::new(false);
    Effect::new(move |_| {
        let read = move || {
            let names = Area::ALL.into_iter().flat_map(Area::names);
            items.set(Some(names.map(|name| describe(&name, locale)).collect()));
        };
        read();
        storage::follow(move |_| read());
    });
    let clear = move |_| {
        for area in Area::ALL {
            area.clear();
        }
        is_cleared.set(true);
        // As another tab would: this list and `boot.js` hear of it.
        storage::tell();
    };
    let list = move || match items.get() {
        None => view! { <p>{t::unknown(locale)}</p> }.into_any(),
        Some(items) if items.is_empty() => ().into_any(),
        Some(items) => {
            let items = items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view();
            view! {
                <ul>{items}</ul>
                <button class="button" type="button" on:click=clear>{t::clear(locale)}</button>
            }
            .into_any()
        }
    };
    let is_empty = move || items.with(|items| items.as_ref().is_some_and(Vec::is_empty));
    let status = move || {
        let text = if is_cleared.get() { t::cleared(locale) } else { t::nothing(locale) };
        is_empty().then(|| view! { <p>{text}</p> })
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

/// What is stored under a name, in words.
fn describe(name: &str, locale: Locale) -> String {
    match name {
        "contrast" => t::contrast(locale).to_owned(),
        steps if steps.starts_with("steps-") => t::steps(locale).to_owned(),
        line if line.starts_with("basket-") => t::basket(locale).to_owned(),
        line if line.starts_with("later-") => t::later(locale).to_owned(),
        "shown-prices" => t::prices(locale).to_owned(),
        "checkout" => t::checkout(locale).to_owned(),
        "order-pending" => t::order(locale).to_owned(),
        other => t::other(locale, other),
    }
}
