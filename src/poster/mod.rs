//! A branch's own poster: shown as it is typed, as an image drawn on this device, and as a PDF
//! made by the server.

mod drawing;
mod layout;
mod picture;
mod poster_form;
mod poster_page;
mod preview;
mod qr_code;
mod validation_errors;

pub use picture::PublicOrigin;
pub(crate) use poster_page::PosterPage;
pub use qr_code::QrCode;
