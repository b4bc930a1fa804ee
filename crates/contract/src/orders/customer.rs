//! The customer and the delivery address: as little personal data as possible.

use serde::{Deserialize, Serialize};

use super::OrderFieldError;
use crate::{
    postcode::{Outcodes, Postcode, PostcodeError},
    text::{self, Nfc},
};

/// The maximum length of a name, a branch or a line of an address, in characters.
const LINE: usize = 80;
/// The maximum length of an email address.
const EMAIL: usize = 254;
/// The maximum length of the part before the `@`.
const LOCAL_PART: usize = 64;
/// The maximum length of a label of the domain.
const LABEL: usize = 63;

/// The postcode areas of the United Kingdom, the Isle of Man and the Channel Islands.
const AREAS: &str = " AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E \
    EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML \
    N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR \
    TS TW UB W WA WC WD WF WN WR WS WV YO ZE ";

/// Accepts every outcode in a known area, so that a new one does not prevent an order.
struct EveryOutcode;

impl Outcodes for EveryOutcode {
    fn has_area(&self, area: &str) -> bool {
        AREAS.contains(&[" ", area, " "].concat())
    }

    fn has(&self, _: &str, _: &str) -> bool {
        true
    }

    fn has_start(&self, _: &str, _: &str) -> bool {
        true
    }
}

/// Parses a full postcode, in any format; none if it is not one, or only the first half.
pub fn parse_postcode(typed: &str) -> Option<Postcode> {
    Postcode::parse(typed, &EveryOutcode).ok().filter(Postcode::is_whole)
}

/// The role in which a customer orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CustomerKind {
    /// For themselves.
    #[default]
    Member,
    /// For a branch.
    Branch,
    /// For a union, as one of its officers.
    Officer,
}

/// The customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// In what role.
    #[serde(default)]
    pub kind: CustomerKind,
    /// Their name.
    pub name: String,
    /// The email address for the confirmation.
    pub email: String,
    /// The phone number for questions about the order; may be empty.
    #[serde(default)]
    pub telephone: String,
    /// The branch, or the union of an officer; empty for a member.
    #[serde(default)]
    pub branch: String,
}

impl Customer {
    /// A copy with cleaned text fields.
    pub(super) fn cleaned(self, nfc: Nfc) -> Self {
        Self {
            kind: self.kind,
            name: text::line(&self.name, nfc),
            email: text::plain(&self.email, nfc),
            telephone: text::plain(&self.telephone, nfc),
            branch: text::line(&self.branch, nfc),
        }
    }

    /// Validation errors of cleaned text fields, by field.
    pub(super) fn validation_errors(&self) -> Vec<(&'static str, OrderFieldError)> {
        let branch = match self.kind {
            CustomerKind::Member => too_long(&self.branch, LINE),
            CustomerKind::Branch | CustomerKind::Officer => required(&self.branch, LINE),
        };
        let fields = [
            ("branch", branch),
            ("name", required(&self.name, LINE)),
            ("email", email_error(&self.email)),
            ("telephone", telephone_error(&self.telephone)),
        ];
        fields.into_iter().filter_map(|(field, error)| Some((field, error?))).collect()
    }
}

/// An address in the United Kingdom, the Isle of Man or the Channel Islands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// The recipient or department; may be empty.
    #[serde(default)]
    pub recipient: String,
    /// Address line 1.
    pub line_1: String,
    /// Address line 2; may be empty.
    #[serde(default)]
    pub line_2: String,
    /// The town.
    pub town: String,
    /// The full postcode, in any format.
    pub postcode: String,
}

impl Address {
    /// The parsed postcode; none if it is not one, or only the first half.
    pub fn written_postcode(&self) -> Option<Postcode> {
        parse_postcode(&self.postcode)
    }

    /// A copy with cleaned text fields, and the postcode in its standard form.
    pub fn cleaned(self, nfc: Nfc) -> Self {
        let postcode = text::plain(&self.postcode, nfc);
        Self {
            recipient: text::line(&self.recipient, nfc),
            line_1: text::line(&self.line_1, nfc),
            line_2: text::line(&self.line_2, nfc),
            town: text::line(&self.town, nfc),
            postcode: parse_postcode(&postcode).map_or(postcode, |written| written.to_string()),
        }
    }

