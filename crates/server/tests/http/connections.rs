//! Limits of connections: their number, and the size and time of a request's head.

use std::{
    thread,
    time::{Duration, Instant},
};

use axum::http::{Request, StatusCode};

use crate::{
    overload::{begin, rest},
    running::Running,
};

#[test]
fn slow_client_has_the_whole_time_for_its_head() {
    let server = Running::start();
    thread::scope(|scope| {
        for (start, seconds) in [("GET / HTTP/1.1\r\nHost: hub\r\nX-Slow: ", 10), ("PRI * HT", 5), ("", 5)] {
            let server = &server;
            scope.spawn(move || {
                let started = Instant::now();
                rest(begin(server, start));
                let elapsed = started.elapsed();
                assert!(elapsed >= Duration::from_secs(seconds), "{start:?} was closed after {elapsed:?}");
            });
        }
    });
}

#[test]
fn connection_above_the_maximum_waits_until_another_ends() {
    let server = Running::start_with(&["--max-connections", "2"]);
    let started = Instant::now();
    // The server closes them after 5 seconds.
    let _silent = [begin(&server, ""), begin(&server, "")];
    assert!(server.get("/health/live").starts_with("HTTP/1.1 204"));
    let waited = started.elapsed();
    assert!(waited >= Duration::from_secs(5), "it waited for {waited:?}");
}

#[tokio::test]
async fn http2_head_of_more_than_32_kilobytes_is_refused() {
    let server = Running::start();
    let stream = tokio::net::TcpStream::connect(&server.address).await.expect("a connection");
    let (client, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
    let connection = tokio::spawn(connection);
    for (kilobytes, status) in
        [(16, StatusCode::NO_CONTENT), (40, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)]
    {
        let mut request = Request::get("http://hub/health/live");
        for number in 0..kilobytes {
            request = request.header(format!("x-{number}"), "a".repeat(1024));
        }
        let mut client = client.clone().ready().await.expect("a connection");
        let (answer, _) = client.send_request(request.body(()).expect("a request"), true).expect("a stream");
        assert_eq!(answer.await.expect("an answer").status(), status, "{kilobytes} kB");
    }
    connection.abort();
}
