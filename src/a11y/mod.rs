//! Accessibility that a single-page app has to provide itself: contrast, titles, focus,
//! scrolling and announcements.

mod contrast;
mod head;
pub mod navigation;

pub use contrast::{Contrast, ContrastSwitch};
pub(crate) use head::PageHead;
