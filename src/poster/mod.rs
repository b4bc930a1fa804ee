//! A branch's own poster: its words, seen at once, as a picture that is drawn on
//! this device and as a PDF that the server prints.

mod code;
mod poster_page;
mod told;

#[cfg(target_arch = "wasm32")]
mod drawing;
#[cfg(any(test, target_arch = "wasm32"))]
mod layout;
#[cfg(target_arch = "wasm32")]
mod live;

pub use code::Code;
pub(crate) use poster_page::PosterPage;
