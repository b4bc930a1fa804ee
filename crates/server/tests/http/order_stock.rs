//! Orders take their stock and their branch's allowance, and release them once.

use axum::http::StatusCode;
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::{
    buying::{at_once, mug, place, refused, stock},
    running::count_of,
    server::on_both_engines,
};

#[tokio::test]
async fn free_items_are_limited_per_branch() {
    on_both_engines(async |server| {
        let order = |quantity: u32| {
            json!({
                "lines": [{ "sku": "LEAFLETS-EN", "quantity": quantity }],
                "customer": { "kind": "branch", "branch": " Leeds General ", "name": "A steward", "email": "steward@branch.example" },
                "delivery": { "by": "collection", "region": "north-west" },
                "payment": { "by": "nothing" },
            })
        };
        assert_eq!(refused(&place(&server, "key-of-six-packs-1", &order(6)).await), ["lines.0.quantity"]);
        let orders: Vec<(String, Value)> = (0..8).map(|number| (format!("key-of-free-packs-{number}"), order(5))).collect();
        let answers = at_once(orders.iter().map(|(key, order)| place(&server, key, order))).await;
        let of = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((of(StatusCode::CREATED), of(StatusCode::UNPROCESSABLE_ENTITY)), (5, 3), "25 packs of 40");
        // A branch name entered by a member neither uses up nor restores the branch's
        // allowance.
        let mut member = order(5);
        member["customer"]["kind"] = json!("member");
        let placed = place(&server, "key-of-a-members-pack", &member).await;
        assert_eq!(placed.status, StatusCode::CREATED, "{}", placed.text());
        let page = format!("/orders/{}", placed.json()["token"].as_str().expect("a token"));
        assert_eq!(server.post_form(&page, "act=cancel").await.status, StatusCode::SEE_OTHER);
        let again = place(&server, "key-of-one-pack-more", &order(1)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the branch still has its 25");
    })
    .await;
}

#[tokio::test]
async fn free_items_are_limited_per_branch_key_and_email() {
    on_both_engines(async |server| {
        let order = |customer: Value| {
            json!({
                "lines": [{ "sku": "LEAFLETS-EN", "quantity": 5 }],
                "customer": customer,
                "delivery": { "by": "collection", "region": "north-west" },
                "payment": { "by": "nothing" },
            })
        };
        let branch = |name: &str, email: &str| {
            order(json!({ "kind": "branch", "branch": name, "name": "A steward", "email": email }))
        };
        let member = |email: &str| order(json!({ "name": "A member", "email": email }));
        for (number, name) in
            ["Leeds General", "leeds general", "LEEDS  General", "Leeds\u{a0}general", " leeds general"]
                .into_iter()
                .enumerate()
        {
            let answer =
                place(&server, &format!("key-of-one-branch-{number}"), &branch(name, "a@b.example")).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{name}: {}", answer.text());
        }
        // Another steward, with another spelling.
        let more = place(&server, "key-of-the-same-branch", &branch("LEEDS GENERAL", "c@b.example")).await;
        assert_eq!(
            (more.status, refused(&more)),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["lines.0.quantity".to_owned()])
        );
        let other = place(&server, "key-of-another-branch", &branch("Leeds", "c@b.example")).await;
        assert_eq!(other.status, StatusCode::CREATED, "{}", other.text());

        let mut last = Value::Null;
        for (number, email) in
            ["ann@b.example", "Ann@b.example", " ann@b.example", "ANN@B.example", "ann@b.example"]
                .into_iter()
                .enumerate()
        {
            let answer = place(&server, &format!("key-of-one-member-{number}"), &member(email)).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{email}: {}", answer.text());
            last = answer.json();
        }
        let more = place(&server, "key-of-a-members-sixth", &member("ann@b.example")).await;
        assert_eq!(
            (more.status, refused(&more)),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["lines.0.quantity".to_owned()])
        );
        let page = format!("/orders/{}", last["token"].as_str().expect("a token"));
        assert_eq!(server.post_form(&page, "act=cancel").await.status, StatusCode::SEE_OTHER);
        let again = place(&server, "key-of-a-members-fifth", &member("ann@b.example")).await;
        assert_eq!(again.status, StatusCode::CREATED, "what was cancelled counts no more");
    })
    .await;
}

/// The number of seeds: more if `RACE_SEEDS` says so.
fn seeds() -> u64 {
    count_of("RACE_SEEDS", 1).into()
}

