//! The shop: its list with search and filters, its products, and the selection shown on other
//! pages.

mod card;
mod contact_details;
mod facts;
mod featured_products;
mod filters;
mod form_query;
mod product_page;
mod product_search;
mod results;
mod selected;
mod shop_page;
mod stock;
mod variant_form;

pub(crate) use featured_products::FeaturedProducts;
pub(crate) use product_page::ProductPage;
pub(crate) use shop_page::ShopPage;
