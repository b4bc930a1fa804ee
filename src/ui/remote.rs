//! Data from the API on a page: loading, failed with a retry button, or loaded. One
//! implementation for all pages.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::{
    api::{ApiError, ApiResource, PendingResponses},
    i18n::{errors as t, use_locale},
    ui::{Head, NotFound, PageHead},
};

/// Renders `children` with an API response; until it arrives, a loading indicator, and if it
/// fails, the reason and a retry button.
///
/// ```ignore
/// let news = api::resource(move || ListNews { locale, choice: choice() });
/// view! { <Remote data=news let:list><News list/></Remote> }
/// ```
#[component]
pub(crate) fn Remote<T, V>(
    data: ApiResource<T>,
    /// Renders the page, again when the response changes.
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: 'static,
    V: IntoView + 'static,
{
    let ApiResource { responses, parse } = data;
    remote_page(responses, Box::new(move |bodies| Ok(children(parse(bodies)?).into_any())))
}

type RenderPage = Box<dyn Fn(&[String]) -> Result<AnyView, ApiError> + Send + Sync>;

/// Independent of the pages' types, so that it is compiled once.
fn remote_page(data: PendingResponses, render: RenderPage) -> AnyView {
    let render = StoredValue::new(render);
    view! {
        <Suspense fallback=LoadingIndicator>
            {move || Suspend::new(async move {
                let view = data.await.0.and_then(|bodies| render.with_value(|render| render(&bodies)));
                view.unwrap_or_else(|error| {
                    view! { <RequestFailed error retry=move || data.refetch()/> }.into_any()
                })
            })}
        </Suspense>
    }
    .into_any()
}

/// Shown while a page is loading. Its style delays it by 150 ms: a quick response should not
/// flicker.
#[component]
fn LoadingIndicator() -> impl IntoView {
    let locale = use_locale();
    view! {
        <div class="waiting wrap" role="status">
            <p>{t::loading(locale)}</p>
        </div>
    }
}

/// How long to wait for a retry after the browser is online: the network is ready a moment
/// later.
const RETRY_DELAY: Duration = Duration::from_millis(500);

/// Retries when a lost connection is back.
pub(crate) fn retry_when_online(retry: impl Fn() + Clone + Send + 'static) {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop_waiting = move || {
        if let Some(Some(waiting)) = waiting.try_get_value() {
            waiting.clear();
        }
    };
    Effect::new(move |_| {
        let retry = retry.clone();
        let listening = window_event_listener(ev::online, move |_| {
            stop_waiting();
            waiting.set_value(set_timeout_with_handle(retry.clone(), RETRY_DELAY).ok());
        });
        on_cleanup(move || {
            listening.remove();
            stop_waiting();
        });
    });
}

/// Shown instead of a page if the API request failed.
#[component]
fn RequestFailed(error: ApiError, retry: impl Fn() + Clone + Send + 'static) -> impl IntoView {
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
            // Without the app it is a form that reloads the page.
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
