//! Text-only pages.

mod text_page;

pub(crate) use text_page::{AccessibilityPage, DeliveryAndReturnsPage, JoinPage, PrivacyPage};
