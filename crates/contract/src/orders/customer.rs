//! Who orders, and where to: as little as it takes.

use serde::{Deserialize, Serialize};

use super::OrderMistake;
use crate::postcode::Postcode;

/// How long a name, a branch or a line of an address may be, in characters.
const LINE: usize = 80;
/// How long a mail address may be.
const EMAIL: usize = 254;
/// How many bytes of it may stand before the `@`.
const LOCAL_PART: usize = 64;

/// The letters that postcodes of the United Kingdom, the Isle of Man and the
/// Channel Islands start with.
const AREAS: &str = " AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E \
    EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML \
    N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR \
    TS TW UB W WA WC WD WF WN WR WS WV YO ZE ";

fn is_area(letters: &str) -> bool {
    AREAS.contains(&[" ", letters, " "].concat())
}

/// A whole postcode, as people type it; none where it is none, or half of one.
pub fn parse_postcode(typed: &str) -> Option<Postcode> {
    Postcode::parse(typed, is_area).ok().filter(Postcode::is_whole)
}

/// In what role somebody orders.
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

/// Who orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// In what role.
    #[serde(default)]
    pub kind: CustomerKind,
    /// Their name.
    pub name: String,
    /// Where the confirmation goes.
    pub email: String,
    /// Where they can be called about the order; may be empty.
    #[serde(default)]
    pub telephone: String,
    /// The branch, or the union of an officer; empty for a member.
    #[serde(default)]
    pub branch: String,
}

impl Customer {
    /// What is wrong, by field.
    pub(super) fn mistakes(&self) -> Vec<(&'static str, OrderMistake)> {
        let branch = match self.kind {
            CustomerKind::Member => too_long(&self.branch, LINE),
            CustomerKind::Branch | CustomerKind::Officer => text(&self.branch, LINE),
        };
        let email = text(&self.email, EMAIL)
            .or_else(|| (!is_mail_address(self.email.trim())).then_some(OrderMistake::NoMailAddress));
        let telephone = (!self.telephone.trim().is_empty() && !is_telephone(&self.telephone))
            .then_some(OrderMistake::NoTelephone);
        let fields = [
            ("branch", branch),
            ("name", text(&self.name, LINE)),
            ("email", email),
            ("telephone", telephone),
        ];
        fields.into_iter().filter_map(|(field, mistake)| Some((field, mistake?))).collect()
    }
}

/// An address in the United Kingdom, the Isle of Man or the Channel Islands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Who it is for, or the department; may be empty.
    #[serde(default)]
    pub recipient: String,
    /// House and street.
    pub line_1: String,
    /// More of it; may be empty.
    #[serde(default)]
    pub line_2: String,
    /// The town.
    pub town: String,
    /// The whole postcode, in any case and with any spaces.
    pub postcode: String,
}

impl Address {
    /// The postcode as it is written; none where it is none, or half of one.
    pub fn written_postcode(&self) -> Option<Postcode> {
        parse_postcode(&self.postcode)
    }

    /// The same as people would write it down: without spaces around, and the postcode
    /// in capitals with its space.
    pub fn written(mut self) -> Self {
        if let Some(postcode) = self.written_postcode() {
            self.postcode = postcode.to_string();
        }
        for text in [&mut self.recipient, &mut self.line_1, &mut self.line_2, &mut self.town] {
            *text = text.trim().to_owned();
        }
        self
    }

    /// What is wrong, by field.
    pub fn mistakes(&self) -> Vec<(&'static str, OrderMistake)> {
        let postcode = if self.postcode.trim().is_empty() {
            Some(OrderMistake::Missing)
        } else {
            match Postcode::parse(&self.postcode, is_area) {
                Err(_) => Some(OrderMistake::NoPostcode),
                Ok(postcode) if !postcode.is_whole() => Some(OrderMistake::HalfPostcode),
                Ok(_) => None,
            }
        };
        let fields = [
            ("recipient", too_long(&self.recipient, LINE)),
            ("line_1", text(&self.line_1, LINE)),
            ("line_2", too_long(&self.line_2, LINE)),
            ("town", text(&self.town, LINE)),
            ("postcode", postcode),
        ];
        fields.into_iter().filter_map(|(field, mistake)| Some((field, mistake?))).collect()
    }
}

