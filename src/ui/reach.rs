//! Links to call and to write to somebody.

use leptos::prelude::*;

use super::Markup;

/// The address that calls a telephone number written for people.
pub(crate) fn dial_href(telephone: &str) -> String {
    ["tel:", &telephone.replace(' ', "")].concat()
}

/// A link that writes to a mail address. One that does not fit its line breaks
/// before its host.
#[component]
pub(crate) fn MailLink(email: String) -> impl IntoView {
    let href = ["mailto:", &email].concat();
    let (person, host) = match email.split_once('@') {
        Some((person, host)) => (person.to_owned(), ["@", host].concat()),
        None => (email, String::new()),
    };
    view! {
        // One element, since the link lays out its children side by side.
        <a class="mail-link" href=href>
            <span>{person}<wbr/>{host}</span>
        </a>
    }
}

/// The same as text.
pub(crate) fn mail_link(out: &mut Markup, email: &str) {
    let (person, host) = email.split_once('@').unwrap_or((email, ""));
    markup!(out, "<a class='mail-link' href='mailto:" (email) "'><span>" (person) "<wbr>@" (host) "</span></a>");
}
