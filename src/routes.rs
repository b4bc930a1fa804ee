//! The one table of the site's addresses.

use contract::{Locale, region::Region};

/// A public page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// The campaign's hub.
    Hub,
    /// The finder, the list and the map of the regions' contacts.
    Contacts,
    /// A region's contact.
    Contact(Region),
    /// The years before.
    PastYears,
    /// Join a union.
    Join,
    /// Is this happening to you?
    Support,
    /// The accessibility statement.
    Accessibility,
    /// What is known about a visitor, and what is not.
    Privacy,
}

impl Route {
    /// All of them, in the order of the site map.
    pub fn all() -> impl Iterator<Item = Self> {
        let first = [Self::Hub, Self::Contacts];
        let last = [Self::PastYears, Self::Join, Self::Support, Self::Accessibility, Self::Privacy];
        first.into_iter().chain(Region::ALL.map(Self::Contact)).chain(last)
    }

    /// The address without the language's prefix, with `{name}` for a part that
    /// varies.
    pub const fn template(self) -> &'static str {
        match self {
            Self::Hub => "/",
            Self::Contacts => "/contacts",
            Self::Contact(_) => "/contacts/{region}",
            Self::PastYears => "/past-years",
            Self::Join => "/join",
            Self::Support => "/support",
            Self::Accessibility => "/accessibility",
            Self::Privacy => "/privacy",
        }
    }

    /// The address without the language's prefix.
    pub fn path(self) -> String {
        match self {
            Self::Contact(region) => self.template().replace("{region}", region.slug()),
            _ => self.template().to_owned(),
        }
    }

    /// The address in a language: `/join` or `/cy/join`.
    pub fn href(self, locale: Locale) -> String {
        match (locale, self) {
            (Locale::Cy, Self::Hub) => locale.path_prefix().to_owned(),
            _ => [locale.path_prefix(), &self.path()].concat(),
        }
    }

    /// The page at an address that has no language prefix.
    pub fn find(path: &str) -> Option<Self> {
        match path.strip_prefix("/contacts/") {
            Some(slug) => slug.parse().ok().map(Self::Contact),
            None => Self::all().find(|route| route.template() == path),
        }
    }

    /// What of a query changes the page, in one writing for all that mean the
    /// same; empty where nothing does.
    pub fn known_query(self, query: &str) -> String {
        match self {
            Self::Contacts => {
                let mut values = query.split('&').filter_map(|pair| pair.strip_prefix("regions="));
                let regions = regions_in(values.next_back().unwrap_or_default());
                if regions.is_empty() { String::new() } else { open_regions(&regions) }
            }
            _ => String::new(),
        }
    }
}

/// The query that offers several regions: `regions=midlands+north-west`.
pub fn open_regions(regions: &[Region]) -> String {
    let slugs: Vec<&str> = regions.iter().map(|region| region.slug()).collect();
    ["regions=", &slugs.join("+")].concat()
}

/// The regions that such a query offers, by slug in alphabetical order.
pub fn regions_in(value: &str) -> Vec<Region> {
    let regions: Vec<Region> = value.split(['+', ' ', ',']).filter_map(|slug| slug.parse().ok()).collect();
    Region::in_order(&regions)
}

/// The neutral page that "Leave this page" leads to. It is a plain document
/// outside the app, so that it carries no trace of the campaign.
pub fn leave_href(locale: Locale) -> String {
    [locale.path_prefix(), "/kitchen-measures"].concat()
}

/// The language of the address that is being shown.
pub(crate) fn current_locale() -> Locale {
    #[cfg(feature = "ssr")]
    let path = leptos::prelude::expect_context::<leptos_router::location::RequestUrl>().as_ref().to_owned();
    #[cfg(not(feature = "ssr"))]
    let path = leptos::prelude::location().pathname().unwrap_or_default();
    Locale::split_path(&path).0
}

#[cfg(test)]
mod tests {
    use contract::{Locale, region::Region};

    use super::Route;

    #[test]
    fn every_address_leads_back_to_its_page_in_both_languages() {
        for route in Route::all() {
            for locale in Locale::ALL {
                let href = route.href(locale);
                let (found_locale, path) = Locale::split_path(&href);
                assert_eq!((found_locale, Route::find(path)), (locale, Some(route)), "{href}");
            }
        }
    }

    #[test]
    fn a_query_is_kept_as_far_as_the_page_knows_it() {
        let query = "x=1&regions=north-west+midlands+nowhere+midlands";
        assert_eq!(Route::Contacts.known_query(query), "regions=midlands+north-west");
        assert_eq!(Route::Contacts.known_query("regions=%00&q=SK22"), "");
        assert_eq!(Route::Contact(Region::Wales).known_query(query), "");
    }

    #[test]
    fn an_unknown_region_has_no_page() {
        assert_eq!(Route::find("/contacts/atlantis"), None);
        assert_eq!(Route::find("/contacts/{region}"), None);
    }
}
