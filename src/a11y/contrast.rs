//! The high-contrast switch, and whether it is on.
//!
//! The switch itself is implemented in `public/boot.js`, which runs before the first paint: it
//! has to work while the app is loading or if it never loads, and a second implementation
//! could disagree with it. The app follows the state that the script sets on the document.

use leptos::prelude::*;

use crate::i18n::{frame as t, use_locale};

/// Whether the page is shown in high contrast.
#[derive(Clone, Copy, Debug)]
pub struct Contrast {
    is_high: ReadSignal<bool>,
}

impl Contrast {
    /// Follows the document's state for as long as the calling component lives. It is unknown
    /// until the app runs, because a rendered page is the same for everyone.
    pub fn follow() -> Self {
        let (is_high, set_is_high) = signal(false);
        Effect::new(move |_| {
            let read = move || {
                let root = document().document_element();
                let state = root.and_then(|root| root.get_attribute("data-contrast"));
                set_is_high.set(state.as_deref() == Some("high"));
            };
            read();
            let listening = window_event_listener_untyped("contrast", move |_| read());
            on_cleanup(move || listening.remove());
        });
        Self { is_high }
    }

    /// Whether it is on.
    pub fn is_high(self) -> bool {
        self.is_high.get()
    }
}

/// A toggle for high contrast and, once the visitor has made a choice, a way to return to the
/// device's setting.
#[component]
pub fn ContrastSwitch() -> impl IntoView {
    let locale = use_locale();
    let contrast = Contrast::follow();
    view! {
        <button
            class="bar__switch"
            type="button"
            aria-pressed=move || if contrast.is_high() { "true" } else { "false" }
            data-contrast-switch
        >
            <span class="bar__switch-mark" aria-hidden="true"></span>
            {t::high_contrast(locale)}
        </button>
        <button class="bar__reset" type="button" data-contrast-reset>
            {t::contrast_from_device(locale)}
        </button>
    }
}
