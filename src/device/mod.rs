//! The data that the site stores on this device, listed and deleted on request.
//!
//! Everything that the app stores in the browser is named here: someone who shares a device,
//! or uses their employer's, must be able to see all of it.

use contract::Locale;
use leptos::prelude::*;

use crate::{
    i18n::{device as t, use_locale},
    storage::{self, Area},
};

/// Lists the stored data, with a button to delete it.
#[component]
pub fn DeviceStorage() -> impl IntoView {
    let locale = use_locale();
    // Unknown until the app runs, because a rendered page is the same for everyone.
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
        // Notifies this list and `boot.js`, as for a change in another tab.
        storage::notify();
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
            {move || list()}
            <div role="status">{move || status()}</div>
            <p>{t::beyond_reach(locale)}</p>
        </section>
    }
}

/// A description of what is stored under a name.
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
