//! The frame around every page: bar, masthead, footer, and notices that can appear on any
//! page.

mod footer;
mod header;

use std::time::Duration;

use leptos::prelude::*;

use crate::i18n::{frame as t, use_locale};
use footer::Footer;
use header::Header;

/// How long navigation may take before the reader sees a progress indicator.
const PROGRESS_DELAY: Duration = Duration::from_millis(150);

/// Everything around the page.
#[component]
pub(crate) fn Frame(
    /// Whether the next page is being fetched while this one is still shown.
    routing: ReadSignal<bool>,
    children: Children,
) -> impl IntoView {
    let locale = use_locale();
    let slow = is_slow(routing);
    view! {
        <a class="skip-link" href="#main">{t::skip(locale)}</a>
        <Header/>
        <div class="progress" role="status" data-active=move || slow.get().then_some("")>
            {move || slow.get().then(|| t::loading(locale))}
        </div>
        <main id="main" tabindex="-1" aria-busy=move || slow.get().then_some("true")>{children()}</main>
        <Footer/>
        <div class="visually-hidden" id="announcer" role="status"></div>
        <div class="crash-notice" id="crash-notice" role="alert" hidden>
            <p>{t::crashed(locale)}</p>
        </div>
    }
}

/// Becomes true when `routing` has been true for longer than [`PROGRESS_DELAY`].
fn is_slow(routing: ReadSignal<bool>) -> ReadSignal<bool> {
    let (slow, set_slow) = signal(false);
    Effect::new(move |_| {
        set_slow.set(false);
        if routing.get()
            && let Ok(timer) = set_timeout_with_handle(move || set_slow.set(true), PROGRESS_DELAY)
        {
            on_cleanup(move || timer.clear());
        }
    });
    slow
}

/// Shows that the app has stopped. The page stays as it is: `public/boot.js` makes links and
/// forms work as in a plain document from now on.
#[cfg(target_arch = "wasm32")]
pub(crate) fn show_crash_notice() {
    if let Some(notice) = document().get_element_by_id("crash-notice") {
        _ = notice.remove_attribute("hidden");
    }
    if let Some(root) = document().document_element() {
        _ = root.set_attribute("data-app", "failed");
        _ = root.set_attribute("data-app-stopped", "");
    }
}
