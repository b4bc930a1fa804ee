//! A server that is killed while it takes orders, a database that crashes, and a connection
//! that loses responses: every acknowledged order exists afterwards, once and completely.
//! `KILL_CYCLES`, `CRASH_CYCLES` and `LOSSY_ORDERS` set how often.

use std::{
    cell::RefCell,
    collections::HashSet,
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{postgres::Cluster, running::count_of, server::write_site};

const CONTENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content");
/// The number of concurrent buyers.
const BUYERS: u32 = 4;
/// The minimum number of acknowledged orders before each kill.
const BEFORE_KILL: u32 = 100;

pub(crate) struct Hub {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Hub {
    fn start(folder: &Path) -> Self {
        Self::on(folder, &url(folder))
    }

    /// Starts a server with a database elsewhere.
    fn on(folder: &Path, url: &str) -> Self {
        Self::launch(folder, folder, &["--database-url", url])
    }

    /// Starts a server with its own data folder and database.
    pub(crate) fn with_data(site: &Path, data: &Path) -> Self {
        // All orders come from one person.
        let limits = ["--limit-orders-per-email", "100/1h", "--limit-mails-per-recipient", "100/1d"];
        Self::launch(site, data, &limits)
    }

    fn launch(site: &Path, data: &Path, arguments: &[&str]) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let process = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
            .args(["serve", "--content", CONTENT, "--addr", &free.to_string()])
            // All buyers share an email address.
            .args([
                "--unpaid-orders",
                "0",
                "--unpaid-items",
                "0",
                "--unpaid-pence",
                "0",
                "--unpaid-share",
                "0",
            ])
            .arg("--site")
            .arg(site)
            .arg("--data")
            .arg(data)
            .args(["--trusted-proxy", "127.0.0.1"])
            .args(arguments)
            .stdin(Stdio::null())
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

fn url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("hub.db").display())
}

/// The status and body of a complete response.
pub(crate) fn ask(address: SocketAddr, head: &str, body: &str, patience: Duration) -> Option<(u16, Value)> {
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

pub(crate) fn place(address: SocketAddr, key: &str, order: &str) -> Option<(u16, Value)> {
    place_within(address, key, order, Duration::from_secs(10))
}

fn place_within(address: SocketAddr, key: &str, order: &str, patience: Duration) -> Option<(u16, Value)> {
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

#[test]
fn an_acknowledged_order_survives_a_kill_once_and_whole() {
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let cycles = count_of("KILL_CYCLES", 2);
    let message = survive(
        folder.path(),
        &url(folder.path()),
        cycles,
        |hub| hub.kill(),
        |hub| *hub = Hub::start(folder.path()),
    );
    eprintln!("{cycles} kills, {message}");
}

#[test]
fn an_acknowledged_order_survives_a_crash_of_postgres() {
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let cluster = RefCell::new(Cluster::start("-crashes", true));
    let url = cluster.borrow().new_database("orders");
    let cycles = count_of("CRASH_CYCLES", 2);
    let message = survive(
        folder.path(),
        &url,
        cycles,
        |_| cluster.borrow_mut().crash(),
        |_| cluster.borrow_mut().recover(),
    );
    eprintln!("{cycles} crashes, {message}");
}

/// Repeatedly takes orders, breaks something meanwhile and repairs it: every acknowledged
/// order exists, and every order that was sent exists once and completely when it is sent
/// again. Returns the number of orders.
fn survive(
    folder: &Path,
    url: &str,
    cycles: u32,
    breaks: impl Fn(&mut Hub),
    mend: impl Fn(&mut Hub),
) -> String {
    let order = json!({
        "lines": [{ "sku": "HEART-BADGE-RED-EN", "quantity": 2 }, { "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "delivery": { "by": "collection", "region": "north-west" },
        "payment": { "by": "transfer" },
    })
    .to_string();
    let keys = AtomicU32::new(0);
    let sent = Mutex::new(Vec::new());
    let acknowledged = Mutex::new(Vec::new());
    let stock = ["HEART-BADGE-RED-EN", "HEART-MUG-RED-EN"];
    let count = |sku: &str, add: &str| -> i64 {
        let output = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
            .args(["stock", sku, "--add", add, "--database-url", url])
            .output()
            .expect("the command runs");
        let message = String::from_utf8(output.stdout).expect("text");
        message.split(' ').next().and_then(|number| number.parse().ok()).expect("a number")
    };
    let mut hub = Hub::on(folder, url);
    let before = stock.map(|sku| count(sku, "1000000"));
    for _ in 0..cycles {
        let address = hub.address;
        let target = u32::try_from(acknowledged.lock().expect("a list").len()).expect("few") + BEFORE_KILL;
        let killed = &AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..BUYERS {
                scope.spawn(|| {
                    while killed.load(Ordering::Relaxed) == 0 {
                        let key = format!("key-of-a-buyer-{:08}", keys.fetch_add(1, Ordering::Relaxed));
                        sent.lock().expect("a list").push(key.clone());
                        match place(address, &key, &order) {
                            Some((201, placed)) => acknowledged.lock().expect("a list").push((key, placed)),
                            Some((503, _)) | None => {}
                            Some((status, message)) => panic!("{status}: {message}"),
                        }
                    }
                });
            }
            let deadline = Instant::now() + Duration::from_secs(60);
            while u32::try_from(acknowledged.lock().expect("a list").len()).expect("few") < target {
                assert!(Instant::now() < deadline, "orders are taken");
                thread::sleep(Duration::from_millis(1));
            }
            // While orders are being placed.
            breaks(&mut hub);
            killed.store(1, Ordering::Relaxed);
        });
        mend(&mut hub);
    }

    let acknowledged = acknowledged.into_inner().expect("a list");
    for (key, placed) in &acknowledged {
        let (status, again) = place(hub.address, key, &order).expect("an answer");
        assert_eq!((status, &again), (201, placed), "{key} is lost");
    }
    // An order without a response is placed now, or was before: once in total.
    let sent = sent.into_inner().expect("a list");
    let mut references = HashSet::new();
    for key in &sent {
        let (status, placed) = place(hub.address, key, &order).expect("an answer");
        assert_eq!(status, 201, "{placed}");
        assert!(references.insert(placed["reference"].to_string()), "{key} has another's order");
        let token = placed["token"].as_str().expect("a token");
        let (status, whole) = ask(
            hub.address,
            &format!("GET /api/v1/orders/{token} HTTP/1.1\r\n"),
            "",
            Duration::from_secs(10),
        )
        .expect("an answer");
        assert_eq!(
            (status, whole["lines"].as_array().map(Vec::len)),
            (200, Some(2)),
            "half-written: {whole}"
        );
        assert_eq!(whole["moves"].as_array().map(Vec::len), Some(1), "half-written: {whole}");
    }
    hub.kill();
    let orders = i64::try_from(sent.len()).expect("few");
    let after = stock.map(|sku| count(sku, "0"));
    assert_eq!(
        [before[0] - after[0], before[1] - after[1]],
        [2 * orders, orders],
        "the stock is that of the orders"
    );
    format!("{} acknowledged orders, {} sent: all there, once and whole", acknowledged.len(), sent.len())
}

/// What happens to a request and its response on an unreliable connection.
#[derive(Clone, Copy, Debug)]
enum Luck {
    Good,
    /// The request is lost.
    RequestLost,
    /// The response is lost.
    AnswerLost,
    /// The response arrives after the client has given up.
    Stalled,
    /// The request arrives twice.
    Twice,
}

/// The clients' timeout on the unreliable connection.
const TIMEOUT: Duration = Duration::from_millis(400);

/// Forwards one connection, with this outcome.
fn pass_on(mut from: TcpStream, to: SocketAddr, luck: Luck) -> Option<()> {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    let whole = |request: &[u8]| {
        let text = String::from_utf8_lossy(request);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let length = head.split_once("Content-Length: ")?.1.lines().next()?.parse::<usize>().ok()?;
        (body.len() >= length).then_some(())
    };
    while whole(&request).is_none() {
        let read = from.read(&mut part).ok().filter(|read| *read > 0)?;
        request.extend_from_slice(&part[..read]);
    }
    let send = || {
        let mut server = TcpStream::connect(to).ok()?;
        server.write_all(&request).ok()?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).ok()?;
        Some(answer)
    };
    if matches!(luck, Luck::RequestLost) {
        return None;
    }
    let mut answer = send()?;
    match luck {
        Luck::AnswerLost => return None,
        Luck::Stalled => thread::sleep(TIMEOUT * 2),
        Luck::Twice => answer = send()?,
        Luck::Good | Luck::RequestLost => {}
    }
    from.write_all(&answer).ok()
}

#[test]
fn a_line_that_loses_answers_stalls_and_repeats_makes_one_order_of_each_intent() {
    let intents = count_of("LOSSY_ORDERS", 100);
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let mut hub = Hub::start(folder.path());
    let line = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = line.local_addr().expect("an address");
    let to = hub.address;
    thread::spawn(move || {
        // Always the same sequence: a generator with a fixed seed.
        let mut random = 7u32;
        for from in line.incoming().map_while(Result::ok) {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let luck = match (random >> 16) % 8 {
                0 => Luck::RequestLost,
                1 | 2 => Luck::AnswerLost,
                3 => Luck::Stalled,
                4 => Luck::Twice,
                _ => Luck::Good,
            };
            thread::spawn(move || pass_on(from, to, luck));
        }
    });
    let order = json!({
        "lines": [{ "sku": "HEART-BADGE-RED-EN", "quantity": 1 }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "delivery": { "by": "collection", "region": "north-west" },
        "payment": { "by": "transfer" },
    })
    .to_string();
    let tries = AtomicU32::new(0);
    let next = AtomicU32::new(0);
    let placed = Mutex::new(HashSet::new());
    thread::scope(|scope| {
        for _ in 0..BUYERS {
            scope.spawn(|| {
                loop {
                    let intent = next.fetch_add(1, Ordering::Relaxed);
                    if intent >= intents {
                        break;
                    }
                    let key = format!("key-of-an-intent-{intent:06}");
                    let (status, answer) = std::iter::repeat_with(|| {
                        tries.fetch_add(1, Ordering::Relaxed);
                        place_within(address, &key, &order, TIMEOUT)
                    })
                    .flatten()
                    .next()
                    .expect("it is tried until it is answered");
                    assert_eq!(status, 201, "{answer}");
                    placed.lock().expect("a set").insert(answer["reference"].to_string());
                }
            });
        }
    });
    let orders = placed.into_inner().expect("a set");
    let listed = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
        .args(["orders", "--database-url", &url(folder.path()), "--data"])
        .arg(folder.path())
        .arg("list")
        .output()
        .expect("the command runs");
    let listed = String::from_utf8(listed.stdout).expect("text").lines().count();
    hub.kill();
    let expected = usize::try_from(intents).expect("few");
    assert_eq!((orders.len(), listed), (expected, expected));
    eprintln!("{intents} intents, {} tries: {listed} orders", tries.into_inner());
}

#[test]
fn backup_during_writes_is_consistent_and_restorable() {
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let mut hub = Hub::start(folder.path());
    let order = json!({
        "lines": [{ "sku": "HEART-BADGE-RED-EN", "quantity": 1 }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "delivery": { "by": "collection", "region": "north-west" },
        "payment": { "by": "transfer" },
    })
    .to_string();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
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
        let answer = ask(
            hub.address,
            &format!("GET /api/v1/orders/{token} HTTP/1.1\r\n"),
            "",
            Duration::from_secs(10),
        );
        let (status, order) = answer.expect("an answer");
        assert!(status != 200 || order["moves"].as_array().is_some_and(|moves| moves.len() == 1), "{order}");
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
    let registered = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
        .args(["branch", "Leeds", "--officer", "officer@branch.example", "--approve-from", "250"])
        .args(["--database-url", &url(folder.path())])
        .status();
    assert!(registered.expect("the command runs").success());
    let (status, placed) = place(hub.address, "key-of-a-person-01", &order).expect("an answer");
    assert_eq!(status, 201, "{placed}");
    let reference = placed["reference"].as_str().expect("a reference");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
            .args(["orders", "--database-url", &url(folder.path()), "--data"])
            .arg(folder.path())
            .args(arguments)
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let registered = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
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
        let done = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
            .arg("backup")
            .arg(&copy)
            .args(["--database-url", &url(folder.path())])
            .status();
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
    let (status, left) =
        ask(hub.address, &format!("GET /api/v1/orders/{token} HTTP/1.1\r\n"), "", Duration::from_secs(10))
            .expect("an answer");
    assert_eq!((status, &left["price"]["total_pence"]), (200, &placed["total_pence"]));
    assert_eq!(left["payment"]["number"], "PO 99");
    let csv = run(&["export"]);
    assert!(csv.contains(reference) && csv.contains("Leeds"), "{csv}");
    assert!(run(&["erase", "zebedee@branch.example"]).contains("no orders for"));
    hub.kill();
    // Not in the database file either, once the write-ahead log is merged into it.
    let copy = folder.path().join("copy.db");
    let done = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
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
