//! The state that all handlers share.

use std::sync::Arc;

use axum::Router;
use ipnet::IpNet;
use tokio::sync::Notify;

use crate::{
    cache::PageCache,
    card::CardPayments,
    clock::Clock,
    config::{AccessConfig, OrderRules, PublicUrl},
    content_index::ContentIndexCache,
    health::Readiness,
    limits::{LimitConfig, Limits},
    print_queue::PrintQueue,
    secrets::Secrets,
    share::ShareImageCache,
    shop::CatalogueCache,
    site::Site,
    store::Store,
    workers::{Background, Workers},
};

/// The state that all handlers share; cheap to clone.
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
    pub(crate) content_index: Arc<ContentIndexCache>,
    pub(crate) share_images: Arc<ShareImageCache>,
    pub(crate) print_queue: Arc<PrintQueue>,
    /// The API router for rendering pages; empty in that router's own state.
    pub(crate) api: Router,
    pub(crate) secrets: Arc<Secrets>,
    /// The payment provider for cards.
    pub(crate) card: Option<Arc<dyn CardPayments>>,
    /// Rules for orders: hold periods, expiry of links, and limits on unpaid orders.
    pub(crate) rules: OrderRules,
    /// Notifies the workers of a new email.
    pub(crate) mail_wake: Arc<Notify>,
    pub(crate) workers: Workers,
    pub(crate) background: Background,
    pub(crate) readiness: Readiness,
    pub(crate) limits: Arc<Limits>,
    /// The proxies whose headers are trusted.
    pub(crate) trusted_proxies: Arc<[IpNet]>,
    /// The other origins whose pages may send requests.
    pub(crate) allowed_origins: Arc<[PublicUrl]>,
}

impl AppState {
    /// The state of a server that caches up to `page_cache` rendered pages.
    pub fn new(
        store: Store,
        clock: Clock,
        site: Site,
        public_url: PublicUrl,
        page_cache: u32,
        secrets: Secrets,
    ) -> Self {
        let pages = Arc::new(PageCache::new(page_cache));
        let (catalogue, content_index) = (Arc::default(), Arc::default());
        let (share_images, print_queue) = (Arc::default(), Arc::default());
        let secrets = Arc::new(secrets);
        let limits = Limits::new(LimitConfig::default(), store.clone(), Arc::clone(&secrets), clock.clone());
        Self {
            store,
            clock,
            site: Arc::new(site),
            public_url,
            pages,
            catalogue,
            content_index,
            share_images,
            print_queue,
            api: Router::new(),
            secrets,
            card: None,
            rules: OrderRules::default(),
            mail_wake: Arc::default(),
            workers: Workers::default(),
            background: Background::default(),
            readiness: Readiness::default(),
            limits: Arc::new(limits),
            trusted_proxies: Arc::default(),
            allowed_origins: Arc::default(),
        }
    }

    /// The keys, which are not in the database.
    pub fn secrets(&self) -> Arc<Secrets> {
        Arc::clone(&self.secrets)
    }

    /// Sets which requests are accepted.
    pub fn admitting(self, access: AccessConfig) -> Self {
        let AccessConfig { trusted_proxy, allow_origin, limits } = access;
        let (store, secrets, clock) = (self.store.clone(), Arc::clone(&self.secrets), self.clock.clone());
        Self {
            limits: Arc::new(Limits::new(limits, store, secrets, clock)),
            trusted_proxies: trusted_proxy.into(),
            allowed_origins: allow_origin.into(),
            ..self
        }
    }

    /// Sets the payment provider for cards.
    pub fn taking_cards(self, card: Option<Arc<dyn CardPayments>>) -> Self {
        Self { card, ..self }
    }

    /// Sets the rules for orders.
    pub fn with_rules(self, rules: OrderRules) -> Self {
        Self { rules, ..self }
    }

    /// The state of a server with the project's content and a minimal site in this folder.
    #[cfg(test)]
    pub(crate) async fn for_tests(folder: &std::path::Path) -> Self {
        let index = "<html lang=\"en\" data-pictures=\"\"><head><!--head--><!--/head--></head></html>";
        std::fs::write(folder.join("index.html"), index).expect("a file");
        let site = Site::open(folder).expect("a site");
        let url = format!("sqlite://{}", folder.join("hub.db").display());
        let store = Store::open(&url).await.expect("a database");
        let content = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../content"));
        let records = crate::content::read(content).expect("valid content");
        store.replace_content(&records).await.expect("a load");
        let source = crate::keys::KeySource::new(folder, None);
        let secrets = crate::keys::open(&store, &source).await.expect("a key");
        let public_url = "https://week.example".parse().expect("an origin");
        Self::new(store, Clock::default(), site, public_url, 1, secrets)
    }
}
