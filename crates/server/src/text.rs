//! The rules of `contract::text` with the server's Unicode normalisation, and the checks of
//! email addresses that need a server.

use contract::text::plain;
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use lettre::Address;
use unicode_normalization::UnicodeNormalization as _;

/// The maximum length of an address for mail servers, in bytes.
const LONGEST_ADDRESS: usize = 254;

/// Normalization Form C.
pub(crate) fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// The key of a branch.
pub(crate) fn branch_key(name: &str) -> String {
    contract::text::branch_key(name, nfc)
}

/// The address to send email to, with its domain in ASCII; none if it is not valid.
pub(crate) fn mail_address(email: &str) -> Option<Address> {
    let (person, host) = email.rsplit_once('@')?;
    let host = Uts46::new().to_ascii(
        host.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::CheckFirstLast,
        DnsLength::Verify,
    );
    let address = Address::new(person, host.ok()?).ok()?;
    (AsRef::<str>::as_ref(&address).len() <= LONGEST_ADDRESS).then_some(address)
}

/// The key of an email address: it ignores case, and the script that the domain is written in.
pub(crate) fn email_key(email: &str) -> String {
    let clean = plain(email, nfc);
    mail_address(&clean).map_or(clean, |address| address.to_string()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{email_key, mail_address};

    fn address(email: &str) -> Option<String> {
        mail_address(email).map(|address| address.to_string())
    }

    #[test]
    fn email_domain_is_converted_to_ascii() {
        for (email, expected) in [
            ("member@branch.example", "member@branch.example"),
            ("o'brien+1@branch.example", "o'brien+1@branch.example"),
            ("member@bücher.example", "member@xn--bcher-kva.example"),
            ("member@BÜCHER.example", "member@xn--bcher-kva.example"),
            ("member@xn--bcher-kva.example", "member@xn--bcher-kva.example"),
        ] {
            assert_eq!(address(email).as_deref(), Some(expected), "{email}");
        }
    }

    #[test]
    fn undeliverable_address_is_rejected() {
        let label = "b".repeat(64);
        // 63 letters, but more than 63 once encoded for mail servers.
        let wide = "ŷ".repeat(63);
        let long = ["a@", &["b".repeat(62).as_str(); 4].join("."), ".example"].concat();
        for email in ["", "member", "a@b..example", "a@b_c.example", "a b@c.example", "a@tŷ!.example", &long]
        {
            assert_eq!(address(email), None, "{email}");
        }
        for label in [label, wide] {
            assert_eq!(address(&["a@", &label, ".example"].concat()), None, "{label}");
        }
    }

    #[test]
    fn email_key_ignores_spelling_variants() {
        for (email, expected) in [
            ("Member@Branch.Example", "member@branch.example"),
            (" o’brien@branch.example\u{200b}", "o'brien@branch.example"),
            ("member@Bücher.example", "member@xn--bcher-kva.example"),
            ("member@xn--bcher-kva.example", "member@xn--bcher-kva.example"),
            ("nobody", "nobody"),
        ] {
            assert_eq!(email_key(email), expected, "{email}");
        }
    }
}
