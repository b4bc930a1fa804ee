//! Pages that are text from beginning to end.

mod text_page;

pub(crate) use text_page::{AccessibilityPage, DeliveryAndReturnsPage, JoinPage, PrivacyPage};
