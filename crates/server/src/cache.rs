//! Rendered pages, kept until the content, the stock or the calendar changes them. A
//! page that many ask for at once is rendered once, and compressed once for all.

use std::{
    collections::{BTreeSet, HashMap},
    num::NonZeroUsize,
    panic,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{site::Encoded, store::Versions};

/// How many pages are rendered at once for each processor: with more, all of them take longer.
const RENDERS_PER_PROCESSOR: usize = 2;
/// How many pages wait to be compressed as far as it goes; others stay as they are.
const COMPRESSIONS: usize = 256;

/// Which page, with what of the query it knows. An address that leads nowhere
/// is one page for all such addresses, so that nobody can fill the cache with
/// misspelt ones.
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
    /// The versions of content and stock that it shows.
    pub(crate) versions: Versions,
    /// The next moment at which the clock changes it: a day begins, an event
    /// starts or ends.
    pub(crate) valid_until: Timestamp,
    pub(crate) shows: Shows,
}

/// What an answer of the API, and so the page made of it, shows that decides for how long
/// it can be kept. Handlers give it to their answer as an extension.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shows {
    /// The products whose stock it tells, by slug.
    pub(crate) products: BTreeSet<String>,
    /// Whether it depends on which variants are in stock.
    pub(crate) in_stock: bool,
    /// Whether it answers what someone has typed: there is no end of such pages.
    pub(crate) typed: bool,
}

impl Shows {
    /// What a list shows that a query has narrowed: an empty one is not kept, since words
    /// that nothing has can be made up without end.
    pub(crate) fn list<T>(entries: &[T]) -> Self {
        Self { typed: entries.is_empty(), ..Self::default() }
    }

    /// What both show.
    pub(crate) fn add(&mut self, other: Self) {
        self.products.extend(other.products);
        self.in_stock |= other.in_stock;
        self.typed |= other.typed;
    }

    /// Whether it tells any stock.
    pub(crate) fn stock(&self) -> bool {
        self.in_stock || !self.products.is_empty()
    }
}

type Pages = Mutex<LruCache<PageKey, Arc<CachedPage>>>;
type Flight = Shared<BoxFuture<'static, Option<Arc<CachedPage>>>>;
type Flights = Mutex<HashMap<(PageKey, Versions), Flight>>;

/// A bounded cache that forgets what was not asked for longest.
pub(crate) struct PageCache {
    /// None where nothing is kept.
    pages: Option<Arc<Pages>>,
    /// The pages that are being rendered.
    flights: Arc<Flights>,
    renders: Arc<Semaphore>,
    compressors: Arc<Semaphore>,
    compressions: SyncSender<(PageKey, Arc<CachedPage>)>,
}

impl PageCache {
    /// A cache of up to `pages` pages; 0 keeps none.
    pub(crate) fn new(pages: u32) -> Self {
        let capacity = usize::try_from(pages).ok().and_then(NonZeroUsize::new);
        let pages = capacity.map(|capacity| Arc::new(Pages::new(LruCache::new(capacity))));
        let (compressions, waiting) = sync_channel::<(PageKey, Arc<CachedPage>)>(COMPRESSIONS);
        if let Some(pages) = pages.clone() {
            // One thread, away from those that answer; it ends with the cache.
            thread::spawn(move || {
                for (key, page) in waiting {
                    let body = page.body.compressed_well();
                    let mut pages = lock(&pages);
                    // Not where another version has taken its place.
                    if let Some(kept) = pages.peek_mut(&key).filter(|kept| kept.body.is_same(&body)) {
                        Arc::make_mut(kept).body = body;
                    }
                }
            });
        }
        let processors = thread::available_parallelism().map_or(2, usize::from);
        let renders = Arc::new(Semaphore::new(processors * RENDERS_PER_PROCESSOR));
        let compressors = Arc::new(Semaphore::new(processors));
        Self { pages, flights: Arc::default(), renders, compressors, compressions }
    }

    /// The page as it was last seen, if the clock has not changed it since.
    pub(crate) fn last_known(&self, key: &PageKey, now: Timestamp) -> Option<Arc<CachedPage>> {
        lock(self.pages.as_ref()?).get(key).filter(|page| now < page.valid_until).cloned()
    }

    /// Notes that a page shows the same at these versions; not where another has taken its
    /// place.
    pub(crate) fn renew(&self, key: &PageKey, page: &CachedPage, versions: Versions) {
        let Some(pages) = &self.pages else { return };
        if let Some(kept) = lock(pages).peek_mut(key)
            && kept.versions == page.versions
            && kept.body.is_same(&page.body)
        {
            Arc::make_mut(kept).versions = versions;
        }
    }

    /// Waits until fewer than so many pages are rendered.
    pub(crate) async fn turn_to_render(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.renders).acquire_owned().await.ok()
    }

    /// A document as it is sent, compressed away from the threads that answer.
    pub(crate) async fn compress(&self, html: String) -> Encoded {
        let html = Bytes::from(html);
        let turn = Arc::clone(&self.compressors).acquire_owned().await;
        let plain = html.clone();
        let compressed = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            Encoded::document(plain)
        });
        // The server is stopping, or the compressor has a fault: it can be sent as it is.
        compressed.await.unwrap_or_else(|_| Encoded::uncompressed_document(html))
    }

    /// The page that `render` makes, once for all that ask for it meanwhile; it is
    /// finished and kept whether they wait for it or not. None where it panicked.
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
            // As many at once as there are requests under way.
            let mut flights = lock(&self.flights);
            let kept = || self.last_known(key, now).filter(|page| page.versions == versions);
            if let Some(flight) = flights.get(&id).cloned() {
                flight
            } else if let Some(page) = kept() {
                // It was finished since the caller has looked for it.
                return Some(page);
            } else {
                let flight = self.start(id.clone(), render);
                flights.insert(id, flight.clone());
                flight
            }
        };
        flight.await
    }

    /// Starts to render a page, while the caller has the flights locked: it cannot end
    /// before it is among them.
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
                // A render that took longer shows less than what is there by now.
                let order = |versions: Versions| (versions.content, versions.stock);
                if pages.peek(&id.0).is_none_or(|kept| order(kept.versions) <= order(page.versions)) {
                    pages.put(id.0.clone(), Arc::clone(page));
                }
                // Those who come next get it smaller; nobody waits for that.
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
    use jiff::Timestamp;

    use super::{CachedPage, PageCache, PageKey, Shows};
    use crate::{site::Encoded, store::Versions};

    #[tokio::test]
    async fn page_that_was_finished_before_its_turn_is_not_rendered_again() {
        let cache = PageCache::new(1);
        let key = PageKey { locale: Locale::En, route: Some(Route::News), query: String::new() };
        let now = Timestamp::UNIX_EPOCH;
        let renders = Arc::new(AtomicU32::new(0));
        let next = Versions { content: 1, stock: 0 };
        for (versions, expected) in [(Versions::default(), 1), (Versions::default(), 1), (next, 2)] {
            let renders_of = Arc::clone(&renders);
            let render = move || async move {
                renders_of.fetch_add(1, Ordering::Relaxed);
                CachedPage {
                    body: Encoded::uncompressed_document(Bytes::from_static(b"news")),
                    status: StatusCode::OK,
                    policy: HeaderValue::from_static(""),
                    versions,
                    valid_until: Timestamp::MAX,
                    shows: Shows::default(),
                }
            };
            assert!(cache.render(&key, versions, now, render).await.is_some());
            assert_eq!(renders.load(Ordering::Relaxed), expected);
        }
    }
}
