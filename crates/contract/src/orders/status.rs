//! The status of an order as shown on its page, in emails and in documents.

use super::{Approver, Delivery, Order, OrderEvent, OrderState, Payment};
use crate::time::Moment;

/// The status that a customer sees. It depends on the state, and also on whether the order is
/// collected, who approves it, and why it was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderStatus {
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

impl OrderStatus {
    /// The status for a state and a delivery method.
    pub const fn of(state: OrderState, delivery: &Delivery) -> Self {
        let is_collected = matches!(delivery, Delivery::Collection { .. });
        match state {
            OrderState::Quoted => Self::Quoted,
            OrderState::Placed => Self::Placed,
            OrderState::AwaitingApproval => Self::AwaitingApproval,
            OrderState::AwaitingPayment => Self::AwaitingPayment,
            OrderState::Confirmed => Self::Confirmed,
            OrderState::Packed => Self::Packed,
            OrderState::PartlyDispatched if is_collected => Self::PartlyReady,
            OrderState::PartlyDispatched => Self::PartlyDispatched,
            OrderState::Dispatched if is_collected => Self::ReadyToCollect,
            OrderState::Dispatched => Self::Dispatched,
            OrderState::Delivered if is_collected => Self::Collected,
            OrderState::Delivered => Self::Delivered,
            OrderState::Cancelled => Self::Cancelled,
            OrderState::Returned => Self::Returned,
            OrderState::Refunded => Self::Refunded,
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
    /// Its current status.
    pub fn status(&self) -> OrderStatus {
        if self.has_expired() {
            return OrderStatus::Expired;
        }
        match self.approver {
            Some(Approver::Officer) => OrderStatus::AwaitingOfficer,
            _ => OrderStatus::of(self.state, &self.delivery),
        }
    }

    /// Whether it was cancelled because it was not paid or approved in time.
    pub fn has_expired(&self) -> bool {
        self.state == OrderState::Cancelled
            && self.history.last().is_some_and(|last| last.event == Some(OrderEvent::Expired))
    }

    /// How long its stock is held; none if it does not expire.
    pub fn hold(&self) -> Option<Hold<'_>> {
        let last = self.held_until.as_ref().filter(|_| !self.state.is_over())?;
        Some(match (self.state, &self.payment) {
            (OrderState::AwaitingApproval, _) => Hold::Approval(last),
            (_, Payment::Card {}) => Hold::CardPayment(last),
            _ => Hold::Payment(last),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::OrderStatus;
    use crate::{
        orders::{Approver, Delivery, OrderEvent, OrderHistoryEntry, OrderState, rules::tests::order},
        region::Region,
    };

    #[test]
    fn a_collected_order_is_ready_and_a_posted_one_is_dispatched() {
        let posted = order(OrderState::Dispatched);
        assert_eq!(posted.status(), OrderStatus::Dispatched);
        let mut collected = posted;
        collected.delivery = Delivery::Collection { region: Region::Wales };
        assert_eq!(collected.status(), OrderStatus::ReadyToCollect);
        collected.state = OrderState::Delivered;
        assert_eq!(collected.status(), OrderStatus::Collected);
    }

    #[test]
    fn status_shows_the_approver_and_the_reason_for_cancellation() {
        let mut waiting = order(OrderState::AwaitingApproval);
        waiting.approver = Some(Approver::Staff);
        assert_eq!(waiting.status(), OrderStatus::AwaitingApproval);
        waiting.approver = Some(Approver::Officer);
        assert_eq!(waiting.status(), OrderStatus::AwaitingOfficer);

        let mut cancelled = order(OrderState::Cancelled);
        assert_eq!(cancelled.status(), OrderStatus::Cancelled);
        cancelled.history.push(OrderHistoryEntry {
            at: cancelled.placed.clone(),
            state: OrderState::Cancelled,
            note: String::new(),
            event: Some(OrderEvent::Expired),
        });
        assert_eq!(cancelled.status(), OrderStatus::Expired);
    }
}
