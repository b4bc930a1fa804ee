//! The API contract between the app and the server: requests with their paths, responses, and
//! the rules that both sides must agree on.
//!
//! It deliberately depends on no HTTP client or server, no database and no user interface,
//! only on serde, so that it compiles for the browser and natively. Times are UTC with the
//! UK's local time beside them, dates are `YYYY-MM-DD`. Within `/api/v1`, a field may be added
//! to a response but never removed or given another meaning.

pub mod campaign;
pub mod contacts;
pub mod courses;
pub mod documents;
mod endpoint;
pub mod events;
mod locale;
pub mod news;
pub mod orders;
pub mod page;
pub mod postcode;
pub mod poster;
mod problem;
pub mod region;
pub mod search;
pub mod shop;
pub mod support;
pub mod take_part;
pub mod term;
pub mod text;
pub mod time;
pub mod unions;
pub mod videos;

pub use endpoint::{Endpoint, Submission, is_slug, pairs, query};
pub use locale::{Locale, UnknownLocale};
pub use problem::{InvalidField, Problem};
