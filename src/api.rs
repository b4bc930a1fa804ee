//! The only way from the app to the API: gloo-net in the browser, the server's
//! own router in process while a page is rendered.

use contract::{Endpoint, Problem};
use leptos::prelude::Resource;
use serde::{Deserialize, Serialize};

/// Why a request has no answer that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// The API could not be reached.
    Offline,
    /// The reader went on to another page before the answer came.
    Aborted,
    /// The API refused, and said why.
    Problem(Problem),
    /// An answer that this version of the app cannot read.
    Decode,
}

impl ApiError {
    /// The status for a page that shows this error.
    pub fn status(&self) -> u16 {
        match self {
            Self::Problem(problem) if problem.status == 404 => 404,
            _ => 503,
        }
    }
}

/// An answer of the API that arrives some time.
pub(crate) type Loading<T> = Resource<Result<T, ApiError>>;

/// Asks the API once for what `request` describes, on behalf of the page that
/// is being made. A rendered page carries its answers, so that taking it over
/// asks for nothing again. What an earlier page still waits for is aborted.
pub(crate) fn load<E>(request: E) -> Loading<E::Response>
where
    E: Endpoint + Send + Sync + 'static,
    E::Response: Send + Sync,
{
    #[cfg(target_arch = "wasm32")]
    transport::enter_page();
    Resource::new(
        || (),
        move |()| {
            let answer = transport::get(request.path_and_query());
            async move { read::<E>(answer.await?) }
        },
    )
}

fn read<E: Endpoint>((status, body): (u16, String)) -> Result<E::Response, ApiError> {
    if (200..300).contains(&status) {
        return serde_json::from_str(&body).map_err(|_| ApiError::Decode);
    }
    Err(serde_json::from_str(&body).map_or(ApiError::Decode, ApiError::Problem))
}

/// A status and a body of JSON.
type Answer = Result<(u16, String), ApiError>;

#[cfg(target_arch = "wasm32")]
mod transport {
    use std::{cell::RefCell, future::Future};

    use gloo_net::http::Request;
    use leptos::prelude::GetUntracked;
    use leptos_router::hooks::use_location;
    use send_wrapper::SendWrapper;
    use web_sys::AbortController;

    use super::{Answer, ApiError};

    thread_local! {
        /// The page that requests belong to, by its path, and what aborts them.
        static PAGE: RefCell<Option<(String, AbortController)>> = const { RefCell::new(None) };
    }

    /// Says that the requests to come belong to the page that the router is
    /// making now. Two parts of one page share its controller.
    pub(super) fn enter_page() {
        let path = use_location().pathname.get_untracked();
        PAGE.with_borrow_mut(|page| match page {
            Some((known, _)) if *known == path => {}
            _ => {
                let next = AbortController::new().ok().map(|controller| (path, controller));
                if let Some((_, earlier)) = std::mem::replace(page, next) {
                    earlier.abort();
                }
            }
        });
    }

    pub(super) fn get(path: String) -> impl Future<Output = Answer> + Send {
        let signal = PAGE.with_borrow(|page| page.as_ref().map(|(_, controller)| controller.signal()));
        SendWrapper::new(async move {
            let aborted = |_| match &signal {
                Some(signal) if signal.aborted() => ApiError::Aborted,
                _ => ApiError::Offline,
            };
            let request = Request::get(&path).abort_signal(signal.as_ref());
            let response = request.send().await.map_err(&aborted)?;
            let status = response.status();
            let body = response.text().await.map_err(&aborted)?;
            Ok((status, body))
        })
    }
}

#[cfg(all(feature = "ssr", not(target_arch = "wasm32")))]
mod transport {
    use std::{future::Future, pin::Pin, sync::Arc};

    use leptos::prelude::use_context;

    use super::{Answer, ApiError};

    type Call = dyn Fn(String) -> Pin<Box<dyn Future<Output = (u16, String)> + Send>> + Send + Sync;

    /// The API that pages are rendered from: takes a path with its query,
    /// gives the status and the body of the answer.
    #[derive(Clone)]
    pub struct InProcessApi(Arc<Call>);

    impl InProcessApi {
        /// An API that answers with `call`.
        pub fn new<F>(call: impl Fn(String) -> F + Send + Sync + 'static) -> Self
        where
            F: Future<Output = (u16, String)> + Send + 'static,
        {
            Self(Arc::new(move |path| Box::pin(call(path))))
        }
    }

    pub(super) fn get(path: String) -> impl Future<Output = Answer> + Send {
        let api = use_context::<InProcessApi>();
        async move {
            match api {
                Some(InProcessApi(call)) => Ok(call(path).await),
                None => Err(ApiError::Offline),
            }
        }
    }
}

#[cfg(all(feature = "ssr", not(target_arch = "wasm32")))]
pub use transport::InProcessApi;

/// Neither browser nor server: only so that the crate's own unit tests build.
#[cfg(not(any(feature = "ssr", target_arch = "wasm32")))]
mod transport {
    use super::{Answer, ApiError};

    pub(super) async fn get(_path: String) -> Answer {
        Err(ApiError::Offline)
    }
}
