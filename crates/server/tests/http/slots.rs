//! Requests that find the slots of other requests taken.

use std::{
    net::Ipv4Addr,
    thread,
    time::{Duration, Instant},
};

use sqlx::{Connection as _, Executor as _};

use crate::{
    overload::{begin, rest},
    postgres,
    running::{Running, client, order_request},
};

/// The response to a client's request.
fn get_as(server: &Running, client: Ipv4Addr, path: &str) -> String {
    let head = format!("GET {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n");
    rest(begin(server, &format!("{head}X-Forwarded-For: {client}\r\n\r\n")))
}

/// Runs `check` while orders of two clients wait for a locked table, each in a slot, of which
/// there are this many.
fn while_two_orders_wait(slots: &str, clients: [Ipv4Addr; 2], check: impl FnOnce(&Running)) {
    const WAITING: &str = "SELECT COUNT(*) FROM pg_locks WHERE relation = 'orders'::regclass AND NOT granted";
    let url = postgres::new_database();
    let options = ["--trusted-proxy", "127.0.0.1", "--max-in-flight", slots];
    let server = Running::launch(&[], Some(&url), &options);
    assert!(server.get("/").starts_with("HTTP/1.1 200"), "the page is in the cache");
    let deadline = Instant::now() + Duration::from_secs(20);
    // Otherwise one of these could wait for the table.
    for worker in ["expiry", "refunds", "retention"] {
        while server.metric(&format!("worker_last_success_timestamp_seconds{{worker=\"{worker}\"}}")) == 0.0 {
            assert!(Instant::now() < deadline, "{worker} has run");
            thread::yield_now();
        }
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut other = runtime.block_on(async {
        sqlx::any::install_default_drivers();
        sqlx::AnyConnection::connect(&url).await.expect("a connection")
    });
    runtime.block_on(other.execute("BEGIN")).expect("a statement");
    runtime.block_on(other.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")).expect("a lock");
    let orders = [("first", clients[0]), ("second", clients[1])].map(|(key, client)| {
        let headers = format!("Connection: close\r\nX-Forwarded-For: {client}\r\n");
        begin(&server, &order_request(key, &format!("{key}@branch.example"), &headers))
    });
    let mut waiting: i64 = 0;
    while waiting < 2 {
        assert!(Instant::now() < deadline, "{waiting} orders wait");
        waiting = runtime.block_on(sqlx::query_scalar(WAITING).fetch_one(&mut other)).expect("a number");
    }
    check(&server);
    runtime.block_on(other.execute("ROLLBACK")).expect("a statement");
    for order in orders {
        let answer = rest(order);
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }
    assert!(server.get("/").starts_with("HTTP/1.1 200"), "the slots are free again");
}

fn assert_refused(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("\r\nretry-after: "), "{answer}");
}

#[test]
fn full_slots_refuse_pages_but_not_health_checks_and_files() {
    while_two_orders_wait("2", [client(1), client(2)], |server| {
        assert_refused(&get_as(server, client(3), "/"));
        assert_refused(&get_as(server, client(4), "/api/v1/shop"));
        for (path, status) in
            [("/health/live", "204"), ("/assets/pictures-1.svg", "200"), ("/media/say-hello.mp4", "200")]
        {
            let answer = get_as(server, client(3), path);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
        }
    });
}

#[test]
fn client_with_half_of_the_slots_is_refused_and_others_are_served() {
    while_two_orders_wait("4", [client(1), client(1)], |server| {
        assert_refused(&get_as(server, client(1), "/"));
        let answer = get_as(server, client(2), "/");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    });
}
