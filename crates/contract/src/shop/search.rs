//! A search in the shop, as in a URL.

use crate::{is_slug, pairs, query};

/// The maximum length of the search text, in characters.
pub const TEXT_LIMIT: usize = 100;
/// The highest page number that can be requested.
pub const PAGE_LIMIT: u32 = 10_000;
/// The maximum number of chosen values; more is no genuine search.
const CHOSEN_LIMIT: usize = 60;

/// A filter for products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The type of product, such as a mug or a pen.
    Category,
    /// The size of a variant.
    Size,
    /// The colour of a variant.
    Colour,
    /// A range of prices.
    Price,
    /// Restrictions: in stock, in Welsh, made by union members.
    Only,
}

impl Facet {
    /// All filters, in list order.
    pub const ALL: [Self; 5] = [Self::Category, Self::Size, Self::Colour, Self::Price, Self::Only];

    /// Its name in query strings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Size => "size",
            Self::Colour => "colour",
            Self::Price => "price",
            Self::Only => "only",
        }
    }
}

/// The sort order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(rename_all = "lowercase"))]
pub enum Sort {
    /// The shop's own order.
    #[default]
    Featured,
    /// By the price of the cheapest variant, the lowest first.
    Cheapest,
    /// The same, the highest first.
    Dearest,
    /// By name, in the alphabetical order of the language.
    Name,
}

impl Sort {
    /// All sort orders, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Featured, Self::Cheapest, Self::Dearest, Self::Name];

    /// Its name in query strings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Featured => "featured",
            Self::Cheapest => "cheapest",
            Self::Dearest => "dearest",
            Self::Name => "name",
        }
    }

    /// The sort order with this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }
}

/// What a customer searches for in the shop, and the page number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Search {
    /// The search text, trimmed, with at most [`TEXT_LIMIT`] characters.
    pub text: String,
    /// The chosen values, in filter order and without duplicates. Several values of one filter
    /// widen the search, except those of [`Facet::Only`], which narrow it.
    pub chosen: Vec<(Facet, String)>,
    /// The sort order of the list.
    pub sort: Sort,
    /// The page number, from 1 to [`PAGE_LIMIT`].
    pub page: u32,
}

impl Default for Search {
    fn default() -> Self {
        Self { text: String::new(), chosen: Vec::new(), sort: Sort::default(), page: 1 }
    }
}

impl Search {
    /// Reads a query string. Anything it does not understand is ignored: an old or mistyped
    /// URL should still show something.
    pub fn parse(query: &str) -> Self {
        let mut search = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "q" => search.text = value.trim().chars().take(TEXT_LIMIT).collect(),
                "sort" => search.sort = Sort::find(&value).unwrap_or_default(),
                "page" => search.page = value.parse().unwrap_or(1).clamp(1, PAGE_LIMIT),
                _ => {
                    let facet = Facet::ALL.into_iter().find(|facet| facet.name() == name);
                    if let Some(facet) = facet
                        && is_slug(&value)
                        && search.chosen.len() < CHOSEN_LIMIT
                    {
                        search.chosen.push((facet, value));
                    }
                }
            }
        }
        search.chosen.sort_unstable();
        search.chosen.dedup();
        search
    }

    /// The query string for exactly this search, without defaults, so that equal searches have
    /// equal URLs.
    pub fn query(&self) -> String {
        let page = self.page.to_string();
        let mut parts = Vec::new();
        if !self.text.is_empty() {
            parts.push(("q", self.text.as_str()));
        }
        parts.extend(self.chosen.iter().map(|(facet, value)| (facet.name(), value.as_str())));
        if self.sort != Sort::default() {
            parts.push(("sort", self.sort.name()));
        }
        if self.page > 1 {
            parts.push(("page", &page));
        }
        query("", &parts).trim_start_matches('?').to_owned()
    }

    /// Whether this value is chosen.
    pub fn has(&self, facet: &str, value: &str) -> bool {
        self.chosen.iter().any(|(known, chosen)| known.name() == facet && chosen == value)
    }

    /// Whether the search has no restrictions, so that it finds everything.
    pub fn is_open(&self) -> bool {
        self.text.is_empty() && self.chosen.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Facet, Search, Sort, TEXT_LIMIT};

    #[test]
    fn equivalent_queries_have_one_canonical_form() {
        let query = "size=m&page=1&utm_source=x&q=+heart++mug+&size=l&category=mugs&size=m&sort=featured";
        let search = Search::parse(query);
        assert_eq!(search.text, "heart  mug");
        assert_eq!(
            search.chosen,
            [(Facet::Category, "mugs"), (Facet::Size, "l"), (Facet::Size, "m")]
                .map(|(facet, value)| (facet, value.to_owned()))
        );
        assert_eq!(search.query(), "q=heart%20%20mug&category=mugs&size=l&size=m");
        assert_eq!(Search::parse(&search.query()), search);
        assert!(search.has("size", "l") && !search.has("colour", "l"));
    }

    #[test]
    fn invalid_parameters_are_omitted() {
        let search = Search::parse("sort=cheap&page=0&size=%00&colour=RED&size=&page=x&q=%E0%A4%A");
        assert_eq!(search.query(), "q=%EF%BF%BD%25A");
        assert_eq!(Search::parse("page=99999999999"), Search::default());
        assert_eq!(Search::parse("page=20000").page, 10_000);
        assert_eq!(Search::parse("sort=dearest").sort, Sort::Dearest);
        let long = ["q=", &"x".repeat(500)].concat();
        assert_eq!(Search::parse(&long).text.len(), TEXT_LIMIT);
        let many: Vec<String> = (0..500).map(|index| format!("size=s{index}")).collect();
        assert_eq!(Search::parse(&many.join("&")).chosen.len(), 60);
    }
}
