//! The app's API client: gloo-net in the browser, and the server's own router in process
//! during server-side rendering.
//!
//! Pages share one resource type, with response bodies as text, so that Leptos' code for it is
//! compiled once rather than for each page. `ui::Remote` parses the bodies into a page's own
//! types.

use std::{convert::Infallible, fmt, str::FromStr};

use contract::{Endpoint, Problem, Submission};
use futures::future::{OptionFuture, join};
use leptos::{prelude::*, server::codee::string::FromToStringCodec};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::response_cache::{self, Paths};

/// Why a request has no response that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// The API is unreachable.
    Offline,
    /// The reader left the page before the response arrived.
    Aborted,
    /// The API returned a problem document.
    Problem(Problem),
    /// The response cannot be parsed by this version of the app.
    Decode,
}

impl ApiError {
    /// The HTTP status of a page that shows this error.
    pub fn status(&self) -> u16 {
        match self {
            Self::Problem(problem) if matches!(problem.status, 404 | 500) => problem.status,
            Self::Decode => 500,
            _ => 503,
        }
    }
}

/// The API's response for a page: included in a rendered page, and fetched when the app
/// navigates there.
pub(crate) struct ApiResource<T: 'static> {
    pub(crate) responses: PendingResponses,
    pub(crate) parse: fn(&[String]) -> Result<T, ApiError>,
}

impl<T> Clone for ApiResource<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ApiResource<T> {}

/// Requests a page's data from the API, again whenever the request changes with the URL.
/// Pending requests of an earlier page are aborted. Without a connection, a page that was
/// shown before is shown as it was.
pub(crate) fn resource<E: Endpoint>(
    request: impl Fn() -> E + Send + Sync + 'static,
) -> ApiResource<E::Response> {
    let responses = load_all(Box::new(move || [Some(request().path_and_query()), None]));
    ApiResource { responses, parse: |bodies| parse_at(bodies, 0) }
}

/// Requests two things from the API that a page shows together.
pub(crate) fn resource_of_two<A: Endpoint, B: Endpoint>(
    first: impl Fn() -> A + Send + Sync + 'static,
    second: impl Fn() -> B + Send + Sync + 'static,
) -> ApiResource<(A::Response, B::Response)> {
    let paths = move || [Some(first().path_and_query()), Some(second().path_and_query())];
    let responses = load_all(Box::new(paths));
    ApiResource { responses, parse: |bodies| Ok((parse_at(bodies, 0)?, parse_at(bodies, 1)?)) }
}

fn parse_at<T: DeserializeOwned>(bodies: &[String], index: usize) -> Result<T, ApiError> {
    parse(bodies.get(index).map(String::as_str).unwrap_or_default())
}

/// The API's origin if it differs from the page's, as in a page on a static host.
pub(crate) fn origin() -> String {
    if cfg!(feature = "ssr") {
        return String::new();
    }
    document().document_element().and_then(|root| root.get_attribute("data-api")).unwrap_or_default()
}

/// The URL of something that the server provides instead of the app: a download, a calendar, a
/// feed.
pub(crate) fn server_href(path: &str) -> String {
    [&*origin(), path].concat()
}

/// Data that only the server has while it renders a page, such as a refused form. The rendered
/// page passes it to the app; it is none after client-side navigation. Call it in the body of
/// a page's component.
pub(crate) fn from_server<T>() -> Option<T>
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    SharedValue::new(use_context::<T>).into_inner()
}

/// The response bodies that a page needs, as JSON, in the order of its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Responses(pub(crate) Result<Vec<String>, ApiError>);

/// Separates two bodies in a rendered page: JSON cannot contain it unescaped.
const SEPARATOR: char = '\u{1e}';
/// Marks an error.
const ERROR: char = '\u{15}';

impl fmt::Display for Responses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(bodies) => f.write_str(&bodies.join(SEPARATOR.encode_utf8(&mut [0; 4]))),
            Err(error) => write!(f, "{ERROR}{}", serde_json::to_string(error).map_err(|_| fmt::Error)?),
        }
    }
}

