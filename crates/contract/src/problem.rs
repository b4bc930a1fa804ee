//! The format of every API error.

use serde::{Deserialize, Serialize};

/// A problem document (RFC 9457), sent as `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What kind of problem it is: a path under `/problems/`, stable across
    /// releases, for programs to tell problems apart.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words of English; the app shows words of its own.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time and what to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The fields that were refused, where there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<InvalidField>,
    /// After how many seconds to try again, where too much was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
}

/// A field that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvalidField {
    /// The field's name as it stands in the query or the body.
    pub field: String,
    /// Why it was refused, and what would be taken.
    pub detail: String,
}
