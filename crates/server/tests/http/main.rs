//! The server as its callers see it, on SQLite and on PostgreSQL.

mod api;
mod content;
mod operation;
mod pages;
mod postgres;
mod server;
