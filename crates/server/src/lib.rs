//! The campaign hub's server: the JSON API, page rendering from the app's own components, and
//! static files, in one binary.
//!
//! It deliberately has no sessions and sets no cookies: reading needs no account, and personal
//! data stays in the browser.

mod bit_set;
mod cache;
mod campaign;
pub mod card;
mod client;
mod clock;
pub mod commands;
pub mod config;
mod connections;
mod contacts;
pub mod content;
mod content_index;
mod cors;
mod courses;
mod cross_site;
mod document;
mod documents;
mod error;
mod events;
mod facets;
mod health;
pub mod keys;
pub mod limits;
mod locale;
pub mod mail;
mod markdown;
mod middleware;
mod monitoring;
mod news;
mod node_count;
pub mod orders;
mod page;
mod page_query;
mod paging;
mod periods;
mod poster;
mod print_queue;
mod private;
mod render;
pub mod retention;
mod router;
mod scores;
mod search;
pub mod secrets;
pub mod seed;
pub mod serve;
mod share;
mod shop;
mod site;
mod sitemap;
mod state;
pub mod store;
mod structured;
mod support;
mod take_part;
mod text;
mod topics;
mod unions;
mod versioned;
mod videos;
mod word_forms;
mod word_index;
mod workers;

pub use clock::Clock;
pub use router::{api_description, router};
pub use site::Site;
pub use state::AppState;
