//! What every handler can reach.

use std::sync::Arc;

use axum::Router;
use tokio::sync::Notify;

use crate::{
    cache::PageCache,
    card::CardPayments,
    clock::Clock,
    config::{AccessConfig, PublicUrl},
    contents::ContentsCache,
    health::Readiness,
    printing::Printing,
    secrets::Secrets,
    share::Cards,
    shop::CatalogueCache,
    site::Site,
    store::Store,
    workers::Workers,
};

/// What every handler can reach; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The built site.
    pub site: Arc<Site>,
    /// The site's own origin.
    pub public_url: PublicUrl,
    pub(crate) pages: Arc<PageCache>,
    pub(crate) catalogue: Arc<CatalogueCache>,
    pub(crate) contents: Arc<ContentsCache>,
    pub(crate) cards: Arc<Cards>,
    pub(crate) printing: Arc<Printing>,
    /// The API as pages are rendered from it; empty where it is its own state.
    pub(crate) api: Router,
    pub(crate) secrets: Arc<Secrets>,
    /// Who takes cards.
    pub(crate) card: Option<Arc<dyn CardPayments>>,
    /// Tells the worker that a mail was written.
    pub(crate) mail_wake: Arc<Notify>,
    pub(crate) workers: Workers,
    pub(crate) readiness: Readiness,
    /// The other origins whose pages may send something.
    pub(crate) allowed_origins: Arc<[PublicUrl]>,
}

impl AppState {
    /// The state of a server that keeps up to `page_cache` rendered pages.
    pub fn new(
        store: Store,
        clock: Clock,
        site: Site,
        public_url: PublicUrl,
        page_cache: u32,
        secrets: Secrets,
    ) -> Self {
        let pages = Arc::new(PageCache::new(page_cache));
        let (catalogue, contents) = (Arc::default(), Arc::default());
        let (cards, printing) = (Arc::default(), Arc::default());
        Self {
            store,
            clock,
            site: Arc::new(site),
            public_url,
            pages,
            catalogue,
            contents,
            cards,
            printing,
            api: Router::new(),
            secrets: Arc::new(secrets),
            card: None,
            mail_wake: Arc::default(),
            workers: Workers::default(),
            readiness: Readiness::default(),
            allowed_origins: Arc::default(),
        }
    }

    /// The same, with requests taken as this says.
    pub fn admitting(self, access: AccessConfig) -> Self {
        Self { allowed_origins: access.allow_origin.into(), ..self }
    }

    /// The same, with cards taken by this provider.
    pub fn taking_cards(self, card: Option<Arc<dyn CardPayments>>) -> Self {
        Self { card, ..self }
    }
}
