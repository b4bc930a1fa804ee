//! Characters that phones and word processors insert: cleaned or, if that is not possible,
//! named in an error.

use std::{fs, path::Path, time::Duration};

use axum::http::StatusCode;
use campaign_hub_server::mail::MailTransport;
use contract::query;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{task::yield_now, time::timeout};

use crate::{
    buying::{code_in, for_branch, place, placed, read, stock},
    mails::Worker,
    server::{Answer, TestServer, on_both_engines},
};

const SKU: &str = "HEART-MUG-RED-EN";

fn mug_for(customer: Value) -> Value {
    json!({
        "lines": [{ "sku": SKU, "quantity": 1 }],
        "customer": customer,
        "delivery": { "by": "collection", "region": "wales" },
        "payment": { "by": "transfer" },
    })
}

/// Asserts that an order is refused for one field, and returns the error message.
fn why_refused(answer: &Answer, field: &str) -> String {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    let problem = answer.json();
    let errors = problem["errors"].as_array().expect("fields");
    assert_eq!((errors.len(), &errors[0]["field"]), (1, &json!(field)), "{problem}");
    errors[0]["detail"].as_str().expect("a detail").to_owned()
}

async fn send_form(server: &TestServer, path: &str, fields: &[(&str, &str)]) -> Answer {
    server.post_form(path, query("", fields).trim_start_matches('?')).await
}

/// This number of queued emails, as they are sent.
async fn sent(server: &TestServer, count: usize) -> Vec<String> {
    let folder = TempDir::new().expect("a temporary folder");
    let transport = MailTransport::open(None, folder.path().to_owned()).expect("a folder");
    let worker = Worker::start(server, transport);
    let all = async {
        loop {
            let mails = read_mails(folder.path());
            if mails.len() >= count {
                return mails;
            }
            worker.wake();
            yield_now().await;
        }
    };
    timeout(Duration::from_secs(30), all).await.expect("the mails are sent")
}

fn read_mails(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mails = files.filter(|file| file.extension().is_some_and(|ending| ending == "eml"));
    mails.map(|file| fs::read_to_string(file).expect("a mail")).collect()
}

