//! The field that takes a postcode, part of one, or a region's name.
//!
//! The form is plain: without the app it posts, and the server answers with the
//! region's address. With the app the code that understands the text arrives
//! when the field is first used (`live.rs`), and the text stays in the browser.

use contract::Locale;
use leptos::prelude::*;

use crate::{
    i18n::contacts as t,
    lazy::lazy_page,
    routes::Route,
    ui::{Markup, error_summary, markup},
};

/// What the form shares with the code that arrives later.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// What was typed.
    pub(super) typed: RwSignal<String>,
    /// How often it was sent.
    #[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only browsers send it to the app"))]
    pub(super) sent: RwSignal<u32>,
}

/// Adds the field with its button; what it leads to appears below. `typed` is what
/// was typed before, `mistake` what is wrong with it.
pub(super) fn add_finder(out: &mut Markup, typed: &str, mistake: Option<&str>, locale: Locale) {
    markup!(out, "<form class='finder' method='post' action='" (Route::Contacts.href(locale))
        "' novalidate><div class='field'><label class='field__label' for='place'>" (t::label(locale))
        "</label><p class='field__hint' id='place-hint'>" (t::hint(locale)) "</p><div class='finder__row'>");
    // An id that is not there describes nothing: `place-error` is there when
    // something is wrong.
    markup!(out, "<input class='field__input' id='place' name='place' type='text' value='" (typed)
        "' autocomplete='off' spellcheck='false' enterkeyhint='search' maxlength='100'"
        " aria-describedby='place-error place-hint'");
    out.raw(if mistake.is_some() { " aria-invalid='true'>" } else { ">" });
    markup!(out, "<button class='button button--main' type='submit'>" (t::find(locale))
        "</button></div></div><div class='finder__below'>");
    if let Some(mistake) = mistake {
        error_summary(out, "place", mistake, locale);
    }
    out.raw("</div></form>");
}

/// Adds the finder as a strip of another page.
pub(crate) fn add_find_strip(out: &mut Markup, locale: Locale) {
    markup!(out, "<section class='find-strip' id='find' aria-labelledby='find-title'>"
        "<div class='find-strip__inner wrap'><div class='find-strip__text'><h2 id='find-title'>"
        (t::strip_title(locale)) "</h2><p>" (t::strip_body(locale)) "</p><a class='more' href='"
        (Route::Contacts.href(locale)) "'>" (t::strip_more(locale)) "</a></div>");
    add_finder(out, "", None, locale);
    out.raw("</div></section>");
}

lazy_page!(finder, LIVE, make_live, fetch_live, view! { <super::live::Live/> });

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::live_finder;

/// Brings the finder on the page to life.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn live_finder() {
    let _ = LIVE.make;
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use leptos::{
        prelude::*,
        reactive::{computed::ScopedFuture, owner::Owner},
    };
    use wasm_bindgen::JsCast as _;
    use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement};

    use super::{Field, LIVE};
    use crate::ui::live::{find, listen};

    /// Brings the finder on the page to life: the code that understands the text is
    /// fetched, once, when the field is used.
    pub(crate) fn live_finder() {
        let (Some(form), Some(input), Some(below)) =
            (find(".finder"), find("#place"), find(".finder__below"))
        else {
            return;
        };
        let input: HtmlInputElement = input.unchecked_into();
        let field = Field { typed: RwSignal::new(input.value()), sent: RwSignal::new(0) };
        let wake = waking(field, below.unchecked_into());
        // Read from the input itself: somebody may have typed before the app ran.
        let take = move || {
            let typed = input.value();
            if field.typed.with_untracked(|known| *known != typed) {
                field.typed.set(typed);
            }
            wake();
        };
        let [on_focus, on_input] = [take.clone(), take.clone()];
        listen(&form, "focusin", move |event| {
            let is_input = event.target().is_some_and(|target| target.has_type::<HtmlInputElement>());
            if is_input {
                on_focus();
            }
        });
        listen(&form, "input", move |_| on_input());
        listen(&form, "submit", move |event| {
            event.prevent_default();
            take();
            field.sent.update(|sent| *sent += 1);
        });
    }

    /// What fetches the code and puts it below the field. Where it does not arrive
    /// the form is sent as it is.
    fn waking(field: Field, below: HtmlElement) -> impl Fn() + Clone {
        let owner = Owner::current().expect("a page has an owner");
        let awake = StoredValue::new(false);
        let mounted = StoredValue::new_local(None);
        move || {
            if awake.get_value() {
                return;
            }
            awake.set_value(true);
            let live = owner.with(|| {
                provide_context(field);
                ScopedFuture::new((LIVE.make)())
            });
            let (owner, below) = (owner.clone(), below.clone());
            leptos::task::spawn_local(async move {
                let view = live.await;
                // The reader may have left the page meanwhile.
                if !below.is_connected() {
                    return;
                }
                match view {
                    Ok(view) => {
                        below.set_inner_html("");
                        let handle = owner.with(|| leptos::mount::mount_to(below, move || view));
                        mounted.set_value(Some(handle));
                    }
                    Err(_) => {
                        awake.set_value(false);
                        if field.sent.get_untracked() > 0
                            && let Ok(Some(form)) = below.closest("form")
                        {
                            _ = form.unchecked_into::<HtmlFormElement>().submit();
                        }
                    }
                }
            });
        }
    }
}
