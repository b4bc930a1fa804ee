//! What can be done with an order in which status. The page uses the same rules to show a form
//! as the server uses to make a change.

use super::{Address, Approver, CustomerKind, Delivery, Order, OrderStatus, OrderedLine, Payment};

/// The number of days after delivery in which items can be returned.
pub const RETURN_DAYS: u32 = 14;

/// A document of an order that its customer can download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderDocument {
    /// The quote.
    Quote,
    /// The invoice.
    Invoice,
}

impl OrderDocument {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Quote, Self::Invoice];

    /// The last part of its URL, after the URL of the order's page.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Quote => "/quote.pdf",
            Self::Invoice => "/invoice.pdf",
        }
    }
}

impl OrderStatus {
    /// Whether an order in this status has an invoice.
    pub const fn has_invoice(self) -> bool {
        !matches!(self, Self::Quoted | Self::Placed | Self::AwaitingApproval | Self::Cancelled)
    }
}

impl Order {
    /// Whether the customer can cancel it.
    pub fn can_be_cancelled(&self) -> bool {
        self.status.is_open()
    }

    /// The delivery address, if the customer can change it.
    pub fn changeable_address(&self) -> Option<&Address> {
        match &self.delivery {
            Delivery::Post { address, .. } if self.status.is_open() => Some(address),
            _ => None,
        }
    }

    /// Whether it is awaiting approval by its branch officer.
    pub fn awaits_officer(&self) -> bool {
        self.approver == Some(Approver::Officer)
    }

    /// Whether its branch officer has an approval code for it.
    pub fn takes_code(&self) -> bool {
        self.awaits_officer() && !self.needs_code
    }

    /// Whether it is a quote that can be accepted.
    pub fn can_be_accepted(&self) -> bool {
        self.status == OrderStatus::Quoted && self.valid_until.is_some()
    }

    /// Whether the customer can still request a return.
    pub fn takes_returns(&self) -> bool {
        self.status.takes_returns() && self.return_by.is_some()
    }

    /// The lines with items that can still be returned, each with its index.
    pub fn returnable(&self) -> impl Iterator<Item = (usize, &OrderedLine)> {
        let lines = self.lines.iter().enumerate();
        lines.filter(|(_, line)| self.takes_returns() && line.left_to_return() > 0)
    }

    /// The quantity of all requested returns that has not arrived yet.
    pub fn quantity_being_returned(&self) -> u32 {
        self.lines.iter().map(|line| line.return_requested.saturating_sub(line.returned)).sum()
    }

    /// The document that the customer can download.
    pub fn document(&self) -> Option<OrderDocument> {
        if self.can_be_accepted() {
            Some(OrderDocument::Quote)
        } else {
            self.status.has_invoice().then_some(OrderDocument::Invoice)
        }
    }

    /// The payment method, if it is awaiting payment.
    pub fn payment_due(&self) -> Option<&Payment> {
        (self.status == OrderStatus::AwaitingPayment).then_some(&self.payment)
    }

    /// Whether the customer has the legal right to cancel: individuals do, until some time
    /// after delivery.
    pub fn has_right_to_cancel(&self) -> bool {
        let is_said = !self.status.is_over() && self.status != OrderStatus::Quoted;
        self.customer.kind == CustomerKind::Member && is_said
    }
}

