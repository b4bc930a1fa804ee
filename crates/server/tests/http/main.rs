//! The server as its callers see it, on SQLite and on PostgreSQL.

mod after_orders;
mod api;
mod buying;
mod cards;
mod command_line;
mod contacts;
mod content;
mod desk;
mod documents;
mod durability;
mod events;
mod mails;
mod news;
mod operation;
mod orders;
mod pages;
mod poster;
mod postgres;
mod product;
mod provider;
mod server;
mod shop;
mod unions;
mod videos;
