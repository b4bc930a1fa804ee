//! The HTML forms on an order's page, which work without the app.

use axum::{
    Extension, Router,
    extract::{
        Form, Path, State,
        rejection::{FormRejection, PathRejection},
    },
    http::header,
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use campaign_hub::{orders::RefusedForm, routes::Route};
use contract::{Locale, orders::OrderForm};

use super::{
    by_token,
    change::{ChangeError, Request},
    find, read_token,
};
use crate::{
    client::ClientAddress,
    document::{self, Posted},
    error::ApiError,
    state::AppState,
    text::nfc,
};

/// The forms on an order's page, and the form that requests its link.
pub(super) fn pages() -> Router<AppState> {
    let mut router = Router::new();
    for locale in Locale::ALL {
        let find = post(move |state, client, form| find::find(locale, state, client, form));
        let show = get(document::show_document);
        router = router.route(&Route::FindOrder.href(locale), show.merge(find));
        let path = Route::Order("{token}".to_owned()).href(locale);
        let change = post(move |state, client, token, form| change(locale, state, client, token, form));
        router = router.route(&path, get(document::show_document).merge(change));
    }
    router
}

/// Makes the change that a form asks for, and shows the changed order.
pub(super) async fn change(
    locale: Locale,
    State(state): State<AppState>,
    Extension(client): Extension<ClientAddress>,
    token: Result<Path<String>, PathRejection>,
    form: Result<Form<OrderForm>, FormRejection>,
) -> Response {
    let Ok(token) = read_token(token) else { return document::answer_not_found(&state, locale).await };
    let route = Route::Order(token.clone());
    let Ok(Form(form)) = form else {
        return ApiError::refused("act", "Unknown form action.").into_response();
    };
    let form = form.cleaned(nfc);
    let refusal = match make(&state, client, &token, &form).await {
        Ok(()) => {
            let headers = [(header::CACHE_CONTROL, "no-store")];
            return (headers, Redirect::to(&route.href(locale))).into_response();
        }
        // The page validates the fields itself.
        Err(ChangeError::Invalid(_)) => None,
        Err(ChangeError::Refused(refusal)) => Some(refusal),
        Err(ChangeError::Failed(ApiError::NotFound)) => {
            return document::answer_not_found(&state, locale).await;
        }
        Err(ChangeError::Failed(error)) => return fail(&state, locale, token, Some(form), error).await,
    };
    let refused = RefusedForm { form: Some(form), refusal };
    document::answer_form(&state, locale, route, Posted::Order(Box::new(refused))).await
}

async fn make(
    state: &AppState,
    client: ClientAddress,
    token: &str,
    form: &OrderForm,
) -> Result<(), ChangeError> {
    let stored = by_token(state, token).await?;
    let request = Request::accept(state, client, &stored, form.kind()).await?;
    let change = form.change(&request.order).map_err(ChangeError::Invalid)?;
    request.make(change).await
}

/// Answers with the order's page and the input if a rate limit was reached, and with the error
/// itself otherwise.
pub(super) async fn fail(
    state: &AppState,
    locale: Locale,
    token: String,
    form: Option<OrderForm>,
    error: ApiError,
) -> Response {
    let Some(limit) = document::limit_reached(&error) else { return error.into_response() };
    let typed = form.map(|form| RefusedForm { form: Some(form), refusal: None });
    let typed = typed.map(|typed| Box::new(Posted::Order(Box::new(typed))));
    document::answer_form(state, locale, Route::Order(token), Posted::TooMany(typed, limit)).await
}
