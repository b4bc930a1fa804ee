//! The status of an order as shown on its page, in emails and in documents.

use super::{Approver, Delivery, Order, OrderEvent, OrderStatus, Payment};
use crate::time::Moment;

/// The status that a customer sees. It depends on the order's status, and also on whether it is
/// collected, who approves it, and why it was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisplayedStatus {
    /// It is a quote.
    Quoted,
    /// It was received.
    Placed,
    /// It is awaiting approval by the shop's staff.
    AwaitingApproval,
    /// It is awaiting approval by its branch officer.
    AwaitingOfficer,
    /// It is awaiting payment.
    AwaitingPayment,
    /// It can be packed.
    Confirmed,
    /// It is packed.
    Packed,
    /// Part of it has been dispatched.
    PartlyDispatched,
    /// Part of it can be collected.
    PartlyReady,
    /// All of it has been dispatched.
    Dispatched,
    /// All of it can be collected.
    ReadyToCollect,
    /// It has been delivered.
    Delivered,
    /// It was collected.
    Collected,
    /// It was cancelled.
    Cancelled,
    /// It was cancelled because it was not paid or approved in time.
    Expired,
    /// Some items were returned.
    Returned,
    /// It was refunded.
    Refunded,
}

impl DisplayedStatus {
    /// The displayed status for a status and a delivery method.
    pub const fn of(status: OrderStatus, delivery: &Delivery) -> Self {
        let is_collected = matches!(delivery, Delivery::Collection { .. });
        match status {
            OrderStatus::Quoted => Self::Quoted,
            OrderStatus::Placed => Self::Placed,
            OrderStatus::AwaitingApproval => Self::AwaitingApproval,
            OrderStatus::AwaitingPayment => Self::AwaitingPayment,
            OrderStatus::Confirmed => Self::Confirmed,
            OrderStatus::Packed => Self::Packed,
            OrderStatus::PartlyDispatched if is_collected => Self::PartlyReady,
            OrderStatus::PartlyDispatched => Self::PartlyDispatched,
            OrderStatus::Dispatched if is_collected => Self::ReadyToCollect,
            OrderStatus::Dispatched => Self::Dispatched,
            OrderStatus::Delivered if is_collected => Self::Collected,
            OrderStatus::Delivered => Self::Delivered,
            OrderStatus::Cancelled => Self::Cancelled,
            OrderStatus::Returned => Self::Returned,
            OrderStatus::Refunded => Self::Refunded,
        }
    }
}

/// How long the stock of an order awaiting payment or approval is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold<'a> {
    /// Until it is approved, at the latest by this moment.
    Approval(&'a Moment),
    /// Until it is paid by card, to the minute.
    CardPayment(&'a Moment),
    /// Until the bank transfer arrives, to the day.
    Payment(&'a Moment),
}

impl Order {
    /// The status that its customer sees.
    pub fn displayed_status(&self) -> DisplayedStatus {
        if self.has_expired() {
            return DisplayedStatus::Expired;
        }
        match self.approver {
            Some(Approver::Officer) => DisplayedStatus::AwaitingOfficer,
            _ => DisplayedStatus::of(self.status, &self.delivery),
        }
    }

    /// Whether it was cancelled because it was not paid or approved in time.
    pub fn has_expired(&self) -> bool {
        self.status == OrderStatus::Cancelled
            && self.history.last().is_some_and(|last| last.event == Some(OrderEvent::Expired))
    }

    /// How long its stock is held; none if it does not expire.
    pub fn hold(&self) -> Option<Hold<'_>> {
        let last = self.held_until.as_ref().filter(|_| !self.status.is_over())?;
        Some(match (self.status, &self.payment) {
            (OrderStatus::AwaitingApproval, _) => Hold::Approval(last),
            (_, Payment::Card {}) => Hold::CardPayment(last),
            _ => Hold::Payment(last),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::DisplayedStatus;
    use crate::{
        orders::{Approver, Delivery, OrderEvent, OrderHistoryEntry, OrderStatus, rules::tests::order},
        region::Region,
    };

    #[test]
    fn a_collected_order_is_ready_and_a_posted_one_is_dispatched() {
        let posted = order(OrderStatus::Dispatched);
        assert_eq!(posted.displayed_status(), DisplayedStatus::Dispatched);
        let mut collected = posted;
        collected.delivery = Delivery::Collection { region: Region::Wales };
        assert_eq!(collected.displayed_status(), DisplayedStatus::ReadyToCollect);
        collected.status = OrderStatus::Delivered;
        assert_eq!(collected.displayed_status(), DisplayedStatus::Collected);
    }

    #[test]
    fn status_shows_the_approver_and_the_reason_for_cancellation() {
        let mut waiting = order(OrderStatus::AwaitingApproval);
        waiting.approver = Some(Approver::Staff);
        assert_eq!(waiting.displayed_status(), DisplayedStatus::AwaitingApproval);
        waiting.approver = Some(Approver::Officer);
        assert_eq!(waiting.displayed_status(), DisplayedStatus::AwaitingOfficer);

        let mut cancelled = order(OrderStatus::Cancelled);
        assert_eq!(cancelled.displayed_status(), DisplayedStatus::Cancelled);
        cancelled.history.push(OrderHistoryEntry {
            at: cancelled.placed.clone(),
            status: OrderStatus::Cancelled,
            note: String::new(),
            event: Some(OrderEvent::Expired),
        });
        assert_eq!(cancelled.displayed_status(), DisplayedStatus::Expired);
    }
}
