//! Content records: the content files, in both languages.

use std::fmt;

use contract::Locale;
use futures::{TryStreamExt as _, future::ready};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sqlx::AssertSqlSafe;

use super::{NewVariant, Store, StoreError, Transaction};

/// The kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A campaign with its week.
    Campaign,
    /// An event.
    Event,
    /// A year before the current campaign.
    PastYear,
    /// A page of text.
    Page,
    /// The support contacts.
    Support,
    /// A region's contact.
    Contact,
    /// The topics of news, and the unions that news is from.
    Topics,
    /// A news item.
    News,
    /// A union, or the federation.
    Union,
    /// A role to take part in.
    Role,
    /// Posts to share.
    Posts,
    /// A course.
    Course,
    /// A magazine or a newsletter.
    Series,
    /// A document to read online and to print.
    Document,
    /// A video.
    Video,
    /// The shop's terms, delivery methods and contact.
    Shop,
    /// A product of the shop.
    Product,
}

impl Kind {
    /// The kind's name in the database and its folder in `content/`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Event => "events",
            Self::PastYear => "past-years",
            Self::Page => "pages",
            Self::Support => "support",
            Self::Contact => "contacts",
            Self::Topics => "topics",
            Self::News => "news",
            Self::Union => "unions",
            Self::Role => "roles",
            Self::Posts => "posts",
            Self::Course => "courses",
            Self::Series => "series",
            Self::Document => "documents",
            Self::Video => "videos",
            Self::Shop => "shop",
            Self::Product => "products",
        }
    }
}

/// A record in one language.
#[derive(Clone, Debug)]
pub struct Record<F, T> {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// The language-independent fields.
    pub facts: F,
    /// The text in that language.
    pub text: T,
}

/// A record in both languages.
#[derive(Clone, Debug)]
pub struct Bilingual<F, T> {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// The language-independent fields.
    pub facts: F,
    /// The texts, English first.
    pub texts: [T; 2],
}

/// A record to store, in every language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    /// Its kind.
    pub kind: Kind,
    /// Its slug, unique within its kind.
    pub slug: String,
    /// Start and end, for records with a time.
    pub time: Option<(Timestamp, Timestamp)>,
    /// The language-independent fields, as JSON.
    pub facts: String,
    /// The texts, one for each language.
    pub texts: Vec<NewText>,
    /// Its variants, if it is a product.
    pub variants: Vec<NewVariant>,
}

/// The text of a record in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewText {
    /// The language.
    pub locale: Locale,
    /// The text, as JSON.
    pub body: String,
}

/// The changes made by loading content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Records that were added, or restored.
    pub added: u64,
    /// Records whose content changed.
    pub updated: u64,
    /// Records whose files were removed.
    pub withdrawn: u64,
    /// Records without changes.
    pub unchanged: u64,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { added, updated, withdrawn, unchanged } = self;
        write!(f, "{added} added, {updated} updated, {withdrawn} withdrawn, {unchanged} unchanged")
    }
}

/// Slug, facts and text of a record, before they are parsed.
type Row = (String, String, String);

/// The columns of a [`Row`], of records that are not withdrawn.
macro_rules! select_records {
    ($rest:literal) => {
        concat!(
            "SELECT r.slug, r.facts, t.body FROM records r \
             JOIN record_texts t ON t.kind = r.kind AND t.slug = r.slug \
             WHERE r.withdrawn = 0 AND r.kind = $1 AND t.locale = $2 ",
            $rest
        )
    };
}

impl Store {
    /// All records of a kind, in file order.
    pub async fn list<F, T>(&self, kind: Kind, locale: Locale) -> Result<Vec<Record<F, T>>, StoreError>
    where
        F: DeserializeOwned,
        T: DeserializeOwned,
    {
        // Parsed row by row: the texts of all products take many times the memory of the index
        // that is made of them.
        sqlx::query_as(select_records!("ORDER BY r.position"))
            .bind(kind.name())
            .bind(locale.tag())
            .fetch(&self.pool)
            .map_err(StoreError::from)
            .and_then(|row: Row| ready(parse(row)))
            .try_collect()
            .await
    }