impl FromStr for Responses {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(match text.strip_prefix(ERROR) {
            Some(error) => Err(serde_json::from_str(error).unwrap_or(ApiError::Decode)),
            None => Ok(text.split(SEPARATOR).map(str::to_owned).collect()),
        }))
    }
}

/// API responses that are still loading.
pub(crate) type PendingResponses = Resource<Responses, FromToStringCodec>;

/// The paths of a page's requests, which may depend on the URL.
type GetPaths = Box<dyn Fn() -> Paths + Send + Sync>;

fn load_all(paths: GetPaths) -> PendingResponses {
    transport::enter_page();
    let first = untrack(&paths);
    let responses = Resource::new_str(paths, |paths| {
        let bodies = get_all(paths);
        async move { Responses(bodies.await) }
    });
    // For a rendered page, the response comes from the server.
    Effect::new(move |_| {
        if let Some(Responses(Ok(bodies))) = responses.get_untracked() {
            response_cache::store(&first, &bodies);
        }
    });
    responses
}

/// Makes requests at the same time, and caches the response bodies. Without a connection, returns
/// cached ones.
fn get_all(paths: Paths) -> impl Future<Output = Result<Vec<String>, ApiError>> + Send {
    let [first, second] = paths.clone().map(|path| OptionFuture::from(path.map(transport::get)));
    let responses = join(first, second);
    async move {
        let (first, second) = responses.await;
        let bodies: Result<Vec<String>, ApiError> = [first, second].into_iter().flatten().map(body).collect();
        match &bodies {
            Ok(bodies) => response_cache::store(&paths, bodies),
            Err(ApiError::Offline) => return response_cache::get(&paths).ok_or(ApiError::Offline),
            Err(_) => {}
        }
        bodies
    }
}

/// Makes a single request to the API, for something a page turns out to need. Without a
/// connection, returns the cached response.
pub(crate) async fn fetch<E: Endpoint>(request: &E) -> Result<E::Response, ApiError> {
    parse_at(&get_all([Some(request.path_and_query()), None]).await?, 0)
}

/// Removes the cached responses to a request for something that may have changed since, and those
/// that a page received together with one.
pub(crate) fn forget<E: Endpoint>(request: &E) {
    response_cache::forget(&request.path_and_query());
}

/// Sends a `POST` request, with an idempotency key if it must not take effect twice.
pub(crate) async fn send<S: Submission>(request: &S, key: Option<&str>) -> Result<S::Response, ApiError> {
    let sent = serde_json::to_string(request).map_err(|_| ApiError::Decode)?;
    parse(&send_text(&request.path_and_query(), sent, key).await?)
}

/// The same with JSON text as the body and the response.
pub(crate) async fn send_text(path: &str, sent: String, key: Option<&str>) -> Result<String, ApiError> {
    body(transport::post(path, sent, key).await)
}

/// Fetches a file of this build as JSON. Its URL contains a hash, so the document provides it
/// in the attribute `data-{name}`.
pub(crate) async fn fetch_file<T: DeserializeOwned>(name: &str) -> Result<T, ApiError> {
    let attribute = ["data-", name].concat();
    let path = document().document_element().and_then(|root| root.get_attribute(&attribute));
    parse(&body(transport::get(path.ok_or(ApiError::Decode)?).await)?)
}

/// The body of a successful response.
fn body(response: RawResponse) -> Result<String, ApiError> {
    let (status, body) = response?;
    if (200..300).contains(&status) {
        return Ok(body);
    }
    Err(match serde_json::from_str(&body) {
        Ok(problem) => ApiError::Problem(problem),
        // A proxy's page: it does not mean that the app is outdated.
        Err(_) if status >= 500 => ApiError::Problem(Problem {
            kind: String::new(),
            title: String::new(),
            status,
            detail: None,
            errors: Vec::new(),
            retry_after_seconds: None,
        }),
        Err(_) => ApiError::Decode,
    })
}

/// Parses a body.
pub(crate) fn parse<T: DeserializeOwned>(body: &str) -> Result<T, ApiError> {
    serde_json::from_str(body).map_err(|_| ApiError::Decode)
}

