//! What the finder knows while somebody types: the text, the regions' names,
//! the table of postcodes once it has arrived, and what follows from them.

use std::sync::Arc;

use contract::{
    contacts::{RegionSummary, regions_named},
    postcode::NotAPostcode,
    region::{Found, Region, RegionTable},
};
use leptos::prelude::*;

/// What a text leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing was typed, or nobody can tell yet.
    Nothing,
    /// It is a postcode, or part of one.
    Place(Found),
    /// It is a region's name, or the start of a word in some.
    Named(Vec<Region>),
    /// It is neither.
    Mistake(NotAPostcode),
}

impl Answer {
    /// The regions that it offers.
    pub(super) fn regions(&self) -> &[Region] {
        match self {
            Self::Place(found) => &found.regions,
            Self::Named(regions) => regions,
            Self::Nothing | Self::Mistake(_) => &[],
        }
    }
}

/// What is needed to understand a text, and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only a browser fetches"))]
pub(super) enum Needs {
    /// Nobody has typed yet.
    Unasked,
    /// It is on its way.
    Waiting,
    /// It is there.
    There,
    /// It did not arrive.
    Failed,
}

/// The finder's state.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only a browser sets what it reads"))]
pub(super) struct Search {
    pub(super) typed: RwSignal<String>,
    /// What was refused when it was sent; shown until the text changes.
    pub(super) refused: RwSignal<Option<String>>,
    pub(super) regions: RwSignal<Vec<RegionSummary>>,
    pub(super) needs: RwSignal<Needs>,
    table: RwSignal<Option<Arc<RegionTable>>>,
    /// Looked up once for everything that shows it.
    answer: Memo<Answer>,
}

impl Search {
    /// A search for `typed` among `regions`, which are fetched when they are first needed
    /// where there are none.
    pub(super) fn new(typed: RwSignal<String>, regions: Vec<RegionSummary>) -> Self {
        let regions = RwSignal::new(regions);
        let table = RwSignal::<Option<Arc<RegionTable>>>::default();
        let answer = Memo::new(move |_| {
            let typed = typed.read();
            match &*table.read() {
                Some(table) if !typed.trim().is_empty() => {
                    regions.with(|regions| understand(table, regions, &typed))
                }
                _ => Answer::Nothing,
            }
        });
        let needs = RwSignal::new(Needs::Unasked);
        Self { typed, refused: RwSignal::default(), regions, needs, table, answer }
    }

    /// What the text leads to now.
    pub(super) fn answer(self) -> Answer {
        self.answer.get()
    }

    /// The name of a region, where it is known.
    pub(super) fn summary(self, region: Region) -> Option<RegionSummary> {
        self.regions.with(|regions| regions.iter().find(|summary| summary.region == region).cloned())
    }
}

#[cfg(target_arch = "wasm32")]
mod fetch {
    use std::{cell::RefCell, sync::Arc};

    use contract::{Locale, contacts::ListRegions, region::RegionTable};
    use leptos::prelude::*;

    use super::{Needs, Search};
    use crate::api::{self, ApiError};

    thread_local! {
        /// The table, once it was fetched: it is the same on every page.
        static TABLE: RefCell<Option<Arc<RegionTable>>> = const { RefCell::new(None) };
    }

    impl Search {
        /// Fetches what is needed to understand a text, unless it is there.
        pub(in crate::contacts) async fn prepare(self, locale: Locale) {
            if matches!(self.needs.get_untracked(), Needs::Waiting | Needs::There) {
                return;
            }
            self.needs.set(Needs::Waiting);
            let needs = if self.load(locale).await.is_ok() { Needs::There } else { Needs::Failed };
            // The reader may have left the page meanwhile.
            self.needs.try_set(needs);
        }

        async fn load(self, locale: Locale) -> Result<(), ApiError> {
            if self.regions.with_untracked(Vec::is_empty) {
                let answer = api::fetch(&ListRegions { locale }).await?;
                self.regions.try_set(answer.regions);
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
    }
}

/// Reads a text as a postcode first; what starts with no postcode's letters may
/// be a region's name.
fn understand(table: &RegionTable, regions: &[RegionSummary], typed: &str) -> Answer {
    match table.look_up(typed) {
        Ok(found) => Answer::Place(found),
        Err(mistake) => {
            let named = regions_named(regions, typed);
            if named.is_empty() { Answer::Mistake(mistake) } else { Answer::Named(named) }
        }
    }
}

#[cfg(test)]
mod tests {
    use contract::{contacts::RegionSummary, postcode::NotAPostcode, region::Region};

    use super::{Answer, understand};

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
        understand(&table, &regions, typed)
    }

    #[test]
    fn a_postcode_comes_before_a_name() {
        assert_eq!(answer("so15").regions(), [Region::LondonSouthEastAndEast]);
        assert_eq!(answer("sout"), Answer::Named(vec![Region::SouthWest]));
    }

    #[test]
    fn what_is_neither_is_a_mistake() {
        assert_eq!(answer("zz"), Answer::Mistake(NotAPostcode::UnknownArea("ZZ".to_owned())));
    }
}
