//! A cache of rendered pages, invalidated by changes of the content, the stock or the time.
//! Concurrent requests for a page share one render, and it is compressed once for all.

use std::{
    collections::{BTreeSet, HashMap},
    num::NonZeroUsize,
    panic,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use axum::http::{HeaderValue, StatusCode};
use bytes::Bytes;
use campaign_hub::routes::Route;
use contract::Locale;
use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use jiff::Timestamp;
use lru::LruCache;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::timeout,
};

use crate::{site::Encoded, store::Versions};

/// The maximum number of concurrent renders for each processor: more of them slow each other
/// down.
const RENDERS_PER_PROCESSOR: usize = 2;
/// The length of the queue for best compression; when it is full, pages keep their fast
/// compression.
const COMPRESSIONS: usize = 256;
/// The maximum interval between reports of success, even if no page waits for compression.
const REPORT_INTERVAL: Duration = Duration::from_secs(60);

/// The cache key: the page, with the part of the query string that it uses. All unknown URLs
/// share one key, so that a client cannot fill the cache with misspelt ones.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    pub(crate) locale: Locale,
    pub(crate) route: Option<Route>,
    pub(crate) query: String,
}

/// A rendered page.
#[derive(Clone)]
pub(crate) struct CachedPage {
    pub(crate) body: Encoded,
    pub(crate) status: StatusCode,
    pub(crate) policy: HeaderValue,
    /// The versions of content and stock that it was rendered from.
    pub(crate) versions: Versions,
    /// The next moment at which the time changes the page: a day begins, an event starts or
    /// ends.
    pub(crate) valid_until: Timestamp,
    pub(crate) shows: Shows,
}

/// What an API response depends on, which decides how long a page made of it can be cached.
/// Handlers attach it to their response as an extension.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shows {
    /// The slugs of the products whose stock is shown.
    pub(crate) products: BTreeSet<String>,
    /// Whether it depends on which variants are in stock.
    pub(crate) in_stock: bool,
    /// Whether it depends on what someone typed: there is no limit to such pages.
    pub(crate) typed: bool,
}

impl Shows {
    /// The dependencies of a filtered list. An empty list is not cached, because anyone can
    /// make up any number of terms that match nothing.
    pub(crate) fn list<T>(entries: &[T]) -> Self {
        Self { typed: entries.is_empty(), ..Self::default() }
    }

    /// Adds the dependencies of another response.
    pub(crate) fn add(&mut self, other: Self) {
        self.products.extend(other.products);
        self.in_stock |= other.in_stock;
        self.typed |= other.typed;
    }

    /// Whether it depends on stock at all.
    pub(crate) fn stock(&self) -> bool {
        self.in_stock || !self.products.is_empty()
    }
}

type Pages = Mutex<LruCache<PageKey, Arc<CachedPage>>>;
type Flight = Shared<BoxFuture<'static, Option<Arc<CachedPage>>>>;
type Flights = Mutex<HashMap<(PageKey, Versions), Flight>>;
/// A cached page to compress again.
type Compression = (PageKey, Arc<CachedPage>);

/// A cache with a maximum size that evicts the least recently used page.
pub(crate) struct PageCache {
    /// None if caching is switched off.
    pages: Option<Arc<Pages>>,
    /// The renders in progress.
    flights: Arc<Flights>,
    renders: Arc<Semaphore>,
    compressors: Arc<Semaphore>,
    compressions: mpsc::Sender<Compression>,
    /// The pages that wait for the best compression.
    waiting: tokio::sync::Mutex<mpsc::Receiver<Compression>>,
}

impl PageCache {
    /// A cache of up to `pages` pages; 0 disables it.
    pub(crate) fn new(pages: u32) -> Self {
        let capacity = usize::try_from(pages).ok().and_then(NonZeroUsize::new);
        let pages = capacity.map(|capacity| Arc::new(Pages::new(LruCache::new(capacity))));
        let (compressions, waiting) = mpsc::channel(COMPRESSIONS);
        let processors = thread::available_parallelism().map_or(2, usize::from);
        let renders = Arc::new(Semaphore::new(processors * RENDERS_PER_PROCESSOR));
        let compressors = Arc::new(Semaphore::new(processors));
        let waiting = tokio::sync::Mutex::new(waiting);
        Self { pages, flights: Arc::default(), renders, compressors, compressions, waiting }
    }

    /// Compresses cached pages again, with the best compression, for as long as the server runs;
    /// calls `succeeded` after each, and once in a while.
    pub(crate) async fn compress_well(&self, succeeded: impl Fn()) {
        let mut waiting = self.waiting.lock().await;
        loop {
            if let Ok(Some((key, page))) = timeout(REPORT_INTERVAL, waiting.recv()).await {
                let compressed = tokio::task::spawn_blocking(move || page.body.compressed_well()).await;
                self.replace_body(&key, compressed.expect("compression does not panic"));
            }
            succeeded();
        }
    }

    /// Replaces the body of a cached page by a better compressed one, unless a newer version has
    /// replaced it.
    fn replace_body(&self, key: &PageKey, body: Encoded) {
        let Some(pages) = &self.pages else { return };
        if let Some(cached) = lock(pages).peek_mut(key).filter(|cached| cached.body.is_same(&body)) {
            Arc::make_mut(cached).body = body;
        }
    }

