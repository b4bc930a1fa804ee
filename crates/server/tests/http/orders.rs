//! Orders: what is refused, and at which price they are placed.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    buying::{mug, place, refused, stock},
    server::on_both_engines,
};

#[tokio::test]
async fn invalid_order_names_the_field_and_reserves_nothing() {
    on_both_engines(async |server| {
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let with = |pointer: &str, value: Value| {
            let mut order = mug(1);
            *order.pointer_mut(pointer).expect("a place") = value;
            order
        };
        for (index, (order, field)) in [
            (with("/lines/0/sku", json!("NOTHING")), "lines.0.sku"),
            (with("/lines/0/quantity", json!(0)), "lines.0.quantity"),
            (with("/lines", json!([])), "lines"),
            (with("/customer/email", json!("nobody")), "customer.email"),
            (with("/customer/name", json!(" ")), "customer.name"),
            (with("/delivery/address/postcode", json!("LS1")), "delivery.address.postcode"),
            (with("/payment", json!({ "by": "purchase-order", "number": "7" })), "customer.kind"),
            (with("/lines/0", json!({ "sku": "HEART-MUG-RED-EN", "quantity": 1, "price_pence": 1 })), "body"),
            (with("/payment", json!({ "by": "transfer", "state": "confirmed" })), "body"),
            (with("/payment", json!({ "by": "nothing" })), "payment.by"),
            (with("/payment", json!({ "by": "card" })), "payment.by"),
            (json!([]), "body"),
        ]
        .into_iter()
        .enumerate()
        {
            let answer = place(&server, &format!("key-of-a-wrong-one-{index}"), &order).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", answer.text());
            assert_eq!(refused(&answer), [field], "{}", answer.text());
        }
        assert_eq!(refused(&place(&server, "short", &mug(1)).await), ["idempotency-key"]);
        let mut dearer = mug(1);
        dearer["total_pence"] = json!(1);
        assert_eq!(place(&server, "key-of-another-price", &dearer).await.status, StatusCode::CONFLICT);
        let many = place(&server, "key-of-too-many-mugs", &mug(before + 1)).await;
        assert_eq!(
            (many.status, refused(&many)),
            (StatusCode::CONFLICT, vec!["lines.0.quantity".to_owned()])
        );
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before);
    })
    .await;
}

#[tokio::test]
async fn invalid_token_is_not_found() {
    on_both_engines(async |server| {
        let [unknown, short, capitals] = ["0".repeat(32), "0".repeat(31), "A".repeat(32)];
        for token in [&*unknown, &short, &capitals, "%00", "%FF", "a%0Ab", "%C5%B7"] {
            assert_eq!(server.get(&format!("/api/v1/orders/{token}")).await.status, StatusCode::NOT_FOUND);
            for (locale, heading) in [("", "Page not found"), ("/cy", "Heb ddod o hyd i’r dudalen")] {
                let order = format!("{locale}/orders/{token}");
                let mut pages = Vec::new();
                for rest in ["", "/pay", "/paid"] {
                    pages.push(server.get(&[&order, rest].concat()).await);
                }
                for rest in ["", "/pay"] {
                    pages.push(server.post_form(&[&order, rest].concat(), "act=cancel").await);
                }
                for page in pages {
                    assert_eq!(page.status, StatusCode::NOT_FOUND, "{order}");
                    assert!(page.text().contains(heading), "{order}");
                }
                for file in ["/quote.pdf", "/invoice.pdf"] {
                    let answer = server.get(&[&order, file].concat()).await;
                    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{order}{file}");
                }
            }
        }
    })
    .await;
}

