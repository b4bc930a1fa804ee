//! Terms that lists are filtered by, such as topics, unions and colours.

use serde::{Deserialize, Serialize};

/// A word with its two names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Term {
    /// Its name in queries.
    pub value: String,
    /// Its name for people.
    pub label: String,
}

/// A word, and how many entries of a list it would leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermCount {
    /// Its name in queries.
    pub value: String,
    /// Its name for people.
    pub label: String,
    /// How many entries there are with it, and with what is chosen of all else.
    pub count: u32,
}
