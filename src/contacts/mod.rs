//! Whom to call where you are: a postcode, a list and a map that lead to a
//! region, and a page for each.

mod answer;
mod contacts_page;
mod finder;
mod postcode_error;
mod region_choice;
mod region_page;
mod search;

use serde::{Deserialize, Serialize};

pub(crate) use contacts_page::ContactsPage;
pub(crate) use finder::FindStrip;
pub use postcode_error::explain;
pub(crate) use region_page::RegionPage;

/// What the finder's form has sent from a browser without script, where it was
/// no place. The server provides it as context while it renders the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedPlace {
    /// What was typed.
    pub typed: String,
    /// What is wrong with it and what to do, as [`explain`] says it.
    pub problem: String,
}
