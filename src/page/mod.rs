//! Pages that are text from beginning to end, and the page for an address that
//! leads nowhere.

mod not_found_page;
mod text_page;

pub(crate) use not_found_page::NotFoundPage;
pub(crate) use text_page::{AccessibilityPage, JoinPage, PrivacyPage};
