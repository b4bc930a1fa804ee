//! A field for a line of text, with what is wrong with it.

use super::Markup;

/// A field of a form.
#[derive(Clone, Copy)]
pub(crate) struct TextField<'a> {
    pub(crate) id: &'a str,
    /// What the form sends it as.
    pub(crate) name: &'a str,
    pub(crate) label: &'a str,
    /// May be empty.
    pub(crate) hint: &'a str,
    /// What is wrong with it, and what to do; empty where nothing is.
    pub(crate) mistake: &'a str,
    pub(crate) value: &'a str,
    /// Further attributes of the input, its type among them.
    pub(crate) attributes: &'static str,
}

impl TextField<'_> {
    /// Adds the field, its hint and its mistake.
    pub(crate) fn add(self, out: &mut Markup) {
        let Self { id, name, label, hint, mistake, value, attributes } = self;
        markup!(out, "<div class='field' data-field='" (id) "'><label class='field__label' for='" (id) "'>" (label)
            "</label>");
        if !hint.is_empty() {
            markup!(out, "<p class='field__hint' id='" (id) "-hint'>" (hint) "</p>");
        }
        markup!(out, "<p class='field__error' id='" (id) "-error'>" (mistake)
            "</p><input class='field__input' id='" (id) "' name='" (name) "' value='" (value) "' aria-describedby='" (id)
            "-error");
        if !hint.is_empty() {
            markup!(out, " " (id) "-hint");
        }
        markup!(out, "' aria-invalid='" (if mistake.is_empty() { "false" } else { "true" }) "' ");
        out.raw(attributes);
        out.raw("></div>");
    }
}
