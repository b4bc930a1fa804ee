//! Is this happening to you? Who to talk to, in confidence.

mod support_page;

pub(crate) use support_page::SupportPage;
