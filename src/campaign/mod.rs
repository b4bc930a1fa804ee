//! The campaign's home page and its past years.

mod focus;
mod hero;
mod hub_page;
mod lists;
mod past_years_page;

pub(crate) use hub_page::HubPage;
pub(crate) use past_years_page::PastYearsPage;
