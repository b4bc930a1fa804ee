//! The text fields of the checkout.

use contract::Locale;

use crate::i18n::checkout as t;

/// A text field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Branch,
    Name,
    Email,
    Telephone,
    Membership,
    Recipient,
    Line1,
    Line2,
    Town,
    Postcode,
    Number,
}

impl Field {
    /// All fields, in the order of the form.
    pub(super) const ALL: [Self; 11] = [
        Self::Branch,
        Self::Name,
        Self::Email,
        Self::Telephone,
        Self::Membership,
        Self::Recipient,
        Self::Line1,
        Self::Line2,
        Self::Town,
        Self::Postcode,
        Self::Number,
    ];

    /// Its id on the page and its name in the draft; `i18n::order_errors::field_id` refers to
    /// it.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Name => "name",
            Self::Email => "email",
            Self::Telephone => "telephone",
            Self::Membership => "membership",
            Self::Recipient => "recipient",
            Self::Line1 => "line-1",
            Self::Line2 => "line-2",
            Self::Town => "town",
            Self::Postcode => "postcode",
            Self::Number => "number",
        }
    }

    pub(super) fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Branch => t::branch(locale),
            Self::Name => t::name(locale),
            Self::Email => t::email(locale),
            Self::Telephone => t::telephone(locale),
            Self::Membership => t::membership(locale),
            Self::Recipient => t::recipient(locale),
            Self::Line1 => t::line_1(locale),
            Self::Line2 => t::line_2(locale),
            Self::Town => t::town(locale),
            Self::Postcode => t::postcode(locale),
            Self::Number => t::number(locale),
        }
    }

    pub(super) fn hint(self, locale: Locale) -> &'static str {
        match self {
            Self::Branch => t::branch_hint(locale),
            Self::Email => t::email_hint(locale),
            Self::Telephone => t::telephone_hint(locale),
            Self::Membership => t::membership_hint(locale),
            Self::Recipient => t::recipient_hint(locale),
            Self::Postcode => t::postcode_hint(locale),
            Self::Number => t::number_hint(locale),
            Self::Name | Self::Line1 | Self::Line2 | Self::Town => "",
        }
    }

    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Telephone => "tel",
            _ => "text",
        }
    }

    pub(super) const fn autocomplete(self) -> &'static str {
        match self {
            Self::Branch => "organization",
            Self::Name => "name",
            Self::Email => "email",
            Self::Telephone => "tel",
            Self::Line1 => "address-line1",
            Self::Line2 => "address-line2",
            Self::Town => "address-level2",
            Self::Postcode => "postal-code",
            Self::Membership | Self::Recipient | Self::Number => "off",
        }
    }
}
