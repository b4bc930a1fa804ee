//! Links to orders: anyone with the link can see the order, until the link is replaced, and
//! for some time after the order is finished.

use contract::orders::{OrderStatus, QUOTE_DAYS};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::{OrderAdmin, admin::to_anyhow};
use crate::{
    clock,
    secrets::{Secrets, digest},
    store::StoredOrder,
};

/// The token in the link of an order.
pub(super) fn token_of(secrets: &Secrets, order: &StoredOrder) -> String {
    secrets.order_token(&order.reference, order.link_version)
}

/// Whether the link has expired: this number of months after the order was finished.
pub(super) fn has_ended(order: &StoredOrder, now: Timestamp, months: u32) -> bool {
    finished_at(order).is_some_and(|finished_at| {
        let last = clock::uk_date(finished_at).saturating_add(i64::from(months).months());
        clock::uk_date(now) > last
    })
}

/// When an order was finished; a quote that is not accepted is when it expires.
fn finished_at(order: &StoredOrder) -> Option<Timestamp> {
    match order.status {
        status if status.is_finished() => order.transitions.last().map(|last| last.at),
        OrderStatus::Quoted => Some(order.placed_at + SignedDuration::from_hours(24 * i64::from(QUOTE_DAYS))),
        _ => None,
    }
}

impl OrderAdmin {
    /// Replaces the link to an order and emails the new one to the customer; the old link
    /// stops working.
    pub async fn replace_link(&self, reference: &str) -> anyhow::Result<()> {
        self.change_link(reference, true).await
    }

    /// Withdraws the link to an order. The customer gets a new one with the next email, or on
    /// request.
    pub async fn withdraw_link(&self, reference: &str) -> anyhow::Result<()> {
        self.change_link(reference, false).await
    }

    async fn change_link(&self, reference: &str, is_mailed: bool) -> anyhow::Result<()> {
        let stored = self.order(reference).await?;
        let version = stored.link_version + 1;
        let token = self.secrets.order_token(reference, version);
        let mail = if is_mailed {
            let catalogue = self.catalogue().await?;
            let locale = stored.locale;
            let order = self.localise(stored, &catalogue)?;
            let mails = self.mail_context().about(&order, &token, locale);
            Some(mails.new_link_mail().map_err(to_anyhow)?)
        } else {
            None
        };
        let changed =
            self.store.replace_link(reference, version, &digest(token.as_bytes()), mail.as_ref()).await?;
        anyhow::ensure!(changed, "the link to {reference} was just changed by someone else: try again");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use contract::{Locale, orders::OrderStatus};

    use super::has_ended;
    use crate::store::{StoredOrder, StoredTransition};

    #[test]
    fn link_expires_months_after_the_order_is_finished() {
        let at = |text: &str| text.parse().expect("a timestamp");
        let order = |status: OrderStatus| StoredOrder {
            reference: "H27-7K3M-9QXD".to_owned(),
            status,
            placed_at: at("2026-11-22T12:00:00Z"),
            locale: Locale::En,
            customer: String::new(),
            delivery: String::new(),
            payment: String::new(),
            price: String::new(),
            lines: Vec::new(),
            transitions: vec![StoredTransition {
                at: at("2027-02-28T12:00:00Z"),
                status,
                note: String::new(),
                event: None,
            }],
            expires_at: None,
            awaits_officer: false,
            needs_code: false,
            link_version: 0,
            refunded_pence: 0,
            returns: 0,
        };
        let ended = |status, now: &str| has_ended(&order(status), at(now), 12);
        for status in [
            OrderStatus::Dispatched,
            OrderStatus::Delivered,
            OrderStatus::Cancelled,
            OrderStatus::Returned,
            OrderStatus::Refunded,
        ] {
            assert!(!ended(status, "2028-02-28T23:59:00Z"), "{status:?}");
            assert!(ended(status, "2028-02-29T00:00:00Z"), "{status:?}");
        }
        for status in [OrderStatus::AwaitingPayment, OrderStatus::Confirmed, OrderStatus::PartlyDispatched] {
            assert!(!ended(status, "2037-01-01T00:00:00Z"), "{status:?}");
        }
        // The quote expires on 22 December.
        assert!(!ended(OrderStatus::Quoted, "2027-12-22T12:00:00Z"));
        assert!(ended(OrderStatus::Quoted, "2027-12-23T00:00:00Z"));
    }
}
