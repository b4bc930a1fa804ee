//! An index of all news for lists: the latest first, filtered by topic and union.

use std::{collections::HashMap, slice, sync::Arc};

use contract::{
    Locale,
    news::{NewsFilters, NewsSummary},
    term::TermCount,
};
use jiff::Timestamp;

use super::{LocalNews, NewsFacts};
use crate::{
    bit_set::BitSet,
    clock,
    facets::{Direction, Facets, term},
    paging::Paging,
    store::{Bilingual, Kind, Store, StoreError},
    topics::Topics,
};

/// All news, including items that are not published yet.
pub(crate) struct NewsIndex {
    topics: Arc<[Topics; 2]>,
    /// The latest first.
    items: Vec<Item>,
    by_slug: HashMap<String, usize>,
    /// By topic and by union.
    facets: Facets<2>,
}

struct Item {
    slug: String,
    facts: NewsFacts,
    titles: [String; 2],
    standfirsts: [String; 2],
}

/// A page of news.
pub(crate) struct Found {
    pub(crate) total: u32,
    pub(crate) items: Vec<NewsSummary>,
    pub(crate) next: Option<String>,
    pub(crate) tags: Vec<TermCount>,
    pub(crate) unions: Vec<TermCount>,
}

impl NewsIndex {
    pub(crate) async fn read(store: &Store, topics: Arc<[Topics; 2]>) -> Result<Self, StoreError> {
        let records: Vec<Bilingual<NewsFacts, LocalNews>> = store.list_both(Kind::News).await?;
        let item =
            |Bilingual { slug, facts, texts: [english, welsh] }: Bilingual<NewsFacts, LocalNews>| Item {
                slug,
                facts,
                titles: [english.title, welsh.title],
                standfirsts: [english.standfirst, welsh.standfirst],
            };
        let mut items: Vec<Item> = records.into_iter().map(item).collect();
        items.sort_by(|one, other| {
            (other.facts.published_at, &one.slug).cmp(&(one.facts.published_at, &other.slug))
        });
        let by_slug = items.iter().enumerate().map(|(index, item)| (item.slug.clone(), index)).collect();
        let facets = Facets::new(items.len(), |index| {
            let NewsFacts { tags, union, .. } = &items[index].facts;
            [tags, slice::from_ref(union)]
        });
        Ok(Self { topics, items, by_slug, facets })
    }

    /// The number of items that are not published yet; they come first.
    fn unpublished(&self, now: Timestamp) -> usize {
        self.items.partition_point(|item| item.facts.published_at > now)
    }

    /// Whether there is a published item with this slug.
    pub(crate) fn has(&self, slug: &str, now: Timestamp) -> bool {
        self.by_slug.get(slug).is_some_and(|&index| index >= self.unpublished(now))
    }

    /// The slugs of all published items, the latest first.
    pub(crate) fn slugs(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        self.items[self.unpublished(now)..].iter().map(|item| item.slug.as_str())
    }

    /// The summary of a published item.
    pub(super) fn summary(&self, slug: &str, locale: Locale, now: Timestamp) -> Option<NewsSummary> {
        self.has(slug, now).then(|| self.summarise(self.by_slug[slug], locale))
    }

    /// The latest items.
    pub(crate) fn latest(&self, locale: Locale, now: Timestamp, count: usize) -> Vec<NewsSummary> {
        let published = self.unpublished(now)..self.items.len();
        published.take(count).map(|index| self.summarise(index, locale)).collect()
    }

    /// Three other items, those that share a topic first.
    pub(super) fn more(&self, slug: &str, locale: Locale, now: Timestamp) -> Vec<NewsSummary> {
        let Some(&own) = self.by_slug.get(slug) else { return Vec::new() };
        let tags = &self.items[own].facts.tags;
        let alike = |index: usize| self.items[index].facts.tags.iter().any(|tag| tags.contains(tag));
        let others = (self.unpublished(now)..self.items.len()).filter(|&index| index != own);
        let same = others.clone().filter(|&index| alike(index));
        let rest = others.filter(|&index| !alike(index));
        same.chain(rest).take(3).map(|index| self.summarise(index, locale)).collect()
    }

    /// A page of news; none if the cursor names an unknown item.
    pub(crate) fn find(
        &self,
        choice: &NewsFilters,
        locale: Locale,
        now: Timestamp,
        paging: &Paging,
    ) -> Option<Found> {
        let published = BitSet::starting_at(self.items.len(), self.unpublished(now));
        let filtered = self.facets.filter(&published, [choice.tag.as_deref(), choice.union.as_deref()]);
        let place = |slug: &str| self.by_slug.get(slug).copied();
        let (page, more) = self.facets.page(&filtered.all, Direction::Forward, paging, place)?;
        let topics = &self.topics[locale as usize];
        Some(Found {
            total: filtered.all.count(),
            next: page.last().filter(|_| more).map(|&index| self.items[index].slug.clone()),
            items: page.into_iter().map(|index| self.summarise(index, locale)).collect(),
            tags: self.facets.counts(0, &topics.tags, &filtered),
            unions: self.facets.counts(1, &topics.unions, &filtered),
        })
    }

    fn summarise(&self, index: usize, locale: Locale) -> NewsSummary {
        let Item { slug, facts, titles, standfirsts } = &self.items[index];
        let topics = &self.topics[locale as usize];
        NewsSummary {
            slug: slug.clone(),
            published: clock::moment(facts.published_at),
            title: titles[locale as usize].clone(),
            standfirst: standfirsts[locale as usize].clone(),
            picture: facts.picture.clone(),
            tags: facts.tags.iter().map(|tag| term(&topics.tags, tag)).collect(),
            union: term(&topics.unions, &facts.union),
        }
    }
}
