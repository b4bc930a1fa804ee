//! What becomes of an order: its states, and the one table of moves between
//! them.

use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OrderState {
    /// It is an offer: nothing is taken from the stock until it is accepted.
    Quoted,
    /// It was taken, and nothing has happened yet.
    Placed,
    /// It waits to be approved, by the branch's officer or by staff.
    AwaitingApproval,
    /// It waits for money.
    AwaitingPayment,
    /// It can be packed.
    Confirmed,
    /// All of it is in its parcels.
    Packed,
    /// Part of it is on its way.
    PartlyDispatched,
    /// All of it is on its way.
    Dispatched,
    /// It has arrived.
    Delivered,
    /// It was called off before it was packed; its stock is back.
    Cancelled,
    /// All of it or part of it has come back.
    Returned,
    /// Its money was given back.
    Refunded,
}

impl OrderState {
    /// All states, in the order in which most orders pass them.
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

    /// Its name on the wire, in the database and in addresses.
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

    /// The states that may follow.
    pub const fn next(self) -> &'static [Self] {
        use OrderState::{
            AwaitingApproval, AwaitingPayment, Cancelled, Confirmed, Delivered, Dispatched, Packed,
            PartlyDispatched, Placed, Quoted, Refunded, Returned,
        };
        match self {
            Quoted | Placed => &[AwaitingApproval, AwaitingPayment, Confirmed, Cancelled],
            AwaitingApproval => &[AwaitingPayment, Confirmed, Cancelled],
            // Back to whoever has approved it, where its address is changed.
            AwaitingPayment => &[Confirmed, Cancelled, AwaitingApproval],
            Confirmed => &[Packed, PartlyDispatched, Dispatched, Cancelled, AwaitingApproval],
            Packed => &[PartlyDispatched, Dispatched],
            PartlyDispatched => &[Dispatched],
            Dispatched => &[Delivered],
            Delivered => &[Returned],
            Cancelled | Returned => &[Refunded],
            // Where more of it comes back.
            Refunded => &[Returned],
        }
    }

    /// Whether the order may go on to `state`.
    pub fn may_become(self, state: Self) -> bool {
        self.next().contains(&state)
    }

    /// Whether it waits for somebody before it can be packed: nobody has to send anything if
    /// it is forgotten.
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Quoted | Self::Placed | Self::AwaitingApproval | Self::AwaitingPayment)
    }

    /// Whether nothing more is sent or paid, unless something comes back.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Delivered | Self::Cancelled | Self::Returned | Self::Refunded)
    }

    /// Whether its stock is held until somebody pays or approves it, and no longer than
    /// it was said.
    pub const fn is_held(self) -> bool {
        matches!(self, Self::AwaitingPayment | Self::AwaitingApproval)
    }

    /// Whether pieces of it can come back.
    pub const fn takes_returns(self) -> bool {
        matches!(self, Self::Delivered | Self::Returned | Self::Refunded)
    }

    /// Whether whoever has ordered may still call it off or change its address.
    pub fn is_open(self) -> bool {
        self.may_become(Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::OrderState;

    #[test]
    fn every_state_is_reached_and_an_order_ends() {
        let reached = |state| OrderState::ALL.iter().any(|from| from.may_become(state));
        for state in OrderState::ALL {
            let first = matches!(state, OrderState::Placed | OrderState::Quoted);
            assert!(first || reached(state), "{state:?}");
            assert!(!state.may_become(state), "{state:?}");
            assert_eq!(serde_json::to_value(state).expect("JSON"), state.name());
        }
        let mut paths = vec![vec![OrderState::Placed], vec![OrderState::Quoted]];
        while let Some(path) = paths.pop() {
            let last = path[path.len() - 1];
            if last == OrderState::Refunded {
                // What is kept can still come back, a piece at a time.
                continue;
            }
            for next in last.next() {
                let is_first = matches!(last, OrderState::Placed | OrderState::Quoted);
                if *next == OrderState::AwaitingApproval && !is_first {
                    // Another address is approved once more.
                    continue;
                }
                assert!(!path.contains(next), "an order comes back to {next:?}: {path:?}");
                paths.push([&path[..], &[*next]].concat());
            }
        }
    }
}
