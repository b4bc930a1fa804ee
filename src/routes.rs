//! The table of the site's pages and their URLs.
//!
//! The table names each page's component and part, but only `parts.rs` generates code from
//! these names, so modules that import this one do not depend on any page.

use contract::{Locale, is_slug, region::Region};
use leptos::prelude::*;
use leptos_router::{
    ParamSegment, PartialPathMatch, PathSegment, PossibleRouteMatch, StaticSegment,
    hooks::{use_location, use_params_map},
    location::Location,
};

use crate::i18n;

/// The table. `pages!(with)` hands it to the macro `with!`, which makes of it what it needs.
///
/// First come the names of the parts that the app's code is split into, beside `main`, which
/// every page has. Then comes a row for each page, in the order of the site map:
///
/// ```text
/// Variant(parameter: Type) at "/address/{parameter}" => feature::Component,
///     part name, public, styles ["file" …], heading messages::message;
/// ```
///
/// - The variant is that of [`Route`] and [`Page`]. Its parameter, if it has one, is a
///   [`Parameter`], and has the same name in the address; the page reads it with [`param`].
/// - The part is where the page's code is. Pages that are made of the same components share
///   one: what several parts share becomes a file for every combination of them.
/// - The access is `public` if the page is the same for everyone, or else `personal`: see
///   [`Route::is_personal`].
/// - The styles are the files of `style/` that the page needs beside those of every page, in
///   alphabetical order.
/// - The heading is the message of the page's heading, where that is no part of the content.
macro_rules! pages {
    ($with:ident) => {
        $with! {
            [contacts content shop]
            {
                /// The campaign's home page.
                Home at "/" => campaign::HomePage,
                    part main, public, styles ["campaign" "event" "finder" "hero" "news-card" "product-card"];
                /// The finder, the list and the map of the regions' contacts.
                Contacts at "/contacts" => contacts::ContactsPage,
                    part contacts, public, styles ["contacts" "finder"], heading contacts::title;
                /// A region's contact.
                Contact(region: Region) at "/contacts/{region}" => contacts::RegionPage,
                    part contacts, public, styles ["contacts" "finder"];
                /// The roles to take part in, and posts to share.
                TakePart at "/take-part" => take_part::TakePartPage,
                    part content, public, styles ["take-part"], heading take_part::title;
                /// The steps of a role.
                Role(role: String) at "/take-part/{role}" => take_part::RolePage,
                    part content, public, styles ["choice" "take-part"];
                /// All unions, with a search by job.
                Unions at "/unions" => unions::UnionsPage,
                    part content, public, styles ["search" "unions"], heading unions::title;
                /// A union, or the federation.
                Union(union: String) at "/unions/{union}" => unions::UnionPage,
                    part content, public, styles ["courses" "event" "events" "news-card" "unions" "videos"];
                /// All news.
                News at "/news" => news::NewsPage,
                    part content, public, styles ["chips" "news" "news-card"], heading news::title;
                /// A news item.
                NewsItem(item: String) at "/news/{item}" => news::NewsItemPage,
                    part content, public, styles ["chips" "news" "news-card"];
                /// All events.
                Events at "/events" => events::EventsPage,
                    part content, public, styles ["chips" "event" "events"], heading events::title;
                /// An event.
                Event(event: String) at "/events/{event}" => events::EventPage,
                    part content, public, styles ["chips" "event" "events" "videos"];
                /// All courses.
                Courses at "/courses" => courses::CoursesPage,
                    part content, public, styles ["chips" "courses"], heading courses::title;
                /// A course.
                Course(course: String) at "/courses/{course}" => courses::CoursePage,
                    part content, public, styles ["chips" "courses"];
                /// Documents to read, to print and to hand out.
                Resources at "/resources" => documents::ResourcesPage,
                    part content, public, styles ["chips" "documents"], heading documents::title;
                /// A document.
                Resource(document: String) at "/resources/{document}" => documents::ResourcePage,
                    part content, public, styles ["chips" "documents"];
                /// The poster maker.
                PosterMaker at "/poster-maker" => poster::PosterPage,
                    part content, public, styles ["choice" "poster"], heading poster::title;
                /// Magazines and newsletters.
                Publications at "/publications" => documents::PublicationsPage,
                    part content, public, styles ["chips" "documents"], heading documents::publications;
                /// A magazine or a newsletter.
                Publication(publication: String) at "/publications/{publication}" => documents::PublicationPage,
                    part content, public, styles ["chips" "documents"];
                /// Search of the whole site.
                Search at "/search" => search::SearchPage,
                    part content, public, styles ["chips" "search"], heading search::title;
                /// The shop's list of products.
                Shop at "/shop" => shop::ShopPage,
                    part shop, public, styles ["choice" "product-card" "shop"], heading shop::title;
                /// A product.
                Product(product: String) at "/shop/{product}" => shop::ProductPage,
                    part shop, public, styles ["add" "choice" "product" "product-card"];
                /// The basket.
                Basket at "/basket" => basket::BasketPage,
                    part shop, public, styles ["basket"], heading basket::title;
                /// The checkout.
                Checkout at "/checkout" => checkout::CheckoutPage,
                    part shop, public, styles ["basket" "checkout" "choice"], heading checkout::title;
                /// The form to find an order.
                FindOrder at "/orders" => orders::FindOrderPage,
                    part shop, public, styles ["order"], heading order::find;
                /// An order, by the token in its link.
                Order(token: String) at "/orders/{token}" => orders::OrderPage,
                    part shop, personal, styles ["choice" "order"];
                /// Delivery, cancellation and returns.
                DeliveryAndReturns at "/delivery-and-returns" => page::DeliveryAndReturnsPage,
                    part content, public, styles [];
                /// Past years of the campaign.
                PastYears at "/past-years" => campaign::PastYearsPage,
                    part content, public, styles ["past-years"], heading home::past_years;
                /// Videos of earlier years.
                Videos at "/videos" => videos::VideosPage,
                    part content, public, styles ["videos"], heading videos::title;
                /// Join a union.
                Join at "/join" => page::JoinPage,
                    part content, public, styles [];
                /// Support for people who are being harassed.
                Support at "/support" => support::SupportPage,
                    part content, public, styles [];
                /// The accessibility statement.
                Accessibility at "/accessibility" => page::AccessibilityPage,
                    part content, public, styles [];
                /// The privacy notice.
                Privacy at "/privacy" => page::PrivacyPage,
                    part content, public, styles [];
            }
        }
    };
}
pub(crate) use pages;

