//! What every handler can reach.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Notify;

use crate::{
    cache::PageCache, card::CardPayments, clock::Clock, config::PublicUrl, contents::ContentsCache,
    secrets::Secrets, share::Cards, shop::CatalogueCache, site::Site, store::Store,
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
    pub(crate) press: Arc<print::Press>,
    pub(crate) secrets: Arc<Secrets>,
    /// Who takes cards.
    pub(crate) card: Option<Arc<dyn CardPayments>>,
    /// Tells the worker that a mail was written.
    pub(crate) mail_wake: Arc<Notify>,
    pub(crate) metrics: PrometheusHandle,
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
        metrics: PrometheusHandle,
    ) -> Self {
        let pages = Arc::new(PageCache::new(page_cache));
        let (catalogue, contents) = (Arc::default(), Arc::default());
        let (cards, press) = (Arc::default(), Arc::default());
        Self {
            store,
            clock,
            site: Arc::new(site),
            public_url,
            pages,
            catalogue,
            contents,
            cards,
            press,
            secrets: Arc::new(secrets),
            card: None,
            mail_wake: Arc::default(),
            metrics,
        }
    }

    /// The same, with cards taken by this provider.
    pub fn taking_cards(self, card: Option<Arc<dyn CardPayments>>) -> Self {
        Self { card, ..self }
    }
}
