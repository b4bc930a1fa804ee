//! The basket: items to order and items saved for later. It is stored in the browser, and
//! priced by the shop whenever it is shown.

mod actions;
mod add;
mod basket_page;
mod bulk_add_form;
mod contents;
mod entries;
mod line;
mod line_error;
mod link_question;
mod list_columns;
mod list_import;
mod list_parser;
mod list_report;
mod order_contact;
mod page_state;
mod prices;
mod quantity;
mod quantity_field;
mod saved_for_later;
mod shown_prices;
mod store;

pub(crate) use add::AddToBasket;
pub(crate) use basket_page::BasketPage;
pub(crate) use entries::List;
pub(crate) use order_contact::OrderContact;
pub(crate) use prices::{price, shortage};
pub(crate) use store::{Basket, provide_basket, use_basket};
