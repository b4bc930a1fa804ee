//! The link to an order, mailed to whoever has placed it. The page says the same
//! whether there is such an order or not, and as fast.

use axum::{
    Extension,
    extract::{Form, State, rejection::FormRejection},
    response::{IntoResponse as _, Response},
};
use campaign_hub::{orders::SoughtOrder, routes::Route};
use contract::{Locale, text::plain};

use super::{act::BETWEEN_MAILS, link, show::shown};
use crate::{
    client::ClientAddress,
    clock,
    document::{self, Posted},
    error::ApiError,
    mail,
    state::AppState,
    store::Scope,
    text::{email_key, nfc},
};

/// Answers the form.
pub(super) async fn find(
    locale: Locale,
    State(state): State<AppState>,
    Extension(client): Extension<ClientAddress>,
    form: Result<Form<SoughtOrder>, FormRejection>,
) -> Response {
    let SoughtOrder { reference, email } = form.map(|Form(sought)| sought).unwrap_or_default();
    let sought = SoughtOrder { reference: plain(&reference, nfc), email: plain(&email, nfc) };
    if sought.is_whole() {
        // By what was typed, so that nobody can tell from it what there is.
        let (network, reference) = (client.network(), sought.written_reference());
        let email = email_key(&sought.email);
        let uses = [
            (Scope::WritesPerNetwork, network.as_str()),
            (Scope::LinksPerEmail, email.as_str()),
            (Scope::LinksPerOrder, reference.as_str()),
        ];
        if let Err(error) = state.limits.take(&uses).await {
            let Some(limit) = document::limit_reached(&error) else { return error.into_response() };
            let posted = Posted::TooMany(Some(Box::new(Posted::SoughtOrder(Box::new(sought)))), limit);
            return document::answer_form(&state, locale, Route::FindOrder, posted).await;
        }
        // Beside the answer, so that nobody can tell from the time that it takes.
        let (own, sought) = (state.clone(), sought.clone());
        let started = state.background.start(async move {
            if let Err(error) = mail_link(&own, &sought).await {
                tracing::error!(%error, "a link was asked for, and no mail was written");
            }
        });
        if let Err(error) = started {
            return error.into_response();
        }
    }
    document::answer_form(&state, locale, Route::FindOrder, Posted::SoughtOrder(Box::new(sought))).await
}

async fn mail_link(state: &AppState, sought: &SoughtOrder) -> Result<(), ApiError> {
    let Some(stored) = state.store.order(&sought.written_reference()).await? else { return Ok(()) };
    let catalogue = state.catalogue.get(&state.store).await?;
    let now = state.clock.now();
    if link::has_ended(&stored, now, state.rules.link_months) {
        return Ok(());
    }
    let token = link::token_of(&state.secrets, &stored);
    let locale = stored.locale;
    let order = shown(stored, &catalogue, clock::uk_date(now), locale)?;
    if email_key(&order.customer.email) != email_key(&sought.email) {
        return Ok(());
    }
    let mail = mail::link_mail(state.letterhead(), &order, &token, locale)?;
    if state.store.add_mail_once(&mail, now - BETWEEN_MAILS).await? {
        state.mail_wake.notify_one();
    }
    Ok(())
}
