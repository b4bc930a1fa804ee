//! The key ring: the database it belongs to, and changes of keys.

use std::{fs, path::Path, process::Command};

use campaign_hub_server::{
    keys::{self, KeySource},
    orders::reseal,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    buying::{placed, read},
    hub::{Hub, place},
    server::{TestServer, on_both_engines, write_site},
};

fn order() -> Value {
    json!({
        "lines": [{ "sku": "HEART-BADGE-RED-EN", "quantity": 1 }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "membership": "4711-0815",
        "delivery": { "by": "collection", "region": "north-west" },
        "payment": { "by": "transfer" },
    })
}

/// The error with which a server refuses to start with this key ring.
async fn refusal(server: &TestServer, source: &KeySource) -> String {
    keys::open(&server.store, source).await.err().expect("a refusal").to_string()
}

#[tokio::test]
async fn server_without_the_right_key_refuses_to_start() {
    on_both_engines(async |server| {
        let elsewhere = TempDir::new().expect("a temporary folder");
        let missing = KeySource::new(elsewhere.path(), None);
        let other = KeySource::new(elsewhere.path(), Some(&format!("other {}", "0f".repeat(32))));
        // Also before the first order, because the server has stored its fingerprint.
        for key in ["key-of-a-keyed-one-1", "key-of-a-keyed-one-2"] {
            let message = refusal(&server, &missing).await;
            assert!(
                message.contains("secret.key is missing") && message.contains("Restore the key"),
                "{message}"
            );
            assert!(!elsewhere.path().join("secret.key").exists(), "no key is made beside data");
            let message = refusal(&server, &other).await;
            assert!(message.contains("CAMPAIGN_HUB_KEYS has a different key"), "{message}");
            assert!(keys::read(&server.store, &missing).await.is_err(), "a command reads no other");
            assert!(keys::read(&server.store, &other).await.is_err(), "a command reads no other");
            placed(&server, key, &order()).await;
        }
        assert!(keys::open(&server.store, &server.keys()).await.is_ok(), "its own key");
        let broken = KeySource::new(elsewhere.path(), Some("other 0f0f"));
        assert!(refusal(&server, &broken).await.contains("CAMPAIGN_HUB_KEYS is not a key ring"));
    })
    .await;
}

#[tokio::test]
async fn key_rotation_keeps_links_and_membership_numbers() {
    on_both_engines(async |server| {
        let (page, reference) = placed(&server, "key-of-a-sealed-one", &order()).await;
        let before = server.admin().await;
        keys::add(&server.store, &server.keys()).await.expect("a new key");
        let shown = server.admin().await.show(&reference).await.expect("an order");
        assert!(shown.contains("4711-0815"), "{shown}");
        assert!(shown.contains(&page), "the link is the same");

        let ring = keys::open(&server.store, &server.keys()).await.expect("a key ring");
        assert_eq!(reseal(&server.store, &ring).await.expect("a count"), 1);
        assert_eq!(reseal(&server.store, &ring).await.expect("a count"), 0, "it is done");
        assert!(server.admin().await.show(&reference).await.expect("an order").contains("4711-0815"));
        assert!(before.show(&reference).await.is_err(), "the older key alone does not open it");
        assert_eq!(read(&server, &page).await["reference"], reference.as_str());
    })
    .await;
}

#[tokio::test]
async fn given_up_email_can_be_resent_after_key_rotation() {
    on_both_engines(async |server| {
        let (page, _) = placed(&server, "key-of-an-unsent-one", &order()).await;
        let to = async |recipient: &str| {
            server.execute(format!("UPDATE mails SET recipient = '{recipient}'")).await;
        };
        // No mail server would accept this, so it is given up and encrypted.
        to("nobody").await;
        assert_eq!(server.mails().await, Vec::<String>::new());
        let before = server.admin().await;
        let list = before.list_mails().await.expect("a list");
        let id = list.split(' ').next().expect("its name");

        keys::add(&server.store, &server.keys()).await.expect("a new key");
        let ring = keys::open(&server.store, &server.keys()).await.expect("a key ring");
        assert_eq!(reseal(&server.store, &ring).await.expect("a count"), 2, "and a membership number");
        assert_eq!(reseal(&server.store, &ring).await.expect("a count"), 0, "it is done");
        assert!(before.resend_mail(id).await.is_err(), "the older key alone does not open it");
        to("member@branch.example").await;
        server.admin().await.resend_mail(id).await.expect("it is sent again");
        let mails = server.mails().await;
        assert!(mails.len() == 1 && mails[0].contains(&format!("https://week.example{page}")), "{mails:?}");
    })
    .await;
}

#[tokio::test]
async fn membership_number_is_bound_to_its_order() {
    on_both_engines(async |server| {
        let (_, own) = placed(&server, "key-of-a-bound-one", &order()).await;
        let mut other = order();
        other["membership"] = json!("");
        let (_, other) = placed(&server, "key-of-another-one", &other).await;
        let moved = format!(
            "UPDATE orders SET membership = (SELECT membership FROM orders WHERE reference = '{own}') \
             WHERE reference = '{other}'"
        );
        server.execute(moved).await;
        let admin = server.admin().await;
        assert!(admin.show(&own).await.expect("an order").contains("4711-0815"));
        let refused = admin.show(&other).await.expect_err("a refusal").to_string();
        assert!(refused.contains("encrypted with a different key"), "{refused}");
    })
    .await;
}

fn run(data: &Path, keys: Option<&str>, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
        .arg(arguments[0])
        .arg("--data")
        .arg(data)
        .args(&arguments[1..])
        .envs(keys.map(|keys| ("CAMPAIGN_HUB_KEYS", keys)))
        .output()
        .expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.success(), [text(output.stdout), text(output.stderr)].concat())
}

