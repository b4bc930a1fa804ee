//! Emails the link to an order to its customer. The response and its time are the same whether
//! the order exists or not.

use axum::{
    Extension, Json,
    extract::{
        Form, State,
        rejection::{FormRejection, JsonRejection},
    },
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use campaign_hub::routes::Route;
use contract::{
    InvalidField, Locale, Problem, Submission as _,
    orders::{RequestOrderLink, RequestedLink},
};

use super::{change::MIN_MAIL_INTERVAL, explain, link, show::to_order};
use crate::{
    client::ClientAddress,
    clock,
    document::{self, Posted},
    error::ApiError,
    state::AppState,
    store::Scope,
    text::{email_key, nfc},
};

/// Emails the link to an order to the address that placed it.
#[utoipa::path(
    post,
    path = RequestOrderLink::PATH,
    tag = "orders",
    request_body = RequestOrderLink,
    responses(
        (status = 202, description = "The link is emailed if there is such an order; nobody is told whether there is", body = RequestedLink),
        (status = 403, description = "Sent by a page of another site", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Validation failed", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests for this order, for this email address or from this network", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn request_order_link(
    State(state): State<AppState>,
    Extension(client): Extension<ClientAddress>,
    body: Result<Json<RequestOrderLink>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(request) = body.map_err(|error| ApiError::refused("body", error.body_text()))?;
    let request = request.cleaned(nfc);
    let errors = request.validation_errors().into_iter();
    let errors: Vec<InvalidField> = errors
        .map(|(field, error)| InvalidField { field: field.to_owned(), detail: explain(error) })
        .collect();
    if !errors.is_empty() {
        return Err(ApiError::Refused(errors));
    }
    send_link(&state, client, &request).await?;
    let headers = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::ACCEPTED, headers, Json(RequestedLink {})).into_response())
}

/// Handles the form.
pub(super) async fn find(
    locale: Locale,
    State(state): State<AppState>,
    Extension(client): Extension<ClientAddress>,
    form: Result<Form<RequestOrderLink>, FormRejection>,
) -> Response {
    let request = form.map(|Form(request)| request).unwrap_or_default().cleaned(nfc);
    let sent = if request.validation_errors().is_empty() {
        send_link(&state, client, &request).await
    } else {
        Ok(())
    };
    let posted = Posted::OrderLink(Box::new(request));
    let posted = match sent {
        Ok(()) => posted,
        Err(error) => match document::limit_reached(&error) {
            Some(limit) => Posted::TooMany(Some(Box::new(posted)), limit),
            None => return error.into_response(),
        },
    };
    document::answer_form(&state, locale, Route::FindOrder, posted).await
}

/// Sends the link, unless its rate limit is reached.
async fn send_link(
    state: &AppState,
    client: ClientAddress,
    request: &RequestOrderLink,
) -> Result<(), ApiError> {
    // The limit counts the input rather than the order, so that it does not reveal whether the
    // order exists.
    let (network, reference) = (client.network(), request.written_reference());
    let email = email_key(&request.email);
    let uses = [
        (Scope::WritesPerNetwork, network.as_str()),
        (Scope::LinksPerEmail, email.as_str()),
        (Scope::LinksPerOrder, reference.as_str()),
    ];
    state.limits.take(&uses).await?;
    // In the background, so that the response time does not reveal whether the order exists.
    let (own, request) = (state.clone(), request.clone());
    state.background.start(async move {
        if let Err(error) = mail_link(&own, &request).await {
            tracing::error!(%error, "could not queue the email with a requested link");
        }
    })?;
    Ok(())
}

async fn mail_link(state: &AppState, request: &RequestOrderLink) -> Result<(), ApiError> {
    let Some(stored) = state.store.order(&request.written_reference()).await? else { return Ok(()) };
    let catalogue = state.catalogue.get(&state.store).await?;
    let now = state.clock.now();
    if link::has_ended(&stored, now, state.rules.link_months) {
        return Ok(());
    }
    let token = link::token_of(&state.secrets, &stored);
    let locale = stored.locale;
    let order = to_order(stored, &catalogue, clock::uk_date(now), locale)?;
    if email_key(&order.customer.email) != email_key(&request.email) {
        return Ok(());
    }
    let mail = state.mail_context().about(&order, &token, locale).link_mail()?;
    if state.store.add_mail_once(&mail, now - MIN_MAIL_INTERVAL).await? {
        state.mail_wake.notify_one();
    }
    Ok(())
}
