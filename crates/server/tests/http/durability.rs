//! A server that is killed while it takes orders, a database that crashes, and a connection
//! that loses responses: every acknowledged order exists afterwards, once and completely.
//! `KILL_CYCLES`, `CRASH_CYCLES` and `LOSSY_ORDERS` set how often.

use std::{
    cell::RefCell,
    collections::HashSet,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use tempfile::TempDir;

use crate::{
    hub::{Hub, badge_order, place, place_within, read_order, url},
    postgres::Cluster,
    running::{count_of, program},
    server::write_site,
};

/// The number of concurrent buyers.
const BUYERS: u32 = 4;
/// The minimum number of acknowledged orders before each kill.
const BEFORE_KILL: u32 = 100;

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
        let output = program()
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
        let (status, whole) = read_order(hub.address, token);
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
    format!("{} acknowledged orders, {} sent: all stored, once and complete", acknowledged.len(), sent.len())
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
    let order = badge_order();
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
    let listed = program()
        .args(["orders", "--database-url", &url(folder.path()), "--data"])
        .arg(folder.path())
        .arg("list")
        .output()
        .expect("the command runs");
    let listed = String::from_utf8(listed.stdout).expect("text").lines().count();
    hub.kill();
    let expected = usize::try_from(intents).expect("few");
    assert_eq!((orders.len(), listed), (expected, expected));
    eprintln!("{intents} customers, {} attempts: {listed} orders", tries.into_inner());
}
