//! Generated records for benchmarks, and their removal.
//!
//! A prefix of their slugs distinguishes them from real records. There may be tens of
//! thousands, so each statement writes many rows.

use contract::Locale;
use sqlx::{Any, AssertSqlSafe, any::AnyArguments, query::Query};

use super::{Kind, NewRecord, Store, StoreError, Transaction};

/// The prefix of the slugs of generated records; their SKUs have the same prefix in capitals.
pub const SEEDED: &str = "seeded-";

/// The number of rows that a statement writes.
const ROWS: usize = 200;

type AnyQuery<'q> = Query<'q, Any, AnyArguments>;

/// The position of generated records among those of their kind: after all others.
const POSITION: i64 = 1_000_000;

impl Store {
    /// Replaces all generated records with these.
    pub async fn replace_seeded(&self, records: &[NewRecord]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        for statement in [
            "DELETE FROM record_texts WHERE slug LIKE $1",
            "DELETE FROM records WHERE slug LIKE $1",
            "DELETE FROM variants WHERE sku LIKE UPPER($1)",
        ] {
            sqlx::query(statement).bind([SEEDED, "%"].concat()).execute(transaction.connection()).await?;
        }
        let positions: Vec<i64> = (POSITION..).take(records.len()).collect();
        let numbered: Vec<(&NewRecord, i64)> = records.iter().zip(positions).collect();
        insert(
            &mut transaction,
            "records (kind, slug, position, facts)",
            &numbered,
            |query, (record, position)| {
                query.bind(record.kind.name()).bind(&record.slug).bind(*position).bind(&record.facts)
            },
        )
        .await?;
        let texts: Vec<(Kind, &str, Locale, &str)> = records
            .iter()
            .flat_map(|record| {
                record
                    .texts
                    .iter()
                    .map(|text| (record.kind, record.slug.as_str(), text.locale, text.body.as_str()))
            })
            .collect();
        insert(
            &mut transaction,
            "record_texts (kind, slug, locale, body)",
            &texts,
            |query, (kind, slug, locale, body)| {
                query.bind(kind.name()).bind(*slug).bind(locale.tag()).bind(*body)
            },
        )
        .await?;
        let variants: Vec<_> = records.iter().flat_map(|record| &record.variants).collect();
        insert(&mut transaction, "variants (sku, stock, changed)", &variants, |query, variant| {
            query.bind(&variant.sku).bind(i64::from(variant.stock)).bind(0)
        })
        .await?;
        transaction.next_content_version().await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Inserts rows into `table (column, …)`; `bind` binds the values of a row in the order of the
/// columns.
async fn insert<'q, T>(
    transaction: &mut Transaction,
    table: &str,
    rows: &'q [T],
    bind: impl Fn(AnyQuery<'q>, &'q T) -> AnyQuery<'q>,
) -> Result<(), StoreError> {
    let columns = table.matches(',').count() + 1;
    for rows in rows.chunks(ROWS) {
        let row = |index: usize| {
            let placeholders: Vec<String> =
                (1..=columns).map(|column| format!("${}", index * columns + column)).collect();
            format!("({})", placeholders.join(", "))
        };
        let values: Vec<String> = (0..rows.len()).map(row).collect();
        let statement = format!("INSERT INTO {table} VALUES {}", values.join(", "));
        let mut query = sqlx::query(AssertSqlSafe(statement));
        for row in rows {
            query = bind(query, row);
        }
        query.execute(transaction.connection()).await?;
    }
    Ok(())
}
