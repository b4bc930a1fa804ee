//! Rendered pages, kept until the content or the calendar changes them.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use axum::http::{HeaderValue, StatusCode};
use campaign_hub::routes::Route;
use contract::Locale;
use jiff::Timestamp;
use lru::LruCache;

use crate::{site::Encoded, store::Versions};

/// Which page, with what of the query it knows. An address that leads nowhere
/// is one page for all such addresses, so that nobody can fill the cache with
/// misspelt ones.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    pub(crate) locale: Locale,
    pub(crate) route: Option<Route>,
    pub(crate) query: String,
}

impl PageKey {
    /// Whether the page may be kept: there are as many searches and days as can be
    /// typed.
    pub(crate) fn may_be_kept(&self) -> bool {
        let typed = self.query.starts_with("q=") || self.query.starts_with("start=");
        !typed || !matches!(self.route, Some(Route::Shop | Route::Unions | Route::Search | Route::Course(_)))
    }

    fn shows_stock(&self) -> bool {
        matches!(self.route, Some(Route::Hub | Route::Shop | Route::Product(_)))
    }
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
}

/// A bounded cache that forgets what was not asked for longest.
pub(crate) struct PageCache(Option<Mutex<LruCache<PageKey, CachedPage>>>);

impl PageCache {
    /// A cache of up to `pages` pages; 0 keeps none.
    pub(crate) fn new(pages: u32) -> Self {
        let capacity = usize::try_from(pages).ok().and_then(NonZeroUsize::new);
        Self(capacity.map(|capacity| Mutex::new(LruCache::new(capacity))))
    }

    /// Whether it keeps anything.
    pub(crate) fn keeps(&self) -> bool {
        self.0.is_some()
    }

    /// The page, if it still shows these versions at this moment.
    pub(crate) fn get(&self, key: &PageKey, versions: Versions, now: Timestamp) -> Option<CachedPage> {
        let page = self.last_known(key, now)?;
        let same = page.versions.content == versions.content
            && (page.versions.stock == versions.stock || !key.shows_stock());
        same.then_some(page)
    }

    /// The page as it was last seen, if the clock has not changed it since: for
    /// when nobody can tell whether the content has.
    pub(crate) fn last_known(&self, key: &PageKey, now: Timestamp) -> Option<CachedPage> {
        let mut pages = self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        pages.get(key).filter(|page| now < page.valid_until).cloned()
    }

    pub(crate) fn put(&self, key: PageKey, page: CachedPage) {
        if let Some(pages) = &self.0 {
            pages.lock().unwrap_or_else(PoisonError::into_inner).put(key, page);
        }
    }
}
