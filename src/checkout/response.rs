//! Interprets the shop's response to an order.

use contract::{
    Problem,
    orders::{OrderLine, PlacedOrder},
};

use crate::{api::ApiError, ui::LimitReached};

/// Why there was no usable response to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The shop is unreachable.
    Offline,
    /// The shop, or a proxy in front of it, has a problem.
    ServerError,
    /// A rate limit of the network was reached.
    RateLimited(LimitReached),
}

/// The result of sending an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Response {
    /// Placed; these lines are removed from the basket.
    Placed(Vec<OrderLine>, PlacedOrder),
    /// The server returned errors.
    Rejected(Problem),
    /// It is unknown whether the order was placed.
    Failed(Failure),
    /// No response, and it was discarded meanwhile.
    Discarded,
}

impl Response {
    /// Interprets a response. One that is not from the shop, such as a proxy's page, says
    /// nothing about the order.
    pub(super) fn of(result: Result<PlacedOrder, ApiError>) -> Self {
        match result {
            Ok(placed) => Self::Placed(Vec::new(), placed),
            // An earlier try may have placed the order: the same idempotency key then returns
            // its response.
            Err(ApiError::Problem(problem)) if problem.status == 429 && problem.errors.is_empty() => {
                Self::Failed(Failure::RateLimited(limit(&problem)))
            }
            Err(ApiError::Problem(problem)) if problem.status < 500 => Self::Rejected(problem),
            Err(ApiError::Problem(_) | ApiError::Decode) => Self::Failed(Failure::ServerError),
            Err(ApiError::Offline | ApiError::Aborted) => Self::Failed(Failure::Offline),
        }
    }
}

/// The rate limit in a problem document.
pub(super) fn limit(problem: &Problem) -> LimitReached {
    let retry_after_seconds = problem.retry_after_seconds.unwrap_or_default();
    LimitReached { by_network: true, retry_after_seconds }
}

#[cfg(test)]
mod tests {
    use contract::{InvalidField, Problem};

    use super::{Failure, Response};
    use crate::api::ApiError;

    #[test]
    fn only_a_response_of_the_shop_resolves_an_order() {
        let problem = |status: u16, errors: usize| {
            let field = InvalidField { field: "customer.email".to_owned(), detail: String::new() };
            Problem {
                kind: String::new(),
                title: String::new(),
                status,
                detail: None,
                errors: vec![field; errors],
                retry_after_seconds: None,
            }
        };
        let of = |error| Response::of(Err(error));
        for status in [500, 502, 503] {
            assert_eq!(of(ApiError::Problem(problem(status, 0))), Response::Failed(Failure::ServerError));
        }
        assert_eq!(of(ApiError::Decode), Response::Failed(Failure::ServerError));
        assert_eq!(of(ApiError::Offline), Response::Failed(Failure::Offline));
        assert!(matches!(of(ApiError::Problem(problem(429, 0))), Response::Failed(Failure::RateLimited(_))));
        for refused in [problem(429, 1), problem(409, 0), problem(422, 2)] {
            assert_eq!(of(ApiError::Problem(refused.clone())), Response::Rejected(refused));
        }
    }
}
