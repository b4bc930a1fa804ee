//! What is wrong with an order, in words, and the field that each mistake is in.

use contract::{
    Locale,
    orders::{MOST_LINES, MOST_PIECES, OrderMistake},
    text::code_point,
};

use crate::i18n::{checkout as t, remote};

/// The fields of the form that text is typed into, each with its path in the order
/// and its id in the page.
pub(super) const FIELDS: [(&str, &str); 11] = [
    ("customer.branch", "branch"),
    ("customer.name", "name"),
    ("customer.email", "email"),
    ("customer.telephone", "telephone"),
    ("membership", "membership"),
    ("delivery.address.recipient", "recipient"),
    ("delivery.address.line_1", "line-1"),
    ("delivery.address.line_2", "line-2"),
    ("delivery.address.town", "town"),
    ("delivery.address.postcode", "postcode"),
    ("payment.number", "number"),
];

/// The ids of all places in the form that mistakes stand beside; the last two are groups
/// of choices.
#[cfg(target_arch = "wasm32")]
pub(super) const PLACES: [&str; 13] = [
    "branch",
    "name",
    "email",
    "telephone",
    "membership",
    "recipient",
    "line-1",
    "line-2",
    "town",
    "postcode",
    "number",
    "kind-member",
    "by-transfer",
];

/// What the form calls a field.
pub(super) fn label(locale: Locale, id: &str) -> &'static str {
    match id {
        "branch" => t::branch(locale),
        "name" => t::name(locale),
        "email" => t::email(locale),
        "telephone" => t::telephone(locale),
        "membership" => t::membership(locale),
        "recipient" => t::recipient(locale),
        "line-1" => t::line_1(locale),
        "line-2" => t::line_2(locale),
        "town" => t::town(locale),
        "postcode" => t::postcode(locale),
        _ => t::number(locale),
    }
}

/// The id of the element that a mistake leads to.
pub(super) fn id_of(path: &str) -> &'static str {
    let known = FIELDS.iter().find(|(own, _)| *own == path).map(|(_, id)| *id);
    known.unwrap_or(match path {
        "customer.kind" => "kind-member",
        path if path.starts_with("payment") => "by-transfer",
        _ => "checkout-lines",
    })
}

/// What happened, and what to do.
pub(crate) fn order_mistake(locale: Locale, path: &str, mistake: OrderMistake) -> String {
    let field = label(locale, id_of(path));
    match mistake {
        OrderMistake::Missing if path == "lines" => t::nothing(locale).to_owned(),
        OrderMistake::Missing => t::missing(locale, field),
        OrderMistake::TooLong(limit) => t::too_long(locale, field, &limit.to_string()),
        OrderMistake::HiddenCharacter(letter) => hidden(locale, id_of(path), &code_point(letter)),
        OrderMistake::EmailLetter(letter) => t::email_letter(locale, &letter.to_string()),
        OrderMistake::NoMailAddress => t::no_mail_address(locale).to_owned(),
        OrderMistake::NoTelephone => t::no_telephone(locale).to_owned(),
        OrderMistake::NoPostcode => t::no_postcode(locale).to_owned(),
        OrderMistake::HalfPostcode => t::half_postcode(locale).to_owned(),
        OrderMistake::Quantity => t::quantity(locale, &MOST_PIECES.to_string()),
        OrderMistake::TooManyLines => t::too_many_lines(locale, &MOST_LINES.to_string()),
        OrderMistake::Twice => t::twice(locale).to_owned(),
        OrderMistake::NeedsBranch => t::needs_branch(locale).to_owned(),
    }
}

/// Names a character that nobody can see, and the field that it is in.
fn hidden(locale: Locale, id: &str, code: &str) -> String {
    let found = match id {
        "branch" => t::hidden_branch(locale, code),
        "name" => t::hidden_name(locale, code),
        "email" => t::hidden_email(locale, code),
        "telephone" => t::hidden_telephone(locale, code),
        "membership" => t::hidden_membership(locale, code),
        "recipient" => t::hidden_recipient(locale, code),
        "line-1" => t::hidden_line_1(locale, code),
        "line-2" => t::hidden_line_2(locale, code),
        "town" => t::hidden_town(locale, code),
        "postcode" => t::hidden_postcode(locale, code),
        _ => t::hidden_number(locale, code),
    };
    [&found, " ", remote::hidden_how(locale)].concat()
}
