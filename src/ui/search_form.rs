//! A search field with a button. It is an HTML form with the search in its URL; with the app,
//! the same URL is shown without loading a document.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_navigate;

use crate::{
    i18n::{search as t, use_locale},
    routes::Route,
};

/// A search form for the page at `route`.
#[component]
pub(crate) fn SearchForm(
    route: Route,
    /// The label of the field.
    label: &'static str,
    hint: &'static str,
    /// The current search text.
    text: String,
) -> impl IntoView {
    let locale = use_locale();
    let navigate = use_navigate();
    let input = NodeRef::<html::Input>::new();
    let path = route.path();
    // Hydration must not reset the field: the reader may have typed in it before the app was ready.
    let is_hydrating = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    let search = move |event: leptos::ev::SubmitEvent| {
        let Some(input) = input.get_untracked() else { return };
        event.prevent_default();
        let text = input.value();
        let text = text.trim();
        let pairs = [("q", text)];
        navigate(&contract::query(&path, if text.is_empty() { &[] } else { &pairs }), Default::default());
    };
    view! {
        <form class="search-form" method="get" role="search" action=route.href(locale) on:submit=search>
            <label class="field__label" for="words">{label}</label>
            <p class="field__hint" id="words-hint">{hint}</p>
            <div class="search-form__row">
                <input
                    class="field__input"
                    node_ref=input
                    id="words"
                    name="q"
                    type="search"
                    value=text.clone()
                    prop:value=(!is_hydrating).then_some(text)
                    autocomplete="off"
                    enterkeyhint="search"
                    maxlength="100"
                    aria-describedby="words-hint"
                />
                <button class="button button--main" type="submit">{t::button(locale)}</button>
            </div>
        </form>
    }
}
