//! Orders on hold, and their extension by staff.

use anyhow::bail;
use campaign_hub::i18n::format::pounds;
use contract::time::Date;

use super::{
    OrderAdmin,
    admin::{require_changed, to_anyhow},
    hold::HoldRules,
    link::token_of,
    show::held_until,
};
use crate::store::HeldOrder;

impl OrderAdmin {
    /// A line for each order on hold: first paid orders awaiting another approval, then those
    /// that expire next.
    pub async fn list_held(&self) -> anyhow::Result<String> {
        Ok(self.store.held_orders().await?.iter().map(held_order_line).collect())
    }

    /// A line for each order that has expired but is still on hold: either the server will
    /// cancel it soon, or it cannot ask whether the order was paid.
    pub async fn list_overdue(&self) -> anyhow::Result<String> {
        let now = self.clock.now();
        let held = self.store.held_orders().await?;
        Ok(held
            .iter()
            .filter(|order| order.expires_at.is_some_and(|at| at <= now))
            .map(held_order_line)
            .collect())
    }

    /// Holds an order to the end of the day this number of working days away, queues the email
    /// about it, and returns that day.
    pub async fn extend(&self, reference: &str, working_days: u32) -> anyhow::Result<Date> {
        let stored = self.order(reference).await?;
        let Some(before) = stored.expires_at else {
            bail!("{reference} is {}: it does not expire", stored.status.name());
        };
        let catalogue = self.catalogue().await?;
        let hold = HoldRules::new(working_days, &catalogue).for_working_days(self.clock.now());
        let last = held_until(hold.expires_at);
        anyhow::ensure!(hold.expires_at > before, "{reference} is held until {}", held_until(before).uk_date);
        let token = token_of(&self.secrets, &stored);
        let locale = stored.locale;
        let mut order = self.localise(stored, &catalogue)?;
        let day = last.uk_date;
        order.held_until = Some(last);
        let mails = self.mail_context().about(&order, &token, locale);
        let mail = mails.extension_mail().map_err(to_anyhow)?;
        require_changed(reference, self.store.hold_order(reference, hold, Some(&mail)).await?)?;
        Ok(day)
    }
}

fn held_order_line(order: &HeldOrder) -> String {
    let HeldOrder { reference, expires_at, total_pence } = order;
    let until = match expires_at {
        Some(expires_at) => format!("held until {}", held_until(*expires_at).uk_date),
        None => "paid, to be approved again".to_owned(),
    };
    format!("{reference}  {until}  {}\n", pounds(*total_pence))
}
