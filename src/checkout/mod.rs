//! The checkout: customer, delivery, payment and price on one page; and an order that the shop
//! has not confirmed yet.

mod checkout_field;
mod checkout_page;
mod delivery;
mod draft;
mod empty_basket;
mod field;
mod form_values;
mod order_form;
mod order_summary;
mod order_text;
mod payment;
mod pending_notice;
mod pending_order;
mod prices;
mod response;
mod retry_delay;
mod save_order;
mod server_errors;
mod state;
mod your_details;

pub(crate) use checkout_page::CheckoutPage;
