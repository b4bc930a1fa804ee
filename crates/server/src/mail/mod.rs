//! Mails: written into the database with what they tell, and sent by workers: at least
//! once, with the same Message-ID on every try.

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

/// What the text of a mail that was given up is sealed for.
pub(crate) fn seal_context(id: &str) -> String {
    ["mail ", id].concat()
}
