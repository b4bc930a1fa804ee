//! Changes to orders by anyone who has their link. The API and the HTML forms share this code.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{
        Path, State,
        rejection::{JsonRejection, PathRejection},
    },
    http::header,
    response::{IntoResponse as _, Response},
};
use contract::{
    InvalidField, Locale, Problem, Submission as _,
    orders::{
        ChangeFieldError, ChangeKind, ChangeOrder, ChangeRefusal, InvalidChange, Order, OrderChange,
        OrderLine, OrderStatus, code_digits,
    },
};
use jiff::SignedDuration;

use super::{
    accept::accept_quote,
    address::change_address,
    approval::{approval, code_digest, officer_of, status_after_approval},
    by_token, explain,
    hold::HoldRules,
    link::token_of,
    pay, read_token,
    show::to_order,
    transition_mail,
};
use crate::{
    client::ClientAddress,
    clock,
    error::ApiError,
    locale::Localised,
    shop::Catalogue,
    state::AppState,
    store::{
        ApprovalOutcome, ChangeOutcome, NewTransition, Scope, StoreError, StoredOrder, format_quantities,
    },
    text::nfc,
};

/// The minimum interval between two emails of the same kind.
pub(super) const MIN_MAIL_INTERVAL: SignedDuration = SignedDuration::from_mins(10);

