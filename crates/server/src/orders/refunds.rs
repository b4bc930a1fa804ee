//! Refunds by staff.

use std::{collections::BTreeSet, fmt::Write as _};

use campaign_hub::i18n::format::pounds;
use contract::orders::OrderStatus;

use super::{
    OrderAdmin,
    admin::to_anyhow,
    payment_service::{RefundMethod, RefundedBy},
};
use crate::error::ApiError;

impl OrderAdmin {
    /// Refunds what is due for an order, and returns what was done. `by_hand` records a manual
    /// refund if the provider refuses to refund the card.
    pub async fn refund(&self, reference: &str, by_hand: bool) -> anyhow::Result<String> {
        let catalogue = self.catalogue().await?;
        let refunded_by = if by_hand { RefundedBy::StaffManually } else { RefundedBy::Staff };
        let refunded = self.payments(&catalogue).refund(reference, refunded_by).await.map_err(|error| {
            let hint = "if the provider keeps rejecting it, refund it manually and run again with --by-hand";
            if matches!(error, ApiError::Card(_)) { to_anyhow(error).context(hint) } else { to_anyhow(error) }
        });
        Ok(match refunded? {
            None => format!("{reference}: no refund due"),
            Some((pence, RefundMethod::Card)) => {
                format!("{reference}: refunded {} to the card", pounds(pence))
            }
            Some((pence, RefundMethod::Manual)) => format!("{reference}: refund {} manually", pounds(pence)),
            Some((pence, RefundMethod::InvoiceCredit)) => format!(
                "{reference}: credit {} on the invoice, or refund it manually if it has been paid",
                pounds(pence)
            ),
        })
    }

    /// A line for each order with a refund due.
    pub async fn list_due(&self) -> anyhow::Result<String> {
        let catalogue = self.catalogue().await?;
        let mut references: BTreeSet<String> = self.store.with_open_refunds().await?.into_iter().collect();
        for status in [OrderStatus::Cancelled, OrderStatus::Returned] {
            references
                .extend(self.store.list_orders(Some(status)).await?.into_iter().map(|order| order.reference));
        }
        let mut out = String::new();
        for reference in references {
            let Some(order) = self.store.order(&reference).await? else { continue };
            let Some((pence, method)) =
                self.payments(&catalogue).refund_due(&order).await.map_err(to_anyhow)?
            else {
                continue;
            };
            let method = match method {
                RefundMethod::Card => "to the card",
                RefundMethod::Manual => "manually",
                RefundMethod::InvoiceCredit => "credit on the invoice",
            };
            writeln!(out, "{reference}  {}  {method}", pounds(pence))?;
        }
        Ok(out)
    }
}
