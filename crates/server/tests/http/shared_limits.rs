//! Rate limits that two servers on one database share, under load. `LIMITED_WRITES` sets the
//! number of requests.

use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::join_all;

use crate::{
    postgres,
    running::{Running, client, count_of, order_request},
    visitor::Visitor,
};

/// The number of connections of each server.
const CONNECTIONS: usize = 4;

/// Sends this number of orders to both servers at once; returns how many were placed.
async fn placed(servers: &[Running; 2], orders: u32, request: impl Fn(u32) -> String) -> u32 {
    let next = AtomicU32::new(0);
    let (next, request) = (&next, &request);
    let connections = servers.iter().flat_map(|server| [server; CONNECTIONS]);
    let sent = connections.map(|server| async move {
        let mut visitor = Visitor::connect(&server.address).await;
        let mut placed = 0u32;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= orders {
                return placed;
            }
            let answer = visitor.ask(&request(number)).await;
            match answer.status {
                201 => placed += 1,
                429 => assert!(answer.head.contains("retry-after: "), "{}", answer.head),
                _ => panic!("{number}: {}\n{}", answer.head, server.log()),
            }
        }
    });
    join_all(sent).await.into_iter().sum()
}

#[tokio::test]
async fn two_servers_take_exactly_what_is_allowed_and_keep_no_more_of_it() {
    let writes = count_of("LIMITED_WRITES", 40);
    let most = writes / 10;
    let url = postgres::new_database();
    let (rate, keys) = (format!("{most}/1h"), format!("shared {}", "00".repeat(32)));
    let unpaid = ["--unpaid-orders", "--unpaid-items", "--unpaid-pence", "--unpaid-share"];
    let mut options = vec!["--trusted-proxy", "127.0.0.1", "--keys", &keys];
    options.extend(["--limit-writes-per-network", &rate, "--limit-orders-per-email", &rate]);
    options.extend(["--limit-mails-per-recipient", "1000000/1d"]);
    options.extend(unpaid.iter().flat_map(|limit| [*limit, "0"]));
    let servers = [(); 2].map(|()| Running::launch(&[], Some(&url), &options));
    servers[0].stock_up();

    let one_network = placed(&servers, writes, |number| {
        let (key, headers) = (format!("network-{number}"), "X-Forwarded-For: 192.0.2.1\r\n");
        order_request(&key, &format!("{key}@branch.example"), headers)
    });
    assert_eq!(one_network.await, most);
    let many_networks = placed(&servers, writes, |number| {
        let headers = format!("X-Forwarded-For: {}\r\n", client(number));
        order_request(&format!("address-{number}"), "one@branch.example", &headers)
    });
    assert_eq!(many_networks.await, most);

    sqlx::any::install_default_drivers();
    let database = sqlx::AnyPool::connect(&url).await.expect("a database");
    let (rows,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM limits").fetch_one(&database).await.expect("a number");
    // For the single network: its own counter, and the address of each order as a buyer and as
    // a recipient. For the others: each network, and their one address. Refused requests are
    // not counted.
    assert_eq!(rows, i64::from((1 + 2 * most) + (most + 2)));
    eprintln!(
        "{writes} orders from one network, and as many from others for one address: exactly {most} of each \
         placed, {rows} rows counted"
    );
}
