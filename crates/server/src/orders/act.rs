//! What whoever has an order's link can do with it: plain forms on its page, sent
//! and answered without the app.

use std::collections::BTreeMap;

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
use campaign_hub::{
    orders::{RefusedChange, SentBack},
    routes::Route,
};
use contract::{
    Locale,
    orders::{Address, OrderLine, OrderState, Payment, PlaceOrder},
    text::{lines, plain},
};
use jiff::SignedDuration;
use serde::Deserialize;

use super::{
    address::change_address,
    approval::{
        approval, approver, code_digest, first_state, officer_of, state_after_approval, unapproved_pence,
    },
    by_token, find,
    hold::HoldRules,
    link::token_of,
    move_mail, pay,
    place::{taking, unpaid},
    read_token,
    show::{held_until, shown},
};
use crate::{
    client::ClientAddress,
    clock,
    document::{self, Posted},
    error::ApiError,
    mail,
    shop::Catalogue,
    state::AppState,
    store::{AcceptedQuote, Approving, Changed, NewMove, Placing, Scope, StoredOrder, Taking, written},
    text::nfc,
};

/// How long it takes until the same mail is sent again.
pub(super) const BETWEEN_MAILS: SignedDuration = SignedDuration::from_mins(10);

/// The forms on an order's page, and the one that finds it.
pub(super) fn pages() -> Router<AppState> {
    let mut router = Router::new();
    for locale in Locale::ALL {
        let find = post(move |state, client, form| find::find(locale, state, client, form));
        let show = get(document::show_document);
        router = router.route(&Route::FindOrder.href(locale), show.merge(find));
        let path = Route::Order("{token}".to_owned()).href(locale);
        let act = post(move |state, client, token, form| act(locale, state, client, token, form));
        router = router.route(&path, get(document::show_document).merge(act));
    }
    router
}

/// What a form asks for.
#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub(super) enum Act {
    Cancel,
    Address(Address),
    /// With the code that the branch's officer got.
    Approve {
        code: String,
    },
    /// Another code for the officer.
    NewCode {},
    /// A quote becomes an order.
    Accept {
        /// `purchase-order`, `card` or `transfer`.
        by: String,
        #[serde(default)]
        number: String,
    },
    /// Pieces are to be sent back.
    Return {
        reason: String,
        /// How often that was said before, as the page has shown it.
        known: String,
        /// How many of each SKU.
        #[serde(flatten)]
        pieces: BTreeMap<String, String>,
    },
}

impl Act {
    /// The same with clean texts.
    fn cleaned(self) -> Self {
        match self {
            Self::Address(address) => Self::Address(address.cleaned(nfc)),
            Self::Accept { by, number } => Self::Accept { by, number: plain(&number, nfc) },
            Self::Return { reason, known, pieces } => Self::Return {
                reason: lines(&reason, nfc),
                known,
                pieces: pieces.into_iter().map(|(sku, count)| (sku, plain(&count, nfc))).collect(),
            },
            // Of a code, only its figures count.
            other @ (Self::Cancel | Self::Approve { .. } | Self::NewCode {}) => other,
        }
    }

    /// What was typed, for the page to show it again.
    fn typed(&self) -> Option<RefusedChange> {
        match self {
            Self::Address(address) => Some(RefusedChange::Address(address.clone())),
            Self::Approve { code } => Some(RefusedChange::Code(code.clone())),
            Self::Accept { by, number } => {
                Some(RefusedChange::Short { by: by.clone(), number: number.clone() })
            }
            Self::Return { reason, pieces, .. } => {
                let pieces = pieces.clone().into_iter().collect();
                Some(RefusedChange::Return(SentBack { reason: reason.clone(), pieces }))
            }
            Self::Cancel | Self::NewCode {} => None,
        }
    }
}

