//! What emails say: nothing that a customer has typed, and how to pay and to cancel.

use std::time::Duration;

use axum::http::StatusCode;
use contract::orders::OrderStatus;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    buying::{code_in, for_branch, placed},
    mail_server::{Behaviour, FakeMailServer},
    mails::{Worker, read},
    server::{START, on_both_engines},
};

/// A branch's order of 1,000 badges, with advertising in every text.
fn typed_order(locale: &str) -> Value {
    json!({
        "locale": locale,
        "lines": [{ "sku": "HEART-BADGE-RED-EN", "quantity": 1000 }],
        "customer": {
            "kind": "branch", "branch": "LEEDS general", "name": "Win at casino.example",
            "email": "steward@branch.example",
        },
        "delivery": {
            "by": "post",
            "address": { "recipient": "Claim your prize", "line_1": "1 Prize Street", "town": "Prizeton", "postcode": "LS1 1AA" },
        },
        "payment": { "by": "purchase-order", "number": "prize-17" },
    })
}

/// Asserts that none of these emails contains a text of [`typed_order`], another one about prizes,
/// or the first half of the postcode LS2 2BB.
fn assert_nothing_typed(mails: &[String]) {
    for mail in mails {
        for typed in ["casino", "rize", "LEEDS", " LS2"] {
            assert!(!mail.contains(typed), "{typed}: {mail}");
        }
    }
}

#[tokio::test]
async fn emails_contain_no_customer_input() {
    on_both_engines(async |server| {
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        for (locale, greeting, asks) in [
            ("en", "\n\nHello,\n", "An order for Leeds General needs your approval. The total is £"),
            ("cy", "\n\nHelo,\n", "ar archeb ar gyfer Leeds General. Y cyfanswm yw £"),
        ] {
            let order = typed_order(locale);
            placed(&server, &format!("key-of-a-typed-one-{locale}"), &order).await;
            let mail_server = FakeMailServer::start(&[Behaviour::Accepts]).await;
            let _worker = Worker::start(&server, mail_server.transport());
            let accepted = mail_server.once(|received| received.tried >= 2).await.accepted;
            let mails: Vec<String> = accepted.iter().map(|mail| read(mail)).collect();
            assert_nothing_typed(&mails);
            let to = |address: &str| {
                let address = format!("To: {address}\n");
                mails.iter().find(|mail| mail.contains(&address)).expect("a mail")
            };
            let officer = to("officer@branch.example");
            assert!(officer.contains(asks) && officer.contains("1000 × "), "{officer}");
            assert!(to("steward@branch.example").contains(greeting));
        }
    })
    .await;
}

#[tokio::test]
async fn later_emails_contain_no_customer_input() {
    on_both_engines(async |server| {
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let kinds = async |email: &str| -> Vec<String> {
            let known = server.admin().await.export_person(email).await.expect("an export");
            let known: Value = serde_json::from_str(&known).expect("JSON");
            let mails = known["mails"].as_array().expect("mails");
            mails.iter().map(|mail| mail["kind"].as_str().expect("a kind").to_owned()).collect()
        };
        let sends = async |page: &str, form: &str| {
            let answer = server.post_form(page, form).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{form}: {}", answer.text());
        };
        for locale in ["en", "cy"] {
            server.set_clock(START);
            let [steward, member] = ["steward", "member"].map(|who| format!("{who}-{locale}@branch.example"));
            let mut order = typed_order(locale);
            order["customer"]["email"] = json!(steward);
            let (page, reference) = placed(&server, &format!("key-of-a-typed-one-{locale}"), &order).await;
            let mut mails = server.mails().await;
            let moved = "act=address&recipient=Prize+winner&line_1=2+Prize+Street&line_2=&town=Prizeton&postcode=LS2+2BB";
            sends(&page, moved).await;
            let after_move = server.mails().await;
            let code = code_in(&after_move).expect("a code");
            mails.extend(after_move);
            sends(&page, &format!("act=approve&code={code}")).await;
            let admin = server.admin().await;
            for status in [OrderStatus::Packed, OrderStatus::Dispatched, OrderStatus::Delivered] {
                admin.change_status(&reference, status, "").await.expect("a transition");
            }
            sends(&page, "act=return&known=0&reason=Claim+your+prize+at+casino.example&HEART-BADGE-RED-EN=1").await;
            let form = format!("reference={reference}&email=steward-{locale}%40branch.example");
            assert_eq!(server.post_form("/orders", &form).await.status, StatusCode::OK);
            // The link is sent in the background.
            let is_sent = async { while !kinds(&steward).await.iter().any(|kind| kind == "link") {} };
            timeout(Duration::from_secs(30), is_sent).await.expect("the link is sent in time");
            admin.replace_link(&reference).await.expect("another link");
            mails.extend(server.mails().await);

            let mut order = typed_order(locale);
            order["lines"][0]["quantity"] = json!(1);
            order["customer"]["kind"] = json!("member");
            order["customer"]["email"] = json!(member);
            order["payment"] = json!({ "by": "transfer" });
            let (_, reference) = placed(&server, &format!("key-of-an-unpaid-one-{locale}"), &order).await;
            admin.extend(&reference, 15).await.expect("a day");
            for (now, expired) in [("2026-12-11T09:00:00Z", 0), ("2026-12-15T00:00:00Z", 1)] {
                server.set_clock(now);
                assert_eq!(server.expire().await, expired);
                mails.extend(server.mails().await);
            }

            assert_nothing_typed(&mails);
            for (email, expected) in [
                (&steward, ["address", "return", "link", "new-link"].as_slice()),
                (&member, ["awaiting-payment", "extended", "reminder", "cancelled"].as_slice()),
            ] {
                let kinds = kinds(email).await;
                assert!(expected.iter().all(|kind| kinds.iter().any(|own| own == kind)), "{kinds:?}");
                let to = format!("To: {email}");
                assert_eq!(mails.iter().filter(|mail| mail.contains(&to)).count(), kinds.len(), "all were read");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn confirmation_explains_payment_and_cancellation() {
    on_both_engines(async |server| {
        let order = json!({
            "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
            "customer": { "name": "A member", "email": "member@branch.example" },
            "delivery": { "by": "collection", "region": "wales" },
            "payment": { "by": "transfer" },
        });
        let (_, reference) = placed(&server, "key-of-a-labelled-account", &order).await;
        let mails = server.mails().await;
        for text in [
            "Account name: Heartunions week shop (demonstration)",
            "Sort code: 00-00-00",
            "Account number: 00000000",
            &format!("Order reference: {reference}"),
            "Amount: £7.50",
            "You can change your mind until 14 days after delivery.",
            "https://week.example/delivery-and-returns",
        ] {
            assert!(mails[0].contains(text), "{text}: {}", mails[0]);
        }
        // The law gives this right to individuals only.
        let mugs = json!([{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }]);
        placed(&server, "key-of-a-branch-account", &for_branch(mugs, json!({ "by": "transfer" }))).await;
        let mails = server.mails().await;
        assert!(mails[0].contains("Sort code: ") && !mails[0].contains("change your mind"), "{}", mails[0]);
    })
    .await;
}
