//! Changes of orders and requests for their links through the JSON API, equivalent to the HTML
//! forms.

use axum::http::StatusCode;
use campaign_hub_server::limits::LimitConfig;
use contract::orders::OrderStatus;
use serde_json::{Value, json};

use crate::{
    buying::{code_in, for_branch, placed, read, register_officer, stock},
    limits::rates,
    server::{Answer, TestServer, on_both_engines},
};

/// A mug for a branch, paid by transfer.
fn mug() -> Value {
    for_branch(json!([{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }]), json!({ "by": "transfer" }))
}

async fn change(server: &TestServer, page: &str, change: &Value) -> Answer {
    server.post_json(&format!("/api/v1{page}/changes"), &[], change).await
}

/// The order after a successful change.
async fn changed(server: &TestServer, page: &str, sent: &Value) -> Value {
    let answer = change(server, page, sent).await;
    assert_eq!(answer.status, StatusCode::OK, "{sent}: {}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.json(), read(server, page).await, "the order as it is now");
    answer.json()
}

/// The type of the problem document for a refused change, and the fields that it names.
async fn refused(server: &TestServer, page: &str, sent: &Value, status: StatusCode) -> (String, Vec<String>) {
    let answer = change(server, page, sent).await;
    assert_eq!(answer.status, status, "{sent}: {}", answer.text());
    problem(&answer)
}

fn problem(answer: &Answer) -> (String, Vec<String>) {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let errors = problem["errors"].as_array().into_iter().flatten();
    (text(&problem["type"]), errors.map(|error| text(&error["field"])).collect())
}

fn invalid(fields: &[&str]) -> (String, Vec<String>) {
    named("invalid-field", fields)
}

fn named(kind: &str, fields: &[&str]) -> (String, Vec<String>) {
    (format!("/problems/{kind}"), fields.iter().map(|field| (*field).to_owned()).collect())
}

#[tokio::test]
async fn order_is_cancelled_once_and_not_after_it_is_packed() {
    on_both_engines(async |server| {
        let cancel = json!({ "change": "cancel" });
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let (page, _) = placed(&server, "key-of-a-cancelled-mug", &mug()).await;
        for _ in 0..3 {
            assert_eq!(changed(&server, &page, &cancel).await["state"], "cancelled");
        }
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before);
        assert_eq!(read(&server, &page).await["moves"].as_array().map(Vec::len), Some(2));

        let (page, reference) = placed(&server, "key-of-a-packed-mug-1", &mug()).await;
        let admin = server.admin().await;
        for status in [OrderStatus::Confirmed, OrderStatus::Packed] {
            admin.change_status(&reference, status, "").await.expect("a transition");
        }
        let moved_on = refused(&server, &page, &cancel, StatusCode::CONFLICT).await;
        assert_eq!(moved_on, named("order-moved-on", &[]));
        assert_eq!(read(&server, &page).await["state"], "packed");
    })
    .await;
}

