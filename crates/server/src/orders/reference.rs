//! Order references, such as `H27-7K3M-9QXD`.

use jiff::civil::Date;

use crate::{error::ApiError, secrets};

/// Digits and letters that are not mistaken for one another, and no vowels.
const LETTERS: &[u8; 28] = b"23456789BCDFGHJKLMNPQRSTVWXZ";

/// A new reference for an order placed on this day.
pub(super) fn new(day: Date) -> Result<String, ApiError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(secrets::no_randomness)?;
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let letters: String = bytes.iter().map(letter).collect();
    Ok(format!("H{:02}-{}-{}", day.year() % 100, &letters[..4], &letters[4..]))
}
