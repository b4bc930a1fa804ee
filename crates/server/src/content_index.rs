//! The content that lists and searches need, held in memory and rebuilt for each version.

use std::sync::Arc;

use campaign_hub::routes::Route;
use jiff::Timestamp;

use crate::{
    courses::CourseIndex,
    documents::DocumentIndex,
    events::EventIndex,
    news::NewsIndex,
    search::SiteIndex,
    store::{Store, StoreError},
    take_part::RoleIndex,
    topics::Topics,
    unions::UnionIndex,
    versioned::Versioned,
    videos::VideoIndex,
};

/// A cache of the current content.
#[derive(Default)]
pub(crate) struct ContentIndexCache(Versioned<ContentIndex>);

/// The content of one version.
pub(crate) struct ContentIndex {
    version: i64,
    /// The times at which something starts or ends, in order.
    boundaries: Vec<Timestamp>,
    pub(crate) news: NewsIndex,
    pub(crate) events: EventIndex,
    pub(crate) unions: UnionIndex,
    pub(crate) courses: CourseIndex,
    pub(crate) documents: DocumentIndex,
    pub(crate) roles: RoleIndex,
    pub(crate) videos: VideoIndex,
    pub(crate) search: SiteIndex,
}

impl ContentIndexCache {
    /// The current content.
    pub(crate) async fn get(&self, store: &Store) -> Result<Arc<ContentIndex>, StoreError> {
        self.at(store.versions().await?.content, store).await
    }

    /// The content at a version that was just read from the database.
    pub(crate) async fn at(&self, version: i64, store: &Store) -> Result<Arc<ContentIndex>, StoreError> {
        self.0.get(|index| index.version == version, async |_| ContentIndex::read(store, version).await).await
    }
}

impl ContentIndex {
    /// Whether the page's content exists; true for pages that always exist.
    pub(crate) fn has(&self, page: &Route, now: Timestamp) -> bool {
        match page {
            Route::NewsItem(slug) => self.news.has(slug, now),
            Route::Event(slug) => self.events.has(slug),
            Route::Union(slug) => self.unions.has(slug),
            Route::Course(slug) => self.courses.has(slug),
            Route::Role(slug) => self.roles.has(slug),
            Route::Resource(slug) => self.documents.has(slug),
            Route::Publication(slug) => self.documents.has_series(slug),
            _ => true,
        }
    }

    /// The next time at which something starts or ends.
    pub(crate) fn next_boundary(&self, now: Timestamp) -> Option<Timestamp> {
        self.boundaries.get(self.boundaries.partition_point(|&at| at <= now)).copied()
    }

    /// The pages that exist because of the content, except products.
    pub(crate) fn pages(&self, now: Timestamp) -> Vec<Route> {
        type Named = fn(String) -> Route;
        let all: [(Vec<&str>, Named); 7] = [
            (self.news.slugs(now).collect(), Route::NewsItem),
            (self.events.slugs().collect(), Route::Event),
            (self.unions.slugs().collect(), Route::Union),
            (self.courses.slugs().collect(), Route::Course),
            (self.roles.slugs().collect(), Route::Role),
            (self.documents.slugs().collect(), Route::Resource),
            (self.documents.series_slugs().collect(), Route::Publication),
        ];
        all.into_iter()
            .flat_map(|(slugs, page)| slugs.into_iter().map(move |slug| page(slug.to_owned())))
            .collect()
    }

    async fn read(store: &Store, version: i64) -> Result<Self, StoreError> {
        let topics = Arc::new(Topics::read(store).await?);
        Ok(Self {
            version,
            boundaries: store.boundaries().await?,
            news: NewsIndex::read(store, Arc::clone(&topics)).await?,
            events: EventIndex::read(store, Arc::clone(&topics)).await?,
            unions: UnionIndex::read(store).await?,
            courses: CourseIndex::read(store, Arc::clone(&topics)).await?,
            documents: DocumentIndex::read(store, Arc::clone(&topics)).await?,
            roles: RoleIndex::read(store).await?,
            videos: VideoIndex::read(store, topics).await?,
            search: SiteIndex::read(store).await?,
        })
    }
}
