//! Orders: placed once for each key, with their stock, under concurrency.

use axum::http::StatusCode;
use futures::StreamExt as _;
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    buying::{place, stock},
    running::count_of,
    server::{Answer, on_both_engines},
};

fn mug(quantity: u32) -> Value {
    json!({
        "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": quantity }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "delivery": { "by": "post", "address": { "line_1": "1 Union Street", "town": "Leeds", "postcode": "ls1 1aa" } },
        "payment": { "by": "transfer" },
    })
}

/// All responses, with as many concurrent requests as the server accepts.
async fn at_once<F: Future<Output = Answer>>(tries: impl Iterator<Item = F>) -> Vec<Answer> {
    futures::stream::iter(tries).buffer_unordered(100).collect().await
}

fn refused(answer: &Answer) -> Vec<String> {
    let problem = answer.json();
    let errors = problem["errors"].as_array().expect("fields");
    errors.iter().map(|error| error["field"].as_str().expect("a field").to_owned()).collect()
}

#[tokio::test]
async fn order_is_idempotent_by_key_and_visible_only_by_link() {
    on_both_engines(async |server| {
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let first = place(&server, "key-of-one-mug-1", &mug(2)).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let placed = first.json();
        let (goods, sending) = (2 * 750, 395);
        assert_eq!(placed["total_pence"], goods + sending);
        assert_eq!(placed["state"], "awaiting-payment");
        let again = place(&server, "key-of-one-mug-1", &mug(2)).await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, placed.clone()));
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before - 2);
        let other = place(&server, "key-of-one-mug-1", &mug(3)).await;
        assert_eq!(
            (other.status, refused(&other)),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["idempotency-key".to_owned()])
        );

        let order = server.get(first.header("location")).await;
        assert_eq!(order.header("cache-control"), "no-store");
        let order = order.json();
        assert_eq!(order["reference"], placed["reference"]);
        assert_eq!(order["lines"][0]["name"], "Heart mug");
        assert_eq!(order["moves"][0]["state"], "awaiting-payment");
        let wrong = format!("/api/v1/orders/{}", "0".repeat(32));
        assert_eq!(server.get(&wrong).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// The digest that versions before the second format stored for an order: of the JSON that
/// they serialised themselves.
fn digest_of_first_form(key: &[u8], order: &str) -> String {
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(key).expect("a key");
    mac.update(b"digest\0");
    mac.update(order.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn order_of_an_earlier_version_is_recognised() {
    on_both_engines(async |server| {
        let (key, address) = ("key-of-an-earlier-order", "member@branch.example");
        let first = place(&server, key, &mug(2)).await.json();
        let reference = first["reference"].as_str().expect("a reference");
        // Verbatim, because the output of that version is fixed.
        let form = r#"{"locale":"en","lines":[{"sku":"HEART-MUG-RED-EN","quantity":2}],"customer":{"kind":"member","name":"A member","email":"member@branch.example","telephone":"","branch":""},"membership":"","delivery":{"by":"post","address":{"recipient":"","line_1":"1 Union Street","line_2":"","town":"Leeds","postcode":"ls1 1aa"},"speed":"cheapest"},"payment":{"by":"transfer"}}"#;
        server.store_request_digest(reference, &digest_of_first_form(&server.secret_key(), form)).await;
        let again = place(&server, key, &mug(2)).await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, first.clone()), "{}", again.text());
        assert_eq!(refused(&place(&server, key, &mug(3)).await), ["idempotency-key"]);

        // That version accepted addresses that this one rejects.
        let accented = "mémbre@branch.example";
        let form = form.replace(address, accented);
        server.store_request_digest(reference, &digest_of_first_form(&server.secret_key(), &form)).await;
        let mut order = mug(2);
        order["customer"]["email"] = json!(accented);
        let again = place(&server, key, &order).await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, first), "{}", again.text());
        assert_eq!(refused(&place(&server, "key-of-an-accented-one", &order).await), ["customer.email"]);
    })
    .await;
}

