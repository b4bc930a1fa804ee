//! "Leave this page": a quick way out for somebody who may be watched.

use contract::Locale;

use super::Markup;
use crate::{i18n::leave as t, routes::leave_href};

/// Adds a link to a neutral page. `public/boot.js` makes it, and Escape pressed
/// three times, replace this page and its history entry, from the first paint on;
/// without script it is a plain link.
pub(crate) fn leave_button(out: &mut Markup, locale: Locale) {
    markup!(out, "<div class='leave'><a class='leave__button' rel='external nofollow' data-leave='' href='"
        (leave_href(locale)) "'>" (t::leave(locale)) "</a> <span class='leave__hint'>" (t::hint(locale))
        "</span></div>");
}