    /// Validation errors of cleaned text fields, by field.
    pub fn validation_errors(&self) -> Vec<(&'static str, OrderFieldError)> {
        let postcode = if self.postcode.is_empty() {
            Some(OrderFieldError::Missing)
        } else {
            match Postcode::parse(&self.postcode, &EveryOutcode) {
                Err(PostcodeError::Character(letter)) if text::is_hidden(letter) => {
                    Some(OrderFieldError::HiddenCharacter(letter))
                }
                Err(_) => Some(OrderFieldError::InvalidPostcode),
                Ok(postcode) if !postcode.is_whole() => Some(OrderFieldError::IncompletePostcode),
                Ok(_) => None,
            }
        };
        let fields = [
            ("recipient", too_long(&self.recipient, LINE)),
            ("line_1", required(&self.line_1, LINE)),
            ("line_2", too_long(&self.line_2, LINE)),
            ("town", required(&self.town, LINE)),
            ("postcode", postcode),
        ];
        fields.into_iter().filter_map(|(field, error)| Some((field, error?))).collect()
    }
}

/// Prefixes field names with the path of their parent.
pub(super) fn under(
    path: &str,
    errors: Vec<(&'static str, OrderFieldError)>,
) -> impl Iterator<Item = (String, OrderFieldError)> {
    errors.into_iter().map(move |(field, error)| ([path, ".", field].concat(), error))
}

/// The validation error of a required text.
pub(super) fn required(text: &str, limit: usize) -> Option<OrderFieldError> {
    if text.is_empty() { Some(OrderFieldError::Missing) } else { too_long(text, limit) }
}

/// The validation error of an optional text.
pub(super) fn too_long(text: &str, limit: usize) -> Option<OrderFieldError> {
    let hidden = text::hidden(text).map(OrderFieldError::HiddenCharacter);
    hidden.or_else(|| (text.chars().count() > limit).then_some(OrderFieldError::TooLong(limit)))
}

/// Whether a cleaned text is a valid email address. Only sending an email can tell whether it
/// exists.
pub fn is_email_address(text: &str) -> bool {
    email_error(text).is_none()
}

/// The validation error of an email address: it needs one `@`, only ASCII before it, a domain
/// with a dot, and no spaces. The domain may use any script; the server checks whether it can
/// be converted to ASCII.
fn email_error(text: &str) -> Option<OrderFieldError> {
    let error = required(text, EMAIL);
    if error.is_some() {
        return error;
    }
    let no_address = Some(OrderFieldError::InvalidEmail);
    let Some((person, host)) = text.rsplit_once('@') else { return no_address };
    // Few mail servers accept other characters, and if one on the way does not, nobody gets an
    // error.
    if let Some(letter) = person.chars().find(|letter| !letter.is_ascii()) {
        return Some(OrderFieldError::UnsupportedEmailCharacter(letter));
    }
    let plain = |letter: char| letter.is_ascii_graphic() && !"()<>,;:\\\"[]@".contains(letter);
    let part = |part: &str| !part.is_empty() && part.chars().all(plain);
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().count() <= LABEL
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || !letter.is_ascii())
    };
    let fits = person.len() <= LOCAL_PART
        && person.split('.').all(part)
        && host.contains('.')
        && host.split('.').all(label);
    if fits { None } else { no_address }
}

/// The validation error of a phone number, which may be empty: it needs enough digits, and
/// otherwise only the separators that people use.
fn telephone_error(text: &str) -> Option<OrderFieldError> {
    if let Some(letter) = text::hidden(text) {
        return Some(OrderFieldError::HiddenCharacter(letter));
    }
    let figures = text.chars().filter(char::is_ascii_digit).count();
    let fits = (7..=15).contains(&figures)
        && text.chars().all(|letter| letter.is_ascii_digit() || " +-().".contains(letter));
    (!text.is_empty() && !fits).then_some(OrderFieldError::InvalidTelephone)
}

#[cfg(test)]
mod tests {
    use super::{Address, Customer, CustomerKind, email_error, is_email_address, telephone_error};
    use crate::{orders::OrderFieldError, text::tests::nfc};

