//! A database that fails: writes are refused in time, cached pages are still served, nothing
//! is acknowledged that is not stored, and everything recovers without a restart.
//! `FAULT_CYCLES` repeats each fault while others order.
//!
//! | fault | SQLite | PostgreSQL |
//! | --- | --- | --- |
//! | full disk | `full_disk_…` | `full_disk_of_postgres_…` |
//! | read-only | `read_only_file_…` | `read_only_postgres_…` |
//! | locked | `locked_database_…` | `pool_that_is_used_up_…`, because only a table can be locked |
//! | gone and back | `removed_file_…` | `postgres_that_is_gone_…` |
//! | pool used up | not possible | `pool_that_is_used_up_…` |
//!
//! SQLite has no pool that is used up: a writer takes its turn before it takes a connection, so
//! only one waits for the database, for 1.5 s at most, and readers never wait for a lock (WAL).

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

use sqlx::{AnyConnection, Connection as _, Executor as _};
use tokio::runtime::Runtime;

use crate::{
    postgres::{Cluster, is_root},
    running::{Running, count_of, is_long},
};

/// The time limit for a refusal and for a read: the server gives up after 1.5 s. The short form
/// runs beside other tests, which need the processors too.
fn answered_within() -> Duration {
    Duration::from_secs(if is_long(CYCLES) { 2 } else { 4 })
}

/// The polling interval.
const PAUSE: Duration = Duration::from_millis(50);
/// The variable with the number of cycles.
const CYCLES: &str = "FAULT_CYCLES";
/// The number of concurrent buyers in the long form.
const BUYERS: u32 = 4;
/// Each order comes from a network of its own.
const OPTIONS: [&str; 2] = ["--trusted-proxy", "127.0.0.1"];

/// The clients that order while the database fails, and the responses they received.
struct Buyers<'a> {
    server: &'a Running,
    /// Shared by clients that order; locked exclusively while none may.
    ordering: RwLock<()>,
    is_over: AtomicBool,
    /// The keys and the responses.
    acknowledged: Mutex<Vec<(String, String)>>,
    refused: AtomicU32,
    slowest_refusal: Slowest,
    slowest_read: Slowest,
}

