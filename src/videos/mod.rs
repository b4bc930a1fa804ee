//! Films of earlier years: nothing of one is fetched before somebody plays it.

mod card;
mod videos_page;

pub(crate) use card::Videos;
pub(crate) use videos_page::VideosPage;
