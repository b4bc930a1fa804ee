//! Emails that could not be sent, for staff.

use std::fmt::Write as _;

use anyhow::Context as _;

use super::OrderAdmin;
use crate::{mail, store::GivenUpMail};

impl OrderAdmin {
    /// A line for each email that was given up, without its recipient.
    pub async fn list_mails(&self) -> anyhow::Result<String> {
        let mut out = String::new();
        for GivenUpMail { id, reference, kind, at, reason } in self.store.given_up_mails().await? {
            writeln!(out, "{id}  {reference}  {kind}  {at}  {reason}")?;
        }
        Ok(out)
    }

    /// Queues an email again that was given up.
    pub async fn resend_mail(&self, id: &str) -> anyhow::Result<()> {
        let missing = || format!("no unsent email {id}, or its text has been removed");
        let sealed = self.store.sealed_mail(id).await?.with_context(missing)?;
        let text = self
            .secrets
            .unseal(&mail::seal_context(id), &sealed)
            .context("the email was encrypted with a different key")?;
        let [plain, html]: [String; 2] = serde_json::from_str(&text)?;
        let is_resent = self.store.resend_mail(id, &plain, &html, self.clock.now()).await?;
        anyhow::ensure!(is_resent, missing());
        Ok(())
    }
}
