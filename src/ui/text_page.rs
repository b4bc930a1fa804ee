//! A page whose content is HTML as text, made by one function for server and
//! browser (see `markup.rs`). What shows it is compiled once for all such pages.

use contract::Locale;
use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::{
    Head, PageHead,
    remote::{body, remote_page},
};
use crate::{api::Loading, i18n::use_locale};

/// A page made of an answer.
pub(crate) struct TextPage {
    pub(crate) head: Head,
    /// Everything within `<main>`.
    pub(crate) html: String,
    /// Brings the page's controls to life, once they are in the document.
    pub(crate) live: fn(),
}

/// The page that `make` makes of an answer, or the page that says why there is
/// none.
pub(crate) fn text_page<T>(data: Loading, make: fn(T, Locale) -> TextPage) -> AnyView
where
    T: DeserializeOwned + 'static,
{
    let locale = use_locale();
    remote_page(data, Box::new(move |bodies| Ok(show(make(body(bodies, 0)?, locale)))))
}

/// The page that `make` makes of two answers.
pub(crate) fn text_page_of_two<A, B>(data: Loading, make: fn(A, B, Locale) -> TextPage) -> AnyView
where
    A: DeserializeOwned + 'static,
    B: DeserializeOwned + 'static,
{
    let locale = use_locale();
    remote_page(data, Box::new(move |bodies| Ok(show(make(body(bodies, 0)?, body(bodies, 1)?, locale)))))
}

/// A page that the document has told already, and that the app has no code for: it
/// stays as it is, with a head made of its heading. Whoever comes there from another
/// page has it loaded from `address`.
#[cfg(target_arch = "wasm32")]
pub(crate) fn told_page(
    data: Loading,
    head: impl Fn(String) -> Head + Send + Sync + 'static,
    address: impl Fn() -> String + Send + Sync + 'static,
) -> AnyView {
    remote_page(
        data,
        Box::new(move |_| {
            let told = super::live::find("[data-told]");
            let Some((told, heading)) = told.zip(super::live::find("h1")) else {
                _ = window().location().replace(&address());
                return Ok(().into_any());
            };
            let html = told.parent_element().map(|around| around.inner_html()).unwrap_or_default();
            let head = head(heading.text_content().unwrap_or_default());
            Ok(show(TextPage { head, html, live: no_controls }))
        }),
    )
}

/// A page that needs no answer.
pub(crate) fn fixed_page(page: TextPage) -> AnyView {
    show(page)
}

fn show(page: TextPage) -> AnyView {
    let TextPage { head, html, live } = page;
    when_shown(live);
    view! {
        <PageHead head/>
        <div inner_html=html></div>
    }
    .into_any()
}

/// Calls `live` once the page that is being made is in the document; never on
/// the server.
fn when_shown(live: fn()) {
    #[cfg(target_arch = "wasm32")]
    Effect::new(move |_| super::live::when_shown(live));
    #[cfg(not(target_arch = "wasm32"))]
    let _ = live;
}

/// For a page without controls of its own.
pub(crate) fn no_controls() {}
