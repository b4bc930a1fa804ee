//! Links to call and to write to somebody.

use leptos::prelude::*;

/// The address that calls a telephone number written for people.
pub(crate) fn dial_href(telephone: &str) -> String {
    ["tel:", &telephone.replace(' ', "")].concat()
}

/// A link that writes to a mail address. One that does not fit its line breaks before its
/// host.
#[component]
pub(crate) fn EmailLink(#[prop(into)] email: String) -> impl IntoView {
    let (person, host) = email.split_once('@').unwrap_or((&email, ""));
    view! {
        // One element, since the link lays out its children side by side.
        <a class="mail-link" href=["mailto:", &email].concat()>
            <span>{person.to_owned()}<wbr/>"@"{host.to_owned()}</span>
        </a>
    }
}
