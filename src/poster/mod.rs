//! A branch's own poster: its words, seen at once, as a picture that is drawn on
//! this device and as a PDF that the server prints.

mod choices;
mod code;
mod drawing;
mod layout;
mod picture;
mod poster_form;
mod poster_page;
mod preview;
mod validation_errors;

pub use code::Code;
pub(crate) use poster_page::PosterPage;
