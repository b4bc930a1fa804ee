//! A field for words and a button: a plain form whose address says what is looked
//! for. With the app the same address is shown without loading a document.

use contract::Locale;

use super::Markup;
use crate::{i18n::search as t, routes::Route};

/// Adds a form that looks for words on the page at `route`; `label` and `hint`
/// say what can be typed, `text` is what is being looked for.
pub(crate) fn search_form(
    out: &mut Markup,
    route: &Route,
    [label, hint]: [&str; 2],
    text: &str,
    locale: Locale,
) {
    markup!(out, "<form class='search-form' method='get' role='search' action='" (route.href(locale))
        "'><label class='field__label' for='words'>" (label) "</label><p class='field__hint' id='words-hint'>" (hint)
        "</p><div class='search-form__row'><input class='field__input' id='words' name='q' type='search' value='" (text)
        "' autocomplete='off' enterkeyhint='search' maxlength='100' aria-describedby='words-hint'>"
        "<button class='button button--main' type='submit'>" (t::button(locale)) "</button></div></form>");
}

/// Brings such a form to life.
#[cfg(target_arch = "wasm32")]
pub(crate) fn live_search_form() {
    use leptos_router::{NavigateOptions, hooks::use_navigate};
    use wasm_bindgen::JsCast as _;

    use super::live::{find, listen};

    let Some(form) = find(".search-form") else { return };
    let navigate = use_navigate();
    let action = form.get_attribute("action").unwrap_or_default();
    listen(&form, "submit", move |event| {
        let input = find("#words").and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        event.prevent_default();
        let text = input.value();
        let text = text.trim();
        let pairs = [("q", text)];
        let (_, path) = Locale::split_path(&action);
        let to = contract::query(path, if text.is_empty() { &pairs[..0] } else { &pairs });
        navigate(&to, NavigateOptions::default());
    });
}

#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn live_search_form() {}