#[test]
fn instances_share_a_key_ring_by_the_environment() {
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let data = folder.path().join("data");
    let mut hub = Hub::with_data(folder.path(), &data);
    let (status, placed) =
        place(hub.address, "key-of-a-shared-one", &order().to_string()).expect("an answer");
    assert_eq!(status, 201, "{placed}");
    hub.kill();
    let reference = placed["reference"].as_str().expect("a reference");
    let file = data.join("secret.key");
    let (done, message) = run(&data, None, &["keys", "new"]);
    assert!(done && message.contains("is the current key"), "{message}");
    let ring = fs::read_to_string(&file).expect("a key ring");
    assert_eq!(ring.lines().count(), 2, "the older key stays");
    assert_eq!(run(&data, None, &["keys", "reseal"]).1.split(' ').next(), Some("1"));

    // Another instance has the same keys, but no file.
    fs::remove_file(&file).expect("removed");
    let (done, message) = run(&data, None, &["orders", "show", reference]);
    assert!(!done && message.contains("secret.key is missing"), "{message}");
    let ring = ring.trim().replace('\n', ",");
    let (done, message) = run(&data, Some(&ring), &["orders", "show", reference]);
    assert!(done && message.contains("4711-0815"), "{message}");
    let (done, message) = run(&data, Some(&ring), &["keys", "new"]);
    assert!(done && message.contains("before the others in CAMPAIGN_HUB_KEYS"), "{message}");
    assert!(!file.exists(), "the environment's ring is not written down");
    // Without its oldest key, it is a different key ring.
    let newest = ring.split(',').next().expect("a key");
    let (done, message) = run(&data, Some(newest), &["orders", "show", reference]);
    assert!(!done && message.contains("has a different key"), "{message}");
    let site = folder.path().to_str().expect("text");
    let (done, message) = run(&data, Some(newest), &["serve", "--addr", "127.0.0.1:0", "--site", site]);
    assert!(!done && message.contains("Restore the right key"), "{message}");
    let (done, message) = run(&data, None, &["serve", "--addr", "127.0.0.1:0", "--site", site]);
    assert!(!done && message.contains("Restore the key"), "{message}");
}
