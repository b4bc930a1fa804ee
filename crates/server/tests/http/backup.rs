//! Backups of a database that is in use, and their restoration.

use std::{fs, sync::Mutex, thread, time::Duration};

use tempfile::TempDir;

use crate::{
    hub::{Hub, badge_order, place, read_order, url},
    running::program,
    server::write_site,
};

#[test]
fn backup_during_writes_is_consistent_and_restorable() {
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let mut hub = Hub::start(folder.path());
    let order = badge_order();
    let run = |arguments: &[&str]| {
        let output = program()
            .args(arguments)
            .args(["--database-url", &url(folder.path())])
            .output()
            .expect("the command runs");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let copy = folder.path().join("copy.db");
    let copy = copy.to_str().expect("text");
    let tokens = Mutex::new(Vec::new());
    let before = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..200 {
                let (status, placed) =
                    place(hub.address, &format!("key-of-a-writer-{number:04}"), &order).expect("an answer");
                assert_eq!(status, 201, "{placed}");
                tokens.lock().expect("a list").push(placed["token"].as_str().expect("a token").to_owned());
            }
        });
        while tokens.lock().expect("a list").len() < 50 && !writer.is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        let before = tokens.lock().expect("a list").len();
        assert_eq!(run(&["backup", copy]), (true, String::new()));
        writer.join().expect("all orders");
        before
    });
    hub.kill();
    let (done, message) = run(&["restore", copy]);
    assert!(!done && message.contains("--replace"), "{message}");
    assert_eq!(run(&["restore", copy, "--replace"]), (true, String::new()));
    let mut hub = Hub::start(folder.path());
    let tokens = tokens.into_inner().expect("a list");
    let there = |token: &String| {
        let (status, order) = read_order(hub.address, token);
        assert!(
            status != 200 || order["moves"].as_array().is_some_and(|entries| entries.len() == 1),
            "{order}"
        );
        status == 200
    };
    assert!(tokens[..before].iter().all(there), "what was placed before the copy is in it");
    let in_copy = tokens.iter().filter(|token| there(token)).count();
    assert!(tokens.iter().take(in_copy).all(there), "the copy is of one moment");
    hub.kill();
    fs::write(copy, "no database").expect("a file");
    let (done, message) = run(&["restore", copy, "--replace"]);
    assert!(!done && message.contains("is not a complete backup"), "{message}");
}
