//! An order that was placed, for whoever has its link.

mod find_page;
mod order_page;

pub(crate) use find_page::FindOrderPage;
pub use find_page::SoughtOrder;
pub(crate) use order_page::OrderPage;
pub use order_page::{RefusedChange, SentBack, has_invoice, standing, state_name};
