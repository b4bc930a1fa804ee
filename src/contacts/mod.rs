//! Who to contact where you are: a postcode finder, a list and a map of the regions, and a
//! page for each region.

mod answer;
mod contacts_page;
mod finder;
mod finder_field;
mod finder_section;
mod postcode_error;
mod region_choice;
mod region_page;
mod region_search;

use serde::{Deserialize, Serialize};

pub(crate) use contacts_page::ContactsPage;
pub(crate) use finder_section::FinderSection;
pub use postcode_error::explain;
pub(crate) use region_page::RegionPage;

/// The region finder's form as submitted without JavaScript, if its text was not a place. The
/// server provides it as context while it renders the response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedPlace {
    /// What was typed.
    pub typed: String,
    /// The error message, from [`explain`].
    pub problem: String,
}
