//! Refunds: of surplus, late and wrong payments, and of cancelled orders, by card or by staff.

use axum::http::StatusCode;
use contract::orders::OrderStatus;
use serde_json::{Value, json};

use crate::{
    buying::{card_order, statuses, words},
    provider::{pay, refund_event, start, tell, tell_of},
    server::{START, on_both_engines},
};

#[tokio::test]
async fn surplus_payment_is_refunded() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        // Paid on a page that has expired since, without a webhook.
        let (page, _) = card_order(&server, "key-of-a-lost-message").await;
        server.get(&format!("{page}/pay")).await;
        pay(&provider, 0);
        server.set_clock("2026-11-24T12:00:00Z");
        assert_eq!(server.get(&format!("{page}/pay")).await.header("location"), page);
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment", "confirmed"]);
        assert_eq!(provider.lock().expect("a provider").sessions.len(), 1);

        // Staff have recorded the payment when it also arrives by card.
        server.set_clock(START);
        let (page, reference) = card_order(&server, "key-of-money-twice-1").await;
        server.get(&format!("{page}/pay")).await;
        let admin = server.admin().await;
        admin.change_status(&reference, OrderStatus::Confirmed, "By telephone").await.expect("a transition");
        assert_eq!(provider.lock().expect("a provider").sessions[1]["status"], "expired");
        let paid = pay(&provider, 1);
        provider.lock().expect("a provider").swallows = true;
        assert_eq!(tell(&server, "whsec_test", START, &paid).await.status, StatusCode::SERVICE_UNAVAILABLE);
        // The refund was made, the response was lost, and the provider has forgotten the key.
        {
            let mut known = provider.lock().expect("a provider");
            (known.swallows, known.forgets) = (false, true);
        }
        for _ in 0..2 {
            assert_eq!(tell(&server, "whsec_test", START, &paid).await.status, StatusCode::NO_CONTENT);
        }
        let refunds = provider.lock().expect("a provider").refunds.clone();
        assert_eq!((refunds.len(), &*refunds[0]["payment_intent"]), (1, "pi_1"));
        let shown = server.get(&format!("/api/v1{page}")).await.json();
        assert_eq!((&shown["state"], &shown["refunded_pence"]), (&json!("confirmed"), &json!(0)));

        // After cancellation, staff refund the payment they recorded, not the card payment.
        admin.change_status(&reference, OrderStatus::Cancelled, "").await.expect("a transition");
        assert_eq!(admin.list_due().await.expect("a list"), format!("{reference}  £15.00  manually\n"));
        let message = admin.refund(&reference, false).await.expect("an answer");
        assert_eq!(message, format!("{reference}: refund £15.00 manually"));
        assert_eq!(provider.lock().expect("a provider").refunds.len(), 1);
        assert_eq!(admin.list_due().await.expect("a list"), "");
    })
    .await;
}

#[tokio::test]
async fn payment_of_a_cancelled_order_is_refunded() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        // Paid, then cancelled: refunded immediately.
        let (page, _) = card_order(&server, "key-of-a-paid-order").await;
        server.get(&format!("{page}/pay")).await;
        let paid = pay(&provider, 0);
        tell(&server, "whsec_test", START, &paid).await;
        let cancelled = server.post_form(&page, "act=cancel").await;
        assert_eq!(cancelled.status, StatusCode::SEE_OTHER, "{}", cancelled.text());
        assert_eq!(
            statuses(&server, &page).await,
            ["awaiting-payment", "confirmed", "cancelled", "refunded"]
        );
        let refunds = || provider.lock().expect("a provider").refunds.clone();
        assert_eq!(
            (refunds().len(), &*refunds()[0]["amount"], &*refunds()[0]["payment_intent"]),
            (1, "1500", "pi_0")
        );
        assert_eq!(server.get(&format!("/api/v1{page}")).await.json()["refunded_pence"], 1500);

        // Cancelled, then paid in another tab: the webhook triggers a refund, and is retried
        // as long as the provider is unavailable.
        let (page, _) = card_order(&server, "key-of-a-late-payment").await;
        server.get(&format!("{page}/pay")).await;
        server.post_form(&page, "act=cancel").await;
        assert_eq!(provider.lock().expect("a provider").sessions[1]["status"], "expired");
        let mut paid = pay(&provider, 1);
        paid["status"] = json!("complete");
        provider.lock().expect("a provider").down = true;
        for _ in 0..2 {
            assert_eq!(
                tell(&server, "whsec_test", START, &paid).await.status,
                StatusCode::SERVICE_UNAVAILABLE
            );
        }
        provider.lock().expect("a provider").down = false;
        for _ in 0..2 {
            assert_eq!(tell(&server, "whsec_test", START, &paid).await.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment", "cancelled", "refunded"]);
        assert_eq!((refunds().len(), &*refunds()[1]["payment_intent"]), (2, "pi_1"));
    })
    .await;
}

