//! Shared components, which depend on no feature and never fetch data.

pub(crate) mod canvas;
mod contact_links;
mod error_summary;
mod exit_button;
mod field;
mod focus;
mod limit;
pub(crate) mod listing;
mod missing;
mod nfc;
mod not_found;
mod page_start;
mod picture;
mod radio_buttons;
mod remote;
mod search_form;

pub(crate) use crate::{a11y::PageHead, render::Head};
pub(crate) use contact_links::{EmailLink, dial_href};
pub(crate) use error_summary::{ErrorSummary, FormError, SingleError, error_text};
pub(crate) use exit_button::ExitButton;
pub(crate) use field::{FieldError, TextArea, TextInput, bind_input};
pub(crate) use focus::{focus_if_idle, focus_on, focus_summary, has_focus, keep_focus};
pub use limit::LimitReached;
pub(crate) use limit::limit_text;
pub(crate) use listing::{FilterLink, FilterLinks, FilterRow, PageLinks};
pub(crate) use missing::{AppMissing, MissingPage, MissingPart};
pub(crate) use nfc::nfc;
pub(crate) use not_found::NotFound;
pub(crate) use page_start::PageStart;
pub use picture::PicturesPath;
pub(crate) use picture::{Picture, PictureDetail};
pub(crate) use radio_buttons::RadioButtons;
pub(crate) use remote::{Remote, retry_when_online};
pub(crate) use search_form::SearchForm;
