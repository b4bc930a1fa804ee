//! The campaign hub's single-page app: the same components are rendered on the server (`ssr`)
//! and hydrated in the browser (`hydrate`).
//!
//! A feature (`campaign`, `shop`, …) imports another only to show part of it; what they share is
//! in `ui`, `a11y` and `i18n`, which do not depend on any feature.

#![expect(unreachable_pub, reason = "the component macro makes `pub` properties for private components")]

pub mod a11y;
pub mod api;
pub mod app;
mod basket;
mod campaign;
mod checkout;
pub mod contacts;
mod courses;
pub mod device;
mod documents;
#[cfg(target_arch = "wasm32")]
mod early_input;
mod events;
mod frame;
#[cfg(target_arch = "wasm32")]
mod hydration;
pub mod i18n;
mod lazy_loading;
mod news;
pub mod orders;
mod page;
mod parts;
pub mod poster;
pub mod queries;
pub mod render;
mod response_cache;
pub mod routes;
mod search;
mod shop;
#[cfg(target_arch = "wasm32")]
mod start;
pub mod storage;
mod support;
mod take_part;
pub mod ui;
mod unions;
mod videos;

#[cfg(target_arch = "wasm32")]
pub use start::start;
