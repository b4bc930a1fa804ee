//! Emails: written to the database in the transaction that causes them, and sent by workers at
//! least once, with the same Message-ID on every retry.

mod failure;
mod letter;
mod outbox;
mod relay;

pub(crate) use letter::{
    Letterhead, address_mail, code_mail, extension_mail, link_mail, new_link_mail, order_mail, reminder_mail,
    return_mail,
};
pub(crate) use outbox::remove_files;
pub use outbox::{Post, run, send_due};

/// The encryption context for the text of an email that was given up.
pub(crate) fn seal_context(id: &str) -> String {
    ["mail ", id].concat()
}
