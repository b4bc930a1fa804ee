//! Sets a page's title, description and URL.
//!
//! The server writes them into the document's head. On navigation the app updates them itself,
//! in the order that screen readers need: first the title, then the focus. `leptos_meta`
//! offers neither that order nor the page's whole head as data for the cache, and it is
//! larger.

use leptos::prelude::*;

use super::navigation;
use crate::{
    i18n,
    render::{self, Head},
};

/// Sets the page's head. A page renders it once its data has arrived.
#[component]
pub(crate) fn PageHead(head: Head) -> impl IntoView {
    let locale = i18n::use_locale();
    render::set_head(&head);
    Effect::new(move |_| navigation::on_page_shown(&head, locale));
}
