//! Orders of branches await approval by the registered officer, or by staff.

use axum::http::StatusCode;
use contract::orders::OrderStatus;
use serde_json::{Value, json};

use crate::{
    buying::{code_in, for_branch, place, placed, read},
    server::{TestServer, on_both_engines},
};

/// A mug, by purchase order.
fn mug() -> Value {
    let lines = json!([{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }]);
    for_branch(lines, json!({ "by": "purchase-order", "number": "PO 17" }))
}

async fn status_of(server: &TestServer, key: &str, order: &Value) -> Value {
    let (page, _) = placed(server, key, order).await;
    read(server, &page).await["state"].clone()
}

#[tokio::test]
async fn purchase_order_without_officer_awaits_staff() {
    on_both_engines(async |server| {
        let (page, reference) = placed(&server, "key-of-a-number-alone", &mug()).await;
        let order = read(&server, &page).await;
        assert_eq!((&order["state"], &order["approver"]), (&json!("awaiting-approval"), &json!("staff")));
        let said = "our staff will check this order";
        let shown = server.get(&page).await.text();
        assert!(shown.contains(said) && shown.contains("<b>Awaiting approval</b>"), "{shown}");
        assert!(!shown.contains("value=\"approve\""), "there is no code to type in");
        assert!(server.get(&format!("/cy{page}")).await.text().contains("bydd ein staff yn gwirio"));
        let mails = server.mails().await;
        assert!(mails.len() == 1 && mails[0].contains(said), "{mails:?}");
        let guessed = server.post_form(&page, "act=approve&code=12345678").await;
        assert_eq!(guessed.status, StatusCode::UNPROCESSABLE_ENTITY);
        let invoice = server.get(&format!("{page}/invoice.pdf")).await;
        assert_eq!(invoice.status, StatusCode::NOT_FOUND);

        server
            .admin()
            .await
            .change_status(&reference, OrderStatus::Confirmed, "")
            .await
            .expect("a transition");
        let order = read(&server, &page).await;
        assert_eq!((&order["state"], order.get("approver")), (&json!("confirmed"), None));
        // Orders paid before dispatch need no approval, unless they are large.
        let mut transfer = mug();
        transfer["payment"] = json!({ "by": "transfer" });
        assert_eq!(status_of(&server, "key-of-a-paid-mug-001", &transfer).await, "awaiting-payment");
    })
    .await;
}

#[tokio::test]
async fn officer_approves_orders_above_their_limit() {
    on_both_engines(async |server| {
        let store = server.store();
        assert!(!store.set_approval_limit("Leeds General", 1).await.expect("no branch"));
        store.register_officer(" leeds  GENERAL ", "officer@branch.example").await.expect("an officer");
        // From the first pound on.
        let (page, _) = placed(&server, "key-of-a-first-penny", &mug()).await;
        assert_eq!(read(&server, &page).await["approver"], "officer");
        let code = code_in(&server.mails().await).expect("a code");
        let approved = server.post_form(&page, &format!("act=approve&code={code}")).await;
        assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text());
        assert_eq!(read(&server, &page).await["state"], "confirmed");
        let mut transfer = mug();
        transfer["payment"] = json!({ "by": "transfer" });
        assert_eq!(status_of(&server, "key-of-a-transfer-too", &transfer).await, "awaiting-approval");

        // A mug with its delivery costs 1,145 pence.
        assert!(store.set_approval_limit("Leeds General", 1_146).await.expect("a limit"));
        assert_eq!(status_of(&server, "key-of-a-cheap-mug-01", &mug()).await, "confirmed");
        store.register_officer("Leeds General", "Officer@branch.example").await.expect("the same officer");
        // Small orders are added up over 30 days.
        assert_eq!(status_of(&server, "key-of-a-split-mug-01", &mug()).await, "awaiting-approval");
        server.set_clock("2026-12-22T11:00:00Z");
        assert_eq!(status_of(&server, "key-of-a-split-mug-02", &mug()).await, "awaiting-approval");
        server.set_clock("2026-12-23T13:00:00Z");
        assert_eq!(status_of(&server, "key-of-a-cheap-mug-02", &mug()).await, "confirmed");
        assert!(store.set_approval_limit("Leeds General", 1_145).await.expect("a limit"));
        assert_eq!(status_of(&server, "key-of-a-dear-mug-001", &mug()).await, "awaiting-approval");
        // A new officer has no limit yet.
        assert!(store.set_approval_limit("Leeds General", 99_999).await.expect("a limit"));
        store.register_officer("Leeds General", "another@branch.example").await.expect("another officer");
        assert_eq!(status_of(&server, "key-of-another-officer", &mug()).await, "awaiting-approval");
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
