//! A database that fails: writes are refused in time, cached pages are still served, nothing
//! is acknowledged that is not stored, and everything recovers without a restart.
//! `FAULT_CYCLES` repeats each fault while others order.

use std::{
    cell::RefCell,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::Command,
    sync::{
        Mutex, RwLock,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use sqlx::{Connection as _, Executor as _};

use crate::{
    postgres::{Cluster, is_root},
    running::{Running, count_of, is_long},
};

/// The time limit for a refusal: the server gives up after 1.5 s. The short form runs beside
/// other tests, which need the processors too.
fn refused_within() -> Duration {
    Duration::from_secs(if is_long(CYCLES) { 2 } else { 4 })
}

/// The polling interval.
const PAUSE: Duration = Duration::from_millis(50);
/// The variable with the number of cycles.
const CYCLES: &str = "FAULT_CYCLES";
/// The number of concurrent buyers in the long form.
const BUYERS: u32 = 4;
/// All orders come from one network.
const OPTIONS: [&str; 2] = ["--limit-writes-per-network", "1000000/1h"];

/// The clients that order while the database fails, and the responses they received.
struct Buyers<'a> {
    server: &'a Running,
    /// Shared by clients that order; locked exclusively while none may.
    ordering: RwLock<()>,
    is_over: AtomicBool,
    /// The keys and the responses.
    acknowledged: Mutex<Vec<(String, String)>>,
    refused: AtomicU32,
}

impl<'a> Buyers<'a> {
    fn of(server: &'a Running) -> Self {
        Self {
            server,
            ordering: RwLock::default(),
            is_over: AtomicBool::default(),
            acknowledged: Mutex::default(),
            refused: AtomicU32::default(),
        }
    }

    /// Places orders until the test ends.
    fn keep_ordering(&self, buyer: u32) {
        for number in 0.. {
            let _ordering = self.ordering.read().expect("nobody panicked");
            if self.is_over.load(Ordering::Relaxed) {
                return;
            }
            let key = format!("buyer-{buyer}-{number}");
            let (answer, _) = self.server.order(&key);
            self.note(&key, &answer);
        }
    }

    /// Records a response, which acknowledges or refuses an order.
    fn note(&self, key: &str, answer: &str) {
        if answer.starts_with("HTTP/1.1 201") {
            let order = body(answer).to_owned();
            self.acknowledged.lock().expect("a list").push((key.to_owned(), order));
        } else {
            assert!(answer.starts_with("HTTP/1.1 503"), "{key}: {answer}");
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn assert_placed(&self, key: &str) {
        // While others order, one of their requests may still be failing.
        let retries = if is_long(CYCLES) { 40 } else { 0 };
        let (mut answer, _) = self.server.order(key);
        for _ in 0..retries {
            if answer.starts_with("HTTP/1.1 201") {
                break;
            }
            thread::sleep(PAUSE);
            (answer, _) = self.server.order(key);
        }
        assert!(answer.starts_with("HTTP/1.1 201"), "{key}: {answer}\n{}", self.server.log());
        self.note(key, &answer);
    }

    /// Asserts that every acknowledged order exists: a repeated request gets the same
    /// response. Returns the number of orders.
    fn assert_none_is_lost(&self) -> usize {
        let acknowledged = self.acknowledged.lock().expect("a list");
        for (key, order) in &*acknowledged {
            assert_eq!(body(&self.server.order(key).0), order, "{key} is lost");
        }
        acknowledged.len()
    }
}

/// Stops the clients when it is dropped, even after a panic.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A response without its head, which contains the time.
fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").expect("a whole answer").1
}

/// Repeatedly breaks the database of a running server, checks the server, and repairs the
/// database.
fn breaks_and_mends(server: &Running, breaks: impl Fn(&Buyers<'_>), mends: impl Fn(&Buyers<'_>)) {
    let cycles = count_of(CYCLES, 1);
    let buyers = Buyers::of(server);
    let mut slowest = Duration::ZERO;
    thread::scope(|scope| {
        let _ending = Ending(&buyers.is_over);
        if is_long(CYCLES) {
            server.stock_up();
            for buyer in 0..BUYERS {
                let buyers = &buyers;
                scope.spawn(move || buyers.keep_ordering(buyer));
            }
        }
        for cycle in 0..cycles {
            slowest = slowest.max(break_and_mend(&buyers, cycle, &breaks, &mends));
        }
    });
    eprintln!(
        "{cycles} times: {} orders acknowledged, none of them lost, {} of other buyers refused; ready again \
         within {:.1} s",
        buyers.assert_none_is_lost(),
        buyers.refused.into_inner(),
        slowest.as_secs_f64()
    );
}

/// A single cycle; returns how long the server took to be ready again.
fn break_and_mend(
    buyers: &Buyers<'_>,
    cycle: u32,
    breaks: impl Fn(&Buyers<'_>),
    mends: impl Fn(&Buyers<'_>),
) -> Duration {
    let server = buyers.server;
    let key = |name: &str| format!("{name}-{cycle}");
    assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page is in the cache");
    buyers.assert_placed(&key("before"));
    breaks(buyers);
    for name in ["during", "during-2"] {
        assert_refused(server, &key(name));
    }
    assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page stays");
    assert!(server.get("/health/live").starts_with("HTTP/1.1 204"));
    // The readiness check writes at most once a second, and succeeded a moment ago in all but
    // the first cycle.
    let tries = if cycle == 0 { 1 } else { 60 };
    assert!(gets_ready(server, "503", tries), "the server says that it is not ready");
    // Concurrent requests take no longer than a single one.
    thread::scope(|scope| {
        for number in 0..20 {
            let key = key(&format!("during-{number}"));
            scope.spawn(move || assert_refused(server, &key));
        }
    });
    mends(buyers);
    let mended = Instant::now();
    assert_gets_ready(server);
    let took = mended.elapsed();
    for name in ["during", "after", "after-2", "after-3", "before"] {
        buyers.assert_placed(&key(name));
    }
    took
}

/// Whether the server reports this readiness status within this number of tries.
fn gets_ready(server: &Running, status: &str, tries: u32) -> bool {
    let is_ready = || server.get("/health/ready").starts_with(&format!("HTTP/1.1 {status}"));
    (0..tries).any(|_| is_ready() || (thread::sleep(PAUSE), false).1)
}

/// The database may take a moment to take connections again.
fn assert_gets_ready(server: &Running) {
    assert!(gets_ready(server, "204", 100), "{}", server.log());
}

fn assert_refused(server: &Running, key: &str) {
    let (answer, took) = server.order(key);
    assert!(answer.starts_with("HTTP/1.1 503"), "{key}: {answer}");
    assert!(answer.contains("retry-after: "), "{key}: {answer}");
    assert!(took < refused_within(), "{key}: refused after {took:?}");
}

#[test]
fn full_disk_refuses_writes_until_there_is_room() {
    // The limit on file sizes simulates a full disk: the same writes fail. Its signal would
    // end the server.
    let server = Running::launch(&["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"], None, &OPTIONS);
    let limit = |size: &str| {
        let process = server.process.id().to_string();
        let size = format!("--fsize={size}:unlimited");
        let limited = Command::new("prlimit").args(["--pid", &process, &size]).status();
        assert!(limited.expect("prlimit runs").success());
    };
    breaks_and_mends(&server, |_| limit("1"), |_| limit("unlimited"));
}

#[test]
fn locked_database_refuses_writes_until_it_is_free() {
    let server = Running::start_with(&OPTIONS);
    let url = format!("sqlite://{}", server.file("hub.db").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let other = runtime.block_on(async {
        sqlx::any::install_default_drivers();
        sqlx::AnyConnection::connect(&url).await.expect("a connection")
    });
    let other = RefCell::new(other);
    let run = |statement: &'static str| {
        runtime.block_on(other.borrow_mut().execute(statement)).expect("a statement");
    };
    // Other connections keep writing.
    run("PRAGMA busy_timeout = 30000");
    breaks_and_mends(&server, |_| run("BEGIN IMMEDIATE"), |_| run("ROLLBACK"));
}

#[test]
fn removed_file_refuses_writes_until_it_is_back() {
    let server = Running::start_with(&OPTIONS);
    let move_away = |back: bool| {
        let mut endings = ["", "-wal", "-shm"];
        if back {
            // The database file comes last: opened without its log, it would start a new one.
            endings.reverse();
        }
        for ending in endings {
            let [here, away] = ["hub.db", "away.db"].map(|name| server.file(&format!("{name}{ending}")));
            let (from, to) = if back { (away, here) } else { (here, away) };
            if from.exists() {
                fs::rename(from, to).expect("moved");
            }
        }
    };
    breaks_and_mends(&server, |_| move_away(false), |_| move_away(true));
    assert!(!server.file("away.db").exists());
}

#[test]
fn read_only_file_refuses_writes_until_it_can_be_written() {
    let unprivileged = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"];
    let server = Running::launch(if is_root() { &unprivileged } else { &[] }, None, &OPTIONS);
    let files = || ["hub.db", "hub.db-wal", "hub.db-shm"].map(|name| server.file(name));
    let signal = |name: &str| {
        let process = server.process.id().to_string();
        let message = Command::new("kill").args([name, &process]).status();
        assert!(message.expect("kill runs").success());
    };
    // Open connections keep their permissions, so the file is replaced.
    let replace = |file: PathBuf| {
        let copy = file.with_extension("copy");
        fs::copy(&file, &copy).expect("a copy");
        fs::rename(copy, file).expect("replaced");
    };
    // Nothing may be written to the old file while it is copied, or by a later order.
    let replace_all = |buyers: &Buyers<'_>, mode: u32| {
        let _nobody_orders = buyers.ordering.write().expect("nobody panicked");
        signal("-STOP");
        files().into_iter().for_each(replace);
        for file in files() {
            fs::set_permissions(file, fs::Permissions::from_mode(mode)).expect("permissions");
        }
        signal("-CONT");
    };
    breaks_and_mends(&server, |buyers| replace_all(buyers, 0o444), |buyers| replace_all(buyers, 0o666));
}

#[test]
fn postgres_that_is_gone_refuses_writes_until_it_is_back() {
    let cluster = RefCell::new(Cluster::start("-faults", true));
    let url = cluster.borrow().new_database("faults");
    let server = Running::launch(&[], Some(&url), &OPTIONS);
    breaks_and_mends(&server, |_| cluster.borrow_mut().crash(), |_| cluster.borrow_mut().recover());
}

#[test]
fn pool_that_is_used_up_refuses_requests_until_it_is_free() {
    let cluster = Cluster::start("-pool", true);
    let url = cluster.new_database("pool");
    let server = Running::launch(&[], Some(&url), &OPTIONS);
    let cycles = count_of(CYCLES, 1);
    let buyers = Buyers::of(&server);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut other = runtime.block_on(async {
        sqlx::any::install_default_drivers();
        sqlx::AnyConnection::connect(&url).await.expect("a connection")
    });
    for cycle in 0..cycles {
        let key = |number: u32| format!("waiting-{number}-{cycle}");
        let refused = format!("refused-{cycle}");
        assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page is in the cache");
        runtime.block_on(other.execute("BEGIN")).expect("a statement");
        runtime.block_on(other.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")).expect("a lock");
        thread::scope(|scope| {
            let waiting: Vec<_> = (0..8)
                .map(|number| {
                    let (server, key) = (&server, key(number));
                    scope.spawn(move || (server.order(&key).0, key))
                })
                .collect();
            while server.metric("database_connections{state=\"used\"}") < 8.0 {
                thread::yield_now();
            }
            assert_refused(&server, &refused);
            assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page stays");
            runtime.block_on(other.execute("ROLLBACK")).expect("a statement");
            for waited in waiting {
                let (answer, key) = waited.join().expect("an answer");
                buyers.note(&key, &answer);
            }
        });
        assert_gets_ready(&server);
        for number in 0..8 {
            buyers.assert_placed(&key(number));
        }
        buyers.assert_placed(&refused);
    }
    let (acknowledged, refused) = (buyers.assert_none_is_lost(), buyers.refused.into_inner());
    eprintln!("{cycles} times: {acknowledged} orders acknowledged, none of them lost, {refused} refused");
}