    /// The same in both languages at once.
    pub async fn list_both<F, T>(&self, kind: Kind) -> Result<Vec<Bilingual<F, T>>, StoreError>
    where
        F: DeserializeOwned,
        T: DeserializeOwned,
    {
        let english: Vec<Record<F, T>> = self.list(kind, Locale::En).await?;
        let welsh: Vec<Record<F, T>> = self.list(kind, Locale::Cy).await?;
        // The database returns both languages in the same order, and each record has both.
        let both = english.into_iter().zip(welsh);
        let bilingual = |(english, welsh): (Record<F, T>, Record<F, T>)| Bilingual {
            slug: english.slug,
            facts: english.facts,
            texts: [english.text, welsh.text],
        };
        Ok(both.map(bilingual).collect())
    }

    /// The record of a kind with this slug.
    pub async fn find<F, T>(
        &self,
        kind: Kind,
        slug: &str,
        locale: Locale,
    ) -> Result<Option<Record<F, T>>, StoreError>
    where
        F: DeserializeOwned,
        T: DeserializeOwned,
    {
        let row: Option<Row> = sqlx::query_as(select_records!("AND r.slug = $3"))
            .bind(kind.name())
            .bind(locale.tag())
            .bind(slug)
            .fetch_optional(&self.pool)
            .await?;
        row.map(parse).transpose()
    }

    /// The records of a kind with these slugs, in any order.
    pub async fn find_all<F, T>(
        &self,
        kind: Kind,
        slugs: &[&str],
        locale: Locale,
    ) -> Result<Vec<Record<F, T>>, StoreError>
    where
        F: DeserializeOwned,
        T: DeserializeOwned,
    {
        if slugs.is_empty() {
            return Ok(Vec::new());
        }
        let placeholders: Vec<String> = (3..).take(slugs.len()).map(|place| format!("${place}")).collect();
        let text = format!("{} ({})", select_records!("AND r.slug IN"), placeholders.join(", "));
        let mut query = sqlx::query_as(AssertSqlSafe(text)).bind(kind.name()).bind(locale.tag());
        for slug in slugs {
            query = query.bind(*slug);
        }
        let rows: Vec<Row> = query.fetch_all(&self.pool).await?;
        rows.into_iter().map(parse).collect()
    }

    /// The record of a kind with the last slug in sort order: of campaigns, the newest.
    pub async fn latest<F, T>(&self, kind: Kind, locale: Locale) -> Result<Option<Record<F, T>>, StoreError>
    where
        F: DeserializeOwned,
        T: DeserializeOwned,
    {
        let row: Option<Row> = sqlx::query_as(select_records!("ORDER BY r.slug DESC LIMIT 1"))
            .bind(kind.name())
            .bind(locale.tag())
            .fetch_optional(&self.pool)
            .await?;
        row.map(parse).transpose()
    }

    /// The times at which a record starts or ends, in order.
    pub async fn boundaries(&self) -> Result<Vec<Timestamp>, StoreError> {
        let times: Vec<(String,)> = sqlx::query_as(
            "SELECT starts_at FROM records WHERE withdrawn = 0 AND starts_at IS NOT NULL \
             UNION SELECT ends_at FROM records WHERE withdrawn = 0 AND ends_at IS NOT NULL ORDER BY 1",
        )
        .fetch_all(&self.pool)
        .await?;
        let moment = |(text,): (String,)| Ok(serde_json::from_value(text.into())?);
        times.into_iter().map(moment).collect()
    }