/// Generates [`Route`] and [`Page`] from the table.
macro_rules! define_routes {
    ([$($part:ident)*] { $(
        $(#[$doc:meta])*
        $page:ident $(($parameter:ident: $value:ty))? at $address:literal => $feature:ident::$component:ident,
            part $in_part:ident, $access:ident, styles [$($sheet:literal)*] $(, heading $messages:ident::$heading:ident)?;
    )* }) => {
        /// A page with its parameter, which has one URL per language.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Route {
            $($(#[$doc])* $page $(($value))?,)*
        }

        /// A row of the table: a page, whatever its parameter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Page {
            $($(#[$doc])* $page,)*
        }

        impl Route {
            /// The row of the table.
            pub(crate) const fn page(&self) -> Page {
                match self {
                    $(Self::$page { .. } => Page::$page,)*
                }
            }

            /// The value of the parameter.
            fn parameter(&self) -> Option<&str> {
                match self {
                    $(Self::$page $(($parameter))? => [$($parameter.as_text())?].first().copied(),)*
                }
            }
        }

        impl Page {
            /// All pages, in the order of the site map.
            pub(crate) const ALL: &[Self] = &[$(Self::$page),*];

            /// The path template without the language prefix, with `{name}` for the parameter.
            const fn template(self) -> &'static str {
                match self {
                    $(Self::$page => $address,)*
                }
            }

            const fn part_name(self) -> &'static str {
                match self {
                    $(Self::$page => stringify!($in_part),)*
                }
            }

            const fn is_personal(self) -> bool {
                match self {
                    $(Self::$page => is_personal!($access),)*
                }
            }

            const fn styles(self) -> &'static [&'static str] {
                match self {
                    $(Self::$page => &[$($sheet),*],)*
                }
            }

            /// The page's heading, if it is not part of the content.
            pub(crate) fn heading(self, locale: Locale) -> Option<&'static str> {
                match self {
                    $(Self::$page => [$(i18n::$messages::$heading(locale))?].first().copied(),)*
                }
            }

            /// The page's routes that do not depend on the content.
            fn known_routes(self) -> Vec<Route> {
                match self {
                    $(Self::$page => known_routes!($page $($value)?),)*
                }
            }

            /// The page's route at a path without a language prefix.
            fn route_at(self, path: &str) -> Option<Route> {
                match self {
                    $(Self::$page => route_at!(path, $page $($value)?),)*
                }
            }
        }
    };
}

macro_rules! is_personal {
    (public) => {
        false
    };
    (personal) => {
        true
    };
}

