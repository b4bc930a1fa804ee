//! The only way from the app to the API: gloo-net in the browser, the server's
//! own router in process while a page is rendered.
//!
//! What a page waits for is one type for all pages, the bodies of the answers as
//! text: everything that Leptos does with it is then compiled once, not once
//! for each page. `ui::Remote` makes a page's own types of it.

use std::{convert::Infallible, fmt, str::FromStr};

#[cfg(target_arch = "wasm32")]
use contract::Submission;
use contract::{Endpoint, Problem};
use futures::future::{OptionFuture, join};
use leptos::{prelude::*, server::codee::string::FromToStringCodec};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

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
            Self::Problem(problem) if matches!(problem.status, 404 | 500) => problem.status,
            Self::Decode => 500,
            _ => 503,
        }
    }
}

/// The bodies of the answers that a page needs, in the order in which it asked;
/// each is JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answers(pub(crate) Result<Vec<String>, ApiError>);

/// Stands between two bodies in a rendered page: JSON never has it as it is.
const SEPARATOR: char = '\u{1e}';
/// Stands before an error instead.
const ERROR: char = '\u{15}';

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(bodies) => f.write_str(&bodies.join(SEPARATOR.encode_utf8(&mut [0; 4]))),
            Err(error) => write!(f, "{ERROR}{}", serde_json::to_string(error).map_err(|_| fmt::Error)?),
        }
    }
}

impl FromStr for Answers {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(match text.strip_prefix(ERROR) {
            Some(error) => Err(serde_json::from_str(error).unwrap_or(ApiError::Decode)),
            None => Ok(text.split(SEPARATOR).map(str::to_owned).collect()),
        }))
    }
}

/// Answers of the API that arrive some time.
pub(crate) type Loading = Resource<Answers, FromToStringCodec>;

/// Asks the API once for what `request` describes, on behalf of the page that
/// is being made. A rendered page carries its answers, so that taking it over
/// asks for nothing again. What an earlier page still waits for is aborted.
pub(crate) fn load(request: &impl Endpoint) -> Loading {
    let path = request.path_and_query();
    load_all(Box::new(move || path.clone()), None, None)
}

/// Asks the API, and once more whenever the request changes with the address.
pub(crate) fn load_again<E: Endpoint>(request: impl Fn() -> E + Send + Sync + 'static) -> Loading {
    load_all(Box::new(move || request().path_and_query()), None, None)
}

/// Asks the API for two things at once, and once more when `first` changes with
/// the address.
pub(crate) fn load_both<E: Endpoint>(
    first: impl Fn() -> E + Send + Sync + 'static,
    second: &impl Endpoint,
) -> Loading {
    load_all(Box::new(move || first().path_and_query()), Some(second.path_and_query()), None)
}

/// Asks the API for a page that also shows what the server alone knows, as
/// JSON: a rendered page carries it to the app.
pub(crate) fn load_with(request: &impl Endpoint, known: String) -> Loading {
    let path = request.path_and_query();
    load_all(Box::new(move || path.clone()), None, Some(known))
}

/// The path of a request, which may change with the address.
type PathOf = Box<dyn Fn() -> String + Send + Sync>;

fn load_all(first: PathOf, second: Option<String>, known: Option<String>) -> Loading {
    #[cfg(target_arch = "wasm32")]
    transport::enter_page();
    Resource::new_str(first, move |first| {
        let second = OptionFuture::from(second.clone().map(transport::get));
        let answers = join(transport::get(first), second);
        let known = known.clone();
        async move {
            let (first, second) = answers.await;
            let bodies = [Some(first), second].into_iter().flatten().map(body);
            Answers(bodies.chain(known.map(Ok)).collect())
        }
    })
}

/// Asks the API once, for something that a page turns out to need.
#[cfg(target_arch = "wasm32")]
pub(crate) async fn fetch<E: Endpoint>(request: &E) -> Result<E::Response, ApiError> {
    parse(&body(transport::get(request.path_and_query()).await)?)
}

/// Sends something to the API, with a key where it must not count twice.
#[cfg(target_arch = "wasm32")]
pub(crate) async fn send<S: Submission>(request: &S, key: Option<&str>) -> Result<S::Response, ApiError> {
    let sent = serde_json::to_string(request).map_err(|_| ApiError::Decode)?;
    parse(&send_text(S::PATH, sent, key).await?)
}

/// The same of a text of JSON, which is answered with one.
#[cfg(target_arch = "wasm32")]
pub(crate) async fn send_text(path: &str, sent: String, key: Option<&str>) -> Result<String, ApiError> {
    body(transport::post(path, sent, key).await)
}

/// Fetches a file of this build as JSON. Its address carries a hash, and the
/// document says it in the attribute `data-{name}`.
#[cfg(target_arch = "wasm32")]
pub(crate) async fn fetch_file<T: DeserializeOwned>(name: &str) -> Result<T, ApiError> {
    let attribute = ["data-", name].concat();
    let path = document().document_element().and_then(|root| root.get_attribute(&attribute));
    parse(&body(transport::get(path.ok_or(ApiError::Decode)?).await)?)
}

/// The body of an answer that is no error.
fn body(answer: Answer) -> Result<String, ApiError> {
    let (status, body) = answer?;
    if (200..300).contains(&status) {
        return Ok(body);
    }
    Err(serde_json::from_str(&body).map_or(ApiError::Decode, ApiError::Problem))
}

/// A body as what it describes.
pub(crate) fn parse<T: DeserializeOwned>(body: &str) -> Result<T, ApiError> {
    serde_json::from_str(body).map_err(|_| ApiError::Decode)
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

    /// Goes on though the page is left: what is being written is not dropped.
    pub(super) async fn post(path: &str, body: String, key: Option<&str>) -> Answer {
        let mut request = Request::post(path).header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let offline = |_| ApiError::Offline;
        let response = request.body(body).map_err(offline)?.send().await.map_err(offline)?;
        let status = response.status();
        Ok((status, response.text().await.map_err(offline)?))
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

#[cfg(test)]
mod tests {
    use super::{Answers, ApiError};

    #[test]
    fn answers_survive_the_way_through_a_page() {
        for answers in [
            Answers(Ok(vec!["{\"a\":\"b\"}".to_owned()])),
            Answers(Ok(vec!["[]".to_owned(), "null".to_owned()])),
            Answers(Err(ApiError::Offline)),
        ] {
            assert_eq!(answers.to_string().parse(), Ok(answers));
        }
    }
}
