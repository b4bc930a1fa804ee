//! Error messages for an order's fields, and the element that each leads to.

use contract::{
    Locale,
    orders::{MAX_LINES, MAX_QUANTITY, OrderFieldError},
    text::code_point,
};

use super::{checkout as t, errors, format};

/// The id of the element for an error in a field of an order, by the field's path.
pub(crate) fn field_id(path: &str) -> &'static str {
    match path {
        "customer.kind" => "kind-member",
        "customer.branch" => "branch",
        "customer.name" => "name",
        "customer.email" => "email",
        "customer.telephone" => "telephone",
        "membership" => "membership",
        "delivery.address.recipient" => "recipient",
        "delivery.address.line_1" => "line-1",
        "delivery.address.line_2" => "line-2",
        "delivery.address.town" => "town",
        "delivery.address.postcode" => "postcode",
        "payment.number" => "number",
        path if path.starts_with("payment") => "by-transfer",
        _ => "checkout-lines",
    }
}

/// The error message for a field of an order, by the field's path.
pub(crate) fn order_error(locale: Locale, path: &str, error: OrderFieldError) -> String {
    match error {
        OrderFieldError::Missing => missing(locale, field_id(path)).to_owned(),
        OrderFieldError::TooLong(limit) => too_long(locale, field_id(path), &limit.to_string()),
        OrderFieldError::HiddenCharacter(letter) => hidden(locale, field_id(path), &code_point(letter)),
        OrderFieldError::UnsupportedEmailCharacter(letter) => t::email_letter(locale, &letter.to_string()),
        OrderFieldError::InvalidEmail => t::invalid_email(locale).to_owned(),
        OrderFieldError::InvalidTelephone => t::invalid_telephone(locale).to_owned(),
        OrderFieldError::InvalidPostcode => t::invalid_postcode(locale).to_owned(),
        OrderFieldError::IncompletePostcode => t::incomplete_postcode(locale).to_owned(),
        OrderFieldError::QuantityOutOfRange => t::quantity(locale, &format::number(MAX_QUANTITY)),
        OrderFieldError::TooManyLines => t::too_many_lines(locale, &MAX_LINES.to_string()),
        OrderFieldError::Duplicate => t::duplicate(locale).to_owned(),
        OrderFieldError::BranchRequired => t::needs_branch(locale).to_owned(),
    }
}

/// The message for an empty field.
fn missing(locale: Locale, id: &str) -> &'static str {
    match id {
        "branch" => t::missing_branch(locale),
        "name" => t::missing_name(locale),
        "email" => t::missing_email(locale),
        "line-1" => t::missing_line_1(locale),
        "town" => t::missing_town(locale),
        "postcode" => t::missing_postcode(locale),
        "number" => t::missing_number(locale),
        _ => t::nothing(locale),
    }
}

/// The message for a text that is too long.
fn too_long(locale: Locale, id: &str, limit: &str) -> String {
    match id {
        "branch" => t::long_branch(locale, limit),
        "name" => t::long_name(locale, limit),
        "email" => t::long_email(locale, limit),
        "membership" => t::long_membership(locale, limit),
        "recipient" => t::long_recipient(locale, limit),
        "line-1" => t::long_line_1(locale, limit),
        "line-2" => t::long_line_2(locale, limit),
        "town" => t::long_town(locale, limit),
        _ => t::long_number(locale, limit),
    }
}

/// The message for an invisible character.
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
    [&found, " ", errors::hidden_how(locale)].concat()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contract::{Locale, orders::OrderFieldError};

    use super::order_error;

    #[test]
    fn every_field_has_error_messages_of_its_own() {
        let required = [
            "customer.branch",
            "customer.name",
            "customer.email",
            "delivery.address.line_1",
            "delivery.address.town",
            "delivery.address.postcode",
            "payment.number",
            "lines",
        ];
        let limited = [
            "customer.branch",
            "customer.name",
            "customer.email",
            "membership",
            "delivery.address.recipient",
            "delivery.address.line_1",
            "delivery.address.line_2",
            "delivery.address.town",
            "payment.number",
        ];
        for locale in Locale::ALL {
            let missing = required.map(|path| order_error(locale, path, OrderFieldError::Missing));
            let long = limited.map(|path| order_error(locale, path, OrderFieldError::TooLong(80)));
            assert!(long.iter().all(|text| text.contains("80") && !text.ends_with('.')), "{long:?}");
            let all: BTreeSet<&String> = missing.iter().chain(&long).collect();
            assert_eq!(all.len(), required.len() + limited.len(), "{all:?}");
        }
        assert_eq!(
            order_error(Locale::En, "delivery.address.town", OrderFieldError::Missing),
            "Enter your town or city"
        );
        assert_eq!(
            order_error(Locale::Cy, "payment.number", OrderFieldError::TooLong(40)),
            "Rhaid i rif yr archeb brynu fod yn 40 nod neu lai"
        );
    }
}
