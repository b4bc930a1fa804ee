//! A page's title, description and address.
//!
//! The server writes them into the document's head; after that the app changes
//! them itself when the reader moves on, in the order that a screen reader
//! needs: first the title, then the focus. `leptos_meta` offers neither that
//! order nor the page's whole head as data for the cache, and it weighs more.

use leptos::prelude::*;

use super::navigation;
use crate::{i18n, render, routes::Route};

/// What a page says of itself in the document's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The page's own title, which the site's name follows.
    pub title: String,
    /// The page in a sentence, for search engines and shared links.
    pub description: String,
    /// The page's address; a page that should not be found has none.
    pub route: Option<Route>,
}

impl Head {
    /// The whole title: `Join a union – heartunions week`.
    pub fn full_title(&self, locale: contract::Locale) -> String {
        let site = i18n::frame::site_name(locale);
        if self.title == site { self.title.clone() } else { [&self.title, " – ", site].concat() }
    }

    /// The head of the same page while it shows what is wrong with a form.
    pub(crate) fn with_error(self, locale: contract::Locale) -> Self {
        Self { title: [i18n::form::error_prefix(locale), &self.title].concat(), ..self }
    }
}

/// Sets the page's head. A page renders it once, when its data is there.
#[component]
pub(crate) fn PageHead(head: Head) -> impl IntoView {
    let locale = i18n::use_locale();
    render::set_head(&head);
    Effect::new(move |_| navigation::arrive(&head, locale));
}
