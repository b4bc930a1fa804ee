//! A server whose database outlives it, to be killed and started again.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::running::{CONTENT, program};

/// For tests in which all buyers share an email address.
const NO_UNPAID_LIMITS: [&str; 8] =
    ["--unpaid-orders", "0", "--unpaid-items", "0", "--unpaid-pence", "0", "--unpaid-share", "0"];

/// How long a response may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server with this site and database, killed when this value is dropped.
pub(crate) struct Hub {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Hub {
    /// Starts a server with its database in the same folder.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::on(folder, &url(folder))
    }

    /// Starts a server with a database elsewhere.
    pub(crate) fn on(folder: &Path, url: &str) -> Self {
        let database = ["--database-url", url];
        Self::launch(folder, folder, &[&NO_UNPAID_LIMITS[..], &database[..]].concat())
    }

    /// Starts a server with its own data folder and database.
    pub(crate) fn with_data(site: &Path, data: &Path) -> Self {
        // All orders come from one person.
        let limits = [
            "--limit-orders-per-email",
            "100/1h",
            "--limit-mails-per-recipient",
            "100/1d",
            "--unpaid-orders",
            "100",
        ];
        Self::launch(site, data, &limits)
    }

    fn launch(site: &Path, data: &Path, arguments: &[&str]) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let process = program()
            .args(["serve", "--content", CONTENT, "--addr", &free.to_string()])
            .arg("--site")
            .arg(site)
            .arg("--data")
            .arg(data)
            .args(["--trusted-proxy", "127.0.0.1"])
            .args(arguments)
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(free).is_err() {
            assert!(Instant::now() < deadline, "the server answers");
            thread::sleep(Duration::from_millis(10));
        }
        Self { process, address: free }
    }

    /// Sends SIGKILL, without warning.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("ended");
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// The URL of the database in a folder.
pub(crate) fn url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("hub.db").display())
}

/// The status and body of a complete response.
fn ask(address: SocketAddr, head: &str, body: &str, patience: Duration) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(patience)).ok()?;
    let length = body.len();
    write!(stream, "{head}Host: hub\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some((status, serde_json::from_str(body).ok()?))
}

/// An order of a badge; [`place`] gives it an email address of its own.
pub(crate) fn badge_order() -> String {
    json!({
        "lines": [{ "sku": "HEART-BADGE-RED-EN", "quantity": 1 }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "delivery": { "by": "collection", "region": "north-west" },
        "payment": { "by": "transfer" },
    })
    .to_string()
}

pub(crate) fn place(address: SocketAddr, key: &str, order: &str) -> Option<(u16, Value)> {
    place_within(address, key, order, PATIENCE)
}

pub(crate) fn place_within(
    address: SocketAddr,
    key: &str,
    order: &str,
    patience: Duration,
) -> Option<(u16, Value)> {
    // Each request has its own network because of the rate limits.
    static CLIENTS: AtomicU32 = AtomicU32::new(0);
    let client = Ipv4Addr::from(0x0a00_0000 + CLIENTS.fetch_add(1, Ordering::Relaxed));
    let order = order.replace("member@branch.example", &format!("{key}@branch.example"));
    let head = format!(
        "POST /api/v1/orders HTTP/1.1\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n\
         X-Forwarded-For: {client}\r\n"
    );
    ask(address, &head, &order, patience)
}

/// The response to a request for the order with this token.
pub(crate) fn read_order(address: SocketAddr, token: &str) -> (u16, Value) {
    let head = format!("GET /api/v1/orders/{token} HTTP/1.1\r\n");
    ask(address, &head, "", PATIENCE).expect("an answer")
}