/// PostgreSQL rejects a text with a zero byte; SQLite does not.
#[tokio::test]
async fn zero_bytes_are_rejected() {
    on_both_engines(async |server| {
        let order = json!({
            "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
            "customer": {
                "kind": "branch", "branch": "Leeds General", "name": "A steward",
                "email": "steward@branch.example", "telephone": "020 7946 0190",
            },
            "membership": "1234567",
            "delivery": {
                "by": "post",
                "address": { "recipient": "Post room", "line_1": "1 Union Street", "line_2": "Holbeck", "town": "Leeds", "postcode": "LS1 1AA" },
            },
            "payment": { "by": "purchase-order", "number": "17" },
        });
        for field in [
            "/lines/0/sku",
            "/customer/branch",
            "/customer/name",
            "/customer/email",
            "/customer/telephone",
            "/membership",
            "/delivery/address/recipient",
            "/delivery/address/line_1",
            "/delivery/address/line_2",
            "/delivery/address/town",
            "/payment/number",
        ] {
            let mut order = order.clone();
            let text = order.pointer_mut(field).expect("a field");
            *text = json!(format!("{}\0", text.as_str().expect("a text")));
            let answer = place(&server, "key-of-a-zero-byte", &order).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", answer.text());
            assert_eq!(refused(&answer), [field[1..].replace('/', ".")], "{field}");
        }
        let placed = place(&server, "key-of-a-zero-byte", &order).await.json();
        let page = format!("/orders/{}", placed["token"].as_str().expect("a token"));
        let address = "act=address&line_1=1%00&town=Leeds&postcode=LS1+1AA";
        assert_eq!(server.post_form(&page, address).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        for form in ["act=approve&code=%00", "act=accept&by=%00", "act=return&known=0&reason=%00&%00=1"] {
            let answer = server.post_form(&page, form).await;
            assert!(!answer.status.is_server_error(), "{form}: {}", answer.text());
        }
        let sought = "reference=H27%00&email=steward%40branch.example%00";
        assert_eq!(server.post_form("/orders", sought).await.status, StatusCode::OK);
        for list in ["products", "news", "events"] {
            let answer = server.get(&format!("/api/v1/{list}?cursor=%00")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{list}");
        }
    })
    .await;
}

#[tokio::test]
async fn basket_is_priced_with_every_delivery_option() {
    on_both_engines(async |server| {
        let lines = json!([
            { "sku": "HEART-T-SHIRT-PLUM-M", "quantity": 6 },
            { "sku": "GONE", "quantity": 1 },
            { "sku": "HEART-T-SHIRT-PLUM-L", "quantity": 6 },
        ]);
        let ask = async |postcode: &str| {
            let basket = json!({ "locale": "cy", "lines": lines, "postcode": postcode });
            let answer = server.post_json("/api/v1/prices", &[], &basket).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            answer.json()
        };
        let priced = ask("").await;
        assert_eq!(priced["unknown"], json!(["GONE"]));
        assert_eq!(priced["lines"][1]["variant"], "Eirin, L");
        // Twelve of one product, although only six of each size.
        let line = &priced["lines"][0];
        assert!(line["unit_pence"].as_u64() < line["price_pence"].as_u64(), "{line}");
        let ways = priced["ways"].as_array().expect("ways");
        let by = |index: usize| ways[index]["by"].as_str().expect("a way");
        assert_eq!([by(0), by(1), by(2)], ["cheapest", "fastest", "collection"]);
        for way in ways {
            let sum = priced["goods_pence"]
                .as_u64()
                .zip(way["price_pence"].as_u64())
                .map(|(subtotal, delivery)| subtotal + delivery);
            assert_eq!(way["total_pence"].as_u64(), sum);
            assert_eq!(way["before_week"], true);
        }
        assert_eq!((&ways[0]["arrives"], &ways[1]["arrives"]), (&json!("2026-11-27"), &json!("2026-11-24")));
        let islands = ask("hs1 2aa").await;
        assert!(islands["ways"][0]["price_pence"].as_u64() > ways[0]["price_pence"].as_u64());

        // Five days before the week, only the courier is fast enough.
        server.set_clock("2027-02-03T10:00:00Z");
        let late = ask("").await;
        let in_time = |index: usize| late["ways"][index]["before_week"].as_bool();
        assert_eq!([in_time(0), in_time(1)], [Some(false), Some(true)]);
        server.set_clock("2027-02-08T10:00:00Z");
        assert!(ask("").await["ways"][0].get("before_week").is_none());

        // The total must match to the penny.
        let mut order = mug(1);
        order["lines"] = json!([lines[0], lines[2]]);
        order["total_pence"] = ways[0]["total_pence"].clone();
        let placed = place(&server, "key-of-a-basket-1", &order).await;
        assert_eq!(placed.status, StatusCode::CREATED, "{}", placed.text());
    })
    .await;
}
