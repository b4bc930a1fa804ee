//! Data from the API on a page: loading, failed with a way to try again, or
//! there. Written once for every page.

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use crate::{
    api::{self, ApiError, Loading},
    i18n::{remote as t, use_locale},
    ui::{Head, NotFound, PageHead},
};

/// The page made of an answer by `page`, or the page that says why there is
/// none.
pub(crate) fn remote<T, V>(data: Loading, page: fn(T) -> V) -> impl IntoView
where
    T: DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    remote_page(data, Box::new(move |bodies| Ok(page(body(bodies, 0)?).into_any())))
}

pub(super) fn body<T: DeserializeOwned>(bodies: &[String], index: usize) -> Result<T, ApiError> {
    api::parse(bodies.get(index).map(String::as_str).unwrap_or_default())
}

pub(super) type MakePage = Box<dyn Fn(&[String]) -> Result<AnyView, ApiError> + Send + Sync>;

/// Knows no page's types, so that it is compiled once.
pub(super) fn remote_page(data: Loading, make: MakePage) -> AnyView {
    let make = StoredValue::new(make);
    view! {
        <Suspense fallback=Waiting>
            {move || Suspend::new(async move {
                let made = data.await.0.and_then(|bodies| make.with_value(|make| make(&bodies)));
                made.unwrap_or_else(|error| {
                    view! { <Failed error retry=move || data.refetch()/> }.into_any()
                })
            })}
        </Suspense>
    }
    .into_any()
}

/// Stands in for a page that is asked for again. Its style shows it after
/// 150 ms only: a quick answer should not flicker.
#[component]
fn Waiting() -> impl IntoView {
    let locale = use_locale();
    view! {
        <div class="waiting wrap" role="status">
            <p>{t::waiting(locale)}</p>
        </div>
    }
}

/// The page that stands where the code of a page did not arrive.
#[component]
pub(crate) fn NotLoaded() -> impl IntoView {
    view! { <Failed error=ApiError::Offline retry=|| _ = location().reload()/> }
}

/// The page that stands where the API had no answer.
#[component]
fn Failed(error: ApiError, retry: impl Fn() + Send + 'static) -> impl IntoView {
    let locale = use_locale();
    #[cfg(feature = "ssr")]
    crate::render::Collector::set_status(error.status());
    let (title, body) = match &error {
        ApiError::Problem(problem) if problem.status == 404 => return view! { <NotFound/> }.into_any(),
        ApiError::Problem(_) => (t::problem_title(locale), t::problem_body(locale)),
        ApiError::Offline | ApiError::Aborted => (t::offline_title(locale), t::offline_body(locale)),
        ApiError::Decode => (t::decode_title(locale), t::decode_body(locale)),
    };
    let head = Head { title: title.to_owned(), description: body.to_owned(), route: None };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{title}</h1>
            <p class="lede">{body}</p>
            // Without the app it is a form that loads the page once more.
            <form
                method="get"
                on:submit=move |event| {
                    event.prevent_default();
                    retry();
                }
            >
                <button class="button button--main" type="submit">{t::retry(locale)}</button>
            </form>
        </div>
    }
    .into_any()
}
