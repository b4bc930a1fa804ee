//! The two languages: the language of a page, its messages, and the formats of numbers and
//! dates.
//!
//! The language is determined by the URL when the document loads, and does not change:
//! switching navigates to another document, which has the right `lang`, text direction and
//! caching without further work, and keeps every text in the app a plain `&str` rather than a
//! signal.

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
