//! An order, shown to anyone who has its link, and the page that requests the link.

mod acceptance_form;
mod address_form;
mod approval_form;
mod cancel_form;
mod change_form;
mod details;
mod documents;
mod errors;
mod fields;
mod find_page;
mod lines;
mod order_page;
mod order_store;
mod payment;
mod refused_form;
mod return_form;
mod status;

pub(crate) use find_page::FindOrderPage;
pub(crate) use order_page::OrderPage;
pub use refused_form::RefusedForm;
