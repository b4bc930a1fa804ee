//! The field that takes a postcode, part of one, or a region's name.
//!
//! The form is plain: without the app it posts, and the server answers with the
//! region's address. With the app the code that understands the text arrives
//! when the field is first used (`live.rs`), and the text stays in the browser.

use leptos::{ev::SubmitEvent, html, prelude::*};

use crate::{
    i18n::{contacts as t, use_locale},
    lazy::lazy_page,
    routes::Route,
};

/// What the form shares with the code that arrives later.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// What was typed.
    pub(super) typed: RwSignal<String>,
    /// How often it was sent.
    pub(super) sent: RwSignal<u32>,
}

/// The field with its button; what it leads to appears below.
#[component]
pub(crate) fn Finder(
    /// What was typed before.
    typed: String,
    /// What stands below the field at first.
    at_first: Option<AnyView>,
) -> impl IntoView {
    let locale = use_locale();
    let field = Field { typed: RwSignal::new(typed.clone()), sent: RwSignal::new(0) };
    let below = NodeRef::<html::Div>::new();
    let refused = at_first.is_some();
    let input = NodeRef::<html::Input>::new();
    let wake = waking(field, below);
    // Read from the input itself: somebody may have typed before the app ran.
    let take = move || {
        if let Some(input) = input.get_untracked() {
            let typed = input.value();
            if field.typed.with_untracked(|known| *known != typed) {
                field.typed.set(typed);
            }
        }
        wake();
    };
    let [on_focus, on_input] = [take.clone(), take.clone()];
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        take();
        field.sent.update(|sent| *sent += 1);
    };
    view! {
        <form class="finder" method="post" action=Route::Contacts.href(locale) novalidate on:submit=on_submit>
            <div class="field">
                <label class="field__label" for="place">{t::label(locale)}</label>
                <p class="field__hint" id="place-hint">{t::hint(locale)}</p>
                <div class="finder__row">
                    // An id that is not there describes nothing: `place-error` is
                    // there when something is wrong.
                    <input
                        class="field__input"
                        id="place"
                        name="place"
                        type="text"
                        value=typed
                        autocomplete="off"
                        spellcheck="false"
                        enterkeyhint="search"
                        maxlength="100"
                        aria-describedby="place-error place-hint"
                        aria-invalid=refused.then_some("true")
                        node_ref=input
                        on:focus=move |_| on_focus()
                        on:input=move |_| on_input()
                    />
                    <button class="button button--main" type="submit">{t::find(locale)}</button>
                </div>
            </div>
            <div class="finder__below" node_ref=below>{at_first}</div>
        </form>
    }
}

lazy_page!(finder, LIVE, make_live, fetch_live, view! { <super::live::Live/> });

/// What fetches the code that understands the text, once, and puts it below the
/// field. Where it does not arrive the form is sent as it is.
#[cfg(target_arch = "wasm32")]
fn waking(field: Field, below: NodeRef<html::Div>) -> impl Fn() + Clone {
    use leptos::reactive::{computed::ScopedFuture, owner::Owner};

    let owner = Owner::current().expect("a component has an owner");
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
        let owner = owner.clone();
        leptos::task::spawn_local(async move {
            let view = live.await;
            // The reader may have left the page meanwhile.
            let Some(below) = below.get_untracked() else { return };
            match view {
                Ok(view) => {
                    below.set_inner_html("");
                    let handle = owner.with(|| leptos::mount::mount_to(below.into(), move || view));
                    mounted.set_value(Some(handle));
                }
                Err(_) => {
                    awake.set_value(false);
                    if field.sent.get_untracked() > 0
                        && let Ok(Some(form)) = below.closest("form")
                    {
                        use wasm_bindgen::JsCast as _;
                        _ = form.unchecked_into::<web_sys::HtmlFormElement>().submit();
                    }
                }
            }
        });
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn waking(_: Field, _: NodeRef<html::Div>) -> impl Fn() + Clone {
    let _ = LIVE.make;
    || ()
}

/// The finder as a strip on another page.
#[component]
pub(crate) fn FindStrip() -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="find-strip" id="find" aria-labelledby="find-title">
            <div class="find-strip__inner wrap">
                <div class="find-strip__text">
                    <h2 id="find-title">{t::strip_title(locale)}</h2>
                    <p>{t::strip_body(locale)}</p>
                    <a class="more" href=Route::Contacts.href(locale)>{t::strip_more(locale)}</a>
                </div>
                <Finder typed=String::new() at_first=None/>
            </div>
        </section>
    }
}
