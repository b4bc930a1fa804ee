//! Every error that an API client can receive, and the only place that chooses a status code.

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contract::{InvalidField, Problem, orders::ChangeRefusal};

use crate::{
    card::CardError,
    store::{Scope, StoreError},
};

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// There is nothing at this URL.
    #[error("not found")]
    NotFound,
    /// The URL exists, but does not support this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// A parameter is invalid.
    #[error("{field}: {detail}")]
    Invalid {
        /// The parameter's name.
        field: &'static str,
        /// What is accepted.
        detail: String,
    },
    /// Fields of a body are invalid.
    #[error("{} invalid fields", .0.len())]
    Refused(Vec<InvalidField>),
    /// There is not enough stock, by line.
    #[error("not enough stock")]
    OutOfStock(Vec<InvalidField>),
    /// An email address without any paid order would exceed the limit on unpaid orders, by
    /// field.
    #[error("unpaid limit reached")]
    OverUnpaidLimit(Vec<InvalidField>),
    /// Orders that nobody has paid would hold too much of the stock, by line.
    #[error("unpaid orders cannot hold this much of the stock")]
    OverUnpaidShare(Vec<InvalidField>),
    /// A change of an order was refused, perhaps because of a field.
    #[error("change refused: {0:?}")]
    ChangeRefused(ChangeRefusal, Option<String>),
    /// The price differs from the one the customer saw.
    #[error("a price has changed")]
    PriceChanged {
        /// The current total.
        total_pence: u64,
    },
    /// A cross-site request.
    #[error("cross-site request")]
    CrossSite,
    /// A rate limit was reached.
    #[error("too many requests: {scope:?}")]
    TooManyRequests {
        /// Which limit.
        scope: Scope,
        /// When the next request is allowed.
        retry_after_seconds: u32,
    },
    /// The payment provider failed.
    #[error("cards: {0}")]
    Card(#[from] CardError),
    /// The database is unavailable, or read-only.
    #[error("database unavailable: {0}")]
    DatabaseUnavailable(StoreError),
    /// The server is processing as many requests as it can.
    #[error("overloaded")]
    Overloaded,
    /// The request took too long.
    #[error("timed out")]
    TimedOut,
    /// The request body is larger than this number of bytes.
    #[error("request body too large")]
    BodyTooLarge(usize),
    /// The request body was not received within this time.
    #[error("request body too slow")]
    BodyTooSlow(Duration),
    /// The server is starting up or shutting down.
    #[error("not ready: {0}")]
    NotReady(String),
    /// An unexpected error.
    #[error("internal error: {0:#}")]
    Internal(anyhow::Error),
}

/// An unavailable database recovers by itself. Any other database error is a bug of ours, and
/// waiting does not help.
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() { Self::DatabaseUnavailable(error) } else { Self::Internal(error.into()) }
    }
}