impl OrderedLine {
    /// The quantity that can still be returned.
    pub const fn left_to_return(&self) -> u32 {
        self.dispatched.saturating_sub(self.return_requested)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::OrderDocument;
    use crate::{
        orders::{
            Address, Approver, Customer, CustomerKind, Delivery, Order, OrderStatus, OrderedLine, Payment,
            Speed, price::OrderPrice,
        },
        time::{Date, Moment},
    };

    /// A delivered order of three mugs and two badges, with another status.
    pub(crate) fn order(status: OrderStatus) -> Order {
        let line = |sku: &str, quantity| OrderedLine {
            sku: sku.to_owned(),
            product: "mug".to_owned(),
            name: "Mug".to_owned(),
            variant: String::new(),
            quantity,
            dispatched: quantity,
            return_requested: 0,
            returned: 0,
        };
        let day = Date::new(2026, 11, 22).expect("a day");
        let moment = Moment { utc: "2026-11-22T12:00:00Z".to_owned(), uk_date: day, uk_minute: 12 * 60 };
        Order {
            reference: "H26-7K3M-9QXD".to_owned(),
            status,
            placed: moment,
            lines: vec![line("MUG", 3), line("BADGE", 2)],
            price: OrderPrice {
                lines: Vec::new(),
                subtotal_pence: 3000,
                delivery_pence: 395,
                vat: Vec::new(),
                total_pence: 3395,
            },
            customer: Customer { kind: CustomerKind::Branch, ..Customer::default() },
            delivery: Delivery::Post { address: Address::default(), speed: Speed::default() },
            payment: Payment::Transfer {},
            history: Vec::new(),
            return_by: status.takes_returns().then_some(day),
            valid_until: (status == OrderStatus::Quoted).then_some(day),
            approver: None,
            needs_code: false,
            held_until: None,
            refunded_pence: 0,
            returns: 0,
        }
    }

    #[test]
    fn orders_can_be_cancelled_or_readdressed_until_packed() {
        for status in OrderStatus::ALL {
            let order = order(status);
            let is_open = matches!(
                status,
                OrderStatus::Quoted
                    | OrderStatus::Placed
                    | OrderStatus::AwaitingApproval
                    | OrderStatus::AwaitingPayment
                    | OrderStatus::Confirmed
            );
            assert_eq!(order.can_be_cancelled(), is_open, "{status:?}");
            assert_eq!(order.changeable_address().is_some(), is_open, "{status:?}");
        }
    }

    #[test]
    fn items_can_be_returned_until_the_deadline_up_to_the_dispatched_quantity() {
        let mut delivered = order(OrderStatus::Delivered);
        delivered.lines[0].return_requested = 3;
        assert_eq!(delivered.returnable().map(|(index, _)| index).collect::<Vec<_>>(), [1]);
        assert_eq!(delivered.quantity_being_returned(), 3);
        delivered.lines[0].returned = 3;
        assert_eq!(delivered.quantity_being_returned(), 0);
        delivered.return_by = None;
        assert_eq!(delivered.returnable().count(), 0);
        assert_eq!(order(OrderStatus::Dispatched).returnable().count(), 0);
    }

    #[test]
    fn valid_quotes_and_approved_orders_have_a_document() {
        let mut quote = order(OrderStatus::Quoted);
        assert!(quote.can_be_accepted());
        assert_eq!(quote.document(), Some(OrderDocument::Quote));
        quote.valid_until = None;
        assert!(!quote.can_be_accepted());
        assert_eq!(quote.document(), None);
        assert_eq!(order(OrderStatus::AwaitingApproval).document(), None);
        assert_eq!(order(OrderStatus::Confirmed).document(), Some(OrderDocument::Invoice));
        assert_eq!(order(OrderStatus::Cancelled).document(), None);
    }

    #[test]
    fn members_have_a_right_to_cancel_and_only_officer_orders_take_a_code() {
        let mut own = order(OrderStatus::Dispatched);
        assert!(!own.has_right_to_cancel(), "a branch");
        own.customer.kind = CustomerKind::Member;
        assert!(own.has_right_to_cancel());
        own.status = OrderStatus::Cancelled;
        assert!(!own.has_right_to_cancel());

        let mut waiting = order(OrderStatus::AwaitingApproval);
        waiting.approver = Some(Approver::Staff);
        assert!(!waiting.takes_code());
        waiting.approver = Some(Approver::Officer);
        assert!(waiting.takes_code());
        waiting.needs_code = true;
        assert!(!waiting.takes_code());
    }
}