#[tokio::test]
async fn wrong_amount_is_refunded_and_the_order_waits() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        let (page, _) = card_order(&server, "key-of-another-sum-1").await;
        server.get(&format!("{page}/pay")).await;
        let mut less = pay(&provider, 0);
        less["amount_total"] = json!(1);
        for _ in 0..2 {
            assert_eq!(tell(&server, "whsec_test", START, &less).await.status, StatusCode::NO_CONTENT);
        }
        let refunds = || {
            let made = &provider.lock().expect("a provider").refunds;
            made.iter()
                .map(|one| format!("{} of {}", one["amount"], one["payment_intent"]))
                .collect::<Vec<_>>()
        };
        assert_eq!(refunds(), ["1 of pi_0"]);
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment"]);

        // It is paid on another page, and that payment is refunded.
        let again = server.get(&format!("{page}/pay")).await;
        assert_eq!(again.header("location"), "https://pay.example/cs_test_1");
        tell(&server, "whsec_test", START, &pay(&provider, 1)).await;
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment", "confirmed"]);
        server.post_form(&page, "act=cancel").await;
        assert_eq!(refunds(), ["1 of pi_0", "1500 of pi_1"]);
        assert_eq!(server.get(&format!("/api/v1{page}")).await.json()["refunded_pence"], 1500);
    })
    .await;
}

#[tokio::test]
async fn failed_refund_waits_for_staff() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        let admin = server.admin().await;
        let refunded =
            async |page: &str| server.get(&format!("/api/v1{page}")).await.json()["refunded_pence"].clone();

        // The provider refuses the refund.
        let (page, reference) = card_order(&server, "key-of-a-refusal-01").await;
        server.get(&format!("{page}/pay")).await;
        tell(&server, "whsec_test", START, &pay(&provider, 0)).await;
        provider.lock().expect("a provider").refuses = true;
        assert_eq!(server.post_form(&page, "act=cancel").await.status, StatusCode::SEE_OTHER);
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment", "confirmed", "cancelled"]);
        assert_eq!(admin.list_due().await.expect("a list"), format!("{reference}  £15.00  to the card\n"));
        let refused = format!("{:#}", admin.refund(&reference, false).await.expect_err("a refusal"));
        assert!(refused.contains("--by-hand") && refused.contains("charge_disputed"), "{refused}");
        assert!(
            admin.erase_person("member@branch.example").await.expect("a list").contains("a refund is due")
        );
        let message = admin.refund(&reference, true).await.expect("an answer");
        assert_eq!(message, format!("{reference}: refund £15.00 manually"));
        assert_eq!(refunded(&page).await, 1500);
        assert_eq!(statuses(&server, &page).await.last().expect("a status"), "refunded");
        assert_eq!(
            admin.refund(&reference, true).await.expect("an answer"),
            format!("{reference}: no refund due")
        );
        assert!(provider.lock().expect("a provider").refunds.is_empty());

        // The provider makes the refund, and reports days later that it failed.
        provider.lock().expect("a provider").refuses = false;
        let (page, reference) = card_order(&server, "key-of-a-lost-refund").await;
        server.get(&format!("{page}/pay")).await;
        tell(&server, "whsec_test", START, &pay(&provider, 1)).await;
        server.post_form(&page, "act=cancel").await;
        assert_eq!(refunded(&page).await, 1500);
        let made = provider.lock().expect("a provider").refunds[0].clone();
        let mut others = made.clone();
        others.insert("metadata[campaign_hub_refund]".to_owned(), "of-somebody".to_owned());
        for (kind, object) in [
            ("refund.updated", refund_event(&made, "succeeded")),
            ("refund.failed", refund_event(&others, "failed")),
            ("refund.failed", json!({ "object": "refund", "status": "failed" })),
        ] {
            assert_eq!(
                tell_of(&server, "whsec_test", START, kind, &object).await.status,
                StatusCode::NO_CONTENT
            );
            assert_eq!(refunded(&page).await, 1500, "{kind} {object}");
        }
        let failed = refund_event(&made, "failed");
        provider.lock().expect("a provider").failed = 1;
        for kind in ["refund.failed", "charge.refund.updated"] {
            assert_eq!(
                tell_of(&server, "whsec_test", START, kind, &failed).await.status,
                StatusCode::NO_CONTENT
            );
            assert_eq!(refunded(&page).await, 0);
        }
        assert_eq!(admin.list_due().await.expect("a list"), format!("{reference}  £15.00  manually\n"));
        let message = admin.refund(&reference, false).await.expect("an answer");
        assert_eq!(message, format!("{reference}: refund £15.00 manually"));
        tell_of(&server, "whsec_test", START, "refund.failed", &failed).await;
        assert_eq!(refunded(&page).await, 1500, "a message that comes late changes nothing");

        // The response was lost and the refund failed: a new one is requested.
        let (page, reference) = card_order(&server, "key-of-two-failures1").await;
        server.get(&format!("{page}/pay")).await;
        tell(&server, "whsec_test", START, &pay(&provider, 2)).await;
        provider.lock().expect("a provider").swallows = true;
        server.post_form(&page, "act=cancel").await;
        // It is unknown whether the refund was made, so it must not be made manually.
        provider.lock().expect("a provider").down = true;
        assert!(admin.refund(&reference, true).await.is_err());
        {
            let mut known = provider.lock().expect("a provider");
            assert_eq!(known.refunds.len(), 2);
            (known.down, known.swallows, known.failed) = (false, false, 2);
        }
        let message = admin.refund(&reference, false).await.expect("an answer");
        assert_eq!(message, format!("{reference}: refunded £15.00 to the card"));
        assert_eq!(provider.lock().expect("a provider").refunds.len(), 3);
        // A late webhook about the first try says nothing about the second.
        let first = refund_event(&provider.lock().expect("a provider").refunds[1], "failed");
        let message = tell_of(&server, "whsec_test", START, "refund.failed", &first).await;
        assert_eq!((message.status, refunded(&page).await), (StatusCode::NO_CONTENT, json!(1500)));
        let exported = admin.export_person("member@branch.example").await.expect("an export");
        let exported: Value = serde_json::from_str(&exported).expect("JSON");
        let of =
            exported["orders"].as_array().expect("orders").iter().find(|one| one["reference"] == *reference);
        let of = of.expect("the order");
        assert_eq!((&of["card_payments"], &of["refunds"][0]["to"]), (&json!(["pi_2"]), &json!("pi_2")));
        assert_eq!((&of["refunds"][0]["pence"], of["refunds"][0]["done"].is_string()), (&json!(1500), true));
    })
    .await;
}