/// Changes an order, for anyone who has its link.
#[utoipa::path(
    post,
    path = ChangeOrder::PATH,
    tag = "orders",
    params(
        ("token" = String, Path, description = "The token in the order's link"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    request_body = OrderChange,
    responses(
        (status = 200, description = "The order as it is now. A change that is sent again is made once", body = Order),
        (status = 403, description = "Sent by a page of another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such order", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The order has changed, a quote has expired, there is not enough stock, or a limit on unpaid orders is reached", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Validation failed", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many changes to this order, new approval codes for it or to its officer, notices of changed addresses to its customer, or requests from this network", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn change_order(
    State(state): State<AppState>,
    Extension(client): Extension<ClientAddress>,
    token: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
    body: Result<Json<OrderChange>, JsonRejection>,
) -> Result<Response, ApiError> {
    let token = read_token(token)?;
    let Json(change) = body.map_err(|error| ApiError::refused("body", error.body_text()))?;
    let change = change.cleaned(nfc);
    let stored = by_token(&state, &token).await?;
    let result = async {
        let request = Request::accept(&state, client, &stored, change.kind()).await?;
        request.make(change.clone()).await
    };
    result.await.map_err(|why| why.into_problem(&change))?;
    let catalogue = state.catalogue.get(&state.store).await?;
    let today = clock::uk_date(state.clock.now());
    let order = to_order(by_token(&state, &token).await?, &catalogue, today, locale)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(order)).into_response())
}

/// Why a change was not made.
pub(super) enum ChangeError {
    /// Fields are invalid.
    Invalid(InvalidChange),
    /// The fields are valid, but the order does not allow the change.
    Refused(ChangeRefusal),
    /// An unexpected error.
    Failed(ApiError),
}

impl From<ApiError> for ChangeError {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<ChangeRefusal> for ChangeError {
    fn from(refusal: ChangeRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl ChangeError {
    /// The API error for this change.
    fn into_problem(self, change: &OrderChange) -> ApiError {
        match self {
            Self::Invalid(errors) => {
                let field = |(field, error)| InvalidField {
                    field: change.path_of(&field),
                    detail: explain_change(error),
                };
                ApiError::Refused(errors.into_iter().map(field).collect())
            }
            Self::Refused(refusal) => {
                ApiError::ChangeRefused(refusal, refusal.field().map(|field| change.path_of(&field)))
            }
            Self::Failed(error) => error,
        }
    }
}

/// The error message for a field, for API clients; the app has its own messages.
fn explain_change(error: ChangeFieldError) -> String {
    match error {
        ChangeFieldError::Text(error) => explain(error),
        ChangeFieldError::PaymentUnavailable => "This order cannot be paid like that.".to_owned(),
        ChangeFieldError::QuantityOutOfRange(most) => format!("Must be a number from 1 to {most}."),
        ChangeFieldError::NotReturnable => "Nothing of this can be returned.".to_owned(),
        ChangeFieldError::NoItemsSelected => "Must have at least one line.".to_owned(),
    }
}

/// A request to change an order that was counted towards its rate limits.
pub(super) struct Request<'a> {
    state: &'a AppState,
    catalogue: Arc<Catalogue>,
    stored: &'a StoredOrder,
    /// The order in its own language, which its emails use.
    pub(super) order: Order,
}

impl<'a> Request<'a> {
    /// Counts a request towards the rate limits, and refuses it above them.
    pub(super) async fn accept(
        state: &'a AppState,
        client: ClientAddress,
        stored: &'a StoredOrder,
        kind: ChangeKind,
    ) -> Result<Self, ApiError> {
        let network = client.network();
        let reference = stored.reference.as_str();
        let mut uses = vec![(Scope::WritesPerNetwork, network.as_str()), (Scope::ChangesPerOrder, reference)];
        if kind == ChangeKind::NewCode {
            uses.push((Scope::CodesPerOrder, reference));
        }
        state.limits.take(&uses).await?;
        let catalogue = state.catalogue.get(&state.store).await?;
        let today = clock::uk_date(state.clock.now());
        let order = to_order(stored.clone(), &catalogue, today, stored.locale)?;
        Ok(Self { state, catalogue, stored, order })
    }

    /// Makes the change idempotently, or returns why it was refused.
    pub(super) async fn make(self, change: OrderChange) -> Result<(), ChangeError> {
        let changed = match &change {
            OrderChange::Cancel {} => self.cancel().await?,
            OrderChange::Approve { code } => {
                // If it is not awaiting a code, that is the error to show.
                if self.stored.status == OrderStatus::AwaitingApproval {
                    self.check(&change)?;
                }
                self.approve(code).await?
            }
            OrderChange::NewCode {} => self.renew_code().await?,
            OrderChange::Accept { payment } => {
                if self.order.status != OrderStatus::Quoted {
                    // It was accepted before, perhaps by the same request.
                    return Ok(());
                }
                if !self.order.can_be_accepted() {
                    return Err(ChangeRefusal::QuoteExpired.into());
                }
                self.check(&change)?;
                let Self { state, catalogue, stored, order } = self;
                return accept_quote(state, &catalogue, stored, order, payment.clone()).await;
            }
            OrderChange::Return { lines, reason, returns } => {
                if *returns != self.order.returns {
                    // The same return was sent before, or another one meanwhile.
                    return self.was_returned(lines, reason).await;
                }
                if !self.order.takes_returns() {
                    return Err(ChangeRefusal::StatusConflict.into());
                }
                self.check(&change)?;
                self.request_return(lines, reason).await?
            }
            OrderChange::Address { address } => {
                self.check(&change)?;
                return change_address(self.state, &self.catalogue, self.stored, address.clone()).await;
            }
        };
        match changed {
            ChangeOutcome::Done => {
                self.state.mail_wake.notify_one();
                Ok(())
            }
            // A repeated cancellation is not an error.
            ChangeOutcome::InvalidTransition(OrderStatus::Cancelled)
                if change.kind() == ChangeKind::Cancel =>
            {
                Ok(())
            }
            ChangeOutcome::InvalidTransition(_) => Err(ChangeRefusal::StatusConflict.into()),
            ChangeOutcome::OrderNotFound => Err(ApiError::NotFound.into()),
        }
    }

    /// Refuses invalid fields.
    fn check(&self, change: &OrderChange) -> Result<(), ChangeError> {
        let errors = change.validation_errors(&self.order, self.state.card.is_some());
        if errors.is_empty() { Ok(()) } else { Err(ChangeError::Invalid(errors)) }
    }

    async fn cancel(&self) -> Result<ChangeOutcome, ApiError> {
        let Self { state, stored, .. } = self;
        let new = NewTransition::new(OrderStatus::Cancelled, state.clock.now());
        let mail = transition_mail(state.mail_context(), &self.catalogue, stored, &new)?;
        let changed = state.store.change_status(&stored.reference, new, &mail).await?;
        if changed == ChangeOutcome::Done {
            pay::settle_payments_in_background(state, stored).await;
        }
        Ok(changed)
    }

    async fn approve(&self, code: &str) -> Result<ChangeOutcome, ChangeError> {
        let Self { state, stored, order, .. } = self;
        let to = status_after_approval(stored, &order.payment);
        let now = state.clock.now();
        let rules = HoldRules::new(state.rules.hold_working_days, &self.catalogue);
        let new = NewTransition { hold: rules.hold(to, &order.payment, now), ..NewTransition::new(to, now) };
        let mail = transition_mail(state.mail_context(), &self.catalogue, stored, &new)?;
        let digest = code_digest(state, &stored.reference, &code_digits(code));
        match state.store.approve_order(&stored.reference, &digest, new, &mail).await? {
            ApprovalOutcome::Approved => Ok(ChangeOutcome::Done),
            ApprovalOutcome::WrongCode => Err(ChangeRefusal::WrongCode.into()),
            ApprovalOutcome::NoTriesLeft => Err(ChangeRefusal::TooManyAttempts.into()),
            ApprovalOutcome::NotAwaitingApproval => Err(ChangeRefusal::StatusConflict.into()),
        }
    }

    /// Emails a new code to the officer, unless one was sent just now.
    async fn renew_code(&self) -> Result<ChangeOutcome, ApiError> {
        let Self { state, stored, order, .. } = self;
        let Some(officer) = officer_of(state, &order.customer).await? else {
            return Ok(ChangeOutcome::InvalidTransition(stored.status));
        };
        let token = token_of(&state.secrets, stored);
        let approval = approval(state, order, &officer, &token, stored.locale)?;
        let since = state.clock.now() - MIN_MAIL_INTERVAL;
        let renewed = state.store.renew_code(&stored.reference, &approval, since).await?;
        renewed.map_err(|exceeded| state.limits.refuse(exceeded))
    }

    async fn request_return(&self, lines: &[OrderLine], reason: &str) -> Result<ChangeOutcome, ApiError> {
        let Self { state, stored, order, .. } = self;
        let quantities = by_sku(lines);
        let token = token_of(&state.secrets, stored);
        let mails = state.mail_context().about(order, &token, stored.locale);
        let mail = mails.return_mail(&self.catalogue, &quantities)?;
        let reference = &stored.reference;
        Ok(state.store.request_return(reference, &quantities, reason, order.returns, &mail).await?)
    }

    /// Whether the latest return is the same as this one.
    async fn was_returned(&self, lines: &[OrderLine], reason: &str) -> Result<(), ChangeError> {
        let before = self.state.store.returns_of(&self.stored.reference).await?;
        let quantities = format_quantities(&by_sku(lines));
        let is_same = before.last().is_some_and(|(_, last, why)| why == reason && *last == quantities);
        if is_same { Ok(()) } else { Err(ChangeRefusal::StatusConflict.into()) }
    }
}

/// The returned items, sorted so that the order of lines does not matter.
fn by_sku(lines: &[OrderLine]) -> Vec<(String, u32)> {
    let mut quantities: Vec<(String, u32)> =
        lines.iter().map(|line| (line.sku.clone(), line.quantity)).collect();
    quantities.sort();
    quantities
}
