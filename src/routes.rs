//! The one table of the site's addresses.

use contract::{
    Locale,
    courses::{mode_in, start_in},
    documents::kind_in,
    events::EventsChoice,
    is_slug,
    news::NewsChoice,
    pairs,
    region::Region,
    search::SiteSearch,
    shop::{Search, Variant},
    unions::ListUnions,
};
use leptos::prelude::*;
use leptos_router::{
    hooks::{use_location, use_params_map},
    location::Location,
};

/// A public page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// The campaign's hub.
    Hub,
    /// The finder, the list and the map of the regions' contacts.
    Contacts,
    /// A region's contact.
    Contact(Region),
    /// All news.
    News,
    /// A news item, by its name in addresses.
    NewsItem(String),
    /// All events.
    Events,
    /// An event, by its name in addresses.
    Event(String),
    /// The roles to take part in, and posts to share.
    TakePart,
    /// The steps of a role, by its name in addresses.
    Role(String),
    /// All unions, and which is for a job.
    Unions,
    /// A union, or the federation, by its name in addresses.
    Union(String),
    /// All courses.
    Courses,
    /// A course, by its name in addresses.
    Course(String),
    /// Documents to read, to print and to hand out.
    Resources,
    /// A document, by its name in addresses.
    Resource(String),
    /// Make a poster.
    PosterMaker,
    /// Magazines and newsletters.
    Publications,
    /// A magazine or a newsletter, by its name in addresses.
    Publication(String),
    /// Search over everything.
    Search,
    /// The shop's list of products.
    Shop,
    /// A product, by its name in addresses.
    Product(String),
    /// What somebody wants to order.
    Basket,
    /// Order what is in the basket.
    Checkout,
    /// Find an order again.
    FindOrder,
    /// An order, by the token in its link. Nothing of it is public or kept.
    Order(String),
    /// The years before.
    PastYears,
    /// Films of earlier years.
    Videos,
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
    /// All that are there whatever the content, in the order of the site map:
    /// those of [`Self::is_named`] are not.
    pub fn all() -> impl Iterator<Item = Self> {
        let first = [Self::Hub, Self::Contacts];
        let last = [
            Self::TakePart,
            Self::Unions,
            Self::News,
            Self::Events,
            Self::Courses,
            Self::Resources,
            Self::PosterMaker,
            Self::Publications,
            Self::Search,
            Self::Shop,
            Self::Basket,
            Self::Checkout,
            Self::FindOrder,
            Self::PastYears,
            Self::Videos,
            Self::Join,
            Self::Support,
            Self::Accessibility,
            Self::Privacy,
        ];
        first.into_iter().chain(Region::ALL.map(Self::Contact)).chain(last)
    }

    /// The address without the language's prefix, with `{name}` for a part that
    /// varies.
    pub const fn template(&self) -> &'static str {
        match self {
            Self::Hub => "/",
            Self::Contacts => "/contacts",
            Self::Contact(_) => "/contacts/{region}",
            Self::News => "/news",
            Self::NewsItem(_) => "/news/{slug}",
            Self::Events => "/events",
            Self::Event(_) => "/events/{slug}",
            Self::TakePart => "/take-part",
            Self::Role(_) => "/take-part/{slug}",
            Self::Unions => "/unions",
            Self::Union(_) => "/unions/{slug}",
            Self::Courses => "/courses",
            Self::Course(_) => "/courses/{slug}",
            Self::Resources => "/resources",
            Self::Resource(_) => "/resources/{slug}",
            Self::PosterMaker => "/poster-maker",
            Self::Publications => "/publications",
            Self::Publication(_) => "/publications/{slug}",
            Self::Search => "/search",
            Self::Shop => "/shop",
            Self::Product(_) => "/shop/{slug}",
            Self::Basket => "/basket",
            Self::Checkout => "/checkout",
            Self::FindOrder => "/orders",
            Self::Order(_) => "/orders/{slug}",
            Self::PastYears => "/past-years",
            Self::Videos => "/videos",
            Self::Join => "/join",
            Self::Support => "/support",
            Self::Accessibility => "/accessibility",
            Self::Privacy => "/privacy",
        }
    }

    /// The files of `style/` that the page needs beside those of every page, by
    /// name and in alphabetical order.
    pub const fn styles(&self) -> &'static [&'static str] {
        match self {
            Self::Hub => &["campaign", "event", "finder", "hero", "news-card", "product-card"],
            Self::Contacts | Self::Contact(_) => &["contacts", "finder"],
            Self::News | Self::NewsItem(_) => &["chips", "news", "news-card"],
            Self::Events => &["chips", "event", "events"],
            Self::Event(_) => &["chips", "event", "events", "videos"],
            Self::TakePart | Self::Role(_) => &["take-part"],
            Self::Unions => &["search", "unions"],
            Self::Union(_) => &["courses", "event", "events", "news-card", "unions", "videos"],
            Self::Courses | Self::Course(_) => &["chips", "courses"],
            Self::Resources | Self::Resource(_) | Self::Publications | Self::Publication(_) => {
                &["chips", "documents"]
            }
            Self::PosterMaker => &["choice", "poster"],
            Self::Search => &["chips", "search"],
            Self::Shop => &["choice", "product-card", "shop"],
            Self::Product(_) => &["add", "choice", "product", "product-card"],
            Self::Basket => &["basket"],
            Self::Checkout => &["basket", "checkout", "choice"],
            Self::FindOrder => &["order"],
            Self::Order(_) => &["choice", "order"],
            Self::PastYears => &["past-years"],
            Self::Videos => &["videos"],
            Self::Join | Self::Support | Self::Accessibility | Self::Privacy => &[],
        }
    }

    /// The address without the language's prefix.
    pub fn path(&self) -> String {
        match self {
            Self::Contact(region) => self.template().replace("{region}", region.slug()),
            Self::NewsItem(slug)
            | Self::Event(slug)
            | Self::Role(slug)
            | Self::Union(slug)
            | Self::Course(slug)
            | Self::Resource(slug)
            | Self::Publication(slug)
            | Self::Product(slug)
            | Self::Order(slug) => self.template().replace("{slug}", slug),
            _ => self.template().to_owned(),
        }
    }

    /// The address in a language: `/join` or `/cy/join`.
    pub fn href(&self, locale: Locale) -> String {
        match (locale, self) {
            (Locale::Cy, Self::Hub) => locale.path_prefix().to_owned(),
            _ => [locale.path_prefix(), &self.path()].concat(),
        }
    }

    /// Whether it belongs to one person: it is rendered anew each time, and no cache,
    /// site map or search engine gets to know it.
    pub const fn is_personal(&self) -> bool {
        matches!(self, Self::Order(_))
    }

    /// Whether it is there because the content has what its address names.
    pub const fn is_named(&self) -> bool {
        matches!(
            self,
            Self::NewsItem(_)
                | Self::Event(_)
                | Self::Role(_)
                | Self::Union(_)
                | Self::Course(_)
                | Self::Resource(_)
                | Self::Publication(_)
                | Self::Product(_)
        )
    }

    /// The page at an address that has no language prefix.
    pub fn find(path: &str) -> Option<Self> {
        if let Some(slug) = path.strip_prefix("/contacts/") {
            return slug.parse().ok().map(Self::Contact);
        }
        type Named = fn(String) -> Route;
        let named: [(&str, Named); 9] = [
            ("/news/", Self::NewsItem),
            ("/events/", Self::Event),
            ("/take-part/", Self::Role),
            ("/unions/", Self::Union),
            ("/courses/", Self::Course),
            ("/resources/", Self::Resource),
            ("/publications/", Self::Publication),
            ("/shop/", Self::Product),
            ("/orders/", Self::Order),
        ];
        for (folder, page) in named {
            if let Some(slug) = path.strip_prefix(folder) {
                return is_slug(slug).then(|| page(slug.to_owned()));
            }
        }
        Self::all().find(|route| route.template() == path)
    }

    /// What of a query changes the page, in one writing for all that mean the
    /// same; empty where nothing does.
    pub fn known_query(&self, query: &str) -> String {
        match self {
            Self::Contacts => {
                let mut values = query.split('&').filter_map(|pair| pair.strip_prefix("regions="));
                let regions = regions_in(values.next_back().unwrap_or_default());
                if regions.is_empty() { String::new() } else { open_regions(&regions) }
            }
            Self::News => NewsChoice::parse(query).query(),
            Self::Events => EventsChoice::parse(query).query(),
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

/// What a query wants of a product's colour, size and language.
pub fn wanted_in(query: &str) -> [Option<String>; 3] {
    Variant::AXES.map(|axis| {
        let mut values = pairs(query).filter(|(name, value)| name == axis && is_slug(value));
        values.next().map(|(_, value)| value)
    })
}

/// The query that wants this of a product: `colour=red&size=m`.
pub fn wanted_query(wanted: &[Option<String>; 3]) -> String {
    let values = Variant::AXES.iter().zip(wanted);
    let pairs = values.filter_map(|(axis, value)| Some([axis, "=", value.as_deref()?].concat()));
    pairs.collect::<Vec<_>>().join("&")
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

/// The query of the address while it leads to `path`, and what it was then once
/// the reader goes on: a page that is being left must not change, nor ask for
/// anything.
pub(crate) fn query_at(path: String) -> Memo<String> {
    let Location { pathname, search, .. } = use_location();
    Memo::new(move |last: Option<&String>| match last {
        Some(last) if pathname.with(|pathname| Locale::split_path(pathname).1 != path) => last.clone(),
        _ => search.get(),
    })
}

/// The part of the address with this name, as long as it has one.
pub(crate) fn param(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |last: Option<&String>| {
        params.with(|params| params.get(name)).or_else(|| last.cloned()).unwrap_or_default()
    })
}

/// The language of the address that is being shown.
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

    use super::Route;

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
    fn a_query_is_kept_as_far_as_the_page_knows_it() {
        let query = "x=1&regions=north-west+midlands+nowhere+midlands";
        assert_eq!(Route::Contacts.known_query(query), "regions=midlands+north-west");
        assert_eq!(Route::Contacts.known_query("regions=%00&q=SK22"), "");
        assert_eq!(Route::Contact(Region::Wales).known_query(query), "");
    }

    #[test]
    fn a_product_is_found_by_its_name_in_any_variant() {
        let mug = Route::Product("heart-mug".to_owned());
        assert_eq!(mug.href(Locale::Cy), "/cy/shop/heart-mug");
        assert_eq!(Route::find("/shop/heart-mug"), Some(mug.clone()));
        assert_eq!(Route::find("/shop/Heart%20mug"), None);
        assert_eq!(Route::find("/shop/a/b"), None);
        assert_eq!(mug.known_query("?x=1&size=m&colour=red&colour=plum"), "colour=red&size=m");
        assert_eq!(mug.known_query("colour=%3Cb%3E&language="), "");
    }

    #[test]
    fn an_unknown_region_has_no_page() {
        assert_eq!(Route::find("/contacts/atlantis"), None);
        assert_eq!(Route::find("/contacts/{region}"), None);
    }
}