#[tokio::test]
async fn a_thousand_buyers_get_exactly_what_there_is() {
    on_both_engines(async |server| {
        for seed in 0..seeds() {
            let before = stock(&server, "HEART-BADGE-RED-EN").await;
            server.store().adjust_stock("HEART-BADGE-RED-EN", 100 - i64::from(before)).await.expect("stock");
            // Some buy a badge, some a box of 25, some both: two lines from the same stock.
            // The order of the buyers differs for each seed.
            let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let orders: Vec<(String, Value, u32)> = (0..1000)
                .map(|buyer| {
                    random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let (lines, badges) = match (random >> 33) % 40 {
                        0 => (json!([{ "sku": "BADGE-BOX-EN", "quantity": 1 }]), 25),
                        1 => {
                            let both = json!([
                                { "sku": "HEART-BADGE-RED-EN", "quantity": 2 }, { "sku": "BADGE-BOX-EN", "quantity": 1 },
                            ]);
                            (both, 27)
                        }
                        _ => (json!([{ "sku": "HEART-BADGE-RED-EN", "quantity": 1 }]), 1),
                    };
                    let mut order = mug(1);
                    order["lines"] = lines;
                    order["customer"]["email"] = json!(format!("buyer-{seed}-{buyer}@branch.example"));
                    (format!("key-of-buyer-{seed:03}-{buyer:04}"), order, badges)
                })
                .collect();
            let server = &server;
            let tries = orders.iter().map(|(key, order, badges)| async move {
                (*badges, place(server, key, order).await.status)
            });
            let answers: Vec<(u32, StatusCode)> =
                futures::stream::iter(tries).buffer_unordered(100).collect().await;
            let sold = answers.iter().filter(|(_, status)| *status == StatusCode::CREATED);
            assert_eq!(sold.map(|(badges, _)| badges).sum::<u32>(), 100, "seed {seed}");
            let is_answered = |(_, status): &&(u32, StatusCode)| matches!(*status, StatusCode::CREATED | StatusCode::CONFLICT);
            assert_eq!(answers.iter().filter(is_answered).count(), 1000, "seed {seed}: everybody is told");
            assert_eq!(stock(server, "HEART-BADGE-RED-EN").await, 0, "seed {seed}");
        }
        eprintln!("{} seeds: exactly 100 of 100 sold in each", seeds());
    })
    .await;
}

#[tokio::test]
async fn cancelled_order_releases_stock_once() {
    on_both_engines(async |server| {
        let free = json!({
            "lines": [{ "sku": "LEAFLETS-EN", "quantity": 5 }, { "sku": "HEART-MUG-RED-EN", "quantity": 2 }],
            "customer": { "kind": "branch", "branch": "Leeds", "name": "A steward", "email": "steward@branch.example" },
            "delivery": { "by": "collection", "region": "north-west" },
            "payment": { "by": "transfer" },
        });
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let placed = place(&server, "key-of-a-cancelled-1", &free).await.json();
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before - 2);
        let page = format!("/orders/{}", placed["token"].as_str().expect("a token"));
        for _ in 0..3 {
            let answer = server.post_form(&page, "act=cancel").await;
            assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, &*page));
        }
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before);
        let order = server.get(&format!("/api/v1{page}")).await.json();
        let statuses: Vec<&str> =
            order["moves"].as_array().expect("moves").iter().filter_map(|own| own["state"].as_str()).collect();
        assert_eq!(statuses, ["awaiting-payment", "cancelled"]);
        // The branch has its full allowance of leaflets again.
        for number in 0..5 {
            let answer = place(&server, &format!("key-of-leaflets-{number:02}"), &free).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        }
        // The page of an order is private and must not be stored.
        let shown = server.get(&page).await;
        assert_eq!(shown.header("cache-control"), "no-store");
        assert!(shown.text().contains(".order{margin:0}"), "it brings its own styles");
        assert!(shown.text().contains("noindex") && !server.get("/sitemap.xml").await.text().contains("/orders/"));
        let strange = server.post_form(&page, "act=deliver").await;
        assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY);
        let nobody = format!("/orders/{}", "0".repeat(32));
        assert_eq!(server.get(&nobody).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn responses_do_not_reveal_large_stock() {
    on_both_engines(async |server| {
        for (sku, product) in [("HEART-MUG-RED-EN", "heart-mug"), ("BADGE-BOX-EN", "badge-box")] {
            let before = stock(&server, "HEART-MUG-RED-EN").await;
            server.store().adjust_stock("HEART-MUG-RED-EN", 1237 - i64::from(before)).await.expect("stock");
            let badges = stock(&server, "HEART-BADGE-RED-EN").await;
            server.store().adjust_stock("HEART-BADGE-RED-EN", 1237 - i64::from(badges)).await.expect("stock");
            let basket = json!({ "lines": [{ "sku": sku, "quantity": 10_000 }] });
            let priced = server.post_json("/api/v1/prices", &[], &basket).await;
            assert_eq!(priced.json()["lines"][0]["left"], 20, "{sku}");
            let mut order = mug(10_000);
            order["lines"][0]["sku"] = json!(sku);
            let refused = place(&server, &format!("key-of-a-whole-stock-{product}"), &order).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
            assert!(refused.text().contains("20 or more of "), "{}", refused.text());
            let page = server.get(&format!("/shop/{product}")).await;
            let message = server.get(&format!("/api/v1/products/{product}")).await;
            for text in [priced.text(), refused.text(), page.text(), message.text()] {
                // 49 boxes can be made of so many badges.
                assert!(!text.contains("1237") && !text.contains("\"left\":49"), "{text}");
            }
        }
    })
    .await;
}
