//! An order as text, to send by email or to read out.

use contract::{
    Locale,
    orders::{Delivery, OrderLine, Payment, PlaceOrder},
    shop::Shop,
};

use crate::i18n::{checkout as t, format, frame, order as labels};

/// Everything that the shop needs to process the order, except the membership number, which
/// should not be sent by email. `name_of` returns the names of product codes.
pub(super) fn order_text(
    order: &PlaceOrder,
    shop: &Shop,
    name_of: impl Fn(&str) -> Option<String>,
    locale: Locale,
) -> String {
    let mut lines = vec![t::text_title(locale, frame::site_name(locale)), t::text_note(locale).to_owned()];
    if order.quote {
        lines.push(t::text_quote(locale).to_owned());
    }
    lines.extend([String::new(), heading(labels::lines(locale))]);
    lines.extend(item_lines(order, name_of));
    lines.push(String::new());
    if let Some(total) = order.total_pence {
        lines.push(row(labels::total(locale), &format::pounds(total)));
    }
    let customer = &order.customer;
    let parts = [&customer.name, &customer.branch, &customer.email, &customer.telephone];
    lines.push(row(labels::ordered_by(locale), &joined(&parts)));
    lines.push(match &order.delivery {
        Delivery::Post { address, .. } => {
            let parts =
                [&address.recipient, &address.line_1, &address.line_2, &address.town, &address.postcode];
            row(labels::delivery_address(locale), &joined(&parts))
        }
        Delivery::Collection { region } => {
            let office = shop.offices.iter().find(|office| office.region == *region);
            row(labels::collect_from(locale), office.map_or(region.slug(), |office| office.name.as_str()))
        }
    });
    if !order.quote {
        let payment = match &order.payment {
            Payment::PurchaseOrder { number } => labels::by_purchase_order(locale, number),
            Payment::Transfer {} => labels::by_transfer(locale).to_owned(),
            Payment::Card {} => labels::by_card(locale).to_owned(),
            Payment::Nothing {} => labels::nothing_to_pay(locale).to_owned(),
        };
        lines.push(row(labels::paid_by(locale), &payment));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Each item with its quantity, its name if known, and its product code.
pub(super) fn item_lines(order: &PlaceOrder, name_of: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let line = |line: &OrderLine| {
        let quantity = line.quantity.to_string();
        match name_of(&line.sku) {
            Some(name) => [&quantity, " × ", &name, " (", &line.sku, ")"].concat(),
            None => [&quantity, " × ", &line.sku].concat(),
        }
    };
    order.lines.iter().map(line).collect()
}

fn heading(text: &str) -> String {
    [text, ":"].concat()
}

fn row(label: &str, value: &str) -> String {
    [label, ": ", value].concat()
}

fn joined(parts: &[&String]) -> String {
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.map(|part| part.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use contract::{
        Locale,
        orders::{Address, Customer, Delivery, OrderLine, Payment, PlaceOrder, Speed},
        region::Region,
        shop::{Account, CollectionOffice, Shop, ShopContact},
    };

    use super::order_text;

    #[test]
    fn order_text_contains_everything_needed_to_place_the_order() {
        let shop = Shop {
            contact: ShopContact { telephone: String::new(), email: String::new(), hours: String::new() },
            approval_from_pence: 0,
            account: Account::default(),
            return_address: Vec::new(),
            card: false,
            offices: vec![CollectionOffice { region: Region::Midlands, name: "Midlands".to_owned() }],
        };
        let line = |sku: &str, quantity| OrderLine { sku: sku.to_owned(), quantity };
        let order = PlaceOrder {
            locale: Locale::En,
            lines: vec![line("MUG", 2), line("BADGE", 400)],
            customer: Customer {
                name: "A Member".to_owned(),
                email: "a@b.example".to_owned(),
                ..Customer::default()
            },
            membership: "1234567".to_owned(),
            delivery: Delivery::Post {
                address: Address {
                    line_1: "1 Union Street".to_owned(),
                    town: "Leeds".to_owned(),
                    postcode: "LS1 1AA".to_owned(),
                    ..Address::default()
                },
                speed: Speed::Cheapest,
            },
            payment: Payment::Transfer {},
            quote: false,
            total_pence: Some(1895),
        };
        let name_of = |sku: &str| (sku == "MUG").then(|| "Heart mug Red, English".to_owned());
        let text = order_text(&order, &shop, name_of, Locale::En);
        for part in [
            "2 × Heart mug Red, English (MUG)\n400 × BADGE\n",
            "Total: £18.95\n",
            "Ordered by: A Member, a@b.example\n",
            "Delivery address: 1 Union Street, Leeds, LS1 1AA\n",
            "Payment method: Bank transfer\n",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("1234567"), "{text}");
        let collected = PlaceOrder { delivery: Delivery::Collection { region: Region::Midlands }, ..order };
        assert!(order_text(&collected, &shop, name_of, Locale::En).contains("Collect from: Midlands\n"));
    }
}
