//! What the shop's answer to an order means.

use contract::{
    Problem,
    orders::{OrderLine, PlacedOrder},
};

use crate::{api::ApiError, ui::LimitReached};

/// Why there was no response to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The shop could not be reached.
    Offline,
    /// The shop, or what stands before it, has a problem.
    ShopProblem,
    /// The shop takes no more from this network for so long.
    TooMany(LimitReached),
}

/// What came of sending an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Response {
    /// It is placed; these lines leave the basket.
    Placed(Vec<OrderLine>, PlacedOrder),
    /// The server says what is wrong with it.
    Refused(Problem),
    /// It may be placed or not.
    Failed(Failure),
    /// It had no response, and was discarded meanwhile.
    Discarded,
}

impl Response {
    /// What an answer means. What is no answer of the shop, such as a proxy's page, says nothing
    /// about the order.
    pub(super) fn of(answer: Result<PlacedOrder, ApiError>) -> Self {
        match answer {
            Ok(placed) => Self::Placed(Vec::new(), placed),
            // An earlier try may have been placed: the same key then gets its answer.
            Err(ApiError::Problem(problem)) if problem.status == 429 && problem.errors.is_empty() => {
                Self::Failed(Failure::TooMany(limit(&problem)))
            }
            Err(ApiError::Problem(problem)) if problem.status < 500 => Self::Refused(problem),
            Err(ApiError::Problem(_) | ApiError::Decode) => Self::Failed(Failure::ShopProblem),
            Err(ApiError::Offline | ApiError::Aborted) => Self::Failed(Failure::Offline),
        }
    }
}

/// How long to wait, as a problem says it.
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
    fn only_an_answer_of_the_shop_ends_an_order() {
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
            assert_eq!(of(ApiError::Problem(problem(status, 0))), Response::Failed(Failure::ShopProblem));
        }
        assert_eq!(of(ApiError::Decode), Response::Failed(Failure::ShopProblem));
        assert_eq!(of(ApiError::Offline), Response::Failed(Failure::Offline));
        assert!(matches!(of(ApiError::Problem(problem(429, 0))), Response::Failed(Failure::TooMany(_))));
        for refused in [problem(429, 1), problem(409, 0), problem(422, 2)] {
            assert_eq!(of(ApiError::Problem(refused.clone())), Response::Refused(refused));
        }
    }
}
