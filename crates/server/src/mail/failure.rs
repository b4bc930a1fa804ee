//! Why emails could not be sent.

use std::fmt::Display;

/// The maximum length of a stored reason, in characters.
const MAX_REASON_LENGTH: usize = 300;

/// Why an email could not be sent, in one line without email addresses.
pub(super) enum Failure {
    /// A retry may succeed.
    Temporary(String),
    /// No retry will succeed.
    Permanent(String),
}

impl Failure {
    pub(super) fn temporary(error: &dyn Display) -> Self {
        Self::Temporary(without_addresses(&error.to_string()))
    }

    pub(super) fn permanent(error: &dyn Display) -> Self {
        Self::Permanent(without_addresses(&error.to_string()))
    }
}

/// The server's response as one line that can be stored and listed: mail servers repeat the
/// address that they refuse, and the rest of their response is not always text.
fn without_addresses(response: &str) -> String {
    let words = response.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let words = words.filter(|word| !word.is_empty());
    let words: Vec<&str> = words.map(|word| if word.contains('@') { "…" } else { word }).collect();
    words.join(" ").chars().take(MAX_REASON_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::{MAX_REASON_LENGTH, without_addresses};

    #[test]
    fn reason_is_a_short_line_without_addresses() {
        let response = "permanent error (550): 5.1.1 <tŷ@branch.example>:\r\n no\0such  mailbox; ask postmaster@mail.example";
        assert_eq!(without_addresses(response), "permanent error (550): 5.1.1 … no such mailbox; ask …");
        assert_eq!(without_addresses(&"ŷ".repeat(5_000)).chars().count(), MAX_REASON_LENGTH);
    }
}
