//! The statuses of an order, and the table of transitions between them.

use serde::{Deserialize, Serialize};

/// The status of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OrderStatus {
    /// It is a quote: no stock is reserved until it is accepted.
    Quoted,
    /// It was received, and nothing has happened yet.
    Placed,
    /// It is awaiting approval, by the branch officer or by staff.
    AwaitingApproval,
    /// It is awaiting payment.
    AwaitingPayment,
    /// It can be packed.
    Confirmed,
    /// All of it is in its parcels.
    Packed,
    /// Part of it has been dispatched.
    PartlyDispatched,
    /// All of it has been dispatched.
    Dispatched,
    /// It has been delivered.
    Delivered,
    /// It was cancelled before it was packed; its stock was released.
    Cancelled,
    /// All or part of it was returned.
    Returned,
    /// It was refunded.
    Refunded,
}

impl OrderStatus {
    /// All statuses, in the order of most orders.
    pub const ALL: [Self; 12] = [
        Self::Quoted,
        Self::Placed,
        Self::AwaitingApproval,
        Self::AwaitingPayment,
        Self::Confirmed,
        Self::Packed,
        Self::PartlyDispatched,
        Self::Dispatched,
        Self::Delivered,
        Self::Cancelled,
        Self::Returned,
        Self::Refunded,
    ];

    /// Its name in the API, in the database and in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quoted => "quoted",
            Self::Placed => "placed",
            Self::AwaitingApproval => "awaiting-approval",
            Self::AwaitingPayment => "awaiting-payment",
            Self::Confirmed => "confirmed",
            Self::Packed => "packed",
            Self::PartlyDispatched => "partly-dispatched",
            Self::Dispatched => "dispatched",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Returned => "returned",
            Self::Refunded => "refunded",
        }
    }

    /// The statuses that may follow.
    pub const fn next(self) -> &'static [Self] {
        use OrderStatus::{
            AwaitingApproval, AwaitingPayment, Cancelled, Confirmed, Delivered, Dispatched, Packed,
            PartlyDispatched, Placed, Quoted, Refunded, Returned,
        };
        match self {
            Quoted | Placed => &[AwaitingApproval, AwaitingPayment, Confirmed, Cancelled],
            AwaitingApproval => &[AwaitingPayment, Confirmed, Cancelled],
            // Back to approval if its address is changed.
            AwaitingPayment => &[Confirmed, Cancelled, AwaitingApproval],
            Confirmed => &[Packed, PartlyDispatched, Dispatched, Cancelled, AwaitingApproval],
            Packed => &[PartlyDispatched, Dispatched],
            PartlyDispatched => &[Dispatched],
            Dispatched => &[Delivered],
            Delivered => &[Returned],
            Cancelled | Returned => &[Refunded],
            // If more items are returned.
            Refunded => &[Returned],
        }
    }

    /// Whether the transition to `status` is allowed.
    pub fn may_become(self, status: Self) -> bool {
        self.next().contains(&status)
    }

    /// Whether it cannot be packed yet, because it awaits acceptance, approval or payment. If
    /// it is erased, nothing needs to be dispatched.
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Quoted | Self::Placed | Self::AwaitingApproval | Self::AwaitingPayment)
    }

    /// Whether the order is closed: nothing more is dispatched or paid, unless items are
    /// returned.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Delivered | Self::Cancelled | Self::Returned | Self::Refunded)
    }

    /// Whether it is finished: nothing more is dispatched, paid or approved. Staff may leave an
    /// order at its dispatch, so this does not wait for its delivery.
    pub fn is_finished(self) -> bool {
        self == Self::Dispatched || self.is_over()
    }

    /// Whether its stock is held until it is paid or approved, and released when the hold
    /// expires.
    pub const fn is_held(self) -> bool {
        matches!(self, Self::AwaitingPayment | Self::AwaitingApproval)
    }

    /// Whether items can be returned.
    pub const fn takes_returns(self) -> bool {
        matches!(self, Self::Delivered | Self::Returned | Self::Refunded)
    }

    /// Whether the customer may still cancel it or change its address.
    pub fn is_open(self) -> bool {
        self.may_become(Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::OrderStatus;

    #[test]
    fn every_status_is_reachable_and_every_order_ends() {
        let reached = |status| OrderStatus::ALL.iter().any(|from| from.may_become(status));
        for status in OrderStatus::ALL {
            let first = matches!(status, OrderStatus::Placed | OrderStatus::Quoted);
            assert!(first || reached(status), "{status:?}");
            assert!(!status.may_become(status), "{status:?}");
            assert_eq!(serde_json::to_value(status).expect("JSON"), status.name());
        }
        let mut paths = vec![vec![OrderStatus::Placed], vec![OrderStatus::Quoted]];
        while let Some(path) = paths.pop() {
            let last = path[path.len() - 1];
            if last == OrderStatus::Refunded {
                // The items that were kept can still be returned, one at a time.
                continue;
            }
            for next in last.next() {
                let is_first = matches!(last, OrderStatus::Placed | OrderStatus::Quoted);
                if *next == OrderStatus::AwaitingApproval && !is_first {
                    // Another address needs another approval.
                    continue;
                }
                assert!(!path.contains(next), "an order comes back to {next:?}: {path:?}");
                paths.push([&path[..], &[*next]].concat());
            }
        }
    }
}
