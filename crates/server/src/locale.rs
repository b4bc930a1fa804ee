//! The `locale` parameter of the API.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use contract::Locale;
use serde::Deserialize;

use crate::error::ApiError;

/// The language that a request asks for, English by default.
pub(crate) struct Localised(pub(crate) Locale);

#[derive(Deserialize)]
struct LocaleQuery {
    locale: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Localised {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let invalid = || ApiError::Invalid { field: "locale", detail: "Use en or cy, once.".to_owned() };
        let Query(query) =
            Query::<LocaleQuery>::from_request_parts(parts, state).await.map_err(|_| invalid())?;
        match query.locale {
            None => Ok(Self(Locale::En)),
            Some(tag) => tag.parse().map(Self).map_err(|_| invalid()),
        }
    }
}
