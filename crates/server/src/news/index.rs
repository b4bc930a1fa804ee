//! All news as lists need it, in memory, made once for every version of the
//! content: the latest first, with a set of bits for each subject and union.

use std::{collections::HashMap, sync::Arc};

use contract::{
    Locale,
    news::{NewsChoice, NewsCount, NewsSummary},
    shop::Term,
};
use jiff::Timestamp;

use super::{LocalNews, NewsFacts, Topics};
use crate::{
    bits::Bits,
    clock,
    paging::Paging,
    store::{Kind, Record, Store, StoreError},
    versioned::Versioned,
};

/// The news as it was last read.
#[derive(Default)]
pub(crate) struct NewsCache(Versioned<News>);

impl NewsCache {
    /// The news as the database has it now.
    pub(crate) async fn get(&self, store: &Store) -> Result<Arc<News>, StoreError> {
        let version = store.versions().await?.content;
        self.0.get(|news| news.version == version, async |_| News::read(store, version).await).await
    }
}

/// All news, what is not published yet included.
pub(crate) struct News {
    version: i64,
    topics: [Topics; 2],
    /// The latest first.
    items: Vec<Item>,
    by_slug: HashMap<String, usize>,
    tags: HashMap<String, Bits>,
    unions: HashMap<String, Bits>,
}

struct Item {
    slug: String,
    facts: NewsFacts,
    titles: [String; 2],
    standfirsts: [String; 2],
}

/// A page of news.
pub(super) struct Found {
    pub(super) total: u32,
    pub(super) items: Vec<NewsSummary>,
    pub(super) next: Option<String>,
    pub(super) tags: Vec<NewsCount>,
    pub(super) unions: Vec<NewsCount>,
}

type NewsRecord = Record<NewsFacts, LocalNews>;

impl News {
    async fn read(store: &Store, version: i64) -> Result<Self, StoreError> {
        let mut topics: [Topics; 2] = Default::default();
        for locale in Locale::ALL {
            let record: Option<Record<(), Topics>> =
                store.list(Kind::Topics, locale).await?.into_iter().next();
            topics[locale as usize] = record.map(|record| record.text).unwrap_or_default();
        }
        let english: Vec<NewsRecord> = store.list(Kind::News, Locale::En).await?;
        let welsh: Vec<NewsRecord> = store.list(Kind::News, Locale::Cy).await?;
        // The database gives both in one order.
        let mut items: Vec<Item> = english
            .into_iter()
            .zip(welsh)
            .map(|(english, welsh)| Item {
                slug: english.slug,
                facts: english.facts,
                titles: [english.text.title, welsh.text.title],
                standfirsts: [english.text.standfirst, welsh.text.standfirst],
            })
            .collect();
        items.sort_by(|one, other| {
            (other.facts.published_at, &one.slug).cmp(&(one.facts.published_at, &other.slug))
        });
        let by_slug = items.iter().enumerate().map(|(index, item)| (item.slug.clone(), index)).collect();
        let (mut tags, mut unions) = (HashMap::new(), HashMap::new());
        for (index, item) in items.iter().enumerate() {
            let add = |known: &mut HashMap<String, Bits>, value: &str| {
                known.entry(value.to_owned()).or_insert_with(|| Bits::none(items.len())).insert(index);
            };
            item.facts.tags.iter().for_each(|tag| add(&mut tags, tag));
            add(&mut unions, &item.facts.union);
        }
        Ok(Self { version, topics, items, by_slug, tags, unions })
    }

    /// How many items come before the latest that is published.
    fn unpublished(&self, now: Timestamp) -> usize {
        self.items.partition_point(|item| item.facts.published_at > now)
    }

    /// Whether there is an item with this slug that is published.
    pub(crate) fn has(&self, slug: &str, now: Timestamp) -> bool {
        self.by_slug.get(slug).is_some_and(|&index| index >= self.unpublished(now))
    }

    /// The names in addresses of all that is published, the latest first.
    pub(crate) fn slugs(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        self.items[self.unpublished(now)..].iter().map(|item| item.slug.as_str())
    }

    /// What lists show of an item that is published.
    pub(super) fn summary(&self, slug: &str, locale: Locale, now: Timestamp) -> Option<NewsSummary> {
        self.has(slug, now).then(|| self.summarise(self.by_slug[slug], locale))
    }

    /// The latest so many items.
    pub(crate) fn latest(&self, locale: Locale, now: Timestamp, count: usize) -> Vec<NewsSummary> {
        let published = self.unpublished(now)..self.items.len();
        published.take(count).map(|index| self.summarise(index, locale)).collect()
    }

    /// Three others, those that share a subject first.
    pub(super) fn more(&self, slug: &str, locale: Locale, now: Timestamp) -> Vec<NewsSummary> {
        let Some(&own) = self.by_slug.get(slug) else { return Vec::new() };
        let tags = &self.items[own].facts.tags;
        let alike = |index: usize| self.items[index].facts.tags.iter().any(|tag| tags.contains(tag));
        let others = (self.unpublished(now)..self.items.len()).filter(|&index| index != own);
        let same = others.clone().filter(|&index| alike(index));
        let rest = others.filter(|&index| !alike(index));
        same.chain(rest).take(3).map(|index| self.summarise(index, locale)).collect()
    }

    /// A page of what was chosen; none where it starts after an item that there
    /// is not.
    pub(super) fn find(
        &self,
        choice: &NewsChoice,
        locale: Locale,
        now: Timestamp,
        paging: &Paging,
    ) -> Option<Found> {
        let mut published = Bits::none(self.items.len());
        (self.unpublished(now)..self.items.len()).for_each(|index| published.insert(index));
        // Of one property the numbers are of what the other leaves.
        let leaves = |known: &HashMap<String, Bits>, chosen: &Option<String>| {
            let mut left = published.clone();
            if let Some(chosen) = chosen {
                left.keep(known.get(chosen).unwrap_or(&Bits::none(self.items.len())));
            }
            left
        };
        let by_tag = leaves(&self.tags, &choice.tag);
        let by_union = leaves(&self.unions, &choice.union);
        let mut all = by_tag.clone();
        all.keep(&by_union);
        let found = (0..self.items.len()).filter(|&index| all.has(index));
        let limit = paging.limit;
        let mut page: Vec<usize> = match &paging.cursor {
            None => found.skip(paging.skipped()).take(limit + 1).collect(),
            Some(slug) => {
                let last = *self.by_slug.get(slug)?;
                found.filter(|&index| index > last).take(limit + 1).collect()
            }
        };
        let more = page.len() > limit;
        page.truncate(limit);
        let topics = &self.topics[locale as usize];
        Some(Found {
            total: all.count(),
            next: page.last().filter(|_| more).map(|&index| self.items[index].slug.clone()),
            items: page.into_iter().map(|index| self.summarise(index, locale)).collect(),
            tags: counts(&topics.tags, &self.tags, &by_union),
            unions: counts(&topics.unions, &self.unions, &by_tag),
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

fn counts(terms: &[Term], known: &HashMap<String, Bits>, left: &Bits) -> Vec<NewsCount> {
    let count = |term: &Term| NewsCount {
        value: term.value.clone(),
        label: term.label.clone(),
        count: known.get(&term.value).map_or(0, |items| items.count_common(left)),
    };
    terms.iter().map(count).collect()
}

fn term(terms: &[Term], value: &str) -> Term {
    let known = terms.iter().find(|term| term.value == value).cloned();
    known.unwrap_or_else(|| Term { value: value.to_owned(), label: value.to_owned() })
}
