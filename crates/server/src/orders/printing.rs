//! Printed documents of orders for staff.

use contract::{
    Locale,
    orders::{Delivery, Order},
};
use print::{PrintedDocument, ShopDocument, Typesetter};

use super::{OrderAdmin, admin::to_anyhow, order_documents, show::to_order};
use crate::{clock, contacts, shop::Catalogue};

impl OrderAdmin {
    /// An order's invoice or quote, as a PDF.
    pub async fn invoice(&self, reference: &str) -> anyhow::Result<Vec<u8>> {
        let catalogue = self.catalogue().await?;
        let stored = self.order(reference).await?;
        let order = self.payments(&catalogue).localise(&stored).map_err(to_anyhow)?;
        anyhow::ensure!(
            order.document().is_some(),
            "{reference} is {}: it has no invoice",
            order.status.name()
        );
        self.print_order_document(reference, order_documents::invoice).await
    }

    /// An order's delivery note, as a PDF.
    pub async fn delivery_note(&self, reference: &str) -> anyhow::Result<Vec<u8>> {
        let stored = self.order(reference).await?;
        let office = match serde_json::from_str(&stored.delivery)? {
            Delivery::Collection { region } => contacts::office(&self.store, region, stored.locale).await?,
            Delivery::Post { .. } => None,
        };
        let note = |order: &Order, catalogue: &Catalogue, locale| {
            order_documents::delivery_note(order, office.as_deref(), catalogue, locale)
        };
        self.print_order_document(reference, note).await
    }

    /// A statement of a branch's orders under one purchase order, as a PDF.
    pub async fn statement(&self, branch: &str, number: &str, locale: Locale) -> anyhow::Result<Vec<u8>> {
        let catalogue = self.catalogue().await?;
        let today = clock::uk_date(self.clock.now());
        let mut orders = Vec::new();
        for reference in self.store.orders_under(branch, number).await? {
            let Some(stored) = self.store.order(&reference).await? else { continue };
            orders.push(to_order(stored, &catalogue, today, locale).map_err(to_anyhow)?);
        }
        anyhow::ensure!(!orders.is_empty(), "no orders of {branch} under {number}");
        let statement =
            order_documents::statement(&orders, number, clock::wire_date(today), &catalogue, locale);
        print_pdf(&statement)
    }

    async fn print_order_document(
        &self,
        reference: &str,
        write: impl Fn(&Order, &Catalogue, Locale) -> ShopDocument,
    ) -> anyhow::Result<Vec<u8>> {
        let stored = self.order(reference).await?;
        let catalogue = self.catalogue().await?;
        let locale = stored.locale;
        let order = self.localise(stored, &catalogue)?;
        print_pdf(&write(&order, &catalogue, locale))
    }
}

/// Renders a document as a PDF. Staff are warned about characters that the fonts lack, because
/// a name or an address may be wrong without them.
fn print_pdf(document: &ShopDocument) -> anyhow::Result<Vec<u8>> {
    let PrintedDocument { pdf, missing, .. } = Typesetter::default().print_shop_document(document)?;
    if !missing.is_empty() {
        let named = |letter: &char| format!("“{}” (U+{:04X})", letter.escape_debug(), u32::from(*letter));
        let letters: Vec<String> = missing.iter().map(named).collect();
        eprintln!("warning: characters that cannot be printed, replaced by “?”: {}", letters.join(", "));
    }
    Ok(pdf)
}
