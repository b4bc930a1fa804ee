//! A branch's own poster: shown as it is typed, as an image drawn on this device, and as a PDF
//! made by the server.

mod code;
mod drawing;
mod layout;
mod picture;
mod poster_form;
mod poster_page;
mod preview;
mod validation_errors;

pub use code::Code;
pub use picture::PublicOrigin;
pub(crate) use poster_page::PosterPage;
