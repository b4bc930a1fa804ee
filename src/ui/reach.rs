//! Links to call and to write to somebody.

use super::Markup;

/// The address that calls a telephone number written for people.
pub(crate) fn dial_href(telephone: &str) -> String {
    ["tel:", &telephone.replace(' ', "")].concat()
}

/// Adds a link that writes to a mail address. One that does not fit its line
/// breaks before its host.
pub(crate) fn mail_link(out: &mut Markup, email: &str) {
    let (person, host) = email.split_once('@').unwrap_or((email, ""));
    // One element, since the link lays out its children side by side.
    markup!(out, "<a class='mail-link' href='mailto:" (email) "'><span>" (person) "<wbr>@" (host) "</span></a>");
}
