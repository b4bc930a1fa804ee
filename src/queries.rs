//! Query strings of pages that the server refers to as well: a product's variant, and a choice of
//! regions.

use contract::{is_slug, pairs, region::Region, shop::Variant};

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
