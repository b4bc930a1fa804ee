//! The data folder: its files, their permissions, and locking.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    hub::{Hub, badge_order, place},
    server::write_site,
};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the command runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file and folder in a folder, and the folder itself.
fn everything_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(everything_in(&path)) } else { found.push(path) }
    }
    found
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

#[test]
fn each_data_folder_has_its_own_database() {
    let folder = TempDir::new().expect("a temporary folder");
    let content = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content");
    for data in ["first", "second one"] {
        let output = run(folder.path(), &["load", content, "--data", data]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(folder.path().join(data).join("campaign-hub.db").is_file());
    }
    assert!(!folder.path().join("data").exists(), "nothing is shared");
    assert!(run(folder.path(), &["stock", "BUNTING", "--add", "5", "--data", "first"]).status.success());
    let left = |data: &str| {
        let output = run(folder.path(), &["stock", "BUNTING", "--data", data]);
        String::from_utf8(output.stdout).expect("text")
    };
    assert_eq!(left("first"), "12 left of BUNTING\n");
    assert_eq!(left("second one"), "7 left of BUNTING\n");
    // A database URL takes precedence over the folder.
    let elsewhere =
        ["stock", "BUNTING", "--data", "first", "--database-url", "sqlite:second one/campaign-hub.db"];
    assert_eq!(String::from_utf8_lossy(&run(folder.path(), &elsewhere).stdout), "7 left of BUNTING\n");
}

#[test]
fn personal_data_files_are_private() {
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let data = folder.path().join("data");
    // As created by an earlier version.
    let outbox = data.join("outbox");
    fs::create_dir_all(&outbox).expect("a folder");
    for (file, text) in [
        ("campaign-hub.db", ""),
        ("secret.key", "32 bytes that are an earlier key"),
        ("outbox/old.eml", "Hi"),
    ] {
        fs::write(data.join(file), text).expect("a file");
        set_mode(&data.join(file), 0o644);
    }
    set_mode(&outbox, 0o755);
    set_mode(&data, 0o700);
    let hub = Hub::with_data(folder.path(), &data);
    let (status, message) = place(hub.address, "key-of-a-private-one", &badge_order()).expect("an answer");
    assert_eq!(status, 201, "{message}");
    let deadline = Instant::now() + Duration::from_secs(20);
    let mails = || {
        let names = everything_in(&outbox);
        names.iter().filter(|name| name.extension().is_some_and(|ending| ending == "eml")).count()
    };
    while mails() < 2 {
        assert!(Instant::now() < deadline, "the mail is written");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(run(&data, &["backup", "copy.db", "--data", "."]).status.success());
    let all = everything_in(&data);
    for name in
        ["campaign-hub.db", "campaign-hub.db-wal", "campaign-hub.db-shm", "secret.key", "copy.db", "outbox"]
    {
        assert!(all.contains(&data.join(name)), "{name} is in {all:?}");
    }
    for path in &all {
        let mode = fs::metadata(path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has {mode:o}", path.display());
    }
}

#[test]
fn a_new_data_folder_is_private() {
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let data = folder.path().join("new/data");
    let hub = Hub::with_data(folder.path(), &data);
    for path in everything_in(&data) {
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has {mode:o}", path.display());
    }
    drop(hub);
}

#[test]
fn open_database_is_not_restored_over() {
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let data = folder.path().join("data");
    let mut hub = Hub::with_data(folder.path(), &data);
    let backup = run(folder.path(), &["backup", "copy.db"]);
    assert!(backup.status.success(), "{}", stderr(&backup));
    let (status, placed) = place(hub.address, "key-of-a-later-one", &badge_order()).expect("an answer");
    assert_eq!(status, 201, "{placed}");
    let refused = run(folder.path(), &["restore", "copy.db", "--replace"]);
    assert!(!refused.status.success(), "the server runs");
    assert!(stderr(&refused).contains("stop the server"), "{}", stderr(&refused));
    let again = place(hub.address, "key-of-a-later-one", &badge_order()).expect("an answer");
    assert_eq!(again, (201, placed.clone()), "the order is still there");

    hub.kill();
    let restored = run(folder.path(), &["restore", "copy.db", "--replace"]);
    assert!(restored.status.success(), "{}", stderr(&restored));
    let hub = Hub::with_data(folder.path(), &data);
    let (status, other) = place(hub.address, "key-of-a-later-one", &badge_order()).expect("an answer");
    assert_eq!(status, 201);
    assert_ne!(other["reference"], placed["reference"], "the backup was made before");
}
