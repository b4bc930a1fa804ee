//! Terms that lists are filtered by, such as topics, unions and colours.

use serde::{Deserialize, Serialize};

/// A term with its value and its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Term {
    /// Its name in query strings.
    pub value: String,
    /// The label that visitors see.
    pub label: String,
}

/// A term, and the number of list entries it would leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermCount {
    /// Its name in query strings.
    pub value: String,
    /// The label that visitors see.
    pub label: String,
    /// The number of entries that have this term and match the other filters.
    pub count: u32,
}
