//! Emails: written to the database in the transaction that causes them, and sent by workers at
//! least once, with the same Message-ID on every retry.

mod failure;
mod outbox;
mod parts;
mod smtp;
mod templates;

pub(crate) use outbox::remove_files;
pub use outbox::{MailTransport, run, send_due};
pub(crate) use templates::MailContext;

/// The encryption context for the text of an email that was given up.
pub(crate) fn seal_context(id: &str) -> String {
    ["mail ", id].concat()
}
