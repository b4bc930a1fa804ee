//! Starts the app in the browser: hydrates the page rendered by the server, or mounts the app
//! if that is not possible.

use std::sync::Arc;

use hydration_context::{HydrateSharedContext, SharedContext};
use leptos::{
    mount,
    prelude::{Owner, document, location, window},
};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AddEventListenerOptions, HtmlElement};

use crate::{a11y, app::App, early_input::EarlyInput, frame, hydration, parts, routes};

/// The variable of a rendered document that holds the page's data; Leptos reads it.
const RENDERED_DATA: &str = "__RESOLVED_RESOURCES";

/// The maximum delay before the code of the first page is requested again, without its random
/// part; `loader.js` has the same for the main module.
const MAX_RETRY_DELAY_MS: i32 = 60_000;

/// Starts the app.
pub fn start() {
    set_panic_hook();
    a11y::navigation::start();
    // Before anything is spawned; Leptos would set the same executor when it mounts.
    _ = any_spawner::Executor::init_wasm_bindgen();
    leptos::task::spawn_local(show_page());
}

/// The app's state as an attribute of the document, for scripts and tests that must wait until
/// the app is running, and for `boot.js`, which stops events from reaching an app that has
/// stopped.
#[derive(Clone, Copy)]
enum AppState {
    Ready,
    Failed,
}

fn set_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        frame::show_crash_notice();
    }));
}

/// Hydrates the current page.
async fn show_page() {
    restore_order_url();
    fetch_part().await;
    let body = document().body().expect("a document has a body");
    if hydration::is_as_rendered(&body) {
        mount::hydrate_body(App);
    } else {
        mount_again(&body);
    }
    set_app_state(AppState::Ready);
}

/// If a payment page was unavailable, the order's page is shown at the URL of the redirect:
/// this replaces it with the page's own URL.
fn restore_order_url() {
    let path = path();
    let own = path.strip_suffix("/pay").or_else(|| path.strip_suffix("/paid"));
    if let Some(own) = own.filter(|_| path.contains("/orders/")) {
        let history = window().history().ok();
        _ = history.map(|history| history.replace_state_with_url(&"".into(), "", Some(own)));
    }
}

/// Loads the code of the page. Until it is loaded, the page remains a plain document; loading
/// is retried, later each time, and when the connection is back.
async fn fetch_part() {
    let mut retry_delay_ms = 1000;
    while parts::fetch_page(&path()).await.is_err() {
        set_app_state(AppState::Failed);
        online_or_after(retry_delay_ms).await;
        retry_delay_ms = (2 * retry_delay_ms).min(MAX_RETRY_DELAY_MS);
    }
}

/// Waits until the browser is online again, or for this time and up to half as long again, like
/// `loader.js`.
async fn online_or_after(delay_ms: i32) {
    let delay_ms = delay_ms + (f64::from(delay_ms) * js_sys::Math::random() / 2.0) as i32;
    let mut wait = |resolve: js_sys::Function, _: js_sys::Function| {
        let once = AddEventListenerOptions::new();
        once.set_once(true);
        let window = window();
        _ = window.add_event_listener_with_callback_and_add_event_listener_options("online", &resolve, &once);
        _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, delay_ms);
    };
    _ = JsFuture::from(js_sys::Promise::new(&mut wait)).await;
}

/// Mounts the app from scratch: on a static host, or if something changed the document on its
/// way. The reader's input stays.
fn mount_again(body: &HtmlElement) {
    let input = EarlyInput::read();
    body.set_inner_html("");
    let locale = routes::current_locale();
    _ = document().document_element().map(|root| root.set_attribute("lang", locale.tag()));
    if js_sys::Reflect::has(&window(), &RENDERED_DATA.into()).unwrap_or_default() {
        mount_with_rendered_data();
    } else {
        mount::mount_to_body(App);
    }
    input.restore();
}

/// Mounts the app with the API's responses that the server has rendered into the document, as
/// when it hydrates.
fn mount_with_rendered_data() {
    let data = Arc::new(HydrateSharedContext::new());
    let owner = Owner::new_root(Some(Arc::clone(&data) as Arc<dyn SharedContext + Send + Sync>));
    owner.with(|| mount::mount_to_body(App));
    // Pages shown later request theirs.
    data.hydration_complete();
    // The app lives as long as the document.
    std::mem::forget(owner);
}

fn set_app_state(state: AppState) {
    let state = match state {
        AppState::Ready => "ready",
        AppState::Failed => "failed",
    };
    _ = document().document_element().map(|root| root.set_attribute("data-app", state));
}

fn path() -> String {
    location().pathname().unwrap_or_default()
}
