//! Makes a PDF of a branch's own poster. Its text is not stored.

use axum::{
    Extension, Router,
    extract::{Form, State, rejection::FormRejection},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use campaign_hub::{
    i18n::{frame, poster as t},
    poster::QrCode,
    routes::Route,
};
use contract::{
    Locale,
    poster::{Poster, shown_address},
};
use print::{BranchPoster, PrintError, PrintedDocument, Typesetter};

use crate::{
    client::ClientAddress,
    clock,
    document::{self, Posted},
    state::AppState,
    store::Scope,
    text::nfc,
};

/// The poster maker's form.
pub(crate) fn pages() -> Router<AppState> {
    let mut router = Router::new();
    for locale in Locale::ALL {
        let show = get(document::show_document);
        let print = post(move |state, client, form| print_poster(locale, state, client, form));
        router = router.route(&Route::PosterMaker.href(locale), show.merge(print));
    }
    router
}

/// Answers with the PDF, or with the form and its errors.
async fn print_poster(
    locale: Locale,
    State(state): State<AppState>,
    Extension(client): Extension<ClientAddress>,
    form: Result<Form<Poster>, FormRejection>,
) -> Response {
    // A body that our forms cannot send is treated as an empty form.
    let poster = form.map(|Form(poster)| poster).unwrap_or_default().cleaned(nfc);
    if !poster.validation_errors().is_empty() {
        return document::answer_form(&state, locale, Route::PosterMaker, Posted::Poster(Box::new(poster)))
            .await;
    }
    if let Err(error) = state.limits.take(&[(Scope::PostersPerNetwork, client.network().as_str())]).await {
        if let Some(limit) = document::limit_reached(&error) {
            let posted = Posted::TooMany(Some(Box::new(Posted::Poster(Box::new(poster)))), limit);
            return document::answer_form(&state, locale, Route::PosterMaker, posted).await;
        }
        tracing::warn!(%error, "poster printed without the database");
    }
    let origin = state.public_url.origin().to_owned();
    let today = clock::uk_date(state.clock.now());
    let printed = state
        .print_queue
        .print("poster", move |typesetter| print(typesetter, &poster, locale, &origin, today))
        .await;
    match printed {
        Ok(printed) => {
            let headers = [
                (header::CONTENT_TYPE, "application/pdf"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"poster.pdf\""),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (StatusCode::OK, headers, printed.pdf).into_response()
        }
        // The error contains nothing of the text except the character that no font has.
        Err(error) => error.into_response(),
    }
}

fn print(
    typesetter: &Typesetter,
    poster: &Poster,
    locale: Locale,
    origin: &str,
    created_on: jiff::civil::Date,
) -> Result<PrintedDocument, PrintError> {
    let address = poster.address().unwrap_or_else(|| [origin, &Route::Join.href(locale)].concat());
    // A URL within the length limit always fits into a QR code.
    let QrCode { size, runs } = QrCode::of(&address).unwrap_or(QrCode { size: 0, runs: Vec::new() });
    typesetter.print_poster(&BranchPoster {
        lang: locale.tag(),
        headline: &poster.headline,
        lines: poster.lines().collect(),
        facts: poster.facts().collect(),
        branch: &poster.branch,
        summary: t::pdf_summary(locale),
        author: if poster.branch.is_empty() { frame::site_name(locale) } else { &poster.branch },
        address: &address,
        address_shown: shown_address(&address),
        footer: frame::site_name(locale),
        code_shows: &t::code_shows(locale, shown_address(&address)),
        code_size: size,
        code: &runs,
        paper: poster.paper.value(),
        look: poster.look.value(),
        created_on,
    })
}
