//! Staff commands beyond changing a status.

use contract::orders::OrderStatus;
use serde_json::{Value, json};

use crate::{
    buying::{for_branch, placed, read, register_officer, stock},
    server::on_both_engines,
};

const PACKED_TO_DELIVERED: [OrderStatus; 3] =
    [OrderStatus::Packed, OrderStatus::Dispatched, OrderStatus::Delivered];

#[tokio::test]
async fn stock_take_keeps_reserved_items() {
    on_both_engines(async |server| {
        register_officer(&server).await;
        let by_number = json!({ "by": "purchase-order", "number": "7" });
        let mugs = for_branch(json!([{ "sku": "HEART-MUG-RED-EN", "quantity": 10 }]), by_number.clone());
        let (_, mugs) = placed(&server, "key-of-counted-mugs", &mugs).await;
        let boxes = for_branch(json!([{ "sku": "BADGE-BOX-EN", "quantity": 2 }]), by_number);
        let (_, boxes) = placed(&server, "key-of-counted-boxes", &boxes).await;
        let admin = server.admin().await;
        let counted = async |sku: &str, counted: u32| {
            let found = server.store().count_stock(sku, counted).await.expect("a count").expect("a variant");
            assert_eq!(stock(&server, sku).await, found.left());
            (found.reserved, found.left())
        };
        assert_eq!(counted("HEART-MUG-RED-EN", 46).await, (10, 36));
        admin.change_status(&mugs, OrderStatus::Packed, "").await.expect("a transition");
        assert_eq!(counted("HEART-MUG-RED-EN", 46).await, (10, 36), "a parcel is still here");
        admin.dispatch(&mugs, &[("HEART-MUG-RED-EN".to_owned(), 4)]).await.expect("a parcel");
        assert_eq!(counted("HEART-MUG-RED-EN", 42).await, (6, 36));
        assert_eq!(counted("HEART-MUG-RED-EN", 5).await, (6, 0), "fewer than orders need");
        assert!(admin.change_status(&mugs, OrderStatus::PartlyDispatched, "").await.is_err(), "of what?");
        admin.change_status(&mugs, OrderStatus::Dispatched, "").await.expect("a transition");
        assert_eq!(counted("HEART-MUG-RED-EN", 36).await, (0, 36));

        assert_eq!(counted("HEART-BADGE-WHITE-EN", 400).await, (50, 350));
        admin.dispatch(&boxes, &[("BADGE-BOX-EN".to_owned(), 1)]).await.expect("a box");
        assert_eq!(counted("HEART-BADGE-WHITE-EN", 375).await, (25, 350));
        // All of the rest, without recording the packing first.
        let status = admin.dispatch(&boxes, &[("BADGE-BOX-EN".to_owned(), 1)]).await.expect("the other");
        assert_eq!(status, OrderStatus::Dispatched);
        assert_eq!(counted("HEART-BADGE-WHITE-EN", 350).await, (0, 350));
    })
    .await;
}

