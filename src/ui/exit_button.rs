//! "Exit this page": a quick way out for people who may be watched.

use leptos::prelude::*;

use crate::{
    i18n::{exit as t, use_locale},
    routes::exit_href,
};

/// A link to a neutral page. From the first paint on, `public/boot.js` makes it, and Escape
/// pressed three times, replace this page and its history entry; without JavaScript it is a
/// plain link.
#[component]
pub(crate) fn ExitButton() -> impl IntoView {
    let locale = use_locale();
    view! {
        <div class="exit">
            <a class="exit__button" rel="external nofollow" data-exit="" href=exit_href(locale)>
                {t::exit_page(locale)}
            </a>
            " "
            <span class="exit__hint">{t::hint(locale)}</span>
        </div>
    }
}
