//! The link to an order, mailed to whoever has placed it. The page says the same
//! whether there is such an order or not, and as fast.

use axum::{
    extract::{Form, State, rejection::FormRejection},
    response::Response,
};
use campaign_hub::{orders::SoughtOrder, routes::Route};
use contract::{Locale, text::plain};

use super::{act::BETWEEN_MAILS, show::shown};
use crate::{
    clock,
    document::{self, Posted},
    error::ApiError,
    mail,
    state::AppState,
    text::{email_key, nfc},
};

/// Answers the form.
pub(super) async fn find(
    locale: Locale,
    State(state): State<AppState>,
    form: Result<Form<SoughtOrder>, FormRejection>,
) -> Response {
    let SoughtOrder { reference, email } = form.map(|Form(sought)| sought).unwrap_or_default();
    let sought = SoughtOrder { reference: plain(&reference, nfc), email: plain(&email, nfc) };
    if sought.is_whole() {
        // Beside the answer, so that nobody can tell from the time that it takes.
        let (state, sought) = (state.clone(), sought.clone());
        tokio::spawn(async move {
            if mail_link(&state, &sought).await.is_err() {
                tracing::error!("a link was asked for, and no mail was written");
            }
        });
    }
    document::answer_form(&state, locale, Route::FindOrder, Posted::SoughtOrder(Box::new(sought))).await
}

async fn mail_link(state: &AppState, sought: &SoughtOrder) -> Result<(), ApiError> {
    let Some(stored) = state.store.order(&sought.written_reference()).await? else { return Ok(()) };
    let catalogue = state.catalogue.get(&state.store).await?;
    let now = state.clock.now();
    let locale = stored.locale;
    let order = shown(stored, &catalogue, clock::uk_date(now), locale)?;
    if email_key(&order.customer.email) != email_key(&sought.email) {
        return Ok(());
    }
    let mail = mail::link_mail(state.letterhead(), &order, locale)?;
    if state.store.add_mail_once(&mail, now - BETWEEN_MAILS).await? {
        state.mail_wake.notify_one();
    }
    Ok(())
}
