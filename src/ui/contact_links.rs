//! Links to call or email a contact.

use leptos::prelude::*;

/// The `tel:` URL of a phone number formatted for display.
pub(crate) fn dial_href(telephone: &str) -> String {
    ["tel:", &telephone.replace(' ', "")].concat()
}

/// A link to an email address. If it does not fit on its line, it breaks before the domain.
#[component]
pub(crate) fn EmailLink(#[prop(into)] email: String) -> impl IntoView {
    let (person, host) = email.split_once('@').unwrap_or((&email, ""));
    view! {
        // A single element, because a link lays out its children side by side.
        <a class="mail-link" href=["mailto:", &email].concat()>
            <span>{person.to_owned()}<wbr/>"@"{host.to_owned()}</span>
        </a>
    }
}
