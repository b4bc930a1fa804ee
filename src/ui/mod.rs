//! Controls and parts that know no feature and never fetch.

mod error_summary;
pub mod head;
mod leave_button;
#[macro_use]
mod markup;
mod not_found;
mod notice;
mod picture;
mod reach;
mod remote;

pub(crate) use error_summary::ErrorSummary;
pub(crate) use head::{Head, PageHead};
pub use leave_button::LeaveButton;
pub(crate) use markup::{Markup, markup};
pub(crate) use not_found::NotFound;
pub(crate) use notice::Notice;
pub(crate) use picture::Picture;
pub use picture::PicturesPath;
pub(crate) use reach::{MailLink, dial_href};
pub(crate) use remote::{NotLoaded, remote, remote_pair};
