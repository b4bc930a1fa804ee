//! How long orders are held for payment or approval.

use contract::{
    orders::{OrderStatus, Payment},
    time::Date,
};
use jiff::{SignedDuration, Timestamp};

use crate::{clock, shop::Catalogue, store::Hold};

/// How long an order paid by card is held before its payment page is opened.
const CARD: SignedDuration = SignedDuration::from_hours(24);
/// The maximum hold period for card payments, however often the payment page is opened again.
const CARD_AT_MOST: SignedDuration = SignedDuration::from_hours(48);
/// How long the provider's webhook may take after the payment page has closed.
const CARD_GRACE: SignedDuration = SignedDuration::from_mins(10);
/// How long before its hold ends the customer of an order paid by card is reminded, so that it can
/// still be paid after a night.
const CARD_REMINDER: SignedDuration = SignedDuration::from_hours(12);
/// The time of day for other reminders, after midnight.
const MORNING: SignedDuration = SignedDuration::from_hours(9);

/// The rules for hold periods.
#[derive(Clone, Copy, Debug)]
pub(super) struct HoldRules<'a> {
    pub(super) working_days: u32,
    /// Closed days other than weekends.
    pub(super) closed: &'a [Date],
}

impl<'a> HoldRules<'a> {
    pub(super) fn new(working_days: u32, catalogue: &'a Catalogue) -> Self {
        Self { working_days, closed: &catalogue.facts().closed }
    }

    /// The hold period for an order that gets this status now; none if it does not expire.
    pub(super) fn hold(self, status: OrderStatus, payment: &Payment, now: Timestamp) -> Option<Hold> {
        match (status, payment) {
            (OrderStatus::AwaitingPayment, Payment::Card {}) => Some(for_card(now + CARD, now)),
            _ => status.is_held().then(|| self.for_working_days(now)),
        }
    }

    /// A hold until the end of the day this number of working days away, with a reminder on
    /// the working day before.
    pub(super) fn for_working_days(self, now: Timestamp) -> Hold {
        let last = clock::working_days_after(now, self.working_days, self.closed);
        let remind_at = clock::uk_midnight(clock::working_day_before(last, self.closed)) + MORNING;
        Hold {
            expires_at: clock::midnight_after(last),
            remind_at: Some(remind_at).filter(|remind_at| *remind_at > now),
        }
    }
}

/// The hold of an order whose payment page closes at `closes_at`. It is held as long as that
/// page is open, but opening new pages cannot extend the hold without limit.
pub(super) fn hold_for_page(waits_since: Timestamp, closes_at: i64, now: Timestamp) -> Hold {
    let closes_at = Timestamp::from_second(closes_at).unwrap_or(Timestamp::MIN);
    let page = closes_at.saturating_add(CARD_GRACE).unwrap_or(closes_at);
    for_card(page.min(waits_since + CARD_AT_MOST), now)
}

/// The hold of an order paid by card.
fn for_card(expires_at: Timestamp, now: Timestamp) -> Hold {
    let remind_at = expires_at.saturating_sub(CARD_REMINDER).unwrap_or(expires_at);
    Hold { expires_at, remind_at: Some(remind_at).filter(|remind_at| *remind_at > now) }
}

#[cfg(test)]
mod tests {
    use contract::orders::{OrderStatus, Payment};
    use jiff::Timestamp;

    use super::{HoldRules, hold_for_page};
    use crate::store::Hold;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn hold_period_depends_on_status_and_payment() {
        let closed = ["2026-12-25", "2026-12-28"].map(|day| day.parse().expect("a date"));
        let rules = HoldRules { working_days: 10, closed: &closed };
        let hold = |status, payment, now: &str| rules.hold(status, &payment, at(now));
        let held = |expires_at: &str, remind_at: Option<&str>| {
            Some(Hold { expires_at: at(expires_at), remind_at: remind_at.map(at) })
        };
        use OrderStatus::{AwaitingApproval, AwaitingPayment, Confirmed};
        let number = || Payment::PurchaseOrder { number: "7".to_owned() };
        let thursday = "2026-12-17T12:00:00Z";
        // Ten working days, including Christmas; the working day before the last one is a
        // Friday.
        let ten = held("2027-01-05T00:00:00Z", Some("2027-01-01T09:00:00Z"));
        assert_eq!(hold(AwaitingPayment, Payment::Transfer {}, thursday), ten);
        assert_eq!(hold(AwaitingApproval, number(), thursday), ten);
        assert_eq!(hold(AwaitingApproval, Payment::Card {}, thursday), ten);
        let card = held("2026-12-18T12:00:00Z", Some("2026-12-18T00:00:00Z"));
        assert_eq!(hold(AwaitingPayment, Payment::Card {}, thursday), card);
        assert_eq!(hold(Confirmed, Payment::Card {}, thursday), None);
        // A reminder sent immediately would say nothing new.
        let one = HoldRules { working_days: 1, closed: &closed };
        let hold = one.for_working_days(at(thursday));
        assert_eq!(Some(hold), held("2026-12-19T00:00:00Z", None));
    }

    #[test]
    fn payment_pages_extend_the_hold_up_to_a_maximum() {
        let since = at("2026-12-17T12:00:00Z");
        let closes_at = |text: &str| at(text).as_second();
        let held = |expires_at: &str, remind_at: Option<&str>| Hold {
            expires_at: at(expires_at),
            remind_at: remind_at.map(at),
        };
        let page = hold_for_page(since, closes_at("2026-12-18T15:00:00Z"), since);
        assert_eq!(page, held("2026-12-18T15:10:00Z", Some("2026-12-18T03:10:00Z")));
        let late = hold_for_page(since, closes_at("2026-12-19T15:00:00Z"), at("2026-12-18T15:00:00Z"));
        assert_eq!(late, held("2026-12-19T12:00:00Z", Some("2026-12-19T00:00:00Z")));
        let last = hold_for_page(since, closes_at("2026-12-20T01:00:00Z"), at("2026-12-19T01:00:00Z"));
        assert_eq!(last, held("2026-12-19T12:00:00Z", None), "too late for a reminder");
        let never = hold_for_page(since, i64::MAX, since);
        assert!(never.expires_at < since, "what is no moment holds nothing");
    }
}