/// Does what a form asks for, and shows the order as it is then.
pub(super) async fn act(
    locale: Locale,
    State(state): State<AppState>,
    Extension(client): Extension<ClientAddress>,
    token: Result<Path<String>, PathRejection>,
    form: Result<Form<Act>, FormRejection>,
) -> Response {
    let Ok(token) = read_token(token) else { return document::answer_not_found(&state, locale).await };
    let route = Route::Order(token.clone());
    let Ok(Form(act)) = form else {
        return ApiError::refused("act", "This is no form of ours.").into_response();
    };
    let act = act.cleaned();
    let typed = act.typed();
    let done = match by_token(&state, &token).await {
        Ok(order) => perform(&state, client, &order, act).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(None) => {
            let headers = [(header::CACHE_CONTROL, "no-store")];
            (headers, Redirect::to(&route.href(locale))).into_response()
        }
        Ok(Some(refused)) => {
            document::answer_form(&state, locale, route, Posted::Order(Box::new(refused))).await
        }
        Err(ApiError::NotFound) => document::answer_not_found(&state, locale).await,
        Err(error) => fail(&state, locale, token, typed, error).await,
    }
}

/// Answers with the order's page, and with what was typed there, where too much was sent;
/// with any other error as it is.
pub(super) async fn fail(
    state: &AppState,
    locale: Locale,
    token: String,
    typed: Option<RefusedChange>,
    error: ApiError,
) -> Response {
    let Some(limit) = document::limit_reached(&error) else { return error.into_response() };
    let typed = typed.map(|typed| Box::new(Posted::Order(Box::new(typed))));
    document::answer_form(state, locale, Route::Order(token), Posted::TooMany(typed, limit)).await
}

/// Does what is asked for, or says why not.
async fn perform(
    state: &AppState,
    client: ClientAddress,
    order: &StoredOrder,
    act: Act,
) -> Result<Option<RefusedChange>, ApiError> {
    let network = client.network();
    let reference = order.reference.as_str();
    let mut uses = vec![(Scope::WritesPerNetwork, network.as_str()), (Scope::ChangesPerOrder, reference)];
    if matches!(act, Act::NewCode {}) {
        uses.push((Scope::CodesPerOrder, reference));
    }
    state.limits.take(&uses).await?;
    let catalogue = state.catalogue.get(&state.store).await?;
    let cancels = matches!(act, Act::Cancel);
    let changed = match act {
        Act::Cancel => {
            let new = NewMove::new(OrderState::Cancelled, state.clock.now());
            let mail = move_mail(state.letterhead(), &catalogue, order, &new)?;
            let changed = state.store.move_order(&order.reference, new, &mail).await?;
            if changed == Changed::Done {
                pay::undo_to_end(state, order).await;
            }
            changed
        }
        Act::Approve { code } => {
            let payment: Payment = serde_json::from_str(&order.payment).map_err(ApiError::internal)?;
            let to = state_after_approval(order, &payment);
            let code: String = code.chars().filter(char::is_ascii_digit).collect();
            let now = state.clock.now();
            let hold = HoldRules::new(state.rules.hold_working_days, &catalogue).hold(to, &payment, now);
            let new = NewMove { hold, ..NewMove::new(to, now) };
            let mail = move_mail(state.letterhead(), &catalogue, order, &new)?;
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
            if let Some(officer) = officer_of(state, &shown.customer).await? {
                let approval =
                    approval(state, &shown, &officer, &token_of(&state.secrets, order), order.locale)?;
                let since = state.clock.now() - BETWEEN_MAILS;
                state.store.renew_code(&order.reference, &approval, since).await?;
            }
            Changed::Done
        }
        Act::Accept { by, number } => return accept(state, &catalogue, order, &by, &number).await,
        Act::Return { reason, known, pieces } => {
            let sent = SentBack { reason, pieces: pieces.into_iter().collect() };
            let shown = shown(order.clone(), &catalogue, clock::uk_date(state.clock.now()), order.locale)?;
            if known != shown.returns.to_string() {
                // The same form was sent before, or something else meanwhile.
                let before = state.store.returns_of(&order.reference).await?;
                let same = before.last().is_some_and(|(_, pieces, reason)| {
                    *reason == sent.reason && *pieces == written(&sent.counts())
                });
                return Ok((!same).then_some(RefusedChange::Return(sent)));
            }
            let Some(back) = sent.read(&shown).filter(|_| shown.return_by.is_some()) else {
                return Ok(Some(RefusedChange::Return(sent)));
            };
            let mail = mail::return_mail(
                state.letterhead(),
                &catalogue,
                &shown,
                &back,
                &token_of(&state.secrets, order),
                order.locale,
            )?;
            state.store.announce_return(&order.reference, &back, &sent.reason, shown.returns, &mail).await?
        }
        Act::Address(address) => {
            return change_address(state, &catalogue, order, address).await;
        }
    };
    match changed {
        Changed::Done => {
            state.mail_wake.notify_one();
            Ok(None)
        }
        // Asked twice, it is done once.
        Changed::NotNow(OrderState::Cancelled) if cancels => Ok(None),
        Changed::NotNow(_) => Ok(Some(RefusedChange::NotNow)),
        Changed::NoOrder => Err(ApiError::NotFound),
    }
}

