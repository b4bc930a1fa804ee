//! Card payments: webhooks that are late, repeated, out of order or forged, and a provider that
//! is unavailable.

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    buying::{card_order, statuses},
    provider::{pay, start, tell},
    server::{START, on_both_engines},
};

#[tokio::test]
async fn card_payment_is_recorded_once() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        assert_eq!(server.get("/api/v1/shop").await.json()["card"], false);
        assert_eq!(server.post_json("/webhooks/stripe", &[], &json!({})).await.status, StatusCode::NOT_FOUND);
        let server = server.taking_cards(&url);
        assert_eq!(server.get("/api/v1/shop").await.json()["card"], true);
        let (page, reference) = card_order(&server, "key-of-a-card-order").await;
        // Repeated visits open the same page.
        for _ in 0..3 {
            let answer = server.get(&format!("{page}/pay")).await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (StatusCode::SEE_OTHER, "https://pay.example/cs_test_0")
            );
        }
        let asked = provider.lock().expect("a provider").sessions[0].clone();
        assert_eq!(provider.lock().expect("a provider").sessions.len(), 1);
        assert_eq!((&asked["amount_total"], &asked["currency"]), (&json!(1500), &json!("gbp")));
        assert_eq!(asked["adaptive_pricing"], "false");
        assert_eq!(asked["client_reference_id"], reference);
        assert_eq!(asked["success_url"], format!("https://week.example{page}/paid"));

        // A customer who has not paid is redirected back to an order awaiting payment.
        assert_eq!(server.get(&format!("{page}/paid")).await.header("location"), page);
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment"]);
        let shown = server.get(&page).await.text();
        assert!(shown.contains("Pay £15.00 by card"));

        // A webhook that is not from the provider is ignored.
        let paid = pay(&provider, 0);
        assert_eq!(tell(&server, "whsec_other", START, &paid).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let early = tell(&server, "whsec_test", "2026-11-22T11:54:00Z", &paid).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut euros = paid.clone();
        euros["currency"] = json!("eur");
        assert_eq!(tell(&server, "whsec_test", START, &euros).await.status, StatusCode::NO_CONTENT);
        let mut others = paid.clone();
        others["id"] = json!("cs_test_of_somebody");
        assert_eq!(tell(&server, "whsec_test", START, &others).await.status, StatusCode::NO_CONTENT);
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment"]);

        // The same webhook twice, and an earlier one that arrives later.
        let mut before = paid.clone();
        before["payment_status"] = json!("unpaid");
        before["status"] = json!("expired");
        for message in [&paid, &paid, &before, &paid] {
            assert_eq!(tell(&server, "whsec_test", START, message).await.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment", "confirmed"]);
        assert_eq!(server.get(&format!("{page}/pay")).await.header("location"), page);
    })
    .await;
}

#[tokio::test]
async fn order_is_paid_on_return_before_the_webhook() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        let (page, _) = card_order(&server, "key-of-a-late-message").await;
        server.get(&format!("{page}/pay")).await;
        let paid = pay(&provider, 0);
        for _ in 0..2 {
            assert_eq!(server.get(&format!("{page}/paid")).await.header("location"), page);
        }
        assert_eq!(tell(&server, "whsec_test", START, &paid).await.status, StatusCode::NO_CONTENT);
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment", "confirmed"]);
    })
    .await;
}

#[tokio::test]
async fn expired_payment_page_is_replaced() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        let (page, _) = card_order(&server, "key-of-two-pages-1").await;
        server.get(&format!("{page}/pay")).await;
        server.set_clock("2026-11-24T12:00:00Z");
        let second = server.get(&format!("{page}/pay")).await;
        assert_eq!(second.header("location"), "https://pay.example/cs_test_1");
        assert_eq!(provider.lock().expect("a provider").sessions.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn order_is_kept_while_the_provider_is_down() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        let (page, _) = card_order(&server, "key-of-a-bad-moment").await;
        provider.lock().expect("a provider").down = true;
        let answer = server.get(&format!("{page}/pay")).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.text().contains("We cannot reach our payment provider at the moment."));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(server.get(&format!("{page}/paid")).await.header("location"), page);
        provider.lock().expect("a provider").down = false;
        assert_eq!(server.get(&format!("{page}/pay")).await.status, StatusCode::SEE_OTHER);
        // An unreachable provider.
        let server = server.taking_cards("http://127.0.0.1:9");
        let (page, _) = card_order(&server, "key-of-a-worse-moment").await;
        assert_eq!(server.get(&format!("{page}/pay")).await.status, StatusCode::SERVICE_UNAVAILABLE);
        // The forms on the error page work without the app too.
        let cancelled = server.post_form(&format!("{page}/pay"), "act=cancel").await;
        assert_eq!((cancelled.status, cancelled.header("location")), (StatusCode::SEE_OTHER, &*page));
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment", "cancelled"]);
    })
    .await;
}

#[tokio::test]
async fn email_links_to_the_payment_page() {
    on_both_engines(async |server| {
        let (_provider, url) = start().await;
        let server = server.taking_cards(&url);
        let (page, _) = card_order(&server, "key-of-a-mailed-page").await;
        let mails = server.mails().await;
        let address = format!("https://week.example{page}/pay");
        assert!(mails[0].contains("Pay by card:") && mails[0].contains(&address), "{}", mails[0]);
    })
    .await;
}
