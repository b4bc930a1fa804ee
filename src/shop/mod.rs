//! The shop: its list, narrowed down by words and filters, its products, and
//! the shelf that other pages show.

mod card;
mod choice;
mod facts;
mod filters;
mod live;
mod product_page;
mod results;
mod shelf;
mod shop_page;
mod stock;

pub(crate) use product_page::ProductPage;
pub(crate) use shelf::add_shelf;
pub(crate) use shop_page::ShopPage;
