//! Data from the API on a page: loading, failed with a way to try again, or
//! there. Written once for every page.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::{
    api::{ApiError, ApiResource, Loading},
    i18n::{remote as t, use_locale},
    ui::{Head, NotFound, PageHead},
};

/// Shows what `children` make of an answer of the API; until it is there, that it is being
/// waited for, and where it does not come, why, with a way to try again.
///
/// ```ignore
/// let news = api::resource(move || ListNews { locale, choice: choice() });
/// view! { <Remote data=news let:list><News list/></Remote> }
/// ```
#[component]
pub(crate) fn Remote<T, V>(
    data: ApiResource<T>,
    /// Makes the page; once more when the answer has changed.
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: 'static,
    V: IntoView + 'static,
{
    let ApiResource { answers, parse } = data;
    remote_page(answers, Box::new(move |bodies| Ok(children(parse(bodies)?).into_any())))
}

type MakePage = Box<dyn Fn(&[String]) -> Result<AnyView, ApiError> + Send + Sync>;

/// Knows no page's types, so that it is compiled once.
fn remote_page(data: Loading, make: MakePage) -> AnyView {
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

/// How long after the browser says that it is online something is tried again: the network is
/// ready a moment later.
const SETTLING: Duration = Duration::from_millis(500);

/// Tries again when a lost connection is back.
pub(crate) fn retry_when_online(retry: impl Fn() + Clone + Send + 'static) {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let retry = retry.clone();
        let listening = window_event_listener(ev::online, move |_| {
            waiting.set_value(set_timeout_with_handle(retry.clone(), SETTLING).ok());
        });
        on_cleanup(move || {
            listening.remove();
            if let Some(Some(waiting)) = waiting.try_get_value() {
                waiting.clear();
            }
        });
    });
}

/// The page that stands where the API had no answer.
#[component]
fn Failed(error: ApiError, retry: impl Fn() + Clone + Send + 'static) -> impl IntoView {
    let locale = use_locale();
    crate::render::set_status(error.status());
    let (title, body) = match &error {
        ApiError::Problem(problem) if problem.status == 404 => return view! { <NotFound/> }.into_any(),
        ApiError::Problem(_) => (t::problem_title(locale), t::problem_body(locale)),
        ApiError::Offline | ApiError::Aborted => (t::offline_title(locale), t::offline_body(locale)),
        ApiError::Decode => (t::decode_title(locale), t::decode_body(locale)),
    };
    if error == ApiError::Offline {
        retry_when_online(retry.clone());
    }
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
