//! What the server learns from rendering a page: its head and its status.

use std::sync::{Arc, Mutex, PoisonError};

use contract::shop::Product;
use leptos::prelude::use_context;

use crate::ui::head::Head;

/// What a rendered page asks of the document around it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Title, description and address; every page sets one.
    pub head: Option<Head>,
    /// The HTTP status, 200 where the page says nothing.
    pub status: Option<u16>,
    /// The product that the page is about.
    pub product: Option<Product>,
}

/// Collects a page's [`Outcome`] while it renders; provided as context.
#[derive(Clone, Debug, Default)]
pub struct Collector(Arc<Mutex<Outcome>>);

impl Collector {
    /// What was collected so far.
    pub fn outcome(&self) -> Outcome {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_head(head: Head) {
        Self::change(|outcome| outcome.head = Some(head));
    }

    pub(crate) fn set_status(status: u16) {
        Self::change(|outcome| outcome.status = Some(status));
    }

    pub(crate) fn set_product(product: Product) {
        Self::change(|outcome| outcome.product = Some(product));
    }

    fn change(change: impl FnOnce(&mut Outcome)) {
        if let Some(Self(outcome)) = use_context() {
            change(&mut outcome.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}