#[tokio::test]
async fn manual_refund_does_not_block_card_refund() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        let (page, reference) = card_order(&server, "key-of-money-two-ways").await;
        server.get(&format!("{page}/pay")).await;
        // The transfer arrived while the payment page could not be closed.
        provider.lock().expect("a provider").down = true;
        let admin = server.admin().await;
        assert!(
            admin.change_status(&reference, OrderStatus::Confirmed, "By transfer").await.is_err(),
            "not settled yet"
        );
        server.post_form(&page, "act=cancel").await;
        provider.lock().expect("a provider").down = false;
        let paid = pay(&provider, 0);
        assert_eq!(tell(&server, "whsec_test", START, &paid).await.status, StatusCode::NO_CONTENT);
        assert_eq!(provider.lock().expect("a provider").refunds.len(), 1, "the card's goes back by itself");
        assert_eq!(admin.list_due().await.expect("a list"), format!("{reference}  £15.00  manually\n"));
        admin.refund(&reference, false).await.expect("an answer");
        assert_eq!(admin.list_due().await.expect("a list"), "");
        assert_eq!(statuses(&server, &page).await.last().expect("a status"), "refunded");
        assert_eq!(provider.lock().expect("a provider").refunds.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn transfer_is_refunded_by_staff() {
    on_both_engines(async |server| {
        let (_provider, url) = start().await;
        let server = server.taking_cards(&url);
        let order = json!({
            "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 2 }],
            "customer": { "name": "A member", "email": "member@branch.example" },
            "delivery": { "by": "collection", "region": "wales" },
            "payment": { "by": "transfer" },
        });
        let placed = server
            .post_json("/api/v1/orders", &[("idempotency-key", "key-of-a-transfer-1")], &order)
            .await
            .json();
        let page = format!("/orders/{}", placed["token"].as_str().expect("a token"));
        let reference = placed["reference"].as_str().expect("a reference");
        let invoice = async || words(&server.get(&format!("{page}/invoice.pdf")).await.body);
        assert!(invoice().await.contains("Pay to: "));
        let admin = server.admin().await;
        admin.change_status(reference, OrderStatus::Confirmed, "").await.expect("a transition");
        let paid = invoice().await;
        assert!(
            paid.contains("Paid in full. There is nothing to pay.") && !paid.contains("Pay to: "),
            "{paid}"
        );
        server.post_form(&page, "act=cancel").await;
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment", "confirmed", "cancelled"]);
        assert_eq!(admin.list_due().await.expect("a list"), format!("{reference}  £15.00  manually\n"));
        assert!(
            admin.erase_person("member@branch.example").await.expect("a list").contains("a refund is due")
        );
        admin.refund(reference, false).await.expect("an answer");
        assert_eq!(statuses(&server, &page).await.last().expect("a status"), "refunded");
        assert_eq!(admin.list_due().await.expect("a list"), "");
    })
    .await;
}
