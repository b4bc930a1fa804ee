//! The campaign's home page and its past years.

mod focus;
mod hero;
mod home_page;
mod lists;
mod past_years_page;

pub(crate) use home_page::HomePage;
pub(crate) use past_years_page::PastYearsPage;
