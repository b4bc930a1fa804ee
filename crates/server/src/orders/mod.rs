//! Orders: priced, placed, and shown to anyone who has the link.

mod accept;
mod address;
mod admin;
mod approval;
mod change;
mod erase;
mod expiry;
mod export;
mod find;
mod forms;
mod given_up_mails;
mod held_orders;
mod hold;
mod idempotency;
mod link;
mod order_documents;
mod pay;
mod payment_service;
mod people;
mod place;
mod printing;
mod quote;
mod reference;
mod refunds;
mod refusals;
mod reseal;
mod reservation;
mod show;

use axum::{
    Router,
    extract::{Path, rejection::PathRejection},
};
use contract::{
    InvalidField,
    orders::{MAX_LINES, MAX_QUANTITY, OrderFieldError, OrderHistoryEntry, OrderStatus},
    text::code_point,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    clock,
    error::ApiError,
    mail::MailContext,
    secrets::{digest, is_order_token},
    shop::Catalogue,
    state::AppState,
    store::{NewMail, NewTransition, StoredOrder},
};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(quote::price_basket))
        .routes(routes!(place::place_order))
        .routes(routes!(show::find_order))
        .routes(routes!(change::change_order))
        .routes(routes!(find::request_order_link))
}

pub use admin::OrderAdmin;
pub(crate) use erase::{KeptData, anonymous_customers, erase};
pub(crate) use expiry::expire;
pub use expiry::expire_due;
pub(crate) use pay::{path as pay_path, retry_refunds};
pub(crate) use payment_service::is_refund_due;
pub use reseal::reseal;

/// Routes outside the API: forms, payments and documents.
pub(crate) fn pages() -> Router<AppState> {
    forms::pages().merge(pay::pages()).merge(order_documents::pages())
}

/// The order token in a path. A text that cannot be a token, such as one with a zero byte, is
/// neither looked up nor written into a URL.
fn read_token(path: Result<Path<String>, PathRejection>) -> Result<String, ApiError> {
    let Path(token) = path.map_err(|_| ApiError::NotFound)?;
    if is_order_token(&token) { Ok(token) } else { Err(ApiError::NotFound) }
}

/// The order with this token, unless the link has expired.
async fn by_token(state: &AppState, token: &str) -> Result<StoredOrder, ApiError> {
    let order = state.store.find_order(&digest(token.as_bytes())).await?;
    let is_open = |order: &StoredOrder| !link::has_ended(order, state.clock.now(), state.rules.link_months);
    order.filter(is_open).ok_or(ApiError::NotFound)
}

/// The email about an order's new status.
fn transition_mail(
    mail_context: MailContext<'_>,
    catalogue: &Catalogue,
    stored: &StoredOrder,
    new: &NewTransition<'_>,
) -> Result<NewMail, ApiError> {
    let locale = stored.locale;
    let mut order = show::to_order(stored.clone(), catalogue, clock::uk_date(mail_context.now), locale)?;
    order.status = new.to;
    let NewTransition { at, note, event, .. } = *new;
    order.history.push(OrderHistoryEntry {
        at: clock::moment(at),
        status: new.to,
        note: note.to_owned(),
        event,
    });
    order.approver = approval::approver(new.to, false);
    order.held_until = new.hold.map(|hold| show::held_until(hold.expires_at));
    if new.to != OrderStatus::Quoted {
        order.valid_until = None;
    }
    if new.to == OrderStatus::Delivered {
        order.return_by = Some(clock::wire_date(show::return_end(clock::uk_date(mail_context.now))));
    }
    let token = link::token_of(mail_context.secrets, stored);
    mail_context.about(&order, &token, locale).order_mail(catalogue)
}

/// Returns validation errors as an API error.
fn check(errors: Vec<(String, OrderFieldError)>) -> Result<(), ApiError> {
    if errors.is_empty() {
        return Ok(());
    }
    let field = |(field, error)| InvalidField { field, detail: explain(error) };
    Err(ApiError::Refused(errors.into_iter().map(field).collect()))
}

/// The error message for a field, for API clients; the app has its own messages.
fn explain(error: OrderFieldError) -> String {
    match error {
        OrderFieldError::Missing => "Required.".to_owned(),
        OrderFieldError::TooLong(limit) => format!("Must be {limit} characters or fewer."),
        OrderFieldError::HiddenCharacter(letter) => {
            format!("Remove the invisible character {}.", code_point(letter))
        }
        OrderFieldError::UnsupportedEmailCharacter(letter) => {
            format!("Email cannot be sent to an address with {letter} before the @.")
        }
        OrderFieldError::InvalidEmail => "Not a valid email address.".to_owned(),
        OrderFieldError::InvalidTelephone => "Not a valid phone number.".to_owned(),
        OrderFieldError::InvalidPostcode => {
            "Not a valid postcode. UK, Channel Islands and Isle of Man postcodes are accepted.".to_owned()
        }
        OrderFieldError::IncompletePostcode => "Must be a full postcode.".to_owned(),
        OrderFieldError::QuantityOutOfRange => format!("Must be a number from 1 to {MAX_QUANTITY}."),
        OrderFieldError::TooManyLines => format!("An order can have up to {MAX_LINES} lines."),
        OrderFieldError::Duplicate => "Duplicate SKU.".to_owned(),
        OrderFieldError::BranchRequired => {
            "Purchase orders and quotes are only for branches and officers.".to_owned()
        }
    }
}