#[tokio::test]
async fn address_changes_only_at_the_same_delivery_cost() {
    on_both_engines(async |server| {
        let (page, reference) = placed(&server, "key-of-a-moved-mug-01", &mug()).await;
        let address = |line_1: &str, town: &str, postcode: &str| {
            let address = json!({ "line_1": line_1, "town": town, "postcode": postcode });
            json!({ "change": "address", "address": address })
        };
        let wrong = address(" ", "Leeds", "LS1");
        let message = refused(&server, &page, &wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(message, invalid(&["address.line_1", "address.postcode"]));
        let far = address("2 Union Street", "Stornoway", "HS1 2AA");
        let costs = refused(&server, &page, &far, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(costs, named("delivery-cost", &["address.postcode"]));
        for _ in 0..2 {
            let order = changed(&server, &page, &address(" 2  Union Street", "Leeds", "ls11aa")).await;
            let address = &order["delivery"]["address"];
            assert_eq!(
                (&address["line_1"], &address["postcode"]),
                (&json!("2 Union Street"), &json!("LS1 1AA"))
            );
            assert_eq!(order["moves"].as_array().map(Vec::len), Some(2), "sent again, it is made once");
        }
        for number in 3..7 {
            changed(&server, &page, &address(&format!("{number} Union Street"), "Leeds", "LS1 1AA")).await;
        }
        let once_more = address("8 Union Street", "Leeds", "LS1 1AA");
        let too_often = refused(&server, &page, &once_more, StatusCode::CONFLICT).await;
        assert_eq!(too_often, named("address-changed-too-often", &[]));
        let admin = server.admin().await;
        for status in [OrderStatus::Confirmed, OrderStatus::Packed] {
            admin.change_status(&reference, status, "").await.expect("a transition");
        }
        server.set_clock("2026-11-24T12:00:00Z");
        let moved_on = refused(&server, &page, &once_more, StatusCode::CONFLICT).await;
        assert_eq!(moved_on, named("order-moved-on", &[]));
    })
    .await;
}

#[tokio::test]
async fn order_is_approved_with_officer_code() {
    on_both_engines(async |server| {
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let (page, _) = placed(&server, "key-of-an-approved-one", &mug()).await;
        assert_eq!(read(&server, &page).await["approver"], "officer");
        let approve = |code: &str| json!({ "change": "approve", "code": code });
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        assert_eq!(refused(&server, &page, &approve(" x "), unprocessable).await, invalid(&["code"]));
        for _ in 0..5 {
            let wrong = refused(&server, &page, &approve("12"), unprocessable).await;
            assert_eq!(wrong, named("wrong-code", &["code"]));
        }
        let code = code_in(&server.mails().await).expect("a code");
        let no_tries_left = refused(&server, &page, &approve(&code), unprocessable).await;
        assert_eq!(no_tries_left, named("no-tries-left", &["code"]));
        server.set_clock("2026-11-22T12:30:00Z");
        let order = changed(&server, &page, &json!({ "change": "new-code" })).await;
        assert_eq!(order["state"], "awaiting-approval");
        let code = code_in(&server.mails().await).expect("another code");
        let (first, last) = code.split_at(4);
        let order = changed(&server, &page, &approve(&format!(" {first} {last}"))).await;
        assert_eq!(order["state"], "awaiting-payment");
        let again = refused(&server, &page, &approve(&code), StatusCode::CONFLICT).await;
        assert_eq!(again, named("order-moved-on", &[]));
    })
    .await;
}

#[tokio::test]
async fn new_code_is_emailed_ten_minutes_after_the_last_one() {
    on_both_engines(async |server| {
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let (page, _) = placed(&server, "key-of-a-renewed-code", &mug()).await;
        let first = code_in(&server.mails().await).expect("a code");
        let new_code = json!({ "change": "new-code" });
        server.set_clock("2026-11-22T12:09:00Z");
        let too_soon = changed(&server, &page, &new_code).await;
        assert!(server.mails().await.is_empty());
        server.set_clock("2026-11-22T12:11:00Z");
        assert_eq!(changed(&server, &page, &new_code).await, too_soon, "the response is the same");
        let second = code_in(&server.mails().await).expect("another code");
        let approve = |code: &str| json!({ "change": "approve", "code": code });
        let replaced = refused(&server, &page, &approve(&first), StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(replaced, named("wrong-code", &["code"]));
        assert_eq!(changed(&server, &page, &approve(&second)).await["state"], "awaiting-payment");
    })
    .await;
}

#[tokio::test]
async fn new_code_is_refused_if_the_order_awaits_no_officer() {
    on_both_engines(async |server| {
        let new_code = json!({ "change": "new-code" });
        let by_number = for_branch(mug()["lines"].clone(), json!({ "by": "purchase-order", "number": "7" }));
        let (awaits_staff, _) = placed(&server, "key-of-a-staff-order-1", &by_number).await;
        assert_eq!(read(&server, &awaits_staff).await["approver"], "staff");
        let refusal = refused(&server, &awaits_staff, &new_code, StatusCode::CONFLICT).await;
        assert_eq!(refusal, named("order-moved-on", &[]));

        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let (approved, _) = placed(&server, "key-of-a-seen-order-01", &mug()).await;
        let code = code_in(&server.mails().await).expect("a code");
        changed(&server, &approved, &json!({ "change": "approve", "code": code })).await;
        let (cancelled, _) = placed(&server, "key-of-a-gone-order-01", &mug()).await;
        changed(&server, &cancelled, &json!({ "change": "cancel" })).await;
        server.mails().await;
        server.set_clock("2026-11-22T12:30:00Z");
        for page in [&approved, &cancelled] {
            let refusal = refused(&server, page, &new_code, StatusCode::CONFLICT).await;
            assert_eq!(refusal, named("order-moved-on", &[]));
            let form = server.post_form(page, "act=new-code").await;
            assert_eq!(form.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(form.text().contains("Your order has changed since you opened this page"));
        }
        assert!(server.mails().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn valid_quote_is_accepted_while_in_stock() {
    on_both_engines(async |server| {
        register_officer(&server).await;
        let lines = json!([{ "sku": "HEART-MUG-RED-EN", "quantity": 20 }]);
        let mut quote = for_branch(lines, json!({ "by": "purchase-order", "number": "" }));
        quote["quote"] = json!(true);
        let accept = |payment: Value| json!({ "change": "accept", "payment": payment });
        let number = |number: &str| accept(json!({ "by": "purchase-order", "number": number }));
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let (page, _) = placed(&server, "key-of-an-accepted-one", &quote).await;
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        for (wrong, field) in [
            (number(" "), "payment.number"),
            (number(&"7".repeat(41)), "payment.number"),
            (accept(json!({ "by": "card" })), "payment.by"),
            (accept(json!({ "by": "nothing" })), "payment.by"),
        ] {
            assert_eq!(refused(&server, &page, &wrong, unprocessable).await, invalid(&[field]));
        }
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before, "nothing is taken");
        for _ in 0..2 {
            let order = changed(&server, &page, &number(" PO–17 ")).await;
            assert_eq!(order["state"], "confirmed");
            assert_eq!(order["payment"], json!({ "by": "purchase-order", "number": "PO-17" }));
        }
        assert_eq!(
            stock(&server, "HEART-MUG-RED-EN").await,
            before - 20,
            "accepted twice, it takes its stock once"
        );

        let (late, _) = placed(&server, "key-of-a-late-quote-01", &quote).await;
        let (dry, _) = placed(&server, "key-of-a-dry-quote-001", &quote).await;
        let left = i64::from(stock(&server, "HEART-MUG-RED-EN").await);
        server.store().adjust_stock("HEART-MUG-RED-EN", 19 - left).await.expect("stock");
        let transfer = accept(json!({ "by": "transfer" }));
        let short = refused(&server, &dry, &transfer, StatusCode::CONFLICT).await;
        assert_eq!(short, named("too-little-stock", &[]));
        server.set_clock("2026-12-23T00:00:00Z");
        let expired = refused(&server, &late, &transfer, StatusCode::CONFLICT).await;
        assert_eq!(expired, named("quote-expired", &[]));
    })
    .await;
}

#[tokio::test]
async fn returns_are_limited_to_dispatched_items_and_idempotent() {
    on_both_engines(async |server| {
        let lines = json!([
            { "sku": "HEART-MUG-RED-EN", "quantity": 3 },
            { "sku": "HEART-BADGE-RED-EN", "quantity": 2 },
        ]);
        let order = for_branch(lines, json!({ "by": "transfer" }));
        let (page, reference) = placed(&server, "key-of-a-returned-mug1", &order).await;
        let back = |lines: Value, reason: &str, returns: u32| {
            json!({ "change": "return", "lines": lines, "reason": reason, "returns": returns })
        };
        let mugs = |quantity: u32| json!([{ "sku": "HEART-MUG-RED-EN", "quantity": quantity }]);
        let early = refused(&server, &page, &back(mugs(1), "", 0), StatusCode::CONFLICT).await;
        assert_eq!(early, named("order-moved-on", &[]));
        let admin = server.admin().await;
        for status in
            [OrderStatus::Confirmed, OrderStatus::Packed, OrderStatus::Dispatched, OrderStatus::Delivered]
        {
            admin.change_status(&reference, status, "").await.expect("a transition");
        }
        let twice = json!([
            { "sku": "HEART-MUG-RED-EN", "quantity": 2 },
            { "sku": "HEART-MUG-RED-EN", "quantity": 2 },
        ]);
        for (wrong, field) in [
            (back(mugs(4), "", 0), "lines.0.quantity"),
            (back(mugs(0), "", 0), "lines.0.quantity"),
            (back(json!([{ "sku": "HAT", "quantity": 1 }]), "", 0), "lines.0.quantity"),
            (back(twice, "", 0), "lines.1.quantity"),
            (back(json!([]), "", 0), "lines"),
            (back(mugs(1), &"a\r\n".repeat(251), 0), "reason"),
            (back(mugs(1), "A\u{3164}", 0), "reason"),
        ] {
            let message = refused(&server, &page, &wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
            assert_eq!(message, invalid(&[field]), "{wrong}");
        }
        let both = json!([
            { "sku": "HEART-MUG-RED-EN", "quantity": 2 },
            { "sku": "HEART-BADGE-RED-EN", "quantity": 1 },
        ]);
        for _ in 0..2 {
            let order = changed(&server, &page, &back(both.clone(), "A crack\r\nand a chip", 0)).await;
            let announced = [&order["lines"][0]["announced"], &order["lines"][1]["announced"]];
            assert_eq!(announced, [&json!(2), &json!(1)], "sent twice, it counts once");
            assert_eq!(order["returns"], 1);
        }
        // The HTML form recognises it as the same return, too.
        let form = "act=return&known=0&reason=A+crack%0D%0Aand+a+chip&HEART-MUG-RED-EN=2&HEART-BADGE-RED-EN=1";
        assert_eq!(server.post_form(&page, form).await.status, StatusCode::SEE_OTHER);
        assert_eq!(read(&server, &page).await["returns"], 1);
        // A page that was left open sends a different return.
        let stale = refused(&server, &page, &back(mugs(1), "Too red", 0), StatusCode::CONFLICT).await;
        assert_eq!(stale, named("order-moved-on", &[]));
        let order = changed(&server, &page, &back(mugs(1), "", 1)).await;
        assert_eq!(order["lines"][0]["announced"], 3);
    })
    .await;
}

#[tokio::test]
async fn invalid_change_and_unknown_order_are_rejected() {
    on_both_engines(async |server| {
        let (page, _) = placed(&server, "key-of-a-strange-change", &mug()).await;
        for wrong in [
            json!({}),
            json!({ "change": "deliver" }),
            json!({ "change": "cancel", "why": "x" }),
            json!({ "change": "new-code", "code": "1" }),
            json!({ "change": "accept", "payment": { "by": "transfer", "number": "7" } }),
            json!({ "change": "address", "address": { "line_1": "1", "town": "Leeds", "postcode": "LS1 1AA", "x": "" } }),
        ] {
            let message = refused(&server, &page, &wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
            assert_eq!(message, invalid(&["body"]), "{wrong}");
        }
        let cancel = json!({ "change": "cancel" });
        for token in ["0".repeat(32), "x".to_owned()] {
            let message = refused(&server, &format!("/orders/{token}"), &cancel, StatusCode::NOT_FOUND).await;
            assert_eq!(message, named("not-found", &[]));
        }
        let evil = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
        let answer = server.post_json(&format!("/api/v1{page}/changes"), &evil, &cancel).await;
        assert_eq!((answer.status, problem(&answer)), (StatusCode::FORBIDDEN, named("cross-site", &[])));
        let wrong_locale = server.post_json(&format!("/api/v1{page}/changes?locale=xx"), &[], &cancel).await;
        assert_eq!(wrong_locale.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(read(&server, &page).await["state"], "awaiting-payment", "nothing was done");
        let welsh = server.post_json(&format!("/api/v1{page}/changes?locale=cy"), &[], &cancel).await;
        assert_eq!(welsh.json()["lines"][0]["name"], "Mwg calon");
    })
    .await;
}

#[tokio::test]
async fn form_and_api_changes_share_a_rate_limit() {
    on_both_engines(async |server| {
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let (page, _) = placed(&server, "key-of-a-limited-order", &mug()).await;
        let limits = LimitConfig { changes_per_order: rates("2/1h"), ..LimitConfig::default() };
        let server = server.with_limits(limits);
        assert_eq!(server.post_form(&page, "act=new-code").await.status, StatusCode::SEE_OTHER);
        changed(&server, &page, &json!({ "change": "new-code" })).await;
        let cancel = json!({ "change": "cancel" });
        let answer = change(&server, &page, &cancel).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(problem(&answer), named("too-many-requests", &[]));
        let seconds: u32 = answer.header("retry-after").parse().expect("seconds");
        assert_eq!(answer.json()["retry_after_seconds"], seconds);
        server.set_clock("2026-11-22T13:10:00Z");
        assert_eq!(changed(&server, &page, &cancel).await["state"], "cancelled");
    })
    .await;
}

#[tokio::test]
async fn link_request_does_not_reveal_whether_the_order_exists() {
    on_both_engines(async |server| {
        let (_, reference) = placed(&server, "key-of-a-sought-order", &mug()).await;
        server.mails().await;
        let ask = async |body: &Value| server.post_json("/api/v1/order-links", &[], body).await;
        let request = |reference: &str, email: &str| json!({ "reference": reference, "email": email });
        let none = ask(&request("H26-2222-2222", "steward@branch.example")).await;
        let other = ask(&request(&reference, "other@branch.example")).await;
        let typed = reference.to_lowercase().replace('-', " ");
        let found = ask(&request(&typed, "Steward@branch.example")).await;
        for answer in [&none, &other, &found] {
            assert_eq!(
                (answer.status, answer.json()),
                (StatusCode::ACCEPTED, json!({})),
                "{}",
                answer.text()
            );
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        let mut mails = Vec::new();
        for _ in 0..10_000 {
            mails = server.mails().await;
            if !mails.is_empty() {
                break;
            }
            tokio::task::yield_now().await;
        }
        assert!(mails.len() == 1 && mails[0].contains("To: steward@branch.example"), "{mails:?}");

        for (wrong, fields) in [
            (request(" ", "\u{200b}"), &["reference", "email"][..]),
            (request("H26", ""), &["email"]),
            (json!({ "reference": "H26" }), &["body"]),
            (json!({ "reference": "H26", "email": "a@b.example", "x": 1 }), &["body"]),
        ] {
            let answer = ask(&wrong).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert_eq!(problem(&answer), invalid(fields), "{wrong}");
        }
        let evil = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
        let answer =
            server.post_json("/api/v1/order-links", &evil, &request(&reference, "a@b.example")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn link_requests_by_form_and_api_share_a_rate_limit() {
    on_both_engines(async |server| {
        let request = json!({ "reference": "h27-7k3m-9qxd", "email": "one@branch.example" });
        let form = "reference=H277K3M9QXD&email=one%40branch.example";
        assert_eq!(server.post_form("/orders", form).await.status, StatusCode::OK);
        for _ in 0..2 {
            let answer = server.post_json("/api/v1/order-links", &[], &request).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED);
        }
        let answer = server.post_json("/api/v1/order-links", &[], &request).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(problem(&answer), named("too-many-requests", &[]));
        assert!(answer.json()["retry_after_seconds"].as_u64().is_some_and(|seconds| seconds <= 3600));
    })
    .await;
}
