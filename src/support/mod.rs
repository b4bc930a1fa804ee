//! Support for people who are being harassed: who to contact in confidence.

mod support_page;

pub(crate) use support_page::SupportPage;