    /// The last page that was cached, unless the time has changed it since.
    pub(crate) fn last_known(&self, key: &PageKey, now: Timestamp) -> Option<Arc<CachedPage>> {
        lock(self.pages.as_ref()?).get(key).filter(|page| now < page.valid_until).cloned()
    }

    /// Records that a page is still correct at these versions, unless a newer one has replaced
    /// it.
    pub(crate) fn renew(&self, key: &PageKey, page: &CachedPage, versions: Versions) {
        let Some(pages) = &self.pages else { return };
        if let Some(cached) = lock(pages).peek_mut(key)
            && cached.versions == page.versions
            && cached.body.is_same(&page.body)
        {
            Arc::make_mut(cached).versions = versions;
        }
    }

    /// Waits for a free slot to render.
    pub(crate) async fn turn_to_render(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.renders).acquire_owned().await.ok()
    }

    /// A document compressed for the response, outside the threads that serve requests.
    pub(crate) async fn compress(&self, html: String) -> Encoded {
        let html = Bytes::from(html);
        let turn = Arc::clone(&self.compressors).acquire_owned().await;
        let plain = html.clone();
        let compressed = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            Encoded::document(plain)
        });
        // The server is stopping, or the compressor has failed: the document is sent
        // uncompressed.
        compressed.await.unwrap_or_else(|_| Encoded::uncompressed_document(html))
    }

    /// The page made by `render`, shared by all requests that arrive meanwhile. It is
    /// completed and cached even if nobody waits for it any more, so the caller limits how many
    /// are in progress. None if it panicked.
    pub(crate) async fn render<F>(
        &self,
        key: &PageKey,
        versions: Versions,
        now: Timestamp,
        render: impl FnOnce() -> F + Send + 'static,
    ) -> Option<Arc<CachedPage>>
    where
        F: Future<Output = CachedPage> + Send + 'static,
    {
        let id = (key.clone(), versions);
        let flight = {
            let mut flights = lock(&self.flights);
            let cached = || self.last_known(key, now).filter(|page| page.versions == versions);
            if let Some(flight) = flights.get(&id).cloned() {
                flight
            } else if let Some(page) = cached() {
                // It was completed after the caller looked for it.
                return Some(page);
            } else {
                let flight = self.start(id.clone(), render);
                flights.insert(id, flight.clone());
                flight
            }
        };
        flight.await
    }

    /// Starts a render while the caller holds the lock on the renders in progress, so that it
    /// cannot end before it is registered.
    fn start<F>(&self, id: (PageKey, Versions), render: impl FnOnce() -> F + Send + 'static) -> Flight
    where
        F: Future<Output = CachedPage> + Send + 'static,
    {
        let (flights, pages) = (Arc::clone(&self.flights), self.pages.clone());
        let compressions = self.compressions.clone();
        let rendered = tokio::spawn(async move {
            let page = panic::AssertUnwindSafe(render()).catch_unwind().await.ok().map(Arc::new);
            if let (Some(page), Some(pages)) = (&page, pages)
                && !page.status.is_server_error()
                && !page.shows.typed
            {
                let mut pages = lock(&pages);
                // A slower render may hold an older version than the one already cached.
                let order = |versions: Versions| (versions.content, versions.stock);
                if pages.peek(&id.0).is_none_or(|cached| order(cached.versions) <= order(page.versions)) {
                    pages.put(id.0.clone(), Arc::clone(page));
                }
                // Later requests get the better compression; none waits for it.
                _ = compressions.try_send((id.0.clone(), Arc::clone(page)));
            }
            lock(&flights).remove(&id);
            page
        });
        async move { rendered.await.ok().flatten() }.boxed().shared()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use axum::http::{HeaderValue, StatusCode};
    use bytes::Bytes;
    use campaign_hub::routes::Route;
    use contract::Locale;
    use futures::future::{join, join_all};
    use jiff::Timestamp;
    use tokio::sync::Semaphore;

    use super::{CachedPage, PageCache, PageKey, Shows};
    use crate::{site::Encoded, store::Versions};

    #[tokio::test]
    async fn concurrent_requests_share_a_render() {
        let cache = PageCache::new(1);
        let key = PageKey { locale: Locale::En, route: Some(Route::News), query: String::new() };
        let now = Timestamp::UNIX_EPOCH;
        let renders = Arc::new(AtomicU32::new(0));
        let next = Versions { content: 1, stock: 0 };
        for (versions, expected) in [(Versions::default(), 1), (next, 2)] {
            // No render ends before all requests have arrived.
            let arrived = Arc::new(Semaphore::new(0));
            let request = || {
                let (renders, arrived) = (Arc::clone(&renders), Arc::clone(&arrived));
                let render = move || async move {
                    renders.fetch_add(1, Ordering::Relaxed);
                    _ = arrived.acquire().await;
                    CachedPage {
                        body: Encoded::uncompressed_document(Bytes::from_static(b"news")),
                        status: StatusCode::OK,
                        policy: HeaderValue::from_static(""),
                        versions,
                        valid_until: Timestamp::MAX,
                        shows: Shows::default(),
                    }
                };
                cache.render(&key, versions, now, render)
            };
            let requests = join_all((0..20).map(|_| request()));
            let (pages, ()) = join(requests, async { arrived.add_permits(1) }).await;
            assert!(pages.iter().all(Option::is_some));
            assert_eq!(renders.load(Ordering::Relaxed), expected);
            assert!(request().await.is_some());
            assert_eq!(renders.load(Ordering::Relaxed), expected, "it is in the cache");
        }
    }
}
