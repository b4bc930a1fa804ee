//! Films of earlier years: nothing of one is fetched before somebody plays it.

mod card;
mod videos_page;

pub(crate) use card::{add_videos, live_videos};
pub(crate) use videos_page::VideosPage;