impl ApiError {
    /// An unexpected error, with its cause.
    pub(crate) fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::Internal(cause.into())
    }

    /// An invalid parameter, and what is accepted.
    pub(crate) fn invalid(field: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid { field, detail: detail.into() }
    }

    /// An invalid field of a body.
    pub(crate) fn refused(field: &str, detail: impl Into<String>) -> Self {
        Self::Refused(vec![InvalidField { field: field.to_owned(), detail: detail.into() }])
    }

    fn problem(&self) -> Problem {
        let (status, kind, title, detail) = match self {
            Self::NotFound => (404, "not-found", "Not found", None),
            Self::MethodNotAllowed => (405, "method-not-allowed", "Method not allowed", None),
            Self::Invalid { .. } | Self::Refused(_) => (422, "invalid-field", "Validation failed", None),
            Self::OutOfStock(_) => (409, "too-little-stock", "Not enough stock", None),
            Self::OverUnpaidLimit(_) => (409, "unpaid-limit", "Unpaid limit reached", None),
            Self::OverUnpaidShare(_) => {
                (409, "unpaid-share", "Unpaid orders cannot hold this much of the stock", None)
            }
            Self::PriceChanged { .. } => (
                409,
                "price-changed",
                "A price has changed",
                Some("Show the customer the new total and send the order again."),
            ),
            Self::ChangeRefused(refusal, _) => {
                let (status, title) = change_refused(*refusal);
                (status, refusal.kind(), title, None)
            }
            Self::CrossSite => (
                403,
                "cross-site",
                "Cross-site request rejected",
                Some("Nothing was done. Open the page on our own site and send the form from there."),
            ),
            Self::TooManyRequests { .. } => (429, "too-many-requests", "Too many requests", None),
            Self::Card(_) => {
                (503, "payments-unavailable", "Payment provider unavailable", Some("Try again in a minute."))
            }
            Self::DatabaseUnavailable(_) => {
                (503, "database-unavailable", "Database unavailable", Some("Try again in a minute."))
            }
            Self::Overloaded => {
                (503, "overloaded", "Too many requests at once", Some("Try again in a few seconds."))
            }
            Self::TimedOut => (503, "timed-out", "Request timed out", Some("Try again in a few seconds.")),
            Self::BodyTooLarge(_) => (413, "body-too-large", "Request body too large", None),
            Self::BodyTooSlow(_) => (
                408,
                "body-too-slow",
                "Request not received in time",
                Some("Send it again over a better connection."),
            ),
            Self::NotReady(_) => (503, "not-ready", "Server not ready", None),
            Self::Internal(_) => (500, "internal", "Internal server error", None),
        };
        let errors = match self {
            Self::Invalid { field, detail } => {
                vec![InvalidField { field: (*field).to_owned(), detail: detail.clone() }]
            }
            Self::Refused(errors)
            | Self::OutOfStock(errors)
            | Self::OverUnpaidLimit(errors)
            | Self::OverUnpaidShare(errors) => errors.clone(),
            Self::ChangeRefused(refusal, Some(field)) => {
                let (_, title) = change_refused(*refusal);
                vec![InvalidField { field: field.clone(), detail: [title, "."].concat() }]
            }
            Self::PriceChanged { total_pence } => {
                vec![InvalidField {
                    field: "total_pence".to_owned(),
                    detail: format!("The total is now {total_pence} pence."),
                }]
            }
            Self::TooManyRequests { scope: Scope::OrdersPerEmail | Scope::MailsPerRecipient, .. } => {
                vec![InvalidField {
                    field: "customer.email".to_owned(),
                    detail: "Too many orders from this email address.".to_owned(),
                }]
            }
            _ => Vec::new(),
        };
        let retry_after_seconds = match self {
            Self::TooManyRequests { retry_after_seconds, .. } => Some(*retry_after_seconds),
            _ => None,
        };
        let detail = match self {
            Self::BodyTooLarge(limit) => Some(format!("Send at most {limit} bytes.")),
            Self::NotReady(why) => Some(why.clone()),
            Self::TooManyRequests { retry_after_seconds, .. } => {
                Some(format!("Wait {retry_after_seconds} seconds, then try again."))
            }
            _ => detail.map(str::to_owned),
        };
        Problem {
            kind: format!("/problems/{kind}"),
            title: title.to_owned(),
            status,
            detail,
            errors,
            retry_after_seconds,
        }
    }
}

/// The status code of a refused change, and its title.
const fn change_refused(refusal: ChangeRefusal) -> (u16, &'static str) {
    match refusal {
        ChangeRefusal::StatusConflict => (409, "The order has changed"),
        ChangeRefusal::DeliveryCostDiffers => (422, "Delivery to this address costs a different amount"),
        ChangeRefusal::TooManyAddressChanges => (409, "The address was changed too often today"),
        ChangeRefusal::WrongCode => (422, "Wrong approval code"),
        ChangeRefusal::TooManyAttempts => (422, "The approval code no longer works"),
        ChangeRefusal::OutOfStock => (409, "Not enough stock"),
        ChangeRefusal::UnpaidLimit => (409, "Unpaid limit reached"),
        ChangeRefusal::UnpaidShare => (409, "Unpaid orders cannot hold this much of the stock"),
        ChangeRefusal::QuoteExpired => (409, "The quote has expired"),
        ChangeRefusal::PaymentsUnavailable => (503, "Payment provider unavailable"),
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        // The only place that logs why a request failed.
        match &self {
            Self::Internal(error) => tracing::error!(error = format!("{error:#}"), "internal error"),
            Self::DatabaseUnavailable(error) => tracing::error!(%error, "the database is unavailable"),
            Self::Card(error) => tracing::error!(%error, "the payment provider failed"),
            _ => {}
        }
        let problem = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after_seconds = problem.retry_after_seconds;
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        } else if let Some(seconds) = retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
