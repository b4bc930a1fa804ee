//! What is known of the people who have ordered: told to them, and erased.

use std::fmt::Write as _;

use contract::orders::{Address, Customer, CustomerKind, Delivery};
use serde_json::json;

use super::{Desk, desk::told};
use crate::{clock, store::Changed};

/// How many years the law has the accounts of an order kept, after that of the order.
const ACCOUNT_YEARS: i16 = 6;

impl Desk {
    /// Everything that is known of whoever has ordered with a mail address or is the
    /// officer of a branch with it, as JSON.
    pub async fn export_person(&self, email: &str) -> anyhow::Result<String> {
        let mut orders = Vec::new();
        for reference in self.store.orders_of(email).await? {
            orders.push(serde_json::from_str::<serde_json::Value>(&self.show(&reference).await?)?);
        }
        let officer_of = self.store.branches_of(email).await?;
        Ok(serde_json::to_string_pretty(
            &json!({ "email": email, "orders": orders, "officer_of": officer_of }),
        )?)
    }

    /// Erases what names whoever has ordered with a mail address, but for orders that
    /// are under way; a line for each order, and for each branch that it is the officer of.
    /// What tax law needs stays: what was sold when, for how much, to which branch, under
    /// which purchase order.
    pub async fn erase_person(&self, email: &str) -> anyhow::Result<String> {
        let mut out = String::new();
        let catalogue = self.catalogue().await?;
        for reference in self.store.orders_of(email).await? {
            let Some(stored) = self.store.order(&reference).await? else { continue };
            if self.till(&catalogue).what_is_due(&stored).await.map_err(told)?.is_some() {
                writeln!(out, "{reference}: not erased, since money is to be given back: refund it first")?;
                continue;
            }
            let before: Customer = serde_json::from_str(&stored.customer)?;
            // What a member has written there is nobody's branch.
            let branch = if before.kind == CustomerKind::Member { String::new() } else { before.branch };
            let customer = Customer { kind: before.kind, branch, ..Customer::default() };
            let delivery = match serde_json::from_str(&stored.delivery)? {
                Delivery::Post { speed, .. } => Delivery::Post { address: Address::default(), speed },
                collection @ Delivery::Collection { .. } => collection,
            };
            let [customer, delivery] = [serde_json::to_string(&customer)?, serde_json::to_string(&delivery)?];
            match self.store.erase_order(&reference, &customer, &delivery).await? {
                Changed::Done => {
                    let until = clock::uk_date(stored.placed_at).year() + ACCOUNT_YEARS + 1;
                    writeln!(out, "{reference}: erased; its accounts are kept to the end of {until}")?;
                }
                Changed::NotNow(state) => writeln!(
                    out,
                    "{reference}: not erased, since it is {}: deliver or cancel it first",
                    state.name()
                )?,
                Changed::NoOrder => {}
            }
        }
        for branch in self.store.branches_of(email).await? {
            writeln!(out, "still the officer of {branch}: register another one with the command branch")?;
        }
        if out.is_empty() {
            writeln!(out, "there is no order of {email}")?;
        }
        Ok(out)
    }
}
