//! An order that was placed, for whoever has its link.

mod find_page;
#[cfg(not(target_arch = "wasm32"))]
mod forms;
#[cfg(not(target_arch = "wasm32"))]
mod order_page;
#[cfg(not(target_arch = "wasm32"))]
mod sent_back;
#[cfg(target_arch = "wasm32")]
mod told_page;

pub(crate) use find_page::FindOrderPage;
pub use find_page::SoughtOrder;
#[cfg(not(target_arch = "wasm32"))]
pub use forms::RefusedChange;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use order_page::OrderPage;
#[cfg(not(target_arch = "wasm32"))]
pub use order_page::{has_invoice, standing, state_name};
#[cfg(not(target_arch = "wasm32"))]
pub use sent_back::SentBack;
#[cfg(target_arch = "wasm32")]
pub(crate) use told_page::OrderPage;
