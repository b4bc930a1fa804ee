//! The two languages of the site.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A language of the site. English pages are at the root, Welsh pages under `/cy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English as written in the United Kingdom.
    #[default]
    En,
    /// Welsh.
    Cy,
}

impl Locale {
    /// Both languages, in the order in which the site offers them.
    pub const ALL: [Self; 2] = [Self::En, Self::Cy];

    /// The BCP 47 language tag, also used in query strings: `en` or `cy`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Cy => "cy",
        }
    }

    /// The language code for Open Graph: `en_GB` or `cy_GB`.
    pub const fn open_graph(self) -> &'static str {
        match self {
            Self::En => "en_GB",
            Self::Cy => "cy_GB",
        }
    }

    /// The URL path prefix of this language: empty, or `/cy`.
    pub const fn path_prefix(self) -> &'static str {
        match self {
            Self::En => "",
            Self::Cy => "/cy",
        }
    }

    /// The language of a path, and the path without its prefix, which always starts with a
    /// slash.
    pub fn split_path(path: &str) -> (Self, &str) {
        match path.strip_prefix("/cy") {
            Some("") => (Self::Cy, "/"),
            Some(rest) if rest.starts_with('/') => (Self::Cy, rest),
            _ => (Self::En, path),
        }
    }

    /// The other language.
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::Cy,
            Self::Cy => Self::En,
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The error for a language that the site does not have.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownLocale;

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(tag: &str) -> Result<Self, UnknownLocale> {
        Self::ALL.into_iter().find(|locale| locale.tag() == tag).ok_or(UnknownLocale)
    }
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn only_a_whole_cy_segment_makes_an_address_welsh() {
        assert_eq!(Locale::split_path("/cy"), (Locale::Cy, "/"));
        assert_eq!(Locale::split_path("/cy/join"), (Locale::Cy, "/join"));
        assert_eq!(Locale::split_path("/cycling"), (Locale::En, "/cycling"));
        assert_eq!(Locale::split_path("/"), (Locale::En, "/"));
    }
}
