//! Orders: what they would cost, placed, and looked at by whoever has their link.

mod place;
mod quote;
mod reference;
mod show;

use contract::{
    InvalidField,
    orders::{MOST_LINES, MOST_PIECES, OrderMistake},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{error::ApiError, state::AppState};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(quote::price_basket))
        .routes(routes!(place::place_order))
        .routes(routes!(show::find_order))
}

/// Refuses what has mistakes.
fn check(mistakes: Vec<(String, OrderMistake)>) -> Result<(), ApiError> {
    if mistakes.is_empty() {
        return Ok(());
    }
    let field = |(field, mistake)| InvalidField { field, detail: explain(mistake) };
    Err(ApiError::Refused(mistakes.into_iter().map(field).collect()))
}

/// What is wrong with a field, for callers of the API; the app has words of its
/// own.
fn explain(mistake: OrderMistake) -> String {
    match mistake {
        OrderMistake::Missing => "It must not be empty.".to_owned(),
        OrderMistake::TooLong(limit) => format!("It takes up to {limit} characters on one line."),
        OrderMistake::NoMailAddress => "It is no mail address.".to_owned(),
        OrderMistake::NoTelephone => "It is no telephone number.".to_owned(),
        OrderMistake::NoPostcode => "It is no postcode of the United Kingdom.".to_owned(),
        OrderMistake::HalfPostcode => "The second half of the postcode is missing.".to_owned(),
        OrderMistake::Quantity => format!("It is a number from 1 to {MOST_PIECES}."),
        OrderMistake::TooManyLines => format!("An order has at most {MOST_LINES} lines."),
        OrderMistake::Twice => "The same SKU stands in an earlier line.".to_owned(),
        OrderMistake::NeedsBranch => "Only a branch or an officer pays by purchase order.".to_owned(),
    }
}
