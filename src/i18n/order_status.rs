//! The text for an order's status: its name, and what comes next.

use contract::{
    Locale,
    orders::{DisplayedStatus, Hold, Order, Payment},
    time::Moment,
};

use super::{format, order as t};

/// The name of a status.
pub fn name(status: DisplayedStatus, locale: Locale) -> &'static str {
    match status {
        DisplayedStatus::Quoted => t::quoted(locale),
        DisplayedStatus::Placed => t::placed(locale),
        DisplayedStatus::AwaitingApproval => t::awaiting_approval(locale),
        DisplayedStatus::AwaitingOfficer => t::awaiting_officer(locale),
        DisplayedStatus::AwaitingPayment => t::awaiting_payment(locale),
        DisplayedStatus::Confirmed => t::confirmed(locale),
        DisplayedStatus::Packed => t::packed(locale),
        DisplayedStatus::PartlyDispatched => t::partly_dispatched(locale),
        DisplayedStatus::PartlyReady => t::partly_ready(locale),
        DisplayedStatus::Dispatched => t::dispatched(locale),
        DisplayedStatus::ReadyToCollect => t::ready_to_collect(locale),
        DisplayedStatus::Delivered => t::delivered(locale),
        DisplayedStatus::Collected => t::collected(locale),
        DisplayedStatus::Cancelled => t::cancelled(locale),
        DisplayedStatus::Expired => t::expired(locale),
        DisplayedStatus::Returned => t::returned(locale),
        DisplayedStatus::Refunded => t::refunded(locale),
    }
}

/// Explains an order's status, what comes next, and how long its stock is held.
pub fn hint(order: &Order, locale: Locale) -> String {
    let hint = match order.displayed_status() {
        DisplayedStatus::Quoted => match order.valid_until {
            Some(day) => t::quoted_hint(locale, &format::short_date(locale, day)),
            None => t::quote_expired(locale).to_owned(),
        },
        DisplayedStatus::AwaitingPayment => payment_hint(order, locale),
        DisplayedStatus::Delivered => match order.return_by {
            Some(day) => t::delivered_hint(locale, &format::short_date(locale, day)),
            None => t::delivered_late_hint(locale).to_owned(),
        },
        DisplayedStatus::Collected => match order.return_by {
            Some(day) => t::collected_hint(locale, &format::short_date(locale, day)),
            None => t::collected_late_hint(locale).to_owned(),
        },
        DisplayedStatus::Refunded => refund_hint(order, locale),
        DisplayedStatus::AwaitingOfficer if order.needs_code => t::needs_code_hint(locale).to_owned(),
        other => fixed_hint(other, locale).to_owned(),
    };
    [hint, held(order, locale)].join(" ").trim_end().to_owned()
}

/// The same for an email, which is written before it is known whether the officer can be emailed
/// an approval code.
pub fn hint_in_email(order: &Order, locale: Locale) -> String {
    if order.awaits_officer() {
        [t::awaiting_officer_email_hint(locale), &held(order, locale)].join(" ").trim_end().to_owned()
    } else {
        hint(order, locale)
    }
}

/// The explanation of a status that is the same for every order.
fn fixed_hint(status: DisplayedStatus, locale: Locale) -> &'static str {
    match status {
        DisplayedStatus::Placed => t::placed_hint(locale),
        DisplayedStatus::AwaitingApproval => t::awaiting_staff_hint(locale),
        DisplayedStatus::AwaitingOfficer => t::awaiting_officer_hint(locale),
        DisplayedStatus::Confirmed => t::confirmed_hint(locale),
        DisplayedStatus::Packed => t::packed_hint(locale),
        DisplayedStatus::PartlyDispatched => t::partly_dispatched_hint(locale),
        DisplayedStatus::PartlyReady => t::partly_ready_hint(locale),
        DisplayedStatus::Dispatched => t::dispatched_hint(locale),
        DisplayedStatus::ReadyToCollect => t::ready_to_collect_hint(locale),
        DisplayedStatus::Cancelled => t::cancelled_hint(locale),
        DisplayedStatus::Expired => t::expired_hint(locale),
        DisplayedStatus::Returned => t::returned_hint(locale),
        DisplayedStatus::Quoted
        | DisplayedStatus::AwaitingPayment
        | DisplayedStatus::Delivered
        | DisplayedStatus::Collected
        | DisplayedStatus::Refunded => "",
    }
}

fn payment_hint(order: &Order, locale: Locale) -> String {
    let total = format::pounds(order.price.total_pence);
    match order.payment {
        Payment::Card {} => t::awaiting_card_hint(locale, &total),
        _ => t::awaiting_payment_hint(locale, &order.reference, &total),
    }
}

fn refund_hint(order: &Order, locale: Locale) -> String {
    let refunded = format::pounds(order.refunded_pence);
    match order.payment {
        Payment::PurchaseOrder { .. } => t::refunded_invoice_hint(locale, &refunded),
        _ => t::refunded_hint(locale, &refunded),
    }
}

/// How long the stock is held, if the order awaits payment or approval.
fn held(order: &Order, locale: Locale) -> String {
    let day = |last: &Moment| format::short_date(locale, last.uk_date);
    match order.hold() {
        None => String::new(),
        Some(Hold::Approval(last)) => t::held_until_approved(locale, &day(last)),
        Some(Hold::CardPayment(last)) => t::held_until_time(locale, &day(last), &format::time(locale, last)),
        Some(Hold::Payment(last)) => t::held_until_paid(locale, &day(last)),
    }
}
