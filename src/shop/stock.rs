//! Stock levels in words.

use contract::Locale;

use crate::i18n::shop as t;

/// “In stock”, “Only 3 left” or “Out of stock”.
pub(super) fn sentence(locale: Locale, left: Option<u32>) -> String {
    match left {
        None => t::in_stock(locale).to_owned(),
        Some(0) => t::out_of_stock(locale).to_owned(),
        Some(left) => t::left(locale, left),
    }
}
