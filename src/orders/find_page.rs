//! Finds an order again: its link goes to the address that ordered. A plain form,
//! answered the same whether there is such an order or not.

use contract::Locale;
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    i18n::{checkout, order as t, use_locale},
    routes::Route,
    ui::{Head, Markup, TextField, TextPage, error_list, fixed_page, limit_text, markup, no_controls},
};

/// What the form has sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct SoughtOrder {
    /// The order's reference, as people type it.
    #[serde(default)]
    pub reference: String,
    /// The mail address that it was placed with.
    #[serde(default)]
    pub email: String,
}

impl SoughtOrder {
    /// Whether both fields are filled in.
    pub fn is_whole(&self) -> bool {
        !self.reference.trim().is_empty() && !self.email.trim().is_empty()
    }

    /// The reference as it is written: `H27-7K3M-9QXD`.
    pub fn written_reference(&self) -> String {
        let letters: String =
            self.reference.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
        if letters.len() == 11 {
            return [&letters[..3], "-", &letters[3..7], "-", &letters[7..]].concat();
        }
        letters
    }
}

#[component]
pub(crate) fn FindOrderPage() -> impl IntoView {
    let sought = use_context::<SoughtOrder>();
    #[cfg(feature = "ssr")]
    if sought.as_ref().is_some_and(|sought| !sought.is_whole()) {
        crate::render::Collector::set_status(422);
    }
    fixed_page(page(sought.as_ref(), use_locale()))
}

fn page(sought: Option<&SoughtOrder>, locale: Locale) -> TextPage {
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start order'><h1 id='page-heading' tabindex='-1'>" (t::find(locale))
        "</h1><p class='lede'>" (t::find_summary(locale)) "</p>");
    let typed = sought.cloned().unwrap_or_default();
    let fields = [
        (
            "reference",
            t::reference(locale),
            t::reference_hint(locale),
            &typed.reference,
            "type='text' autocomplete='off'",
        ),
        (
            "email",
            checkout::email(locale),
            t::find_email_hint(locale),
            &typed.email,
            "type='email' autocomplete='email'",
        ),
    ];
    let mut wrong: Vec<(&'static str, String)> = fields
        .iter()
        .filter(|(.., value, _)| sought.is_some() && value.trim().is_empty())
        .map(|(name, label, ..)| (*name, checkout::missing(locale, label)))
        .collect();
    wrong.extend(limit_text(locale).map(|text| ("page-heading", text)));
    if sought.is_some() && wrong.is_empty() {
        markup!(out, "<p class='notice' role='status'>" (t::found(locale)) "</p>");
    }
    if !wrong.is_empty() {
        error_list(&mut out, &wrong, locale);
    }
    markup!(out, "<form class='order__address' method='post' novalidate action='" (Route::FindOrder.href(locale)) "'>");
    for (name, label, hint, value, attributes) in fields {
        let mistake = wrong.iter().find(|(field, _)| *field == name).map_or("", |(_, text)| text.as_str());
        TextField { id: name, name, label, hint, mistake, value, attributes }.add(&mut out);
    }
    markup!(out, "<p class='actions'><button class='button button--main' type='submit'>" (t::find_send(locale))
        "</button></p></form></div>");
    TextPage {
        head: Head {
            title: t::find(locale).to_owned(),
            description: t::find_summary(locale).to_owned(),
            route: Some(Route::FindOrder),
        },
        html: out.html(),
        live: no_controls,
    }
}

#[cfg(test)]
mod tests {
    use super::SoughtOrder;

    #[test]
    fn a_reference_is_read_as_people_type_it() {
        for typed in ["H27-7K3M-9QXD", "h277k3m9qxd", " h27 7k3m 9qxd "] {
            let sought = SoughtOrder { reference: typed.into(), email: String::new() };
            assert_eq!(sought.written_reference(), "H27-7K3M-9QXD", "{typed}");
        }
        let sought = SoughtOrder { reference: "tŷ".into(), email: " ".into() };
        assert_eq!(sought.written_reference(), "T");
        assert!(!sought.is_whole());
    }
}