#[tokio::test]
async fn phone_number_formats_are_accepted() {
    on_both_engines(async |server| {
        for (index, (typed, expected)) in [
            ("\u{202d}+44\u{a0}20\u{a0}7946\u{a0}0190\u{202c}", "+44 20 7946 0190"),
            ("020\u{2011}7946\u{2011}0190", "020-7946-0190"),
            ("020 7946–0190", "020 7946-0190"),
        ]
        .into_iter()
        .enumerate()
        {
            let customer =
                json!({ "name": "A member", "email": "member@branch.example", "telephone": typed });
            let (page, _) = placed(&server, &format!("key-of-a-telephone-{index}"), &mug_for(customer)).await;
            assert_eq!(read(&server, &page).await["customer"]["telephone"], expected, "{typed:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn officer_lookup_ignores_branch_spelling_variants() {
    on_both_engines(async |server| {
        let officer = "officer@branch.example";
        server.store().register_officer("Leeds Teaching Branch", officer).await.expect("an officer");
        server.store().register_officer("St Mary’s Branch", officer).await.expect("an officer");
        let names = [
            "Leeds  Teaching Branch",
            "Leeds\u{a0}Teaching Branch",
            "leeds teaching\u{200b} BRANCH",
            "St Mary's Branch",
            "St Mary’s Branch",
        ];
        for (index, name) in names.into_iter().enumerate() {
            let badges = json!([{ "sku": "HEART-BADGE-RED-EN", "quantity": 1000 }]);
            let mut order = for_branch(badges, json!({ "by": "purchase-order", "number": "17" }));
            order["customer"]["branch"] = json!(name);
            server.store().adjust_stock("HEART-BADGE-RED-EN", 1000).await.expect("stock");
            let placed = place(&server, &format!("key-of-a-teaching-{index}"), &order).await;
            assert_eq!(placed.json()["state"], "awaiting-approval", "{name:?}: {}", placed.text());
        }
        // A confirmation and a code for each.
        let mails = sent(&server, 2 * names.len()).await;
        let codes = mails.iter().filter(|mail| mail.contains(&format!("To: {officer}"))).count();
        assert_eq!(codes, names.len());
    })
    .await;
}

#[tokio::test]
async fn free_limit_ignores_branch_spelling_variants() {
    on_both_engines(async |server| {
        let share = async |key: &str, branch: &str| {
            let leaflets = json!([{ "sku": "LEAFLETS-EN", "quantity": 5 }]);
            let mut order = for_branch(leaflets, json!({ "by": "transfer" }));
            order["customer"]["branch"] = json!(branch);
            place(&server, key, &order).await
        };
        let names = ["St Mary's", "St  Mary's", "st mary’s", "St\u{a0}Mary’s", "St Mary's\u{200b}"];
        for (index, name) in names.into_iter().enumerate() {
            let answer = share(&format!("key-of-a-share-{index:02}"), name).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{name:?}: {}", answer.text());
        }
        why_refused(&share("key-of-a-sixth-share", "ST MARY\u{2bc}S").await, "lines.0.quantity");
    })
    .await;
}

#[tokio::test]
async fn branches_under_old_keys_are_merged_when_the_database_is_opened() {
    on_both_engines(async |server| {
        let leaflets = |branch: &str, quantity: u32| {
            let leaflets = json!([{ "sku": "LEAFLETS-EN", "quantity": quantity }]);
            let mut order = for_branch(leaflets, json!({ "by": "transfer" }));
            order["customer"]["branch"] = json!(branch);
            order
        };
        let (mary, john) = ("St Mary's", "St John's");
        let (former, officer) = ("former@branch.example", "officer@branch.example");
        for (branch, email) in [(mary, former), (john, officer)] {
            server.store().register_officer(branch, email).await.expect("an officer");
        }
        let (page, _) = placed(&server, "key-of-an-old-branch-0", &leaflets(mary, 5)).await;
        placed(&server, "key-of-an-old-branch-1", &leaflets(mary, 5)).await;
        for table in ["branches", "orders", "branch_pieces"] {
            server.execute(format!("UPDATE {table} SET branch = REPLACE(branch, '''', '’')")).await;
        }
        server.store().register_officer(mary, officer).await.expect("a new officer");
        for number in 2..4 {
            placed(&server, &format!("key-of-an-old-branch-{number}"), &leaflets(mary, 5)).await;
        }

        server.reopen_database().await;
        let rows = server.all_rows().await;
        assert!(rows.iter().all(|row| !row.contains("st mary’s") && !row.contains("st john’s")), "{rows:?}");
        server.reopen_database().await;
        assert_eq!(server.all_rows().await, rows, "the second time changes nothing");

        server.mails().await;
        for (key, branch) in [("key-of-an-old-branch-4", mary), ("key-of-an-old-branch-5", john)] {
            let (page, _) = placed(&server, key, &leaflets(branch, 5)).await;
            assert_eq!(read(&server, &page).await["approver"], "officer", "{branch}");
            assert!(code_in(&server.mails().await).is_some(), "{branch}");
        }
        let more = place(&server, "key-of-an-old-branch-6", &leaflets(mary, 1)).await;
        why_refused(&more, "lines.0.quantity");
        assert_eq!(server.post_form(&page, "act=cancel").await.status, StatusCode::SEE_OTHER);
        placed(&server, "key-of-an-old-branch-7", &leaflets(mary, 5)).await;
    })
    .await;
}

#[tokio::test]
async fn undeliverable_address_is_rejected_before_reserving_stock() {
    on_both_engines(async |server| {
        let before = stock(&server, SKU).await;
        let long = ["member@", &"b".repeat(64), ".example"].concat();
        // 63 letters, but more once encoded for mail servers.
        let wide = ["member@", &"ŷ".repeat(63), ".example"].concat();
        for (index, email) in [&*long, &*wide, "member@branch!.example"].into_iter().enumerate() {
            let order = mug_for(json!({ "name": "A member", "email": email }));
            let answer = place(&server, &format!("key-of-no-address-{index}"), &order).await;
            why_refused(&answer, "customer.email");
        }
        let accented = mug_for(json!({ "name": "A member", "email": "tŷ@branch.example" }));
        let why = why_refused(&place(&server, "key-of-an-accented-1", &accented).await, "customer.email");
        assert!(why.contains('ŷ'), "{why}");
        assert_eq!(stock(&server, SKU).await, before);
    })
    .await;
}

#[tokio::test]
async fn email_reaches_autocorrected_address() {
    on_both_engines(async |server| {
        for (index, (typed, expected)) in [
            ("o’brien@branch.example", "o'brien@branch.example"),
            ("mem\u{200b}ber@branch.example", "member@branch.example"),
        ]
        .into_iter()
        .enumerate()
        {
            let customer = json!({ "name": "A member", "email": typed });
            let (page, _) = placed(&server, &format!("key-of-an-address-{index}"), &mug_for(customer)).await;
            assert_eq!(read(&server, &page).await["customer"]["email"], expected);
        }
        let mails = sent(&server, 2).await;
        for to in ["To: o'brien@branch.example", "To: member@branch.example"] {
            assert!(mails.iter().any(|mail| mail.contains(to)), "{to}: {mails:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn internationalised_domain_receives_emails_and_is_found() {
    on_both_engines(async |server| {
        let order = mug_for(json!({ "name": "A member", "email": "Member@bücher.example" }));
        let (page, reference) = placed(&server, "key-of-a-wide-domain", &order).await;
        assert_eq!(read(&server, &page).await["customer"]["email"], "Member@bücher.example");
        let found = [("reference", &*reference), ("email", "member@XN--bcher-kva.example\u{a0}")];
        assert_eq!(send_form(&server, "/orders", &found).await.status, StatusCode::OK);
        // The confirmation and the link.
        let mails = sent(&server, 2).await;
        assert!(mails.iter().all(|mail| mail.contains("To: Member@xn--bcher-kva.example")), "{mails:?}");
        let message = server.admin().await.export_person("member@BÜCHER.example").await.expect("an export");
        assert!(message.contains(&reference), "{message}");
    })
    .await;
}

#[tokio::test]
async fn hidden_character_is_named_in_every_field() {
    on_both_engines(async |server| {
        let hidden = mug_for(json!({ "name": "A\u{3164}", "email": "member@branch.example" }));
        let why = why_refused(&place(&server, "key-of-a-hidden-one", &hidden).await, "customer.name");
        assert!(why.contains("U+3164"), "{why}");

        let order = for_branch(json!([{ "sku": SKU, "quantity": 1 }]), json!({ "by": "transfer" }));
        let (page, _) = placed(&server, "key-of-a-moved-order", &order).await;
        let address = [
            ("act", "address"),
            ("recipient", "Siân\u{a0} Jones\u{200b}"),
            ("line_1", "1 Union\u{2800} Street"),
            ("line_2", ""),
            ("town", "Leeds"),
            ("postcode", "ls1\u{a0}1aa"),
        ];
        for (path, expected) in [
            (page.clone(), "Remove the character U+2800 from address line 1."),
            (format!("/cy{page}"), "Dilëwch y nod U+2800 o linell cyfeiriad 1."),
        ] {
            let answer = send_form(&server, &path, &address).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            // In the summary and beside the field.
            assert_eq!(answer.text().matches(expected).count(), 2, "{expected}");
        }
        let address = address.map(|(name, text)| if name == "line_1" { (name, "12–14 Heol\tŶd") } else { (name, text) });
        let answer = send_form(&server, &page, &address).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        assert_eq!(
            read(&server, &page).await["delivery"]["address"],
            json!({ "recipient": "Siân Jones", "line_1": "12–14 Heol Ŷd", "line_2": "", "town": "Leeds", "postcode": "LS1 1AA" })
        );

        let poster = [("headline", "Come\u{3164}")];
        let answer = send_form(&server, "/poster-maker", &poster).await;
        assert!(answer.text().contains("Remove the character U+3164 from the headline."));
        let poster = [("headline", "Come\u{2009}and\u{200b} talk"), ("words", "Ty\u{302}\r\nCaffi\u{301}")];
        assert_eq!(send_form(&server, "/poster-maker", &poster).await.status, StatusCode::OK);
    })
    .await;
}