/// A status and a JSON body.
type RawResponse = Result<(u16, String), ApiError>;

#[cfg(not(feature = "ssr"))]
mod transport {
    use std::{cell::RefCell, future::Future};

    use gloo_net::http::Request;
    use leptos::prelude::GetUntracked;
    use leptos_router::hooks::use_location;
    use send_wrapper::SendWrapper;
    use web_sys::AbortController;

    use super::{ApiError, RawResponse};

    thread_local! {
        /// The path of the current page, and the controller that aborts its requests.
        static PAGE: RefCell<Option<(String, AbortController)>> = const { RefCell::new(None) };
    }

    /// Assigns further requests to the page that the router is showing now. Two components of
    /// one page share its controller.
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

    /// The URL of a path: the app on a static host has the API on another origin.
    fn at(path: &str) -> String {
        if path.starts_with("/api/") { [&*super::origin(), path].concat() } else { path.to_owned() }
    }

    /// Not aborted when the reader leaves the page: a write must complete.
    pub(super) async fn post(path: &str, body: String, key: Option<&str>) -> RawResponse {
        let mut request = Request::post(&at(path)).header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let offline = |_| ApiError::Offline;
        let response = request.body(body).map_err(offline)?.send().await.map_err(offline)?;
        let status = response.status();
        Ok((status, response.text().await.map_err(offline)?))
    }

    pub(super) fn get(path: String) -> impl Future<Output = RawResponse> + Send {
        let signal = PAGE.with_borrow(|page| page.as_ref().map(|(_, controller)| controller.signal()));
        SendWrapper::new(async move {
            let aborted = |_| match &signal {
                Some(signal) if signal.aborted() => ApiError::Aborted,
                _ => ApiError::Offline,
            };
            let request = Request::get(&at(&path)).abort_signal(signal.as_ref());
            let response = request.send().await.map_err(&aborted)?;
            let status = response.status();
            let body = response.text().await.map_err(&aborted)?;
            Ok((status, body))
        })
    }
}

#[cfg(feature = "ssr")]
mod transport {
    use std::{future::Future, pin::Pin, sync::Arc};

    use leptos::prelude::use_context;

    use super::{ApiError, RawResponse};

    type Call = dyn Fn(String) -> Pin<Box<dyn Future<Output = (u16, String)> + Send>> + Send + Sync;

    /// The API for server-side rendering: takes a path with its query string, and returns the
    /// status and body of the response.
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

    pub(super) fn enter_page() {}

    /// Nothing is sent during server-side rendering.
    pub(super) async fn post(_path: &str, _body: String, _key: Option<&str>) -> RawResponse {
        Err(ApiError::Offline)
    }

    pub(super) fn get(path: String) -> impl Future<Output = RawResponse> + Send {
        let api = use_context::<InProcessApi>();
        async move {
            match api {
                Some(InProcessApi(call)) => Ok(call(path).await),
                None => Err(ApiError::Offline),
            }
        }
    }
}

#[cfg(feature = "ssr")]
pub use transport::InProcessApi;

#[cfg(test)]
mod tests {
    use super::{ApiError, Responses, body};

    #[test]
    fn errors_of_proxies_are_problems_of_the_server() {
        let error = |status: u16, text: &str| body(Ok((status, text.to_owned()))).expect_err("an error");
        let known = r#"{"type":"/problems/not-found","title":"Not found","status":404}"#;
        assert!(matches!(error(404, known), ApiError::Problem(problem) if problem.title == "Not found"));
        assert!(
            matches!(error(502, "<h1>Bad gateway</h1>"), ApiError::Problem(problem) if problem.status == 502)
        );
        assert_eq!(error(404, "<h1>Not found</h1>"), ApiError::Decode);
    }

    #[test]
    fn responses_are_serialised_and_parsed() {
        for responses in [
            Responses(Ok(vec!["{\"a\":\"b\"}".to_owned()])),
            Responses(Ok(vec!["[]".to_owned(), "null".to_owned()])),
            Responses(Err(ApiError::Offline)),
        ] {
            assert_eq!(responses.to_string().parse(), Ok(responses));
        }
    }
}
