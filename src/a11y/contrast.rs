//! The high-contrast switch.
//!
//! What it does stands in `public/boot.js`, which runs before the first paint:
//! the switch has to work while the module is still on its way, or never
//! comes, and one implementation cannot disagree with itself.

use leptos::prelude::*;

use crate::i18n::{frame as t, use_locale};

/// A toggle for high contrast and, once a choice was made, a way back to what
/// the device asks for.
#[component]
pub fn ContrastSwitch() -> impl IntoView {
    let locale = use_locale();
    view! {
        <button class="bar__switch" type="button" aria-pressed=pressed() data-contrast-switch>
            <span class="bar__switch-mark" aria-hidden="true"></span>
            {t::high_contrast(locale)}
        </button>
        <button class="bar__reset" type="button" data-contrast-reset>
            {t::contrast_from_device(locale)}
        </button>
    }
}

/// The switch's state: boot.js keeps it right on a rendered page, but a page
/// that the app mounts by itself has to ask for it once.
fn pressed() -> &'static str {
    #[cfg(target_arch = "wasm32")]
    {
        let root = document().document_element();
        if root.and_then(|root| root.get_attribute("data-contrast")).as_deref() == Some("high") {
            return "true";
        }
    }
    "false"
}
