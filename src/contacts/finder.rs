//! The region finder's field, for a full or partial postcode or a region's name.
//!
//! It is an HTML form: without the app it is submitted, and the server redirects to the
//! region. With the app, the input is processed in the browser and never leaves it.

use leptos::{ev::SubmitEvent, html, prelude::*};

use super::finder_field::FinderField;
use crate::{
    a11y::navigation,
    api,
    i18n::{contacts as t, errors, use_locale},
    lazy_loading::{LazyLoad, LazyView, LoadState},
    routes::Route,
    ui::{MissingPart, SingleError, bind_input, keep_focus},
};

/// The field with its button.
#[component]
pub(super) fn Finder(
    field: FinderField,
    /// Looks up what was typed, and shows the answer below; loaded on first use.
    answers: LazyView,
) -> impl IntoView {
    let locale = use_locale();
    let FinderField { typed, error, submissions, .. } = field;
    provide_context(field);
    let (form, input) = (NodeRef::<html::Form>::new(), NodeRef::<html::Input>::new());
    let lazy_load = LazyLoad::of(answers);
    let load_answers = move || {
        lazy_load.fetch(move || {
            // If the code cannot be loaded, the form is submitted to the server.
            if submissions.get_untracked() > 0 {
                _ = form.get_untracked().map(|form| form.submit());
            }
        });
    };
    bind_input(input, typed);
    let rendered = typed.get_untracked();
    Effect::new(move |before: Option<String>| {
        let typed = typed.get();
        if typed != *before.as_ref().unwrap_or(&rendered) {
            error.set(None);
        }
        // Typed now, or before the app was ready. If the server has refused the text, the
        // error is already shown.
        if !typed.is_empty() && error.with_untracked(Option::is_none) {
            load_answers();
        }
        typed
    });
    Effect::new(move |_| navigation::set_error_title(error.with(Option::is_some), locale));
    let is_invalid = move || error.with(Option::is_some).then_some("true");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        submissions.update(|count| *count += 1);
        load_answers();
    };
    let shown_error = move || error.get().map(|text| view! { <SingleError field="place" text/> });
    let below = move || match lazy_load.state() {
        LoadState::Pending => None,
        // Only in the browser: the server loads no code for answers.
        LoadState::Loaded => {
            keep_focus("place");
            lazy_load.view_if_loaded(answers.render)
        }
        LoadState::Failed => {
            let missing = view! {
                <MissingPart is_loading=lazy_load.is_loading() retry=Callback::new(move |()| load_answers())>
                    <p role="alert">{errors::part_not_loaded(locale)}</p>
                </MissingPart>
            };
            Some(missing.into_any())
        }
    };
    view! {
        <form
            class="finder"
            node_ref=form
            method="post"
            action=api::server_href(&Route::Contacts.href(locale))
            novalidate
            on:submit=submit
        >
            <div class="field">
                <label class="field__label" for="place">{t::label(locale)}</label>
                <p class="field__hint" id="place-hint">{t::hint(locale)}</p>
                <div class="finder__row">
                    // A reference to a missing id has no effect; `place-error` exists only if
                    // there is an error.
                    <input
                        class="field__input"
                        node_ref=input
                        id="place"
                        name="place"
                        type="text"
                        value=typed.get_untracked()
                        autocomplete="off"
                        spellcheck="false"
                        enterkeyhint="search"
                        maxlength="100"
                        aria-describedby="place-error place-hint"
                        aria-invalid=is_invalid
                        on:focus=move |_| load_answers()
                        on:input:target=move |event| typed.set(event.target().value())
                    />
                    <button class="button button--main" type="submit">{t::find(locale)}</button>
                </div>
            </div>
            <div class="finder__below">{move || shown_error()} {move || below()}</div>
        </form>
    }
}
