//! The campaign hub's single-page app: the same components render a page on
//! the server (`ssr`) and take it over in the browser (`hydrate`).
//!
//! Features (`campaign`, `support`, …) do not import each other; what they
//! share is in `ui`, `a11y` and `i18n`, which know no feature.

#![expect(unreachable_pub, reason = "the component macro makes `pub` properties for private components")]

pub mod a11y;
pub mod api;
pub mod app;
mod campaign;
pub mod device;
mod frame;
pub mod i18n;
mod page;
#[cfg(feature = "ssr")]
pub mod render;
pub mod routes;
mod support;
pub mod ui;

/// Starts the app in the browser.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    use leptos::{mount, prelude::document};

    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        frame::show_crash_notice();
    }));
    a11y::navigation::start();
    let body = document().body().expect("a document has a body");
    if body.has_attribute("data-rendered") {
        mount::hydrate_body(app::App);
    } else {
        mount::mount_to_body(app::App);
    }
    // For scripts and tests that must not act on a page before it is alive.
    _ = document().document_element().map(|root| root.set_attribute("data-app", "ready"));
}