/// Puts the path of what holds them before the names of fields.
pub(super) fn under(
    path: &str,
    mistakes: Vec<(&'static str, OrderMistake)>,
) -> impl Iterator<Item = (String, OrderMistake)> {
    mistakes.into_iter().map(move |(field, mistake)| ([path, ".", field].concat(), mistake))
}

/// What is wrong with a text that must be there.
pub(super) fn text(text: &str, limit: usize) -> Option<OrderMistake> {
    if text.trim().is_empty() { Some(OrderMistake::Missing) } else { too_long(text, limit) }
}

/// What is wrong with a text that may be empty.
pub(super) fn too_long(text: &str, limit: usize) -> Option<OrderMistake> {
    let long = text.trim().chars().count() > limit || text.chars().any(char::is_control);
    long.then_some(OrderMistake::TooLong(limit))
}

/// Whether a mail could be sent there: one `@`, something before it, a host with
/// a dot after it, and no space. Whether it arrives, only a mail can tell.
pub fn is_mail_address(text: &str) -> bool {
    let Some((person, host)) = text.rsplit_once('@') else { return false };
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
    };
    let plain =
        |letter: char| !letter.is_whitespace() && !letter.is_control() && !"()<>,;:\\\"[]@".contains(letter);
    let part = |part: &str| !part.is_empty() && part.chars().all(plain);
    person.len() <= LOCAL_PART
        && person.split('.').all(part)
        && host.contains('.')
        && host.split('.').all(label)
}

/// Whether it has as many figures as a telephone number, and nothing else but
/// what people write between them.
fn is_telephone(text: &str) -> bool {
    let figures = text.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&figures)
        && text.chars().all(|letter| letter.is_ascii_digit() || " +-().".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::{Address, Customer, CustomerKind, is_mail_address, is_telephone};
    use crate::orders::OrderMistake;

    #[test]
    fn a_mail_address_is_told_from_what_is_none() {
        for right in ["a@b.example", "tŷ.jones+shop@undeb.example", "o'neil@x-y.co.example"] {
            assert!(is_mail_address(right), "{right}");
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
        ] {
            assert!(!is_mail_address(wrong), "{wrong}");
        }
        assert!(is_mail_address(&["a".repeat(64).as_str(), "@b.example"].concat()));
        assert!(!is_mail_address(&["a".repeat(65).as_str(), "@b.example"].concat()));
        assert!(
            is_telephone("+44 (0)20 7946-0190")
                && !is_telephone("020")
                && !is_telephone("call me 0207946019")
        );
    }

    #[test]
    fn a_branch_names_itself_and_a_member_need_not() {
        let customer = Customer { name: "A".into(), email: "a@b.example".into(), ..Customer::default() };
        assert_eq!(customer.mistakes(), []);
        let branch = Customer { kind: CustomerKind::Branch, ..customer };
        assert_eq!(branch.mistakes(), [("branch", OrderMistake::Missing)]);
    }

    #[test]
    fn a_postcode_is_whole_however_it_is_typed() {
        let address = |postcode: &str| Address {
            line_1: "1 Union Street".into(),
            town: "Leeds".into(),
            postcode: postcode.into(),
            ..Address::default()
        };
        for right in ["LS1 1AA", "ls11aa", " l s 1 1 a a ", "BFPO 57", "bf12ax", "BX1 1LT", "JE2 3XX"] {
            assert_eq!(address(right).mistakes(), [], "{right}");
        }
        for half in ["LS1", "BX", "BX1", "BFPO", "BF1 2A"] {
            assert_eq!(address(half).mistakes(), [("postcode", OrderMistake::HalfPostcode)], "{half}");
        }
        assert_eq!(address("leeds").mistakes(), [("postcode", OrderMistake::NoPostcode)]);
        assert_eq!(address("").mistakes(), [("postcode", OrderMistake::Missing)]);
    }
}
