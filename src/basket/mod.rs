//! The basket: what somebody wants to order, kept in the browser, and the page
//! that orders it.

mod add;
mod basket_page;
#[cfg(target_arch = "wasm32")]
mod checkout;
#[cfg(target_arch = "wasm32")]
mod checkout_form;
mod checkout_page;
#[cfg(target_arch = "wasm32")]
mod checkout_sum;
#[cfg(target_arch = "wasm32")]
pub(crate) mod kept;
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only a browser has a basket"))]
mod lines;
#[cfg(target_arch = "wasm32")]
mod live;
#[cfg(target_arch = "wasm32")]
mod many;
#[cfg_attr(not(any(target_arch = "wasm32", test)), expect(dead_code, reason = "only a browser has a basket"))]
mod pasted;
#[cfg(target_arch = "wasm32")]
mod pending;
#[cfg(target_arch = "wasm32")]
mod pricing;
mod told;

use crate::lazy::lazy_page;

pub(crate) use add::Add;
pub(crate) use basket_page::BasketPage;
pub(crate) use checkout_page::CheckoutPage;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use told::order_mistake;

// What needs the basket arrives once the page that shows it stands, all of it at
// once: whoever puts something into the basket looks at it next, and orders.
lazy_page!(ordering, ADD_LIVE, make_add_live, fetch_add_live, add::live());
lazy_page!(ordering, BASKET_LIVE, make_basket_live, fetch_basket_live, basket_page::live());
lazy_page!(checkout, CHECKOUT_LIVE, make_checkout_live, fetch_checkout_live, checkout_page::live());
