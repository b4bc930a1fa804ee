//! The results of rendering a page for the server: its head, its status and its subject. In
//! the browser nothing collects them.

use std::sync::{Arc, Mutex, PoisonError};

use contract::{Locale, events::Event, news::NewsItem, shop::Product};
use leptos::prelude::use_context;

use crate::{i18n, routes::Route};

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
    pub fn full_title(&self, locale: Locale) -> String {
        let site = i18n::frame::site_name(locale);
        if self.title == site { self.title.clone() } else { [&self.title, " – ", site].concat() }
    }

    /// The same head with the title of a page that shows form errors.
    pub(crate) fn with_error(self, locale: Locale) -> Self {
        Self { title: [i18n::form::error_prefix(locale), &self.title].concat(), ..self }
    }
}

/// What a rendered page needs from the document around it.
#[derive(Clone, Debug, Default)]
pub struct PageMetadata {
    /// Title, description and URL; every page sets them.
    pub head: Option<Head>,
    /// The HTTP status; 200 if not set.
    pub status: Option<u16>,
    /// The page's subject, if it has one.
    pub subject: Option<PageSubject>,
}

/// The subject of a page.
#[derive(Clone, Debug)]
pub enum PageSubject {
    /// A product of the shop.
    Product(Box<Product>),
    /// A news item.
    News(Box<NewsItem>),
    /// An event.
    Event(Box<Event>),
}

/// Collects a page's [`PageMetadata`] while it renders; provided as context.
#[derive(Clone, Debug, Default)]
pub struct Collector(Arc<Mutex<PageMetadata>>);

impl Collector {
    /// The results so far.
    pub fn metadata(&self) -> PageMetadata {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Sets the page's head.
pub(crate) fn set_head(head: &Head) {
    change(|metadata| metadata.head = Some(head.clone()));
}

/// Sets the HTTP status of the page.
pub(crate) fn set_status(status: u16) {
    change(|metadata| metadata.status = Some(status));
}

/// Sets the page's subject.
pub(crate) fn set_subject(subject: PageSubject) {
    change(|metadata| metadata.subject = Some(subject));
}

/// Has no effect in the browser, where nothing collects results.
fn change(change: impl FnOnce(&mut PageMetadata)) {
    if let Some(Collector(metadata)) = use_context() {
        change(&mut metadata.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
