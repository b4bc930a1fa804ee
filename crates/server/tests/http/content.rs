//! Content files: loaded completely or not at all, and visible immediately.

use std::fs;

use axum::http::StatusCode;
use campaign_hub_server::{content, store::Change};

use crate::server::{copy_of_content, on_both_engines};

/// The number of records in the project's content.
fn records() -> u64 {
    content::read(copy_of_content().path()).expect("valid content").len() as u64
}

#[tokio::test]
async fn content_change_is_shown_immediately() {
    on_both_engines(async |server| {
        assert!(server.get("/join").await.text().contains(">Join a union<"));
        let content = copy_of_content();
        let file = content.path().join("pages/join.toml");
        let text = fs::read_to_string(&file)
            .expect("a file")
            .replace("title = \"Join a union\"", "title = \"Come and join\"");
        fs::write(&file, text).expect("a file");
        let change = server.load(content.path()).await;
        assert_eq!(change, Change { updated: 1, unchanged: records() - 1, ..Change::default() });
        assert!(server.get("/join").await.text().contains(">Come and join<"));
    })
    .await;
}

#[tokio::test]
async fn reloading_the_same_content_changes_nothing() {
    on_both_engines(async |server| {
        let version = server.store.versions().await.expect("a version");
        let change = server.load(copy_of_content().path()).await;
        assert_eq!(change, Change { unchanged: records(), ..Change::default() });
        assert_eq!(server.store.versions().await.expect("a version"), version);
    })
    .await;
}

#[tokio::test]
async fn removed_record_is_withdrawn_and_can_be_restored() {
    on_both_engines(async |server| {
        let content = copy_of_content();
        let file = content.path().join("events/safety-seminar.toml");
        let text = fs::read(&file).expect("a file");
        fs::remove_file(&file).expect("a file");
        assert_eq!(server.load(content.path()).await.withdrawn, 1);
        assert_eq!(
            server.get("/api/v1/campaign").await.json()["next_event"]["slug"],
            "organising-conversation"
        );
        fs::write(&file, text).expect("a file");
        assert_eq!(server.load(content.path()).await.added, 1);
        assert_eq!(server.get("/api/v1/campaign").await.json()["next_event"]["slug"], "safety-seminar");
    })
    .await;
}

#[tokio::test]
async fn withdrawn_page_is_not_found() {
    on_both_engines(async |server| {
        let content = copy_of_content();
        fs::remove_file(content.path().join("pages/join.toml")).expect("a file");
        server.load(content.path()).await;
        let page = server.get("/join").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.text().contains(">Page not found<"));
    })
    .await;
}

/// Typical errors of an editor, with the file, line and field that are reported.
#[test]
fn content_errors_name_file_line_and_field() {
    let cases = [
        (
            "campaign/2027.toml",
            "starts_on = \"2027-02-08\"",
            "starts_on = \"2027-02-09\"",
            2,
            "starts_on",
            "Monday",
        ),
        (
            "campaign/2027.toml",
            "ends_on = \"2027-02-14\"",
            "ends_on = \"2027-02-21\"",
            3,
            "ends_on",
            "Sunday",
        ),
        (
            "campaign/2027.toml",
            "issued_on = \"2026-11-16\"",
            "issued_on = \"2026-11-31\"",
            4,
            "issued_on",
            "expected a date",
        ),
        ("campaign/2027.toml", "count = 4\n", "count = 9\n", 21, "en.focus.figure.count", "share"),
        ("events/opening-call.toml", "place = ", "plaice = ", 0, "en", "missing field `place`"),
        ("events/opening-call.toml", "[cy]", "colour = \"red\"\n[cy]", 32, "en.colour", "unknown field"),
        (
            "events/opening-call.toml",
            "ends_at = \"2027-02-08T20",
            "ends_at = \"2027-02-08T18",
            3,
            "ends_at",
            "after it starts",
        ),
        ("support/support.toml", "\"0191 498 0117\"", "\"call us\"", 0, "regions.0.telephone", "digits"),
        ("pages/join.toml", "[en]", "[en", 3, "", "unclosed"),
    ];
    for (file, from, to, line, field, message) in cases {
        let content = copy_of_content();
        let path = content.path().join(file);
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "{file} holds {from}");
        fs::write(&path, text.replacen(from, to, 1)).expect("a file");
        let errors = content::read(content.path()).expect_err(to).0;
        let error = &errors[0];
        assert_eq!((error.file.as_str(), error.field.as_str()), (file, field), "{error}");
        assert!(error.message.contains(message), "{error}");
        let expected =
            if line == 0 { text.lines().position(|l| l.contains(from)).map_or(0, |at| at + 1) } else { line };
        if field != "en" {
            assert_eq!(error.line, expected, "{error}");
        }
    }
}

#[test]
fn all_content_errors_are_reported_together() {
    let content = copy_of_content();
    for file in ["pages/join.toml", "pages/privacy.toml"] {
        let path = content.path().join(file);
        let text = fs::read_to_string(&path).expect("a file");
        fs::write(&path, text.replace("[cy]", "[welsh]")).expect("a file");
    }
    let errors = content::read(content.path()).expect_err("two files without Welsh");
    assert_eq!(
        errors.0.iter().map(|error| error.file.as_str()).collect::<Vec<_>>(),
        ["pages/join.toml", "pages/privacy.toml"]
    );
    assert!(errors.to_string().contains("missing field `cy`"), "{errors}");
}