#[tokio::test]
async fn request_digest_ignores_key_order() {
    on_both_engines(async |server| {
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let send = async |body: &str| {
            let headers = [("idempotency-key", "key-of-reordered-json")];
            server.post_text("/api/v1/orders", &headers, body.to_owned()).await
        };
        let first = send(
            r#"{"lines":[{"sku":"HEART-MUG-RED-EN","quantity":1}],
                "customer":{"name":"A member","email":"member@branch.example"},
                "delivery":{"by":"collection","region":"wales"},"payment":{"by":"transfer"}}"#,
        )
        .await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let again = send(
            r#"{"payment":{"by":"transfer"},"delivery":{"region":"wales","by":"collection"},
                "customer":{"email":"member@branch.example","name":"A member"},
                "lines":[{"quantity":1,"sku":"HEART-MUG-RED-EN"}]}"#,
        )
        .await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, first.json()));
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before - 1);
        // A different name makes it a different request, even if it is equal once cleaned.
        let other = send(
            r#"{"lines":[{"sku":"HEART-MUG-RED-EN","quantity":1}],
                "customer":{"name":"A  member","email":"member@branch.example"},
                "delivery":{"by":"collection","region":"wales"},"payment":{"by":"transfer"}}"#,
        )
        .await;
        assert_eq!(refused(&other), ["idempotency-key"]);
    })
    .await;
}

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
                .map(|(goods, way)| goods + way);
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

#[tokio::test]
async fn hundred_concurrent_requests_with_one_key_place_one_order() {
    on_both_engines(async |server| {
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let order = mug(1);
        let tries = (0..100).map(|_| place(&server, "key-of-a-hundred", &order));
        let answers = at_once(tries).await;
        for answer in &answers {
            assert_eq!((answer.status, answer.json()), (StatusCode::CREATED, answers[0].json()));
        }
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before - 1);
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
        let states: Vec<&str> =
            order["moves"].as_array().expect("moves").iter().filter_map(|own| own["state"].as_str()).collect();
        assert_eq!(states, ["awaiting-payment", "cancelled"]);
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
async fn approval_code_cannot_be_guessed() {
    on_both_engines(async |server| {
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let order = json!({
            "lines": [{ "sku": "HEART-BADGE-RED-EN", "quantity": 1000 }],
            "customer": { "kind": "branch", "branch": "leeds GENERAL", "name": "A steward", "email": "steward@branch.example" },
            "delivery": { "by": "collection", "region": "north-west" },
            "payment": { "by": "purchase-order", "number": "17" },
        });
        let placed = place(&server, "key-of-many-badges-1", &order).await.json();
        assert_eq!(placed["state"], "awaiting-approval");
        let page = format!("/orders/{}", placed["token"].as_str().expect("a token"));
        for wrong in 0..5 {
            let answer = server.post_form(&page, &format!("act=approve&code=wrong{wrong}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            let said = answer.text();
            // At the top, and beside the field.
            assert_eq!(said.matches("That code is not correct.").count(), 2, "{wrong}");
            // An empty code does not count as a try.
            let said = server.post_form(&page, "act=approve&code=+").await.text();
            assert_eq!(said.matches("Enter the approval code").count(), 2, "{said}");
            assert!(said.contains("<title>Error: Order "), "{said}");
        }
        let answer = server.post_form(&page, "act=approve&code=12345678").await;
        assert!(answer.text().contains("the code no longer works"));
        // A new code is only sent some time after the last one.
        assert_eq!(server.post_form(&page, "act=new-code").await.status, StatusCode::SEE_OTHER);
        assert!(server.post_form(&page, "act=approve&code=1").await.text().contains("the code no longer works"));
        server.set_clock("2026-11-22T13:00:00Z");
        assert_eq!(server.post_form(&page, "act=new-code").await.status, StatusCode::SEE_OTHER);
        assert!(server.post_form(&page, "act=approve&code=1").await.text().contains("That code is not correct."));
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
