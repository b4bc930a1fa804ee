//! The query strings of pages in a normal form, so that each page is in the cache only once.

use campaign_hub::{
    queries::{open_regions, regions_in, wanted_in, wanted_query},
    routes::Route,
};
use contract::{
    courses::{mode_in, start_in},
    documents::kind_in,
    events::EventFilters,
    news::NewsFilters,
    search::SiteSearch,
    shop::Search,
    unions::ListUnions,
};

/// The part of a query string that affects the page, in normal form; empty if none of it
/// does.
pub(crate) fn known_query(page: &Route, query: &str) -> String {
    match page {
        Route::Contacts => {
            let mut values = query.split('&').filter_map(|pair| pair.strip_prefix("regions="));
            let regions = regions_in(values.next_back().unwrap_or_default());
            if regions.is_empty() { String::new() } else { open_regions(&regions) }
        }
        Route::News => NewsFilters::parse(query).query(),
        Route::Events => EventFilters::parse(query).query(),
        Route::Unions => ListUnions::query_for(&ListUnions::text_in(query)),
        Route::Courses => mode_in(query).map(|mode| ["mode=", &mode].concat()).unwrap_or_default(),
        Route::Course(_) => {
            start_in(query).map(|day| ["start=", &day.to_string()].concat()).unwrap_or_default()
        }
        Route::Resources => kind_in(query).map(|kind| ["kind=", &kind].concat()).unwrap_or_default(),
        Route::Search => SiteSearch::parse(query).query(),
        Route::Shop => Search::parse(query).query(),
        Route::Product(_) => wanted_query(&wanted_in(query)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use campaign_hub::routes::Route;
    use contract::region::Region;

    use super::known_query;

    #[test]
    fn a_query_is_kept_as_far_as_the_page_knows_it() {
        let query = "x=1&regions=north-west+midlands+nowhere+midlands";
        assert_eq!(known_query(&Route::Contacts, query), "regions=midlands+north-west");
        assert_eq!(known_query(&Route::Contacts, "regions=%00&q=SK22"), "");
        assert_eq!(known_query(&Route::Contact(Region::Wales), query), "");
    }

    #[test]
    fn the_query_of_a_product_is_its_variant() {
        let mug = Route::Product("heart-mug".to_owned());
        assert_eq!(known_query(&mug, "?x=1&size=m&colour=red&colour=plum"), "colour=red&size=m");
        assert_eq!(known_query(&mug, "colour=%3Cb%3E&language="), "");
    }
}
