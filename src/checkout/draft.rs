//! The customer's input at the checkout. It is stored for as long as the tab lives, except the
//! membership number.

use std::array;

use contract::{
    Locale,
    orders::{
        Address, Customer, CustomerKind, Delivery, DeliveryOption, DeliveryOptionKind, OrderLine, Payment,
        PlaceOrder, PricedBasket, PricedLine, Speed,
    },
    region::Region,
    shop::Shop,
};
use leptos::prelude::*;

use super::{
    field::Field,
    form_values::{KINDS, PaymentMethod, delivery_option_value, kind_value},
};
use crate::storage::Area;

/// The storage key; the value is form-encoded.
const KEY: &str = "checkout";

/// The customer's input.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    /// In the order of [`Field::ALL`].
    texts: [RwSignal<String>; Field::ALL.len()],
    pub(super) kind: RwSignal<CustomerKind>,
    /// None if nothing was chosen: the first option then applies.
    pub(super) delivery_option: RwSignal<Option<DeliveryOptionKind>>,
    /// The office to collect from, by the slug of its region.
    pub(super) region: RwSignal<String>,
    pub(super) payment: RwSignal<PaymentMethod>,
}

impl Draft {
    /// An empty draft.
    pub(super) fn new(shop: &Shop) -> Self {
        let office = shop.offices.first().map(|office| office.region.slug().to_owned());
        Self {
            texts: array::from_fn(|_| RwSignal::new(String::new())),
            kind: RwSignal::new(CustomerKind::Member),
            delivery_option: RwSignal::new(None),
            region: RwSignal::new(office.unwrap_or_default()),
            payment: RwSignal::new(PaymentMethod::Transfer),
        }
    }

    /// Restores the draft that was stored before the page was reloaded, and stores further
    /// changes. Called in an effect that runs before those of the fields, which read what was
    /// typed before the app was ready: that is newer.
    pub(super) fn restore(self, shop: &Shop) {
        self.read(&Area::Session.get(KEY).unwrap_or_default(), shop);
        Effect::new(move |before: Option<String>| {
            let stored = self.as_query();
            // Only visiting the page stores nothing.
            if before.is_some_and(|before| before != stored) {
                Area::Session.set(KEY, Some(&stored));
            }
            stored
        });
    }

    /// Deletes the stored draft once the order is placed.
    pub(super) fn forget() {
        Area::Session.set(KEY, None);
    }

    /// The text of a field.
    pub(super) fn text(self, field: Field) -> RwSignal<String> {
        self.texts[field as usize]
    }

    fn typed(self, field: Field) -> String {
        self.text(field).get_untracked()
    }

    /// Form-encoded.
    fn as_query(self) -> String {
        let texts = Field::ALL.map(|field| (field.id(), self.text(field).get()));
        let region = self.region.get();
        let mut pairs = vec![("kind", kind_value(self.kind.get()))];
        let stored = texts.iter().filter(|(id, _)| *id != Field::Membership.id());
        pairs.extend(stored.map(|(id, text)| (*id, text.as_str())));
        pairs.extend(self.delivery_option.get().map(|kind| ("delivery", delivery_option_value(kind))));
        pairs.extend([("region", region.as_str()), ("by", self.payment.get().value())]);
        contract::query("", &pairs).trim_start_matches('?').to_owned()
    }

    /// Restores form-encoded values, as far as the shop still offers them.
    fn read(self, query: &str, shop: &Shop) {
        for (name, value) in contract::pairs(query) {
            match &*name {
                "kind" => set(self.kind, KINDS.into_iter().find(|kind| kind_value(*kind) == value)),
                "delivery" => {
                    let kinds = [
                        DeliveryOptionKind::Cheapest,
                        DeliveryOptionKind::Fastest,
                        DeliveryOptionKind::Collection,
                    ];
                    set(
                        self.delivery_option,
                        kinds.into_iter().find(|kind| delivery_option_value(*kind) == value).map(Some),
                    );
                }
                "region" => {
                    let is_there = shop.offices.iter().any(|office| office.region.slug() == value);
                    set(self.region, is_there.then_some(value));
                }
                "by" => {
                    let chosen = PaymentMethod::ALL.into_iter().find(|method| method.value() == value);
                    set(self.payment, chosen.filter(|method| shop.card || *method != PaymentMethod::Card));
                }
                name => {
                    if let Some(field) = Field::ALL.into_iter().find(|field| field.id() == name) {
                        self.text(field).set(value);
                    }
                }
            }
        }
    }

    /// The order for a basket with this delivery option.
    pub(super) fn order(
        self,
        priced: Option<&PricedBasket>,
        option: Option<&DeliveryOption>,
        locale: Locale,
    ) -> PlaceOrder {
        let kind = self.kind.get_untracked();
        let total = option.map(|option| option.total_pence);
        let lines = priced.map(|priced| priced.lines.as_slice()).unwrap_or_default();
        let line = |line: &PricedLine| OrderLine { sku: line.sku.clone(), quantity: line.quantity };
        PlaceOrder {
            locale,
            lines: lines.iter().map(line).collect(),
            customer: Customer {
                kind,
                name: self.typed(Field::Name),
                email: self.typed(Field::Email),
                telephone: self.typed(Field::Telephone),
                branch: if kind == CustomerKind::Member { String::new() } else { self.typed(Field::Branch) },
            },
            membership: self.typed(Field::Membership),
            delivery: self.delivery(option.map(|option| option.kind)),
            payment: match self.payment.get_untracked() {
                _ if total == Some(0) => Payment::Nothing {},
                PaymentMethod::PurchaseOrder => Payment::PurchaseOrder { number: self.typed(Field::Number) },
                PaymentMethod::Card => Payment::Card {},
                PaymentMethod::Transfer => Payment::Transfer {},
            },
            quote: false,
            total_pence: total,
        }
    }

