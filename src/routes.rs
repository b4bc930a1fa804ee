//! The one table of the site's addresses.

use contract::Locale;

/// A public page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// The campaign's hub.
    Hub,
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
    pub const ALL: [Self; 6] =
        [Self::Hub, Self::PastYears, Self::Join, Self::Support, Self::Accessibility, Self::Privacy];

    /// The address without the language's prefix.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Hub => "/",
            Self::PastYears => "/past-years",
            Self::Join => "/join",
            Self::Support => "/support",
            Self::Accessibility => "/accessibility",
            Self::Privacy => "/privacy",
        }
    }

    /// The address in a language: `/join` or `/cy/join`.
    pub fn href(self, locale: Locale) -> String {
        match (locale, self) {
            (Locale::Cy, Self::Hub) => locale.path_prefix().to_owned(),
            _ => [locale.path_prefix(), self.path()].concat(),
        }
    }

    /// The page at an address that has no language prefix.
    pub fn find(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.path() == path)
    }
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
    use super::Route;
    use contract::Locale;

    #[test]
    fn every_address_leads_back_to_its_page_in_both_languages() {
        for route in Route::ALL {
            for locale in Locale::ALL {
                let href = route.href(locale);
                let (found_locale, path) = Locale::split_path(&href);
                assert_eq!((found_locale, Route::find(path)), (locale, Some(route)), "{href}");
            }
        }
    }
}
