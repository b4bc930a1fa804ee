//! The server's own program, as whoever runs it starts it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::server::write_site;

pub(crate) const CONTENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content");

/// The program, without arguments.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"));
    command.stdin(Stdio::null());
    command
}

/// A server on a free port, with an SQLite database; killed with this value.
pub(crate) struct Running {
    pub(crate) process: Child,
    pub(crate) address: String,
    metrics_address: String,
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

    /// Starts one with more arguments.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        Self::launch(&[], None, arguments)
    }

    /// Starts one through another program, such as `setpriv` with its arguments, or with
    /// another database.
    pub(crate) fn start_as(through: &[&str], database_url: Option<&str>) -> Self {
        Self::launch(through, database_url, &[])
    }

    fn launch(through: &[&str], database_url: Option<&str>, arguments: &[&str]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        write_site(folder.path());
        // Whoever it runs as.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("permissions");
        let (address, metrics_address) = (free_address(), free_address());
        let sqlite = format!("sqlite://{}/hub.db", folder.path().display());
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
            .args(["--database-url", database_url.unwrap_or(&sqlite)])
            .arg("--site")
            .arg(folder.path())
            .arg("--data")
            .arg(folder.path())
            .args(arguments)
            // Not a pipe: one that nobody reads would stop the server.
            .stderr(fs::File::create(folder.path().join("server.log")).expect("a log"))
            .spawn()
            .expect("the server starts");
        let running = Self { process, address, metrics_address, folder };
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

    /// The whole answer to a request for a path.
    pub(crate) fn get(&self, path: &str) -> String {
        get(&self.address, path)
    }

    /// Places an order; the whole answer, and how long it took.
    pub(crate) fn order(&self, key: &str) -> (String, Duration) {
        let order = serde_json::json!({
            "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
            "customer": { "name": "A member", "email": format!("{key}@branch.example") },
            "delivery": { "by": "collection", "region": "wales" },
            "payment": { "by": "transfer" },
        });
        let body = order.to_string();
        let started = Instant::now();
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(
            stream,
            "POST /api/v1/orders HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Idempotency-Key: key-of-the-order-{key}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        (answer, started.elapsed())
    }

    /// What the server has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.file("server.log")).expect("a log")
    }

    /// What the server measures.
    pub(crate) fn metrics(&self) -> String {
        get(&self.metrics_address, "/metrics")
    }

    /// One of the things that it measures, such as `mails_waiting`; 0 until it is measured.
    pub(crate) fn metric(&self, series: &str) -> f64 {
        let metrics = self.metrics();
        let line = metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.map_or(0.0, |value| value.parse().expect("a number"))
    }

    /// Its resident memory in MB: now, and at its highest.
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
