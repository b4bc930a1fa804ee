//! What the server learns from rendering a page: its head, its status and what it is
//! about. In the browser nobody collects it.

use std::sync::{Arc, Mutex, PoisonError};

use contract::{events::Event, news::NewsItem, shop::Product};
use leptos::prelude::use_context;

use crate::a11y::head::Head;

/// What a rendered page asks of the document around it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Title, description and address; every page sets one.
    pub head: Option<Head>,
    /// The HTTP status, 200 where the page says nothing.
    pub status: Option<u16>,
    /// What the page is about, where it is one thing.
    pub about: Option<About>,
}

/// One thing that a page is about.
#[derive(Clone, Debug)]
pub enum About {
    /// A product of the shop.
    Product(Box<Product>),
    /// A news item.
    News(Box<NewsItem>),
    /// An event.
    Event(Box<Event>),
}

/// Collects a page's [`Outcome`] while it renders; provided as context.
#[derive(Clone, Debug, Default)]
pub struct Collector(Arc<Mutex<Outcome>>);

impl Collector {
    /// What was collected so far.
    pub fn outcome(&self) -> Outcome {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Says which head the page has.
pub(crate) fn set_head(head: &Head) {
    change(|outcome| outcome.head = Some(head.clone()));
}

/// Says with which status the page is answered.
pub(crate) fn set_status(status: u16) {
    change(|outcome| outcome.status = Some(status));
}

/// Says what the page is about.
pub(crate) fn set_about(about: About) {
    change(|outcome| outcome.about = Some(about));
}

/// Does nothing in the browser, where nobody collects.
fn change(change: impl FnOnce(&mut Outcome)) {
    if let Some(Collector(outcome)) = use_context() {
        change(&mut outcome.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
