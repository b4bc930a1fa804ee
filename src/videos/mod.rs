//! Videos of earlier years: nothing is fetched before the visitor plays one.

mod card;
mod videos_page;

pub(crate) use card::Videos;
pub(crate) use videos_page::VideosPage;
