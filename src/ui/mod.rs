//! Controls and parts that know no feature and never fetch.

#[macro_use]
mod markup;

mod error_summary;
pub mod head;
mod leave_button;
mod limit;
pub(crate) mod listing;
#[cfg(target_arch = "wasm32")]
pub(crate) mod live;
#[cfg(target_arch = "wasm32")]
mod nfc;
mod not_found;
mod picture;
mod reach;
mod remote;
mod search_form;
mod text_field;
mod text_page;

pub(crate) use error_summary::{ErrorSummary, error_list, error_summary};
pub(crate) use head::{Head, PageHead};
pub(crate) use leave_button::leave_button;
pub use limit::LimitReached;
pub(crate) use limit::limit_text;
pub(crate) use markup::{Markup, markup};
#[cfg(target_arch = "wasm32")]
pub(crate) use nfc::nfc;
pub(crate) use not_found::NotFound;
pub(crate) use picture::Picture;
pub use picture::PicturesPath;
pub(crate) use reach::{dial_href, mail_link};
pub(crate) use remote::{NotLoaded, remote};
pub(crate) use search_form::{live_search_form, search_form};
pub(crate) use text_field::TextField;
#[cfg(target_arch = "wasm32")]
pub(crate) use text_page::told_page;
pub(crate) use text_page::{TextPage, fixed_page, no_controls, text_page, text_page_of_two};