macro_rules! known_routes {
    ($page:ident) => {
        vec![Route::$page]
    };
    ($page:ident $value:ty) => {
        <$value>::known().into_iter().map(Route::$page).collect()
    };
}

macro_rules! route_at {
    ($path:ident, $page:ident) => {
        ($path == Page::$page.template()).then_some(Route::$page)
    };
    ($path:ident, $page:ident $value:ty) => {
        Page::$page.parameter_in($path).and_then(<$value>::from_text).map(Route::$page)
    };
}

pages!(define_routes);

/// A parameter of a path.
trait Parameter: Sized {
    /// The values that do not depend on the content.
    fn known() -> Vec<Self>;
    fn from_text(text: &str) -> Option<Self>;
    fn as_text(&self) -> &str;
}

impl Parameter for Region {
    fn known() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn as_text(&self) -> &str {
        self.slug()
    }
}

/// A slug, or a token.
impl Parameter for String {
    fn known() -> Vec<Self> {
        Vec::new()
    }

    fn from_text(text: &str) -> Option<Self> {
        is_slug(text).then(|| text.to_owned())
    }

    fn as_text(&self) -> &str {
        self
    }
}

impl Page {
    /// The path up to its parameter, without surrounding slashes, and the parameter's name.
    fn segments(self) -> (&'static str, Option<&'static str>) {
        let template = self.template().trim_start_matches('/');
        match template.split_once("/{") {
            Some((folder, name)) => (folder, Some(name.trim_end_matches('}'))),
            // Empty for the root, so that it matches both `/` and a bare base path.
            None => (template, None),
        }
    }

    /// The value of this page's parameter in a path.
    fn parameter_in(self, path: &str) -> Option<&str> {
        path.strip_prefix('/')?.strip_prefix(self.segments().0)?.strip_prefix('/')
    }
}

/// Matches paths in the router.
impl PossibleRouteMatch for Page {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        match self.segments() {
            (folder, Some(name)) => (StaticSegment(folder), ParamSegment(name)).test(path),
            (folder, None) => StaticSegment(folder).test(path),
        }
    }

    fn generate_path(&self, path: &mut Vec<PathSegment>) {
        let (folder, name) = self.segments();
        StaticSegment(folder).generate_path(path);
        if let Some(name) = name {
            ParamSegment(name).generate_path(path);
        }
    }
}

impl Route {
    /// All routes that do not depend on the content, in the order of the site map; those of
    /// [`Self::depends_on_content`] do.
    pub fn all() -> impl Iterator<Item = Self> {
        Page::ALL.iter().flat_map(|page| page.known_routes())
    }

    /// The path template without the language prefix, with `{name}` for the parameter.
    pub const fn template(&self) -> &'static str {
        self.page().template()
    }

    /// The name of the part that has the page's code.
    pub const fn part_name(&self) -> &'static str {
        self.page().part_name()
    }

    /// The files of `style/` that the page needs in addition to the common ones, by name and
    /// in alphabetical order.
    pub const fn styles(&self) -> &'static [&'static str] {
        self.page().styles()
    }

    /// The page's heading, if it is not part of the content.
    pub fn heading(&self, locale: Locale) -> Option<&'static str> {
        self.page().heading(locale)
    }

    /// The path without the language prefix.
    pub fn path(&self) -> String {
        let template = self.template();
        match (template.split_once('{'), self.parameter()) {
            (Some((folder, _)), Some(parameter)) => [folder, parameter].concat(),
            _ => template.to_owned(),
        }
    }

    /// The path in a language: `/join` or `/cy/join`.
    pub fn href(&self, locale: Locale) -> String {
        match (locale, self) {
            (Locale::Cy, Self::Home) => locale.path_prefix().to_owned(),
            _ => [locale.path_prefix(), &self.path()].concat(),
        }
    }

    /// Whether the page is personal: it is rendered for each request, and excluded from
    /// caches, the site map and search engines.
    pub const fn is_personal(&self) -> bool {
        self.page().is_personal()
    }

    /// Whether it depends on the content that its path names.
    pub fn depends_on_content(&self) -> bool {
        !self.is_personal() && self.page().known_routes().is_empty()
    }

    /// The route at a path without a language prefix.
    pub fn find(path: &str) -> Option<Self> {
        Page::ALL.iter().find_map(|page| page.route_at(path))
    }
}

/// The neutral page that "Exit this page" leads to. It is a plain document outside the app, so
/// that it contains no trace of the campaign.
pub fn exit_href(locale: Locale) -> String {
    [locale.path_prefix(), "/kitchen-measures"].concat()
}