impl<'a> Buyers<'a> {
    fn of(server: &'a Running) -> Self {
        Self {
            server,
            ordering: RwLock::default(),
            is_over: AtomicBool::default(),
            acknowledged: Mutex::default(),
            refused: AtomicU32::default(),
            slowest_refusal: Slowest::default(),
            slowest_read: Slowest::default(),
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

    /// Asserts that an order is refused in time.
    fn assert_refused(&self, key: &str) {
        let (answer, took) = self.server.order(key);
        assert!(answer.starts_with("HTTP/1.1 503"), "{key}: {answer}");
        assert!(answer.contains("retry-after: "), "{key}: {answer}");
        assert!(took < answered_within(), "{key}: refused after {took:?}");
        self.slowest_refusal.note(took);
    }

    /// Asserts that a page that is not cached, and the API, answer in time whether or not the
    /// database can be read.
    fn assert_reads(&self, cycle: u32) {
        let page = format!("/shop?colour=unknown-{cycle}");
        for path in [&*page, "/api/v1/past-years?locale=en"] {
            let started = Instant::now();
            let answer = self.server.get(path);
            let took = started.elapsed();
            let is_refused = answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: ");
            assert!(answer.starts_with("HTTP/1.1 200") || is_refused, "{path}: {answer}");
            assert!(took < answered_within(), "{path}: answered after {took:?}");
            self.slowest_read.note(took);
        }
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

/// The slowest response so far.
#[derive(Default)]
struct Slowest(Mutex<Duration>);

impl Slowest {
    fn note(&self, took: Duration) {
        let mut slowest = self.0.lock().expect("nobody panicked");
        *slowest = (*slowest).max(took);
    }

    fn seconds(&self) -> f64 {
        self.0.lock().expect("nobody panicked").as_secs_f64()
    }
}

/// A connection of another program to a server's database.
struct OtherProgram {
    connection: RefCell<AnyConnection>,
    runtime: Runtime,
}

impl OtherProgram {
    fn connect(url: &str) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let connection = runtime.block_on(async {
            sqlx::any::install_default_drivers();
            AnyConnection::connect(url).await.expect("a connection")
        });
        Self { connection: RefCell::new(connection), runtime }
    }

    fn run(&self, statement: &'static str) {
        self.runtime.block_on(self.connection.borrow_mut().execute(statement)).expect("a statement");
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
        "{cycles} times: {} orders acknowledged, none of them lost, {} of other buyers refused; slowest \
         refusal {:.1} s, slowest page or API read {:.1} s (2 s); ready again within {:.1} s",
        buyers.assert_none_is_lost(),
        buyers.refused.load(Ordering::Relaxed),
        buyers.slowest_refusal.seconds(),
        buyers.slowest_read.seconds(),
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
        buyers.assert_refused(&key(name));
    }
    assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page stays");
    buyers.assert_reads(cycle);
    assert!(server.get("/health/live").starts_with("HTTP/1.1 204"));
    // The readiness check writes at most once a second, and succeeded a moment ago in all but
    // the first cycle.
    let tries = if cycle == 0 { 1 } else { 60 };
    assert!(gets_ready(server, "503", tries), "the server says that it is not ready");
    // Concurrent requests take no longer than a single one.
    thread::scope(|scope| {
        for number in 0..20 {
            let key = key(&format!("during-{number}"));
            scope.spawn(move || buyers.assert_refused(&key));
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
    let other = OtherProgram::connect(&format!("sqlite://{}", server.file("hub.db").display()));
    // Other connections keep writing.
    other.run("PRAGMA busy_timeout = 30000");
    breaks_and_mends(&server, |_| other.run("BEGIN IMMEDIATE"), |_| other.run("ROLLBACK"));
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

/// Starts a server that may not write to read-only files, as root may.
fn start_unprivileged() -> Running {
    let unprivileged = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"];
    Running::launch(if is_root() { &unprivileged } else { &[] }, None, &OPTIONS)
}

fn database_files(server: &Running) -> [PathBuf; 3] {
    ["hub.db", "hub.db-wal", "hub.db-shm"].map(|name| server.file(name))
}

fn set_mode(server: &Running, mode: u32) {
    for file in database_files(server) {
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).expect("permissions");
    }
}

/// Replaces the database's files by copies with this mode: open connections keep their
/// permissions.
fn replace_files(buyers: &Buyers<'_>, mode: u32) {
    let server = buyers.server;
    let signal = |name: &str| {
        let process = server.process.id().to_string();
        let message = Command::new("kill").args([name, &process]).status();
        assert!(message.expect("kill runs").success());
    };
    // Nothing may be written to the old files while they are copied, or by a later order.
    let _nobody_orders = buyers.ordering.write().expect("nobody panicked");
    signal("-STOP");
    for file in database_files(server) {
        let copy = file.with_extension("copy");
        fs::copy(&file, &copy).expect("a copy");
        fs::rename(copy, file).expect("replaced");
    }
    set_mode(server, mode);
    signal("-CONT");
}

#[test]
fn read_only_file_refuses_writes_until_it_can_be_written() {
    let server = start_unprivileged();
    breaks_and_mends(&server, |buyers| replace_files(buyers, 0o444), |buyers| replace_files(buyers, 0o666));
}

#[test]
fn read_only_file_refuses_writes_until_its_mode_is_changed() {
    // Unlike a replaced file, it is one that connections have open read-only.
    let server = start_unprivileged();
    breaks_and_mends(&server, |buyers| replace_files(buyers, 0o444), |_| set_mode(&server, 0o666));
}

#[test]
fn read_only_postgres_refuses_writes_until_it_can_be_written() {
    let cluster = Cluster::start("-read-only", true);
    let url = cluster.new_database("read_only");
    let server = Running::launch(&[], Some(&url), &OPTIONS);
    let other = OtherProgram::connect(&url);
    let set = |buyers: &Buyers<'_>, setting: &'static str| {
        let _nobody_orders = buyers.ordering.write().expect("nobody panicked");
        other.run(setting);
        // Open connections keep the previous setting.
        other.run(
            "SELECT COUNT(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
    };
    breaks_and_mends(
        &server,
        |buyers| set(buyers, "ALTER DATABASE read_only SET default_transaction_read_only = on"),
        |buyers| set(buyers, "ALTER DATABASE read_only RESET default_transaction_read_only"),
    );
}

#[test]
fn full_disk_of_postgres_refuses_writes_until_there_is_room() {
    // PostgreSQL reports a full disk only when a table has to grow, and until then some orders
    // still fit into its free space. Triggers raise the same error for every order and every
    // readiness check. (If the log's disk is full, it stops: see `postgres_that_is_gone_…`.)
    let cluster = Cluster::start("-full-disk", true);
    let url = cluster.new_database("full_disk");
    let server = Running::launch(&[], Some(&url), &OPTIONS);
    let other = OtherProgram::connect(&url);
    other.run(
        "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS \
         $$BEGIN RAISE 'No space left on device' USING ERRCODE = 'disk_full'; END$$",
    );
    breaks_and_mends(
        &server,
        |_| {
            other.run("CREATE TRIGGER no_space BEFORE INSERT ON orders EXECUTE FUNCTION no_space()");
            other.run("CREATE TRIGGER no_space BEFORE UPDATE ON health EXECUTE FUNCTION no_space()");
        },
        |_| {
            other.run("DROP TRIGGER no_space ON orders");
            other.run("DROP TRIGGER no_space ON health");
        },
    );
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
    let other = OtherProgram::connect(&url);
    for cycle in 0..cycles {
        let key = |number: u32| format!("waiting-{number}-{cycle}");
        let refused = format!("refused-{cycle}");
        assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page is in the cache");
        other.run("BEGIN");
        other.run("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
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
            let readiness = scope.spawn(|| server.get("/health/ready"));
            buyers.assert_refused(&refused);
            assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page stays");
            buyers.assert_reads(cycle);
            let readiness = readiness.join().expect("an answer");
            assert!(readiness.starts_with("HTTP/1.1 503"), "{readiness}");
            assert!(readiness.contains("retry-after: "), "{readiness}");
            other.run("ROLLBACK");
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
    eprintln!(
        "{cycles} times: {} orders acknowledged, none of them lost, {} refused; slowest refusal {:.1} s, slowest read {:.1} s \
         (2 s)",
        buyers.assert_none_is_lost(),
        buyers.refused.load(Ordering::Relaxed),
        buyers.slowest_refusal.seconds(),
        buyers.slowest_read.seconds()
    );
}
