//! Personal data of one person: exported and erased, down to the bytes of the database.

use std::{fs, time::Duration};

use serde_json::json;
use tempfile::TempDir;

use crate::{
    hub::{Hub, place, read_order, url},
    running::program,
    server::write_site,
};

#[test]
fn personal_data_is_exported_and_erased_except_accounts() {
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let mut hub = Hub::start(folder.path());
    let order = json!({
        "lines": [{ "sku": "HEART-BADGE-RED-EN", "quantity": 3 }],
        "customer": { "kind": "branch", "branch": "Leeds", "name": "Zebedee Qwerty", "email": "Zebedee@branch.example", "telephone": "01134960001" },
        "membership": "4711-0815",
        "delivery": { "by": "post", "address": { "line_1": "17 Zebra Street", "town": "Leeds", "postcode": "LS1 1AA" } },
        "payment": { "by": "purchase-order", "number": "PO 99" },
    })
    .to_string();
    // Its purchase orders are confirmed at once.
    let registered = program()
        .args(["branch", "Leeds", "--officer", "officer@branch.example", "--approve-from", "250"])
        .args(["--database-url", &url(folder.path())])
        .status();
    assert!(registered.expect("the command runs").success());
    let (status, placed) = place(hub.address, "key-of-a-person-01", &order).expect("an answer");
    assert_eq!(status, 201, "{placed}");
    let reference = placed["reference"].as_str().expect("a reference");
    let run = |arguments: &[&str]| {
        let output = program()
            .args(["orders", "--database-url", &url(folder.path()), "--data"])
            .arg(folder.path())
            .args(arguments)
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let registered = program()
        .args([
            "branch",
            "Hull",
            "--officer",
            "Zebedee@branch.example",
            "--database-url",
            &url(folder.path()),
        ])
        .status();
    assert!(registered.expect("the command runs").success());
    let exported = run(&["person", "zebedee@branch.example"]);
    for known in ["Zebedee Qwerty", "hull", "17 Zebra Street", "4711-0815", "01134960001", reference] {
        assert!(exported.contains(known), "{known}: {exported}");
    }
    // Once its email is sent, the link is no longer stored anywhere.
    let token = placed["token"].as_str().expect("a token");
    let link = |name: &str| {
        let copy = folder.path().join(name);
        let done = program().arg("backup").arg(&copy).args(["--database-url", &url(folder.path())]).status();
        assert!(done.expect("the command runs").success());
        fs::read(copy).expect("a file").windows(token.len()).any(|window| window == token.as_bytes())
    };
    let sent = (0..100).any(|attempt| {
        std::thread::sleep(Duration::from_millis(50));
        !link(&format!("mails-{attempt}.db"))
    });
    assert!(sent, "a mail that was sent has its order's link still");
    let message = run(&["erase", "zebedee@branch.example"]);
    assert!(message.contains("not erased: status is confirmed"), "{message}");
    assert!(message.contains("no longer the approver for hull"), "{message}");
    run(&["move", reference, "cancelled"]);
    let message = run(&["erase", "zebedee@branch.example"]);
    assert!(message.contains("erased. Sales records are kept until the end of"), "{message}");
    assert!(run(&["person", "zebedee@branch.example"]).contains("\"officer_of\": []"));
    let (status, left) = read_order(hub.address, token);
    assert_eq!((status, &left["price"]["total_pence"]), (200, &placed["total_pence"]));
    assert_eq!(left["payment"]["number"], "PO 99");
    let csv = run(&["export"]);
    assert!(csv.contains(reference) && csv.contains("Leeds"), "{csv}");
    assert!(run(&["erase", "zebedee@branch.example"]).contains("no orders for"));
    hub.kill();
    // Not in the database file either, once the write-ahead log is merged into it.
    let copy = folder.path().join("copy.db");
    let done = program()
        .arg("backup")
        .arg(&copy)
        .args(["--database-url", &url(folder.path())])
        .status()
        .expect("the command runs");
    assert!(done.success());
    let bytes = fs::read(copy).expect("a file");
    for gone in ["Zebedee", "zebedee", "Zebra Street", "4711-0815", "01134960001"] {
        let found = bytes.windows(gone.len()).any(|window| window == gone.as_bytes());
        assert!(!found, "{gone} is still there");
    }
}