/// The query string while the URL is at `path`; once the reader moves on, its last value,
/// because a page that is being left must neither change nor make requests.
pub(crate) fn query_at(path: String) -> Memo<String> {
    let Location { pathname, search, .. } = use_location();
    Memo::new(move |last: Option<&String>| match last {
        Some(last) if pathname.with(|pathname| Locale::split_path(pathname).1 != path) => last.clone(),
        _ => search.get(),
    })
}

/// The parameter with this name in the URL's path, for as long as there is one.
pub(crate) fn param(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |last: Option<&String>| {
        params.with(|params| params.get(name)).or_else(|| last.cloned()).unwrap_or_default()
    })
}

/// The language of the current URL.
pub(crate) fn current_locale() -> Locale {
    #[cfg(feature = "ssr")]
    let path = expect_context::<leptos_router::location::RequestUrl>().as_ref().to_owned();
    #[cfg(not(feature = "ssr"))]
    let path = location().pathname().unwrap_or_default();
    Locale::split_path(&path).0
}

#[cfg(test)]
mod tests {
    use contract::{Locale, region::Region};
    use leptos_router::PossibleRouteMatch as _;

    use super::{Page, Route};

    /// Each page with the name of its parameter.
    macro_rules! parameters {
        ([$($part:ident)*] { $(
            $(#[$doc:meta])*
            $page:ident $(($parameter:ident: $value:ty))? at $address:literal => $feature:ident::$component:ident,
                part $in_part:ident, $access:ident, styles [$($sheet:literal)*] $(, heading $messages:ident::$heading:ident)?;
        )* }) => {
            [$((Page::$page, &[$(stringify!($parameter))?] as &[&str])),*]
        };
    }

    #[test]
    fn parameters_have_their_name_in_the_address() {
        for (page, parameter) in pages!(parameters) {
            assert_eq!(page.segments().1, parameter.first().copied(), "{page:?}");
        }
    }

    #[test]
    fn router_finds_each_page_at_its_own_address_alone() {
        for route in Route::all().chain([Route::Event("opening-call".to_owned())]) {
            let path = route.path();
            let is_there = |page: &&Page| page.test(&path).is_some_and(|found| found.is_complete());
            let found: Vec<Page> = Page::ALL.iter().filter(is_there).copied().collect();
            assert_eq!(found, [route.page()], "{path}");
        }
    }

    #[test]
    fn end_to_end_tests_visit_every_page() {
        let paths: Vec<&str> =
            serde_json::from_str(include_str!("../tests/pages.json")).expect("a list of paths");
        let pages: Vec<Option<Page>> =
            paths.iter().map(|path| Some(Route::find(path.split('?').next()?)?.page())).collect();
        assert!(!pages.contains(&None), "{paths:?}");
        // An order's page needs an order first.
        for page in Page::ALL.iter().filter(|page| **page != Page::Order) {
            assert!(pages.contains(&Some(*page)), "{page:?}");
        }
    }

    #[test]
    fn styles_are_in_alphabetical_order() {
        for page in Page::ALL {
            assert!(page.styles().is_sorted(), "{page:?}");
        }
    }

    #[test]
    fn what_the_content_names_is_found_as_written() {
        let event = Route::Event("opening-call".to_owned());
        assert!(
            event.depends_on_content()
                && !Route::Events.depends_on_content()
                && !Route::Contact(Region::Wales).depends_on_content()
        );
        assert_eq!(event.template(), "/events/{event}");
        assert_eq!(Route::find(&event.path()), Some(event));
        let order = Route::Order("token".to_owned());
        assert!(order.is_personal() && !order.depends_on_content());
        assert_eq!(Route::find("/events/"), None);
    }

    #[test]
    fn every_address_leads_back_to_its_page_in_both_languages() {
        for route in Route::all() {
            for locale in Locale::ALL {
                let href = route.href(locale);
                let (found_locale, path) = Locale::split_path(&href);
                assert_eq!((found_locale, Route::find(path)), (locale, Some(route.clone())), "{href}");
            }
        }
    }

    #[test]
    fn a_product_is_found_by_its_name() {
        let mug = Route::Product("heart-mug".to_owned());
        assert_eq!(mug.href(Locale::Cy), "/cy/shop/heart-mug");
        assert_eq!(Route::find("/shop/heart-mug"), Some(mug));
        assert_eq!(Route::find("/shop/Heart%20mug"), None);
        assert_eq!(Route::find("/shop/a/b"), None);
    }

    #[test]
    fn an_unknown_region_has_no_page() {
        assert_eq!(Route::find("/contacts/atlantis"), None);
        assert_eq!(Route::find("/contacts/{region}"), None);
    }
}