    fn delivery(self, option: Option<DeliveryOptionKind>) -> Delivery {
        let address = Address {
            recipient: self.typed(Field::Recipient),
            line_1: self.typed(Field::Line1),
            line_2: self.typed(Field::Line2),
            town: self.typed(Field::Town),
            postcode: self.typed(Field::Postcode),
        };
        let region = self.region.with_untracked(|region| region.parse::<Region>().ok());
        match (option, region) {
            (Some(DeliveryOptionKind::Collection), Some(region)) => Delivery::Collection { region },
            (Some(DeliveryOptionKind::Fastest), _) => Delivery::Post { address, speed: Speed::Fastest },
            _ => Delivery::Post { address, speed: Speed::Cheapest },
        }
    }
}

/// Sets a signal to a stored value, if it can still be chosen.
fn set<T: Send + Sync + 'static>(signal: RwSignal<T>, stored: Option<T>) {
    if let Some(stored) = stored {
        signal.set(stored);
    }
}

#[cfg(test)]
mod tests {
    use contract::{
        orders::{CustomerKind, DeliveryOptionKind},
        region::Region,
        shop::{Account, CollectionOffice, Shop, ShopContact},
    };
    use leptos::prelude::*;

    use super::{Draft, Field, PaymentMethod};

    pub(super) fn shop(card: bool) -> Shop {
        let offices = [Region::Northern, Region::Midlands]
            .map(|region| CollectionOffice { region, name: region.slug().to_owned() });
        let contact = ShopContact { telephone: String::new(), email: String::new(), hours: String::new() };
        Shop {
            contact,
            approval_from_pence: 0,
            account: Account::default(),
            return_address: Vec::new(),
            card,
            offices: offices.into(),
        }
    }

    #[test]
    fn draft_is_restored_without_the_membership_number() {
        let owner = Owner::new();
        owner.set();
        let draft = Draft::new(&shop(true));
        draft.kind.set(CustomerKind::Officer);
        draft.delivery_option.set(Some(DeliveryOptionKind::Collection));
        draft.region.set("midlands".to_owned());
        draft.payment.set(PaymentMethod::Card);
        draft.text(Field::Name).set("Siân & Co + 1".to_owned());
        draft.text(Field::Membership).set("1234567".to_owned());
        let stored = draft.as_query();
        assert!(!stored.contains("1234567"), "{stored}");

        let restored = Draft::new(&shop(true));
        restored.read(&stored, &shop(true));
        assert_eq!(restored.as_query(), stored);
        assert_eq!(restored.text(Field::Name).get_untracked(), "Siân & Co + 1");
        // Options that the shop no longer offers are not chosen.
        let without_card = Draft::new(&shop(false));
        without_card.read(&stored.replace("midlands", "nowhere"), &shop(false));
        assert_eq!(without_card.payment.get_untracked(), PaymentMethod::Transfer);
        assert_eq!(without_card.region.get_untracked(), "northern");
        // In the format of the browser's own form data.
        restored.read("kind=branch&name=A+Member&delivery=fastest&by=purchase-order", &shop(true));
        assert_eq!(restored.text(Field::Name).get_untracked(), "A Member");
        assert_eq!(restored.delivery_option.get_untracked(), Some(DeliveryOptionKind::Fastest));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties {
    use contract::orders::DeliveryOptionKind;
    use leptos::prelude::{GetUntracked as _, Owner, Set as _};
    use proptest::{prelude::*, sample::select};

    use super::{Draft, Field, KINDS, PaymentMethod, tests::shop};

    proptest! {
        #[test]
        fn stored_input_is_restored_except_the_membership_number(
            texts in prop::collection::vec(any::<String>(), Field::ALL.len()),
            kind in select(KINDS.to_vec()),
            delivery_option in prop::option::of(select(vec![
                DeliveryOptionKind::Cheapest,
                DeliveryOptionKind::Fastest,
                DeliveryOptionKind::Collection,
            ])),
            region in select(vec!["northern", "midlands"]),
            payment in select(PaymentMethod::ALL.to_vec()),
        ) {
            let owner = Owner::new();
            owner.set();
            let draft = Draft::new(&shop(true));
            for (field, text) in Field::ALL.into_iter().zip(&texts) {
                draft.text(field).set(text.clone());
            }
            draft.kind.set(kind);
            draft.delivery_option.set(delivery_option);
            draft.region.set(region.to_owned());
            draft.payment.set(payment);

            let restored = Draft::new(&shop(true));
            restored.read(&draft.as_query(), &shop(true));
            for (field, text) in Field::ALL.into_iter().zip(&texts) {
                let expected = if field == Field::Membership { "" } else { text.as_str() };
                prop_assert_eq!(restored.text(field).get_untracked(), expected);
            }
            prop_assert_eq!(restored.kind.get_untracked(), kind);
            prop_assert_eq!(restored.delivery_option.get_untracked(), delivery_option);
            prop_assert_eq!(restored.region.get_untracked(), region);
            prop_assert_eq!(restored.payment.get_untracked(), payment);
        }

        #[test]
        fn any_stored_text_gives_choices_that_the_shop_offers(
            stored in prop_oneof![
                any::<String>(),
                "((kind|name|delivery|region|by)=(card|fastest|midlands|wales|[%+0-9a-z]{0,4})&?){0,6}",
            ],
        ) {
            let owner = Owner::new();
            owner.set();
            let draft = Draft::new(&shop(false));
            draft.read(&stored, &shop(false));
            prop_assert_ne!(draft.payment.get_untracked(), PaymentMethod::Card);
            prop_assert!(["northern", "midlands"].contains(&&*draft.region.get_untracked()));
        }
    }
}
