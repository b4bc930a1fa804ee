//! A database that fails: writes are refused in time, pages that are in the cache go on,
//! nothing is acknowledged that is not stored, and all of it mends without a restart.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf, process::Command, thread, time::Duration};

use sqlx::{Connection as _, Executor as _};

use crate::{
    postgres::{Cluster, is_root},
    running::Running,
};

/// How long a refusal may take. The server gives up after 1.5 s.
const REFUSED_WITHIN: Duration = Duration::from_secs(4);

/// Breaks the database of a server that works, looks at what it does, and mends it.
fn breaks_and_mends(server: &Running, fault: impl FnOnce(), mend: impl FnOnce()) {
    assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page is in the cache");
    assert_placed(server, "before");
    fault();
    for key in ["during", "during-2"] {
        assert_refused(server, key);
    }
    assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page stays");
    assert!(server.get("/health/live").starts_with("HTTP/1.1 204"));
    assert!(server.get("/health/ready").starts_with("HTTP/1.1 503"));
    // Many at once wait no longer than one.
    thread::scope(|scope| {
        for number in 0..20 {
            scope.spawn(move || assert_refused(server, &format!("during-{number}")));
        }
    });
    mend();
    assert_gets_ready(server);
    for key in ["during", "after", "after-2", "after-3", "before"] {
        assert_placed(server, key);
    }
}

/// The database may take a moment to take connections again.
fn assert_gets_ready(server: &Running) {
    let is_ready = || server.get("/health/ready").starts_with("HTTP/1.1 204");
    let ready = (0..100).any(|_| is_ready() || (thread::sleep(Duration::from_millis(50)), false).1);
    assert!(ready, "{}", server.log());
}

fn assert_placed(server: &Running, key: &str) {
    let (answer, _) = server.order(key);
    assert!(answer.starts_with("HTTP/1.1 201"), "{key}: {answer}\n{}", server.log());
}

fn assert_refused(server: &Running, key: &str) {
    let (answer, took) = server.order(key);
    assert!(answer.starts_with("HTTP/1.1 503"), "{key}: {answer}");
    assert!(answer.contains("retry-after: "), "{key}: {answer}");
    assert!(took < REFUSED_WITHIN, "{key}: refused after {took:?}");
}

#[test]
fn full_disk_refuses_writes_until_there_is_room() {
    // The limit on the size of files stands for the disk's: it fails the same writes. Its
    // signal would end the server.
    let server = Running::start_as(&["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"], None);
    let limit = |size: &str| {
        let process = server.process.id().to_string();
        let size = format!("--fsize={size}:unlimited");
        let limited = Command::new("prlimit").args(["--pid", &process, &size]).status();
        assert!(limited.expect("prlimit runs").success());
    };
    breaks_and_mends(&server, || limit("1"), || limit("unlimited"));
}

#[test]
fn locked_database_refuses_writes_until_it_is_free() {
    let server = Running::start();
    let url = format!("sqlite://{}", server.file("hub.db").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let other = runtime.block_on(async {
        sqlx::any::install_default_drivers();
        sqlx::AnyConnection::connect(&url).await.expect("a connection")
    });
    let other = std::cell::RefCell::new(other);
    let run = |statement: &'static str| {
        runtime.block_on(other.borrow_mut().execute(statement)).expect("a statement");
    };
    breaks_and_mends(&server, || run("BEGIN IMMEDIATE"), || run("ROLLBACK"));
}

#[test]
fn removed_file_refuses_writes_until_it_is_back() {
    let server = Running::start();
    let move_away = |back: bool| {
        for ending in ["", "-wal", "-shm"] {
            let [here, away] = ["hub.db", "away.db"].map(|name| server.file(&format!("{name}{ending}")));
            let (from, to) = if back { (away, here) } else { (here, away) };
            if from.exists() {
                fs::rename(from, to).expect("moved");
            }
        }
    };
    breaks_and_mends(&server, || move_away(false), || move_away(true));
    assert!(!server.file("away.db").exists());
}

#[test]
fn read_only_file_refuses_writes_until_it_can_be_written() {
    let unprivileged = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"];
    let server = Running::start_as(if is_root() { &unprivileged } else { &[] }, None);
    let files = || ["hub.db", "hub.db-wal", "hub.db-shm"].map(|name| server.file(name));
    let set = |mode: u32| {
        for file in files() {
            fs::set_permissions(file, fs::Permissions::from_mode(mode)).expect("permissions");
        }
    };
    // Connections that are open keep what they may do, so the file becomes another one.
    let replace = |file: PathBuf| {
        let copy = file.with_extension("copy");
        fs::copy(&file, &copy).expect("a copy");
        fs::rename(copy, file).expect("replaced");
    };
    breaks_and_mends(
        &server,
        || {
            files().into_iter().for_each(replace);
            set(0o444);
        },
        || {
            files().into_iter().for_each(replace);
            set(0o666);
        },
    );
}

#[test]
fn postgres_that_is_gone_refuses_writes_until_it_is_back() {
    let cluster = std::cell::RefCell::new(Cluster::start("-faults", true));
    let url = cluster.borrow().new_database("faults");
    let server = Running::start_as(&[], Some(&url));
    breaks_and_mends(&server, || cluster.borrow_mut().crash(), || cluster.borrow_mut().recover());
}

#[test]
fn pool_that_is_used_up_refuses_requests_until_it_is_free() {
    let cluster = Cluster::start("-pool", true);
    let url = cluster.new_database("pool");
    let server = Running::start_as(&[], Some(&url));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut other = runtime.block_on(async {
        sqlx::any::install_default_drivers();
        sqlx::AnyConnection::connect(&url).await.expect("a connection")
    });
    assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page is in the cache");
    runtime.block_on(other.execute("BEGIN")).expect("a statement");
    runtime.block_on(other.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")).expect("a lock");
    thread::scope(|scope| {
        let waiting: Vec<_> = (0..8)
            .map(|number| {
                scope.spawn({
                    let server = &server;
                    move || server.order(&format!("waiting-{number}"))
                })
            })
            .collect();
        while server.metric("database_connections{state=\"used\"}") < 8.0 {
            thread::yield_now();
        }
        assert_refused(&server, "refused");
        assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page stays");
        runtime.block_on(other.execute("ROLLBACK")).expect("a statement");
        for waited in waiting {
            let (answer, _) = waited.join().expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 201") || answer.starts_with("HTTP/1.1 503"), "{answer}");
        }
    });
    assert_gets_ready(&server);
    for number in 0..8 {
        assert_placed(&server, &format!("waiting-{number}"));
    }
    assert_placed(&server, "refused");
}
