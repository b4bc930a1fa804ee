//! What a single-page app owes to people who cannot see it change: contrast,
//! titles, focus, scroll and announcements.

mod contrast;
#[cfg(target_arch = "wasm32")]
pub mod navigation;

pub use contrast::ContrastSwitch;
