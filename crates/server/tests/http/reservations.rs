//! Orders are held for payment or approval, and expire.

use axum::http::StatusCode;
use contract::orders::OrderStatus;
use serde_json::{Value, json};

use crate::{
    buying::{for_branch, placed, read, statuses, stock},
    provider::{self, Provider, tell},
    server::{TestServer, on_both_engines},
};

const MUG: &str = "HEART-MUG-RED-EN";

fn mugs(quantity: u32, by: &str) -> Value {
    json!({
        "lines": [{ "sku": MUG, "quantity": quantity }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "delivery": { "by": "collection", "region": "wales" },
        "payment": { "by": by },
    })
}

#[tokio::test]
async fn unpaid_order_expires_after_a_reminder_and_releases_stock() {
    on_both_engines(async |server| {
        let before = stock(&server, MUG).await;
        let (page, reference) = placed(&server, "key-of-unpaid-mugs-1", &mugs(2, "transfer")).await;
        let held = "until the end of 7 December 2026. If you have not paid by then";
        assert!(server.get(&page).await.text().contains(held));
        let welsh = server.get(&format!("/cy{page}")).await.text();
        assert!(welsh.contains("tan ddiwedd y dydd ar 7 Rhagfyr 2026"), "{welsh}");
        let mails = server.mails().await;
        assert!(mails.len() == 1 && mails[0].contains(held), "{mails:?}");

        // On the working day before, once.
        server.set_clock("2026-12-04T08:59:00Z");
        assert_eq!((server.expire().await, server.mails().await.len()), (0, 0));
        server.set_clock("2026-12-04T09:00:00Z");
        for expected in [1, 0] {
            assert_eq!(server.expire().await, 0);
            let mails = server.mails().await;
            assert_eq!(mails.len(), expected, "{mails:?}");
            for mail in mails {
                assert!(mail.contains(&format!("Subject: Order {reference} expires soon")), "{mail}");
                assert!(mail.contains("by the end of 7 December 2026"), "{mail}");
                assert!(mail.contains(&format!("https://week.example{page}")), "{mail}");
            }
        }
        server.set_clock("2026-12-07T23:59:00Z");
        assert_eq!((server.expire().await, stock(&server, MUG).await), (0, before - 2));

        server.set_clock("2026-12-08T00:00:00Z");
        assert_eq!((server.expire().await, stock(&server, MUG).await), (1, before));
        assert_eq!(statuses(&server, &page).await, ["awaiting-payment", "cancelled"]);
        let order = read(&server, &page).await;
        assert_eq!((&order["moves"][1]["event"], order.get("held_until")), (&json!("expired"), None));
        assert!(server.get(&page).await.text().contains("This order was not paid for or approved in time"));
        let mails = server.mails().await;
        assert!(mails.len() == 1 && mails[0].contains(&format!("Order {reference}: Expired")), "{mails:?}");
        assert_eq!((server.expire().await, server.mails().await.len()), (0, 0), "only once");
        assert_eq!(stock(&server, MUG).await, before);
    })
    .await;
}

#[tokio::test]
async fn unapproved_order_expires_and_paid_order_does_not() {
    on_both_engines(async |server| {
        let badges = json!([{ "sku": "HEART-BADGE-RED-EN", "quantity": 1000 }]);
        let before = stock(&server, "HEART-BADGE-RED-EN").await;
        let waits = for_branch(badges, json!({ "by": "transfer" }));
        let (large, _) = placed(&server, "key-of-badges-to-see", &waits).await;
        let (paid, reference) = placed(&server, "key-of-mugs-paid-for", &mugs(1, "transfer")).await;
        server
            .admin()
            .await
            .change_status(&reference, OrderStatus::Confirmed, "")
            .await
            .expect("a transition");
        assert_eq!(read(&server, &large).await["state"], "awaiting-approval");
        let held = "until the end of 7 December 2026. If it is not approved by then";
        assert!(server.get(&large).await.text().contains(held));
        server.set_clock("2026-12-08T00:00:00Z");
        assert_eq!(server.expire().await, 1);
        assert_eq!(statuses(&server, &large).await, ["awaiting-approval", "cancelled"]);
        assert_eq!(statuses(&server, &paid).await, ["awaiting-payment", "confirmed"]);
        assert_eq!(stock(&server, "HEART-BADGE-RED-EN").await, before);
    })
    .await;
}

#[tokio::test]
async fn staff_extend_a_hold() {
    on_both_engines(async |server| {
        let (page, reference) = placed(&server, "key-of-mugs-for-long", &mugs(2, "transfer")).await;
        server.mails().await;
        let admin = server.admin().await;
        let sooner = admin.extend(&reference, 5).await.expect_err("it is held for longer already");
        assert!(sooner.to_string().contains("2026-12-07"), "{sooner}");
        assert_eq!(admin.extend(&reference, 15).await.expect("a day").to_string(), "2026-12-14");
        let held = admin.list_held().await.expect("a list");
        assert!(held.starts_with(&format!("{reference}  held until 2026-12-14  £15.00")), "{held}");
        let mails = server.mails().await;
        assert!(mails.len() == 1 && mails[0].contains("the end of 14 December 2026"), "{mails:?}");
        assert!(server.get(&page).await.text().contains("until the end of 14 December 2026"));
        server.set_clock("2026-12-08T00:00:00Z");
        assert_eq!((server.expire().await, server.mails().await.len()), (0, 0));
        server.set_clock("2026-12-15T00:00:00Z");
        assert_eq!(server.expire().await, 1);
        let over = server.admin().await.extend(&reference, 15).await.expect_err("it has expired");
        assert!(over.to_string().contains("is cancelled"), "{over}");
        assert_eq!(server.admin().await.list_held().await.expect("a list"), "");
    })
    .await;
}

/// Places an order paid by card, and opens its payment page.
async fn on_its_payment_page(server: &TestServer, key: &str) -> String {
    let (page, _) = placed(server, key, &mugs(2, "card")).await;
    assert_eq!(server.get(&format!("{page}/pay")).await.status, StatusCode::SEE_OTHER);
    page
}

#[tokio::test]
async fn unpaid_card_order_expires_after_a_reminder() {
    on_both_engines(async |server| {
        let (provider, url) = provider::start().await;
        let server = server.taking_cards(&url);
        let english = on_its_payment_page(&server, "key-of-a-card-to-recall").await;
        let mut order = mugs(2, "card");
        order["locale"] = json!("cy");
        let (welsh, _) = placed(&server, "key-of-a-welsh-card-1", &order).await;
        assert_eq!(server.get(&format!("{welsh}/pay")).await.status, StatusCode::SEE_OTHER);
        let paid = on_its_payment_page(&server, "key-of-a-card-that-paid").await;
        // Paid, without a webhook.
        provider::pay(&provider, 2);
        server.mails().await;

        // Twelve hours before, once. The payment page has extended the hold.
        server.set_clock("2026-11-23T00:09:00Z");
        assert_eq!((server.expire().await, server.mails().await.len()), (0, 0));
        server.set_clock("2026-11-23T00:10:00Z");
        assert_eq!(server.expire().await, 0);
        let mails = server.mails().await;
        for (page, text) in [
            (english.clone(), "If you have not paid by 12:09pm on 23 November 2026, the order will expire"),
            (format!("/cy{welsh}"), "Os na fyddwch wedi talu erbyn 12:09yh ar 23 Tachwedd 2026"),
        ] {
            let link = format!("https://week.example{page}/pay");
            assert!(mails.iter().any(|mail| mail.contains(text) && mail.contains(&link)), "{mails:?}");
        }
        assert_eq!(mails.iter().filter(|mail| mail.contains("12:09")).count(), 2, "{mails:?}");
        assert_eq!(statuses(&server, &paid).await, ["awaiting-payment", "confirmed"]);
        assert_eq!((server.expire().await, server.mails().await.len()), (0, 0));

        server.set_clock("2026-11-23T12:10:00Z");
        assert_eq!(server.expire().await, 2);
        let mails = server.mails().await;
        assert_eq!(mails.len(), 2, "{mails:?}");
        assert!(mails.iter().any(|mail| mail.contains("This order was not paid for")), "{mails:?}");
    })
    .await;
}

#[tokio::test]
async fn payment_at_expiry_keeps_the_order() {
    on_both_engines(async |server| {
        let (provider, url) = provider::start().await;
        let server = server.taking_cards(&url);
        let before = stock(&server, MUG).await;
        let paid = on_its_payment_page(&server, "key-of-a-late-payer-1").await;
        let left = on_its_payment_page(&server, "key-of-a-payer-who-left").await;
        let (never, _) = placed(&server, "key-of-who-never-went", &mugs(1, "card")).await;

        // Nobody has opened the third order's payment page, however slowly it was placed;
        // those of the others have closed.
        server.set_clock("2026-11-23T12:05:00Z");
        assert_eq!(server.expire().await, 1);
        assert_eq!(statuses(&server, &never).await, ["awaiting-payment", "cancelled"]);
        assert_eq!(statuses(&server, &paid).await, ["awaiting-payment"]);
        // Paid after the reminder, without a webhook.
        provider::pay(&provider, 0);

        // An order stays on hold while the provider cannot be asked about it.
        server.set_clock("2026-11-23T12:10:00Z");
        provider.lock().expect("a provider").down = true;
        assert_eq!(server.expire().await, 0);
        assert_eq!(statuses(&server, &left).await, ["awaiting-payment"]);
        provider.lock().expect("a provider").down = false;
        assert_eq!(server.expire().await, 1);
        assert_eq!(statuses(&server, &paid).await, ["awaiting-payment", "confirmed"]);
        assert_eq!(statuses(&server, &left).await, ["awaiting-payment", "cancelled"]);
        assert_eq!(
            provider.lock().expect("a provider").sessions[1]["status"],
            "expired",
            "its page is closed"
        );
        assert_eq!(stock(&server, MUG).await, before - 2);
        assert!(provider.lock().expect("a provider").refunds.is_empty());
    })
    .await;
}

#[tokio::test]
async fn payment_during_expiry_is_kept_or_refunded() {
    on_both_engines(async |server| {
        let (provider, url) = provider::start().await;
        let server = server.taking_cards(&url);
        let before = stock(&server, MUG).await;
        let mut pages = Vec::new();
        for number in 0..6 {
            pages.push(on_its_payment_page(&server, &format!("key-of-a-racing-payer-{number}")).await);
        }
        let now = "2026-11-23T12:10:00Z";
        server.set_clock(now);
        let pay = async |provider: &Provider, index: usize| {
            let paid = provider::pay(provider, index);
            assert_eq!(tell(&server, "whsec_test", now, &paid).await.status, StatusCode::NO_CONTENT);
        };
        // Two servers, and the payments for the first three.
        tokio::join!(
            server.expire(),
            server.expire(),
            pay(&provider, 0),
            pay(&provider, 1),
            pay(&provider, 2),
        );
        let mut sold = 0;
        let mut given_back = 0;
        for (index, page) in pages.iter().enumerate() {
            let statuses = statuses(&server, page).await;
            match statuses.last().map(String::as_str) {
                Some("confirmed") => sold += 2,
                Some("refunded") => given_back += 1,
                Some("cancelled") => assert!(index >= 3, "{statuses:?}: it was paid"),
                _ => panic!("{index}: {statuses:?}"),
            }
            let ends = statuses.iter().filter(|status| *status == "cancelled" || *status == "confirmed");
            assert_eq!(ends.count(), 1, "{statuses:?}");
        }
        assert_eq!(stock(&server, MUG).await, before - sold);
        assert_eq!(provider.lock().expect("a provider").refunds.len(), given_back);
    })
    .await;
}