    #[test]
    fn email_addresses_are_validated() {
        for right in
            ["a@b.example", "tom.jones+shop@undeb.example", "o'neil@x-y.co.example", "a@tŷ-undeb.example"]
        {
            assert!(is_email_address(right), "{right}");
        }
        for wrong in [
            "",
            "a",
            "a@b",
            "@b.example",
            "a b@c.example",
            "a@b..example",
            "a@@b.example",
            "a@-b.example",
            "a..b@c.example",
            ".a@b.example",
            "a@b_c.example",
        ] {
            assert!(!is_email_address(wrong), "{wrong}");
        }
        assert!(is_email_address(&["a".repeat(64).as_str(), "@b.example"].concat()));
        assert!(!is_email_address(&["a".repeat(65).as_str(), "@b.example"].concat()));
        assert!(is_email_address(&["a@", &"b".repeat(63), ".example"].concat()));
        assert!(!is_email_address(&["a@", &"b".repeat(64), ".example"].concat()));
    }

    #[test]
    fn unsupported_email_characters_are_reported() {
        assert_eq!(email_error("tŷ@undeb.example"), Some(OrderFieldError::UnsupportedEmailCharacter('ŷ')));
        assert_eq!(email_error("a\u{3164}@b.example"), Some(OrderFieldError::HiddenCharacter('\u{3164}')));
    }

    #[test]
    fn phone_numbers_are_validated() {
        assert_eq!(telephone_error(""), None);
        assert_eq!(telephone_error("+44 (0)20 7946-0190"), None);
        for wrong in ["020", "call me 0207946019"] {
            assert_eq!(telephone_error(wrong), Some(OrderFieldError::InvalidTelephone), "{wrong}");
        }
        assert_eq!(
            telephone_error("020\u{2800}7946 0190"),
            Some(OrderFieldError::HiddenCharacter('\u{2800}'))
        );
    }

    #[test]
    fn invisible_and_typographic_characters_are_cleaned() {
        let typed = Customer {
            name: "Sia\u{302}n\u{a0} Jones".into(),
            email: "o’brien\u{200b}@branch.example".into(),
            telephone: "\u{202d}+44\u{a0}20\u{a0}7946\u{2011}0190\u{202c}".into(),
            ..Customer::default()
        };
        assert_ne!(typed.validation_errors(), []);
        let clean = typed.cleaned(nfc);
        assert_eq!(clean.validation_errors(), []);
        assert_eq!(
            [&*clean.name, &*clean.email, &*clean.telephone],
            ["Siân Jones", "o'brien@branch.example", "+44 20 7946-0190"]
        );
    }

    #[test]
    fn hidden_characters_are_reported_in_every_field() {
        let hidden = |text: &str| [text, "\u{3164}"].concat();
        let address = Address {
            recipient: hidden("A"),
            line_1: hidden("1 Union Street"),
            line_2: hidden("B"),
            town: hidden("Leeds"),
            postcode: hidden("LS1 1AA"),
        };
        let expected = OrderFieldError::HiddenCharacter('\u{3164}');
        assert!(address.validation_errors().iter().all(|(_, error)| *error == expected));
        assert_eq!(address.validation_errors().len(), 5);
    }

    #[test]
    fn branch_name_is_required_only_for_branches() {
        let customer = Customer { name: "A".into(), email: "a@b.example".into(), ..Customer::default() };
        assert_eq!(customer.validation_errors(), []);
        let branch = Customer { kind: CustomerKind::Branch, ..customer };
        assert_eq!(branch.validation_errors(), [("branch", OrderFieldError::Missing)]);
    }

    #[test]
    fn full_postcodes_are_accepted_in_any_format() {
        let address = |postcode: &str| Address {
            line_1: "1 Union Street".into(),
            town: "Leeds".into(),
            postcode: postcode.into(),
            ..Address::default()
        };
        for right in ["LS1 1AA", "ls11aa", " l s 1 1 a a ", "BFPO 57", "bf12ax", "BX1 1LT", "JE2 3XX"] {
            assert_eq!(address(right).validation_errors(), [], "{right}");
        }
        for half in ["LS1", "BX", "BX1", "BFPO", "BF1 2A"] {
            assert_eq!(
                address(half).validation_errors(),
                [("postcode", OrderFieldError::IncompletePostcode)],
                "{half}"
            );
        }
        assert_eq!(address("leeds").validation_errors(), [("postcode", OrderFieldError::InvalidPostcode)]);
        assert_eq!(address("").validation_errors(), [("postcode", OrderFieldError::Missing)]);
    }
}