    /// Replaces the content with `records` in one transaction: adds new ones, updates those
    /// that differ, and withdraws those that are missing.
    pub async fn replace_content(&self, records: &[NewRecord]) -> Result<Change, StoreError> {
        let mut change = Change::default();
        let mut transaction = self.begin().await?;
        let existing: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT kind, slug, withdrawn FROM records")
                .fetch_all(transaction.connection())
                .await?;
        for (position, record) in (0i64..).zip(records) {
            let existing =
                existing.iter().find(|(kind, slug, _)| kind == record.kind.name() && *slug == record.slug);
            let differs = write(&mut transaction, record, position).await?;
            match existing {
                Some((_, _, 0)) if differs => change.updated += 1,
                Some((_, _, 0)) => change.unchanged += 1,
                _ => change.added += 1,
            }
        }
        for (kind, slug, withdrawn) in &existing {
            let gone = !records.iter().any(|record| record.kind.name() == kind && record.slug == *slug);
            if gone && *withdrawn == 0 {
                sqlx::query("UPDATE records SET withdrawn = 1 WHERE kind = $1 AND slug = $2")
                    .bind(kind)
                    .bind(slug)
                    .execute(transaction.connection())
                    .await?;
                change.withdrawn += 1;
            }
        }
        if change.added + change.updated + change.withdrawn > 0 {
            transaction.next_content_version().await?;
        }
        transaction.commit().await?;
        Ok(change)
    }
}

/// Inserts or updates a record and its texts; returns whether readers could see a difference.
async fn write(transaction: &mut Transaction, record: &NewRecord, position: i64) -> Result<bool, StoreError> {
    let kind = record.kind.name();
    let [starts_at, ends_at] = match record.time {
        Some((starts, ends)) => [Some(text_time(starts)), Some(text_time(ends))],
        None => [None, None],
    };
    let rows = sqlx::query(
        "INSERT INTO records (kind, slug, position, starts_at, ends_at, facts, withdrawn) \
         VALUES ($1, $2, $3, $4, $5, $6, 0) \
         ON CONFLICT (kind, slug) DO UPDATE SET position = excluded.position, \
           starts_at = excluded.starts_at, ends_at = excluded.ends_at, facts = excluded.facts, withdrawn = 0 \
         WHERE records.position <> excluded.position OR records.facts <> excluded.facts OR records.withdrawn = 1",
    )
    .bind(kind)
    .bind(&record.slug)
    .bind(position)
    .bind(starts_at)
    .bind(ends_at)
    .bind(&record.facts)
    .execute(transaction.connection())
    .await?;
    let mut changed = rows.rows_affected();
    for text in &record.texts {
        let rows = sqlx::query(
            "INSERT INTO record_texts (kind, slug, locale, body) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (kind, slug, locale) DO UPDATE SET body = excluded.body \
             WHERE record_texts.body <> excluded.body",
        )
        .bind(kind)
        .bind(&record.slug)
        .bind(text.locale.tag())
        .bind(&text.body)
        .execute(transaction.connection())
        .await?;
        changed += rows.rows_affected();
    }
    for variant in &record.variants {
        let rows = sqlx::query(
            "INSERT INTO variants (sku, stock, changed, bundled) VALUES ($1, $2, 0, $3) \
             ON CONFLICT (sku) DO NOTHING",
        )
        .bind(&variant.sku)
        .bind(i64::from(variant.stock))
        .bind(i64::from(variant.bundled))
        .execute(transaction.connection())
        .await?;
        changed += rows.rows_affected();
        // Row by row, because a single statement would lock every variant against orders.
        let rows = sqlx::query("UPDATE variants SET bundled = $1 WHERE sku = $2 AND bundled <> $1")
            .bind(i64::from(variant.bundled))
            .bind(&variant.sku)
            .execute(transaction.connection())
            .await?;
        changed += rows.rows_affected();
    }
    Ok(changed > 0)
}

fn parse<F: DeserializeOwned, T: DeserializeOwned>(
    (slug, facts, text): Row,
) -> Result<Record<F, T>, StoreError> {
    Ok(Record { slug, facts: serde_json::from_str(&facts)?, text: serde_json::from_str(&text)? })
}

/// Whole seconds with a `Z`, always of the same length, so that they sort as text.
fn text_time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
