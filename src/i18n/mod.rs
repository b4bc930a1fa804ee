//! The two languages: which one a page is in, its messages, and how numbers
//! and dates are written in it.
//!
//! The language is decided by the address when the document loads and does not
//! change while it lives: switching is a navigation to another document, which
//! gives it the right `lang`, direction of caching and address for free, and
//! keeps every text in the app a plain `&str` rather than a signal.

pub mod format;
pub(crate) mod order_errors;
pub mod order_status;
mod plural;

use contract::Locale;
use leptos::prelude::{expect_context, provide_context};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// Makes `locale` the language of everything below.
pub fn provide_locale(locale: Locale) {
    provide_context(locale);
}

/// The page's language.
pub fn use_locale() -> Locale {
    expect_context::<Locale>()
}
