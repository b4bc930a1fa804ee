//! The campaign's hub and its past years.

mod demands;
mod figure;
mod focus;
mod hero;
mod hub_page;
mod next_event;
mod past_years_page;
mod timeline;
mod ways;

pub(crate) use hub_page::HubPage;
pub(crate) use past_years_page::PastYearsPage;
