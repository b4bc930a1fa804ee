//! Personal data of customers: export and erasure.

use std::fmt::Write as _;

use anyhow::Context as _;
use contract::orders::OrderStatus;
use serde_json::{Value, json};

use super::{
    OrderAdmin,
    admin::to_anyhow,
    erase::{KeptData, erase, keeps_name},
    payment_service::is_refund_due,
};
use crate::{mail, periods};

impl OrderAdmin {
    /// Everything stored about an email address, as a customer or as a branch officer, and
    /// about emails to it, as JSON.
    pub async fn export_person(&self, email: &str) -> anyhow::Result<String> {
        let mut orders = Vec::new();
        for reference in self.store.orders_of(email).await? {
            orders.push(serde_json::from_str::<Value>(&self.show(&reference).await?)?);
        }
        let officer_of = self.store.branches_of(email).await?;
        let mails = self.store.mails_to(email).await?.into_iter().map(|mail| {
            let at = mail.made_at.to_string();
            json!({ "kind": mail.kind, "subject": mail.subject, "at": at, "state": mail.state })
        });
        let mails: Vec<Value> = mails.collect();
        let free_item =
            |(product, quantity): (String, i64)| json!({ "product": product, "pieces": quantity });
        let free: Vec<Value> = self.store.free_items_of(email).await?.into_iter().map(free_item).collect();
        Ok(serde_json::to_string_pretty(&json!({
            "email": email,
            "orders": orders,
            "officer_of": officer_of,
            "mails": mails,
            "free_pieces": free,
        }))?)
    }

    /// Erases personal data of an email address, as a customer or as a branch officer, except
    /// in open orders; returns a line for each order and branch. Data required by tax law is
    /// kept.
    pub async fn erase_person(&self, email: &str) -> anyhow::Result<String> {
        let mut out = String::new();
        for reference in self.store.orders_of(email).await? {
            writeln!(out, "{reference}: {}", self.erase_order(&reference).await?)?;
        }
        for branch in self.store.branches_of(email).await? {
            self.store.unregister_officer(&branch).await?;
            writeln!(
                out,
                "no longer the approver for {branch}: register someone else with the branch command"
            )?;
        }
        let mails = self.store.forget_mails_to(email).await?;
        mail::remove_files(&self.outbox, &mails)?;
        // Also if an earlier run was interrupted before this.
        let traces = "erased, but traces remain in the database files: run it again";
        self.store.scrub().await.context(traces)?;
        if out.is_empty() {
            writeln!(out, "no orders for {email}")?;
        }
        Ok(out)
    }

    /// Erases the personal data of an order; returns what was done.
    async fn erase_order(&self, reference: &str) -> anyhow::Result<String> {
        let order = self.order(reference).await?;
        if is_refund_due(&self.store, &order).await.map_err(to_anyhow)? {
            return Ok("not erased: a refund is due. Refund it first".to_owned());
        }
        let is_quote = order.status == OrderStatus::Quoted;
        if !is_quote && !order.status.is_over() {
            let status = order.status.name();
            return Ok(format!("not erased: status is {status}. Complete or cancel it first"));
        }
        if !erase(&self.store, &order, KeptData::Accounts, self.clock.now(), &self.outbox).await? {
            return Ok("not erased: it has just changed. Try again".to_owned());
        }
        if is_quote {
            return Ok("erased. The quote is cancelled".to_owned());
        }
        let last = order.transitions.last().map_or(order.placed_at, |last| last.at);
        let until = periods::accounts_end(last).strftime("%-d %B %Y");
        let name = if keeps_name(&order)? { ", with the name on its invoice" } else { "" };
        Ok(format!("erased. Sales records are kept until the end of {until}{name}"))
    }
}
