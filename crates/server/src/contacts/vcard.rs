//! A region's contact as a vCard 3.0 (RFC 2426), the version that every phone and email
//! program reads.
//!
//! Written here, because the crates that write vCards depend on a calendar library, and an
//! office needs only six properties.

use contract::contacts::Contact;

/// The maximum length of a line, in bytes.
const LINE: usize = 75;

/// The vCard of an office; `page` is the URL of its page.
pub(super) fn card(contact: &Contact, page: &str) -> String {
    let text = &contact.text;
    let address = escape(&text.address.join(", "));
    let properties = [
        ("VERSION", "3.0".to_owned()),
        ("FN", escape(&text.office)),
        ("N", format!("{};;;;", escape(&text.office))),
        ("ORG", escape(&text.office)),
        ("TEL;TYPE=WORK,VOICE", contact.telephone.replace(' ', "")),
        ("EMAIL;TYPE=INTERNET", contact.email.clone()),
        ("ADR;TYPE=WORK", format!(";;{address};;;;")),
        ("URL", page.to_owned()),
        ("NOTE", escape(&text.hours)),
        ("REV", contact.reviewed_on.to_string()),
    ];
    let mut card = String::from("BEGIN:VCARD\r\n");
    for (name, value) in properties {
        push_folded(&mut card, &format!("{name}:{value}"));
    }
    card.push_str("END:VCARD\r\n");
    card
}

/// Escapes separators and line breaks.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;").replace('\n', "\\n")
}

/// Adds a line, folded if it is too long: a line that starts with a space continues the
/// previous one.
fn push_folded(card: &mut String, line: &str) {
    let mut length = 0;
    for character in line.chars() {
        if length + character.len_utf8() > LINE {
            card.push_str("\r\n ");
            length = 1;
        }
        card.push(character);
        length += character.len_utf8();
    }
    card.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::{LINE, escape, push_folded};

    #[test]
    fn separators_are_escaped() {
        assert_eq!(escape("a,b;c\\d\ne"), "a\\,b\\;c\\\\d\\ne");
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        let line = format!("NOTE:{}", "ŵ".repeat(100));
        let mut card = String::new();
        push_folded(&mut card, &line);
        assert!(card.lines().all(|line| line.len() <= LINE), "{card}");
        assert_eq!(card.replace("\r\n ", ""), format!("{line}\r\n"));
    }
}
