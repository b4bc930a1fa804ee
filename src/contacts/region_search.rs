//! The region finder's state while someone types: the text, the regions' names, the postcode
//! table once it is loaded, and the resulting answer.

use std::{cell::RefCell, sync::Arc};

use contract::{
    Locale,
    contacts::{ListRegions, RegionSummary, regions_named},
    postcode::PostcodeError,
    region::{PostcodeMatch, Region, RegionTable},
};
use leptos::{prelude::*, task::spawn_local};

use super::finder_field::FinderField;
use crate::api::{self, ApiError};

/// The result for a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing was typed, or the data is not loaded yet.
    Nothing,
    /// It is a postcode, or part of one.
    Place(PostcodeMatch),
    /// It matches the names of regions.
    Named(Vec<Region>),
    /// It is neither.
    NotFound(PostcodeError),
}

impl Answer {
    /// The regions of the answer.
    pub(super) fn regions(&self) -> &[Region] {
        match self {
            Self::Place(found) => &found.regions,
            Self::Named(regions) => regions,
            Self::Nothing | Self::NotFound(_) => &[],
        }
    }
}

/// The loading state of the data that the finder needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DataState {
    /// Nothing was typed yet.
    Idle,
    /// Loading.
    Loading,
    /// Loaded.
    Loaded,
    /// Failed to load.
    Failed,
}

/// The finder's state.
#[derive(Clone, Copy)]
pub(super) struct RegionSearch {
    pub(super) field: FinderField,
    pub(super) state: RwSignal<DataState>,
    table: RwSignal<Option<Arc<RegionTable>>>,
    /// Computed once for all components.
    answer: Memo<Answer>,
}

impl RegionSearch {
    /// A search for the typed text; the regions are fetched on first use if the page does not
    /// have them.
    pub(super) fn new(field: FinderField) -> Self {
        let FinderField { typed, regions, .. } = field;
        let table = RwSignal::<Option<Arc<RegionTable>>>::default();
        let answer = Memo::new(move |_| {
            let typed = typed.read();
            match &*table.read() {
                Some(table) if !typed.trim().is_empty() => {
                    regions.with(|regions| parse_input(table, regions, &typed))
                }
                _ => Answer::Nothing,
            }
        });
        let state = RwSignal::new(DataState::Idle);
        Self { field, state, table, answer }
    }

    /// Whether the required data is loaded.
    pub(super) fn is_ready(self) -> bool {
        self.table.with(Option::is_some)
    }

    /// The current answer.
    pub(super) fn answer(self) -> Answer {
        self.answer.get()
    }

    /// Loads the required data, unless it is loaded or loading.
    pub(super) fn prepare(self, locale: Locale) {
        if matches!(self.state.get_untracked(), DataState::Loading | DataState::Loaded) {
            return;
        }
        self.state.set(DataState::Loading);
        spawn_local(async move {
            let state = if self.load(locale).await.is_ok() { DataState::Loaded } else { DataState::Failed };
            // The reader may have left the page meanwhile.
            self.state.try_set(state);
        });
    }

    async fn load(self, locale: Locale) -> Result<(), ApiError> {
        thread_local! {
            /// The postcode table, once it was fetched: it is the same on every page.
            static TABLE: RefCell<Option<Arc<RegionTable>>> = const { RefCell::new(None) };
        }
        if self.field.regions.with_untracked(Vec::is_empty) {
            let answer = api::fetch(&ListRegions { locale }).await?;
            self.field.regions.try_set(answer.regions);
        }
        let known = TABLE.with_borrow(Clone::clone);
        let table = match known {
            Some(table) => table,
            None => Arc::new(api::fetch_file("postcodes").await?),
        };
        TABLE.set(Some(Arc::clone(&table)));
        self.table.try_set(Some(table));
        Ok(())
    }

    /// The summary of a region, if it is known.
    pub(super) fn summary(self, region: Region) -> Option<RegionSummary> {
        self.field.regions.with(|regions| regions.iter().find(|summary| summary.region == region).cloned())
    }
}

/// Parses a text as a postcode first; if it does not start with a postcode area, it may be a
/// region's name.
fn parse_input(table: &RegionTable, regions: &[RegionSummary], typed: &str) -> Answer {
    match table.look_up(typed) {
        Ok(found) => Answer::Place(found),
        Err(error) => {
            let named = regions_named(regions, typed);
            if named.is_empty() { Answer::NotFound(error) } else { Answer::Named(named) }
        }
    }
}

#[cfg(test)]
mod tests {
    use contract::{contacts::RegionSummary, postcode::PostcodeError, region::Region};

    use super::{Answer, parse_input};

    fn answer(typed: &str) -> Answer {
        let table = serde_json::from_str(include_str!("../../public/postcode-regions.json"))
            .expect("the table is readable");
        let region = |region, name: &str| RegionSummary {
            region,
            name: name.to_owned(),
            office: String::new(),
            covers: String::new(),
            telephone: String::new(),
        };
        let regions = [
            region(Region::NorthWest, "Gogledd-orllewin Lloegr"),
            region(Region::SouthWest, "South West"),
            region(Region::Wales, "Wales"),
        ];
        parse_input(&table, &regions, typed)
    }

    #[test]
    fn a_postcode_comes_before_a_name() {
        assert_eq!(answer("so15").regions(), [Region::LondonSouthEastAndEast]);
        assert_eq!(answer("sout"), Answer::Named(vec![Region::SouthWest]));
    }

    #[test]
    fn text_that_matches_nothing_is_not_found() {
        assert_eq!(answer("zz"), Answer::NotFound(PostcodeError::UnknownArea("ZZ".to_owned())));
    }
}
