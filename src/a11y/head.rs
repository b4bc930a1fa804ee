//! A page's title, description and URL.
//!
//! The server writes them into the document's head. On navigation the app updates them itself,
//! in the order that screen readers need: first the title, then the focus. `leptos_meta`
//! offers neither that order nor the page's whole head as data for the cache, and it is
//! larger.

use leptos::prelude::*;

use super::navigation;
use crate::{i18n, render, routes::Route};

/// A page's metadata for the document's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The page's own title; the site's name is appended.
    pub title: String,
    /// A summary in one sentence, for search engines and shared links.
    pub description: String,
    /// The page's route; none for a page that search engines should not index.
    pub route: Option<Route>,
}

impl Head {
    /// The whole title: `Join a union – heartunions week`.
    pub fn full_title(&self, locale: contract::Locale) -> String {
        let site = i18n::frame::site_name(locale);
        if self.title == site { self.title.clone() } else { [&self.title, " – ", site].concat() }
    }

    /// The same head with the title of a page that shows form errors.
    pub(crate) fn with_error(self, locale: contract::Locale) -> Self {
        Self { title: [i18n::form::error_prefix(locale), &self.title].concat(), ..self }
    }
}

/// Sets the page's head. A page renders it once its data has arrived.
#[component]
pub(crate) fn PageHead(head: Head) -> impl IntoView {
    let locale = i18n::use_locale();
    render::set_head(&head);
    Effect::new(move |_| navigation::arrive(&head, locale));
}
