//! Query strings of pages, in a normal form, so that each page is in the cache only once.

use contract::{
    courses::{mode_in, start_in},
    documents::kind_in,
    events::EventFilters,
    is_slug,
    news::NewsFilters,
    pairs,
    region::Region,
    search::SiteSearch,
    shop::{Search, Variant},
    unions::ListUnions,
};

use crate::routes::Route;

impl Route {
    /// The part of a query string that affects the page, in normal form; empty if none of it
    /// does.
    pub fn known_query(&self, query: &str) -> String {
        match self {
            Self::Contacts => {
                let mut values = query.split('&').filter_map(|pair| pair.strip_prefix("regions="));
                let regions = regions_in(values.next_back().unwrap_or_default());
                if regions.is_empty() { String::new() } else { open_regions(&regions) }
            }
            Self::News => NewsFilters::parse(query).query(),
            Self::Events => EventFilters::parse(query).query(),
            Self::Unions => ListUnions::query_for(&ListUnions::text_in(query)),
            Self::Courses => mode_in(query).map(|mode| ["mode=", &mode].concat()).unwrap_or_default(),
            Self::Course(_) => {
                start_in(query).map(|day| ["start=", &day.to_string()].concat()).unwrap_or_default()
            }
            Self::Resources => kind_in(query).map(|kind| ["kind=", &kind].concat()).unwrap_or_default(),
            Self::Search => SiteSearch::parse(query).query(),
            Self::Shop => Search::parse(query).query(),
            Self::Product(_) => wanted_query(&wanted_in(query)),
            _ => String::new(),
        }
    }
}

/// The colour, size and language of a product in a query string.
pub fn wanted_in(query: &str) -> [Option<String>; 3] {
    Variant::AXES.map(|axis| {
        let mut values = pairs(query).filter(|(name, value)| name == axis && is_slug(value));
        values.next().map(|(_, value)| value)
    })
}

/// The query string for a product's variant: `colour=red&size=m`.
pub fn wanted_query(wanted: &[Option<String>; 3]) -> String {
    let values = Variant::AXES.iter().zip(wanted);
    let pairs = values.filter_map(|(axis, value)| Some([axis, "=", value.as_deref()?].concat()));
    pairs.collect::<Vec<_>>().join("&")
}

/// The query string for a choice of regions: `regions=midlands+north-west`.
pub fn open_regions(regions: &[Region]) -> String {
    let slugs: Vec<&str> = regions.iter().map(|region| region.slug()).collect();
    ["regions=", &slugs.join("+")].concat()
}

/// The regions in such a query string, in alphabetical order of their slugs.
pub fn regions_in(value: &str) -> Vec<Region> {
    let regions: Vec<Region> = value.split(['+', ' ', ',']).filter_map(|slug| slug.parse().ok()).collect();
    Region::in_order(&regions)
}