/// Makes a quote an order, or says why not.
async fn accept(
    state: &AppState,
    catalogue: &Catalogue,
    stored: &StoredOrder,
    by: &str,
    number: &str,
) -> Result<Option<RefusedChange>, ApiError> {
    let now = state.clock.now();
    let mut order = shown(stored.clone(), catalogue, clock::uk_date(now), stored.locale)?;
    if order.state != OrderState::Quoted {
        // Accepted already, perhaps by the same form.
        return Ok(None);
    }
    if order.valid_until.is_none() {
        return Ok(Some(RefusedChange::Expired));
    }
    order.payment = match by {
        _ if order.price.total_pence == 0 => Payment::Nothing {},
        "card" if state.card.is_some() => Payment::Card {},
        "transfer" => Payment::Transfer {},
        "purchase-order" if PlaceOrder::number_mistake(number).is_none() => {
            Payment::PurchaseOrder { number: number.to_owned() }
        }
        "purchase-order" => return Ok(Some(RefusedChange::NoNumber(number.to_owned()))),
        _ => return Err(ApiError::refused("by", "There is no such way to pay.")),
    };
    let short = || RefusedChange::Short { by: by.to_owned(), number: number.to_owned() };
    let lines: Vec<OrderLine> = stored
        .lines
        .iter()
        .map(|line| OrderLine { sku: line.sku.clone(), quantity: line.quantity })
        .collect();
    let offers: Option<Vec<_>> = lines.iter().map(|line| catalogue.offer(&line.sku, stored.locale)).collect();
    // Something was withdrawn since.
    let Some(offers) = offers else { return Ok(Some(short())) };
    let officer = officer_of(state, &order.customer).await?;
    let to = first_state(
        order.customer.kind,
        &order.payment,
        order.price.total_pence,
        unapproved_pence(state, &order.customer, &order.payment).await?,
        officer.as_ref(),
        catalogue.facts().approval_from_pence,
    );
    let hold = HoldRules::new(state.rules.hold_working_days, catalogue).hold(to, &order.payment, now);
    order.state = to;
    order.valid_until = None;
    order.approver = approver(to, officer.is_some());
    order.held_until = hold.map(|hold| held_until(hold.expires_at));
    let waits_for = officer.filter(|_| to == OrderState::AwaitingApproval);
    let token = token_of(&state.secrets, stored);
    let approval =
        waits_for.map(|officer| approval(state, &order, &officer, &token, stored.locale)).transpose()?;
    let quote = AcceptedQuote {
        new: NewMove { hold, ..NewMove::new(to, now) },
        payment: serde_json::to_string(&order.payment).map_err(ApiError::internal)?,
        purchase_order: match &order.payment {
            Payment::PurchaseOrder { number } => Some(number.clone()),
            _ => None,
        },
        taking: Taking {
            unpaid: unpaid(state.rules.unpaid, to, &order.customer, order.price.total_pence),
            ..taking(&order.customer, &lines, &offers)
        },
        approval,
        mail: mail::order_mail(state.letterhead(), catalogue, &order, &token, stored.locale)?,
    };
    match state.store.accept_quote(&stored.reference, &quote).await? {
        Placing::Short(_) | Placing::OverCap { .. } => Ok(Some(short())),
        Placing::OverUnpaid | Placing::OverShare(_) => {
            Ok(Some(RefusedChange::OverUnpaid { by: by.to_owned(), number: number.to_owned() }))
        }
        Placing::Placed => {
            state.mail_wake.notify_one();
            Ok(None)
        }
        Placing::Known(_) | Placing::NotNow | Placing::LimitReached(_) => Ok(None),
    }
}
