//! The campaign hub's single-page app: the same components render a page on
//! the server (`ssr`) and take it over in the browser (`hydrate`).
//!
//! Features (`campaign`, `support`, …) do not import each other; what they
//! share is in `ui`, `a11y` and `i18n`, which know no feature.

#![expect(unreachable_pub, reason = "the component macro makes `pub` properties for private components")]

pub mod a11y;
pub mod api;
pub mod app;
mod basket;
mod campaign;
pub mod contacts;
mod courses;
pub mod device;
mod documents;
mod events;
mod frame;
pub mod i18n;
mod lazy;
mod news;
pub mod orders;
mod page;
pub mod poster;
#[cfg(feature = "ssr")]
pub mod render;
pub mod routes;
mod search;
mod shop;
mod support;
mod take_part;
pub mod ui;
mod unions;
mod videos;

/// Starts the app in the browser.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    use leptos::{
        mount,
        prelude::{document, location},
    };

    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        frame::show_crash_notice();
    }));
    a11y::navigation::start();
    // Before anything is spawned; Leptos would set the same one when it mounts.
    _ = any_spawner::Executor::init_wasm_bindgen();
    leptos::task::spawn_local(async {
        let body = document().body().expect("a document has a body");
        let state =
            |state| _ = document().document_element().map(|root| root.set_attribute("data-app", state));
        let mut path = location().pathname().unwrap_or_default();
        // Where a payment page could not be reached, the order's stands on the way to it or back.
        let order = path.strip_suffix("/pay").or_else(|| path.strip_suffix("/paid")).map(str::len);
        if let Some(length) = order.filter(|_| path.contains("/orders/")) {
            path.truncate(length);
            let history = leptos::prelude::window().history().ok();
            _ = history.map(|history| history.replace_state_with_url(&"".into(), "", Some(&path)));
        }
        // Without its code the page stays the document that it is.
        if app::fetch_page(&path).await.is_err() {
            return state("failed");
        }
        if body.has_attribute("data-rendered") {
            mount::hydrate_body(app::App);
        } else {
            mount::mount_to_body(app::App);
        }
        // For scripts and tests that must not act on a page before it is alive.
        state("ready");
    });
}
