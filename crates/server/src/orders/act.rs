//! What whoever has an order's link can do with it: plain forms on its page, sent
//! and answered without the app.

use axum::{
    Router,
    extract::{Form, Path, State, rejection::FormRejection},
    http::header,
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use campaign_hub::{orders::RefusedChange, routes::Route};
use contract::{
    Locale,
    orders::{Address, Delivery, OrderState, Payment, Zone},
};
use jiff::SignedDuration;
use serde::Deserialize;

use super::{approval, code_digest, find, move_mail, show::shown};
use crate::{
    clock,
    document::{self, Posted},
    error::ApiError,
    secrets::digest,
    state::AppState,
    store::{Approving, Changed, NewMove, StoredOrder},
};

/// How long it takes until the same mail is sent again.
pub(super) const BETWEEN_MAILS: SignedDuration = SignedDuration::from_mins(10);

/// The forms on an order's page, and the one that finds it.
pub(crate) fn pages() -> Router<AppState> {
    let mut router = Router::new();
    for locale in Locale::ALL {
        let find = post(move |state, form| find::find(locale, state, form));
        let show = get(document::show_document);
        router = router.route(&Route::FindOrder.href(locale), show.merge(find));
        let path = Route::Order("{token}".to_owned()).href(locale);
        let act = post(move |state, token, form| act(locale, state, token, form));
        router = router.route(&path, get(document::show_document).merge(act));
    }
    router
}

/// What a form asks for.
#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
enum Act {
    Cancel,
    Address(Address),
    /// With the code that the branch's officer got.
    Approve {
        code: String,
    },
    /// Another code for the officer.
    NewCode {},
}

/// Does it, and shows the order as it is then.
async fn act(
    locale: Locale,
    State(state): State<AppState>,
    Path(token): Path<String>,
    form: Result<Form<Act>, FormRejection>,
) -> Response {
    let route = Route::Order(token.clone());
    let Ok(Form(act)) = form else {
        return ApiError::refused("act", "This is no form of ours.").into_response();
    };
    let done = match state.store.find_order(&digest(token.as_bytes())).await {
        Ok(Some(order)) => perform(&state, &order, act).await,
        Ok(None) => Err(ApiError::NotFound),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(None) => {
            let headers = [(header::CACHE_CONTROL, "no-store")];
            (headers, Redirect::to(&route.href(locale))).into_response()
        }
        Ok(Some(refused)) => {
            document::answer_form(&state, locale, route, Posted::Order(Box::new(refused))).await
        }
        // The page says itself that there is no such order.
        Err(ApiError::NotFound) => Redirect::to(&route.href(locale)).into_response(),
        Err(error) => error.into_response(),
    }
}

/// Does what is asked for, or says why not.
async fn perform(state: &AppState, order: &StoredOrder, act: Act) -> Result<Option<RefusedChange>, ApiError> {
    let catalogue = state.catalogue.get(&state.store).await?;
    let changed = match act {
        Act::Cancel => {
            let new = NewMove { to: OrderState::Cancelled, at: state.clock.now(), note: "" };
            let mail = move_mail(state.letterhead(), &catalogue, order, new.to)?;
            state.store.move_order(&order.reference, new, &mail).await?
        }
        Act::Approve { code } => {
            let payment: Payment = serde_json::from_str(&order.payment).map_err(|_| ApiError::Internal)?;
            let to = match payment {
                Payment::Transfer {} | Payment::Card {} => OrderState::AwaitingPayment,
                Payment::PurchaseOrder { .. } | Payment::Nothing {} => OrderState::Confirmed,
            };
            let code: String = code.chars().filter(char::is_ascii_digit).collect();
            let new = NewMove { to, at: state.clock.now(), note: "" };
            let mail = move_mail(state.letterhead(), &catalogue, order, to)?;
            let digest = code_digest(state, &order.reference, &code);
            match state.store.approve_order(&order.reference, &digest, new, &mail).await? {
                Approving::Approved => Changed::Done,
                Approving::WrongCode => return Ok(Some(RefusedChange::WrongCode)),
                Approving::NoTriesLeft => return Ok(Some(RefusedChange::NoTriesLeft)),
                Approving::NotNow => return Ok(Some(RefusedChange::NotNow)),
            }
        }
        Act::NewCode {} => {
            let shown = shown(order.clone(), &catalogue, clock::uk_date(state.clock.now()), order.locale)?;
            if let Some(approval) = approval(state, &shown, order.locale).await? {
                let since = state.clock.now() - BETWEEN_MAILS;
                state.store.renew_code(&order.reference, &approval, since).await?;
            }
            Changed::Done
        }
        Act::Address(address) => {
            if !address.mistakes().is_empty() {
                return Ok(Some(RefusedChange::Address(address)));
            }
            let delivery: Delivery = serde_json::from_str(&order.delivery).map_err(|_| ApiError::Internal)?;
            let Delivery::Post { address: before, speed } = delivery else {
                return Ok(Some(RefusedChange::NotNow));
            };
            let zone = |address: &Address| address.written_postcode().map(|postcode| Zone::of(&postcode));
            if zone(&before) != zone(&address) {
                return Ok(Some(RefusedChange::Dearer(address)));
            }
            let delivery = serde_json::to_string(&Delivery::Post { address: address.written(), speed });
            let delivery = delivery.map_err(|_| ApiError::Internal)?;
            state.store.change_delivery(&order.reference, &delivery).await?
        }
    };
    match changed {
        Changed::Done => {
            state.mail_wake.notify_one();
            Ok(None)
        }
        // Asked twice, it is done once.
        Changed::NotNow(OrderState::Cancelled) => Ok(None),
        Changed::NotNow(_) => Ok(Some(RefusedChange::NotNow)),
        Changed::NoOrder => Err(ApiError::NotFound),
    }
}
