//! After a change of the delivery address, the customer is emailed and the order needs
//! approval again.

use axum::http::StatusCode;
use contract::orders::OrderStatus;
use serde_json::{Value, json};

use crate::{
    buying::{code_in, for_branch, placed, read},
    provider,
    server::{Answer, TestServer, on_both_engines},
};

/// Changes the delivery address of an order to another house in Leeds.
async fn change(server: &TestServer, page: &str, house: u32) -> Answer {
    let form =
        format!("act=address&recipient=&line_1={house}+Side+Street&line_2=&town=Leeds&postcode=ls2+2bb");
    server.post_form(page, &form).await
}

async fn changed(server: &TestServer, page: &str, house: u32) {
    let answer = change(server, page, house).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

async fn approve(server: &TestServer, page: &str, code: &str) -> StatusCode {
    server.post_form(page, &format!("act=approve&code={code}")).await.status
}

/// A mug for a branch, with this payment method.
fn mug(payment: Value) -> Value {
    for_branch(json!([{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }]), payment)
}

fn by_number() -> Value {
    json!({ "by": "purchase-order", "number": "PO 17" })
}

#[tokio::test]
async fn address_change_is_emailed_and_recorded() {
    on_both_engines(async |server| {
        let (page, reference) =
            placed(&server, "key-of-a-moving-mug-1", &mug(json!({ "by": "transfer" }))).await;
        let before = read(&server, &page).await;
        server.mails().await;
        changed(&server, &page, 1).await;
        let order = read(&server, &page).await;
        assert_eq!(order["delivery"]["address"]["line_1"], "1 Side Street");
        let entry = &order["moves"][1];
        assert_eq!(
            (&entry["state"], &entry["event"]),
            (&json!("awaiting-payment"), &json!("address-changed"))
        );
        assert_eq!(entry["note"], "LS2");
        assert_eq!(order["held_until"], before["held_until"], "nobody has more time to pay");
        assert!(server.get(&page).await.text().contains("<b>Delivery address changed</b>"));
        let welsh = server.get(&format!("/cy{page}")).await.text();
        assert!(welsh.contains("<b>Cyfeiriad dosbarthu wedi newid</b>"), "{welsh}");
        let mails = server.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        let mail = &mails[0];
        assert!(mail.contains("To: steward@branch.example") && mail.contains(&reference), "{mail}");
        assert!(mail.contains("on the order page.") && mail.contains("If you did not change it"), "{mail}");
        assert!(!mail.contains("Side Street") && !mail.contains(" LS2") && !mail.contains("2BB"), "{mail}");
        // The same form again changes nothing.
        changed(&server, &page, 1).await;
        assert_eq!(read(&server, &page).await["moves"].as_array().map(Vec::len), Some(2));
        assert_eq!(server.mails().await.len(), 0);
        // The number of emails is limited.
        for house in 2..=5 {
            changed(&server, &page, house).await;
        }
        let often = change(&server, &page, 6).await;
        assert_eq!(often.status, StatusCode::UNPROCESSABLE_ENTITY);
        let said = often.text();
        assert!(said.contains("cannot change the delivery address again today"), "{said}");
        assert!(said.contains("6 Side Street"), "what was typed stays");
        server.set_clock("2026-11-23T12:01:00Z");
        changed(&server, &page, 6).await;
    })
    .await;
}

#[tokio::test]
async fn address_change_requires_new_approval() {
    on_both_engines(async |server| {
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let (page, reference) = placed(&server, "key-of-an-approved-1", &mug(by_number())).await;
        let again = "The new address is on the order page. The order needs your approval again.";
        let mails = server.mails().await;
        assert!(mails.iter().all(|mail| !mail.contains(again)), "{mails:?}");
        let first = code_in(&mails).expect("a code");
        // The officer has seen the previous address.
        changed(&server, &page, 1).await;
        let mails = server.mails().await;
        assert!(mails.iter().any(|mail| mail.contains(again)), "{mails:?}");
        let second = code_in(&mails).expect("another code");
        assert_eq!(approve(&server, &page, &first).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(approve(&server, &page, &second).await, StatusCode::SEE_OTHER);
        assert_eq!(read(&server, &page).await["state"], "confirmed");
        server.mails().await;

        changed(&server, &page, 2).await;
        let order = read(&server, &page).await;
        assert_eq!((&order["state"], &order["approver"]), (&json!("awaiting-approval"), &json!("officer")));
        assert_eq!(order["held_until"]["uk_date"], "2026-12-07");
        let mails = server.mails().await;
        assert_eq!(mails.len(), 2, "{mails:?}");
        assert!(
            mails.iter().any(|mail| mail.contains("needs to be approved before we pack it")),
            "{mails:?}"
        );
        let third = code_in(&mails).expect("a third code");
        assert!(server.admin().await.change_status(&reference, OrderStatus::Packed, "").await.is_err());
        assert_eq!(approve(&server, &page, &second).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(approve(&server, &page, &third).await, StatusCode::SEE_OTHER);
        assert_eq!(read(&server, &page).await["state"], "confirmed");
        // Once it is packed, the approved address stays.
        server.admin().await.change_status(&reference, OrderStatus::Packed, "").await.expect("a transition");
        assert_eq!(change(&server, &page, 3).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(read(&server, &page).await["delivery"]["address"]["line_1"], "2 Side Street");
    })
    .await;
}

#[tokio::test]
async fn paid_and_staff_approved_orders_need_new_approval() {
    on_both_engines(async |server| {
        // Without an officer, staff have to approve it again.
        let (page, reference) = placed(&server, "key-of-a-staffs-order", &mug(by_number())).await;
        server
            .admin()
            .await
            .change_status(&reference, OrderStatus::Confirmed, "")
            .await
            .expect("a transition");
        changed(&server, &page, 1).await;
        let order = read(&server, &page).await;
        assert_eq!((&order["state"], &order["approver"]), (&json!("awaiting-approval"), &json!("staff")));

        // A paid order need not be paid again, and does not expire.
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        server.mails().await;
        let (page, reference) =
            placed(&server, "key-of-a-paid-order-1", &mug(json!({ "by": "transfer" }))).await;
        let code = code_in(&server.mails().await).expect("a code");
        assert_eq!(approve(&server, &page, &code).await, StatusCode::SEE_OTHER);
        assert_eq!(read(&server, &page).await["state"], "awaiting-payment");
        server
            .admin()
            .await
            .change_status(&reference, OrderStatus::Confirmed, "")
            .await
            .expect("a transition");
        changed(&server, &page, 1).await;
        let code = code_in(&server.mails().await).expect("a code");
        let order = read(&server, &page).await;
        assert_eq!((&order["state"], order.get("held_until")), (&json!("awaiting-approval"), None));
        server.set_clock("2027-01-22T12:00:00Z");
        server.expire().await;
        assert_eq!(read(&server, &page).await["state"], "awaiting-approval");
        assert_eq!(approve(&server, &page, &code).await, StatusCode::SEE_OTHER);
        assert_eq!(read(&server, &page).await["state"], "confirmed");
    })
    .await;
}

#[tokio::test]
async fn order_awaiting_address_approval_cannot_be_paid() {
    on_both_engines(async |server| {
        let (provider, url) = provider::start().await;
        let server = server.taking_cards(&url);
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let (page, _) = placed(&server, "key-of-a-card-to-see", &mug(json!({ "by": "card" }))).await;
        let code = code_in(&server.mails().await).expect("a code");
        assert_eq!(approve(&server, &page, &code).await, StatusCode::SEE_OTHER);
        assert_eq!(
            server.get(&format!("{page}/pay")).await.header("location"),
            "https://pay.example/cs_test_0"
        );
        changed(&server, &page, 1).await;
        assert_eq!(provider.lock().expect("a provider").sessions[0]["status"], "expired");
        assert_eq!(server.get(&format!("{page}/pay")).await.header("location"), page);
        let code = code_in(&server.mails().await).expect("a code");
        assert_eq!(approve(&server, &page, &code).await, StatusCode::SEE_OTHER);
        // Its first payment page is closed, so it is paid on another one.
        assert_eq!(
            server.get(&format!("{page}/pay")).await.header("location"),
            "https://pay.example/cs_test_1"
        );
    })
    .await;
}
