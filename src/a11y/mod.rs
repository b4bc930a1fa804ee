//! What a single-page app owes to people who cannot see it change: contrast,
//! titles, focus, scroll and announcements.

mod contrast;
pub mod head;
pub mod navigation;

pub use contrast::{Contrast, ContrastSwitch};
pub(crate) use head::{Head, PageHead};
