//! The server's own binary, as an operator starts it.

use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use sqlx::{Connection as _, Executor as _};
use tempfile::TempDir;

use crate::server::write_site;

pub(crate) const CONTENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content");
/// The variant that orders are placed for.
const MUG: &str = "HEART-MUG-RED-EN";

/// A number of repetitions, which a variable can increase for the long form that
/// `cargo xtask stress` runs.
pub(crate) fn count_of(variable: &str, otherwise: u32) -> u32 {
    env::var(variable).ok().and_then(|count| count.parse().ok()).unwrap_or(otherwise)
}

/// Whether this is the long form. Only the long form asserts durations, because other tests
/// run beside the short one.
pub(crate) fn is_long(variable: &str) -> bool {
    env::var_os(variable).is_some()
}

/// The address of a client in its own network.
pub(crate) fn client(number: u32) -> Ipv4Addr {
    Ipv4Addr::from(0x0a00_0000 + number)
}

/// The binary, without arguments.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"));
    command.stdin(Stdio::null());
    command
}

/// The request for an order of a mug; each additional header must end with a line break.
pub(crate) fn order_request(key: &str, email: &str, headers: &str) -> String {
    let order = serde_json::json!({
        "lines": [{ "sku": MUG, "quantity": 1 }],
        "customer": { "name": "A member", "email": email },
        "delivery": { "by": "collection", "region": "wales" },
        "payment": { "by": "transfer" },
    });
    let body = order.to_string();
    format!(
        "POST /api/v1/orders HTTP/1.1\r\nHost: hub\r\n{headers}Content-Type: application/json\r\n\
         Idempotency-Key: key-of-the-order-{key}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The path of the page of an order, from the complete response to its request.
pub(crate) fn page_of(answer: &str) -> String {
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a whole answer");
    let placed: serde_json::Value = serde_json::from_str(body).expect("JSON");
    format!("/orders/{}", placed["token"].as_str().expect("a token"))
}

/// A server on a free port with an SQLite database, killed when this value is dropped.
pub(crate) struct Running {
    pub(crate) process: Child,
    pub(crate) address: String,
    metrics_address: String,
    database_url: String,
    folder: TempDir,
}

fn free_address() -> String {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    free.expect("a free port").to_string()
}

impl Running {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a server with additional arguments.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        Self::launch(&[], None, arguments)
    }

    /// Starts a server through another program, such as `setpriv` with its arguments, with
    /// another database, or with additional arguments.
    pub(crate) fn launch(through: &[&str], database_url: Option<&str>, arguments: &[&str]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        write_site(folder.path());
        // Whichever user it runs as.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("permissions");
        let (address, metrics_address) = (free_address(), free_address());
        let sqlite = || format!("sqlite://{}/hub.db", folder.path().display());
        let database_url = database_url.map_or_else(sqlite, str::to_owned);
        let mut command = match through {
            [] => program(),
            [other, arguments @ ..] => {
                let mut command = Command::new(other);
                command.args(arguments).arg(env!("CARGO_BIN_EXE_campaign-hub-server")).stdin(Stdio::null());
                command
            }
        };
        let process = command
            .args(["serve", "--content", CONTENT, "--addr", &address, "--metrics-addr", &metrics_address])
            .args(["--database-url", &database_url])
            .arg("--site")
            .arg(folder.path())
            .arg("--data")
            .arg(folder.path())
            .args(arguments)
            // Not a pipe: the server would block once a pipe that nobody reads is full.
            .stderr(fs::File::create(folder.path().join("server.log")).expect("a log"))
            .spawn()
            .expect("the server starts");
        let running = Self { process, address, metrics_address, database_url, folder };
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(&running.address).is_err() {
            assert!(Instant::now() < deadline, "the server answers");
            thread::yield_now();
        }
        running
    }

    /// A file in the server's folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The complete response to a request for a path.
    pub(crate) fn get(&self, path: &str) -> String {
        get(&self.address, path)
    }

    /// Places an order, as another client each time if the server trusts this machine as a proxy;
    /// returns the complete response, and how long it took.
    pub(crate) fn order(&self, key: &str) -> (String, Duration) {
        static CLIENTS: AtomicU32 = AtomicU32::new(0);
        let client = client(CLIENTS.fetch_add(1, Ordering::Relaxed));
        let headers = format!("Connection: close\r\nX-Forwarded-For: {client}\r\n");
        let request = order_request(key, &format!("{key}@branch.example"), &headers);
        let started = Instant::now();
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        (answer, started.elapsed())
    }

    /// Places an order; returns the path of its page.
    pub(crate) fn order_page(&self, key: &str) -> String {
        page_of(&self.order(key).0)
    }

    /// Changes the database directly.
    pub(crate) fn execute(&self, statement: &'static str) {
        let changed = tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
            sqlx::any::install_default_drivers();
            let mut database = sqlx::AnyConnection::connect(&self.database_url).await.expect("a database");
            let changed = database.execute(statement).await.expect("a statement");
            database.close().await.expect("it closes");
            changed.rows_affected()
        });
        assert!(changed > 0, "{statement}");
    }

    /// Runs another command of the binary on this server's database.
    pub(crate) fn run(&self, arguments: &[&str]) {
        let done = program().args(arguments).args(["--database-url", &self.database_url]).status();
        assert!(done.expect("the command runs").success(), "{arguments:?}");
    }

    /// Adds a million mugs to the stock, for tests that place many orders.
    pub(crate) fn stock_up(&self) {
        self.run(&["stock", MUG, "--add", "1000000"]);
    }

    /// The server's log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.file("server.log")).expect("a log")
    }

    /// The server's metrics.
    pub(crate) fn metrics(&self) -> String {
        get(&self.metrics_address, "/metrics")
    }

    /// A metric, such as `mails_waiting`; 0 until it is recorded.
    pub(crate) fn metric(&self, series: &str) -> f64 {
        let metrics = self.metrics();
        let line = metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.map_or(0.0, |value| value.parse().expect("a number"))
    }

    /// Resident memory in MB: current and peak.
    pub(crate) fn memory(&self) -> [u64; 2] {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("a status");
        ["VmRSS:", "VmHWM:"].map(|name| {
            let line = status.lines().find(|line| line.starts_with(name)).expect("Linux tells it");
            line.split_whitespace().nth(1).expect("a figure").parse::<u64>().expect("a figure") / 1024
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n").expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}
