//! Shown when a part of the app could not be loaded.

use leptos::prelude::*;

use super::{Head, PageHead, keep_focus, remote::retry_when_online};
use crate::i18n::{errors as t, use_locale};

/// Replaces something whose code could not be loaded, with a retry button; retries by itself
/// when the connection is back.
#[component]
pub(crate) fn MissingPart(
    /// Whether the code is being fetched.
    is_loading: Signal<bool>,
    /// Fetches it again.
    retry: Callback<()>,
    /// What is missing, and what to do.
    children: Children,
) -> impl IntoView {
    let locale = use_locale();
    let was_retried = RwSignal::new(false);
    let try_again = move || {
        was_retried.set(true);
        retry.run(());
    };
    retry_when_online(try_again);
    let status = move || match (is_loading.get(), was_retried.get()) {
        (true, _) => Some(t::loading(locale)),
        (false, true) => Some(t::still_not_loaded(locale)),
        (false, false) => None,
    };
    view! {
        {children()}
        <p class="actions">
            <button class="button button--main" type="button" on:click=move |_| try_again()>
                {t::retry(locale)}
            </button>
        </p>
        <p role="status">{move || status()}</p>
    }
}

/// The same for a whole page.
#[component]
pub(crate) fn MissingPage(
    /// The page's heading, if it is known.
    name: Option<&'static str>,
    /// Whether its code is being fetched.
    is_loading: Signal<bool>,
    /// Fetches it again.
    retry: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let title = match name {
        Some(name) => t::page_not_loaded(locale, name),
        None => t::offline_title(locale).to_owned(),
    };
    let body = t::offline_body(locale);
    let head = Head { title: title.clone(), description: body.to_owned(), route: None };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{title}</h1>
            <MissingPart is_loading retry>
                <p class="lede">{body}</p>
            </MissingPart>
        </div>
    }
}

/// Shown in place of a form that needs the app, if the app did not load or has stopped; otherwise
/// its style hides it. The link reloads the page; an app that did not load is also requested again
/// by itself.
#[component]
pub(crate) fn AppMissing(
    /// What to say, and to do, if the app has stopped.
    stopped: &'static str,
    /// The id of the element that receives the focus when the app has loaded and hides the element
    /// that has it.
    focus: &'static str,
) -> impl IntoView {
    let locale = use_locale();
    // The style hides the link, and what else is only for pages without the app, as soon as it runs.
    Effect::new(move |_| keep_focus(focus));
    view! {
        <div class="notice app-missing" role="alert">
            <p class="app-missing__not-loaded">{t::part_not_loaded(locale)}</p>
            <p class="app-missing__stopped">{stopped}</p>
            <p class="actions">
                <a class="button button--main" href="">{t::retry(locale)}</a>
            </p>
        </div>
    }
}
