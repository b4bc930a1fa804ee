//! The state of the region finder's field.

use contract::{contacts::RegionSummary, region::Region};
use leptos::prelude::*;

/// The state that the form shares with the look-up code.
#[derive(Clone, Copy)]
pub(super) struct FinderField {
    pub(super) typed: RwSignal<String>,
    /// The error after submission, shown until the text changes.
    pub(super) error: RwSignal<Option<String>>,
    /// The number of submissions.
    pub(super) submissions: RwSignal<u32>,
    /// The regions, if the page has them.
    pub(super) regions: RwSignal<Vec<RegionSummary>>,
    /// The regions that match the text; none before there is a result.
    pub(super) found: RwSignal<Option<Vec<Region>>>,
}

impl FinderField {
    /// A field for `regions`. `typed` is the text submitted without the app, and `error` its
    /// error.
    pub(super) fn new(typed: String, error: Option<String>, regions: Vec<RegionSummary>) -> Self {
        Self {
            typed: RwSignal::new(typed),
            error: RwSignal::new(error),
            submissions: RwSignal::new(0),
            regions: RwSignal::new(regions),
            found: RwSignal::new(None),
        }
    }
}