#[tokio::test]
async fn basket_shows_stock_below_the_maximum_shown() {
    on_both_engines(async |server| {
        let basket = json!({ "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 100 }] });
        let left = async || {
            let priced = server.post_json("/api/v1/prices", &[], &basket).await.json();
            priced["lines"][0].get("left").cloned()
        };
        let before = i64::from(stock(&server, "HEART-MUG-RED-EN").await);
        server.store().adjust_stock("HEART-MUG-RED-EN", 19 - before).await.expect("stock");
        assert_eq!(left().await, Some(json!(19)));
        server.store().adjust_stock("HEART-MUG-RED-EN", 80).await.expect("stock");
        assert_eq!(left().await, Some(json!(20)), "20 or more");
        server.store().adjust_stock("HEART-MUG-RED-EN", 1).await.expect("stock");
        assert_eq!(left().await, None);
    })
    .await;
}

#[tokio::test]
async fn payment_cannot_be_skipped_and_overdue_orders_are_listed() {
    on_both_engines(async |server| {
        let badges = json!([{ "sku": "HEART-BADGE-RED-EN", "quantity": 1000 }]);
        let (page, reference) =
            placed(&server, "key-of-a-large-one-1", &for_branch(badges, json!({ "by": "transfer" }))).await;
        assert_eq!(read(&server, &page).await["state"], "awaiting-approval");
        let admin = server.admin().await;
        let refused =
            admin.change_status(&reference, OrderStatus::Confirmed, "").await.expect_err("a refusal");
        assert!(
            refused.to_string().contains("is not paid: after approval its status is awaiting-payment"),
            "{refused}"
        );
        admin
            .change_status(&reference, OrderStatus::AwaitingPayment, "By telephone")
            .await
            .expect("a transition");
        server.set_clock("2026-12-07T20:00:00Z");
        assert_eq!(server.admin().await.list_overdue().await.expect("a list"), "");
        server.set_clock("2026-12-08T12:00:00Z");
        let overdue = server.admin().await.list_overdue().await.expect("a list");
        assert!(overdue.starts_with(&format!("{reference}  held until 2026-12-07")), "{overdue}");
        admin.change_status(&reference, OrderStatus::Confirmed, "").await.expect("a transition");
        assert_eq!(admin.list_overdue().await.expect("a list"), "");
    })
    .await;
}

#[tokio::test]
async fn export_includes_emails_and_free_items_until_erased() {
    on_both_engines(async |server| {
        let order = json!({
            "lines": [{ "sku": "LEAFLETS-EN", "quantity": 2 }],
            "customer": { "name": "A member", "email": "member@branch.example" },
            "delivery": { "by": "collection", "region": "wales" },
            "payment": { "by": "nothing" },
        });
        let (_, first) = placed(&server, "key-of-first-leaflets", &order).await;
        let (_, second) = placed(&server, "key-of-more-leaflets-", &order).await;
        let admin = server.admin().await;
        let exported = async || -> Value {
            let message = admin.export_person("Member@branch.example").await.expect("an export");
            serde_json::from_str(&message).expect("JSON")
        };
        let message = exported().await;
        let mail = &message["mails"][0];
        assert_eq!((&mail["kind"], &mail["state"]), (&json!("confirmed"), &json!("waiting")), "{message}");
        assert!(mail["subject"].is_string() && mail["at"].is_string(), "{message}");
        assert_eq!(message["free_pieces"][0]["pieces"], 4, "{message}");

        for status in PACKED_TO_DELIVERED {
            admin.change_status(&first, status, "").await.expect("a transition");
        }
        // The other order is still open, and still counts.
        admin.erase_person("member@branch.example").await.expect("a list");
        assert_eq!(exported().await["free_pieces"][0]["pieces"], 4);
        for status in PACKED_TO_DELIVERED {
            admin.change_status(&second, status, "").await.expect("a transition");
        }
        admin.erase_person("member@branch.example").await.expect("a list");
        assert_eq!(exported().await["free_pieces"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn returned_free_order_is_erased() {
    on_both_engines(async |server| {
        let order = json!({
            "lines": [{ "sku": "LEAFLETS-EN", "quantity": 2 }],
            "customer": { "name": "A member", "email": "member@branch.example", "branch": "Nobody's" },
            "delivery": { "by": "collection", "region": "wales" },
            "payment": { "by": "nothing" },
        });
        let (page, reference) = placed(&server, "key-of-free-leaflets", &order).await;
        let admin = server.admin().await;
        for status in PACKED_TO_DELIVERED {
            admin.change_status(&reference, status, "").await.expect("a transition");
        }
        admin.receive(&reference, &[("LEAFLETS-EN".to_owned(), 1)]).await.expect("a leaflet");
        assert_eq!(admin.list_due().await.expect("a list"), "");
        let message = admin.erase_person("member@branch.example").await.expect("a list");
        assert!(message.contains("erased. Sales records are kept"), "{message}");
        assert!(read(&server, &page).await["customer"].get("branch").is_none_or(|branch| branch == ""));
    })
    .await;
}

#[tokio::test]
async fn collection_order_becomes_ready_and_collected() {
    on_both_engines(async |server| {
        let order = json!({
            "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 2 }],
            "customer": { "name": "A member", "email": "member@branch.example" },
            "delivery": { "by": "collection", "region": "wales" },
            "payment": { "by": "transfer" },
        });
        let (page, reference) = placed(&server, "key-of-a-collected-1", &order).await;
        let admin = server.admin().await;
        for status in [OrderStatus::Confirmed, OrderStatus::Packed] {
            admin.change_status(&reference, status, "").await.expect("a transition");
        }
        let mug = [("HEART-MUG-RED-EN".to_owned(), 1)];
        admin.dispatch(&reference, &mug).await.expect("a parcel");
        assert!(server.get(&page).await.text().contains("<b>Part ready to collect</b>"));
        server.mails().await;
        admin.dispatch(&reference, &mug).await.expect("the other");
        let shown = server.get(&page).await.text();
        // At the top, and in the history.
        assert_eq!(shown.matches("<b>Ready to collect</b>").count(), 2, "{shown}");
        let mails = server.mails().await;
        let subject = format!("Subject: Order {reference}: Ready to collect");
        assert!(mails.iter().any(|mail| mail.contains(&subject)), "{mails:?}");
        admin.change_status(&reference, OrderStatus::Delivered, "").await.expect("a transition");
        let shown = server.get(&page).await.text();
        assert!(
            shown.contains("<b>Collected</b>") && shown.contains("You have collected your order."),
            "{shown}"
        );
        assert!(server.get(&format!("/cy{page}")).await.text().contains("<b>Wedi’i chasglu</b>"));
    })
    .await;
}
