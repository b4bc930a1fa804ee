//! The input fields of the forms on an order's page.

use contract::orders::{Address, ChangeKind, Order, OrderForm, Payment};
use leptos::prelude::*;

/// The fields of all forms.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub(super) address: AddressFields,
    pub(super) code: RwSignal<String>,
    /// The payment method for an accepted quote, as a form value.
    pub(super) payment_method: RwSignal<String>,
    pub(super) number: RwSignal<String>,
    /// The returned quantity of each SKU. An order's lines never change.
    quantities: StoredValue<Vec<(String, RwSignal<String>)>>,
    pub(super) reason: RwSignal<String>,
}

/// The lines of a delivery address.
#[derive(Clone, Copy)]
pub(super) struct AddressFields {
    pub(super) recipient: RwSignal<String>,
    pub(super) line_1: RwSignal<String>,
    pub(super) line_2: RwSignal<String>,
    pub(super) town: RwSignal<String>,
    pub(super) postcode: RwSignal<String>,
}

impl AddressFields {
    fn new(address: &Address) -> Self {
        Self {
            recipient: RwSignal::new(address.recipient.clone()),
            line_1: RwSignal::new(address.line_1.clone()),
            line_2: RwSignal::new(address.line_2.clone()),
            town: RwSignal::new(address.town.clone()),
            postcode: RwSignal::new(address.postcode.clone()),
        }
    }

    fn set(self, address: &Address) {
        self.recipient.set(address.recipient.clone());
        self.line_1.set(address.line_1.clone());
        self.line_2.set(address.line_2.clone());
        self.town.set(address.town.clone());
        self.postcode.set(address.postcode.clone());
    }

    fn typed(self) -> Address {
        Address {
            recipient: self.recipient.get_untracked(),
            line_1: self.line_1.get_untracked(),
            line_2: self.line_2.get_untracked(),
            town: self.town.get_untracked(),
            postcode: self.postcode.get_untracked(),
        }
    }
}

impl Fields {
    /// The initial fields: the input of a refused form, or else the known values.
    pub(super) fn new(order: &Order, refused: Option<&OrderForm>) -> Self {
        let known = order.changeable_address().cloned().unwrap_or_default();
        let address = match refused {
            Some(OrderForm::Address(address)) => address,
            _ => &known,
        };
        let code = match refused {
            Some(OrderForm::Approve { code }) => code.clone(),
            _ => String::new(),
        };
        let (method, number) = match (refused, &order.payment) {
            (Some(OrderForm::Accept { method, number }), _) => (method.clone(), number.clone()),
            (_, Payment::PurchaseOrder { number }) => ("purchase-order".to_owned(), number.clone()),
            _ => ("purchase-order".to_owned(), String::new()),
        };
        let (reason, typed) = match refused {
            Some(OrderForm::Return { reason, quantities, .. }) => (reason.clone(), Some(quantities)),
            _ => (String::new(), None),
        };
        let quantity = |sku: &String| {
            let typed = typed.and_then(|typed| typed.get(sku)).cloned();
            (sku.clone(), RwSignal::new(typed.unwrap_or_default()))
        };
        let quantities = order.lines.iter().map(|line| quantity(&line.sku)).collect();
        Self {
            address: AddressFields::new(address),
            code: RwSignal::new(code),
            payment_method: RwSignal::new(method),
            number: RwSignal::new(number),
            quantities: StoredValue::new(quantities),
            reason: RwSignal::new(reason),
        }
    }

    /// The returned quantity for the line with this index.
    pub(super) fn quantity(self, index: usize) -> Option<RwSignal<String>> {
        self.quantities.with_value(|quantities| quantities.get(index).map(|(_, typed)| *typed))
    }

    /// A form with the current input.
    pub(super) fn form(self, kind: ChangeKind, order: &Order) -> OrderForm {
        match kind {
            ChangeKind::Cancel => OrderForm::Cancel,
            ChangeKind::Address => OrderForm::Address(self.address.typed()),
            ChangeKind::Approve => OrderForm::Approve { code: self.code.get_untracked() },
            ChangeKind::NewCode => OrderForm::NewCode {},
            ChangeKind::Accept => OrderForm::Accept {
                method: self.payment_method.get_untracked(),
                number: self.number.get_untracked(),
            },
            ChangeKind::Return => {
                let typed = self.quantities.with_value(|quantities| {
                    let typed = quantities.iter().map(|(sku, typed)| (sku.clone(), typed.get_untracked()));
                    typed.collect()
                });
                OrderForm::Return {
                    reason: self.reason.get_untracked(),
                    known: order.returns.to_string(),
                    quantities: typed,
                }
            }
        }
    }

    /// Clears the input of a form after its change was made.
    pub(super) fn reset(self, kind: ChangeKind, order: &Order) {
        match kind {
            ChangeKind::Address => {
                if let Some(address) = order.changeable_address() {
                    self.address.set(address);
                }
            }
            ChangeKind::Approve | ChangeKind::NewCode => self.code.set(String::new()),
            ChangeKind::Return => {
                self.reason.set(String::new());
                self.quantities.with_value(|quantities| {
                    for (_, typed) in quantities {
                        typed.set(String::new());
                    }
                });
            }
            ChangeKind::Cancel | ChangeKind::Accept => {}
        }
    }
}
