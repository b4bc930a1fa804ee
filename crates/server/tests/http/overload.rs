//! Clients that ask for more than their share, or send less than they say.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use axum::http::Request;
use bytes::Bytes;
use contract::query;

use crate::running::Running;

/// Sends the start of a request and leaves it at that.
fn begin(server: &Running, start: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    stream.write_all(start.as_bytes()).expect("the start of a request");
    stream
}

/// What is answered until the server ends the connection.
fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn assert_answers(server: &Running) {
    for (path, status) in [("/", "200"), ("/health/live", "204"), ("/assets/pictures-1.svg", "200")] {
        let answer = server.get(path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
    }
}

#[test]
fn connection_that_never_sends_a_whole_head_is_closed_within_15_seconds() {
    let server = Running::start();
    let started = Instant::now();
    let starts = ["GET / HTTP/1.1\r\nHost: hub\r\nX-Slow: ", "PRI * HT", "P", ""];
    let open = starts.map(|start| begin(&server, start));
    for (stream, start) in open.into_iter().zip(starts) {
        rest(stream);
        let elapsed = started.elapsed();
        assert!(elapsed < Duration::from_secs(15), "{start:?} was closed after {elapsed:?}");
    }
    assert_answers(&server);
}

#[test]
fn head_of_more_than_32_kilobytes_is_refused() {
    let server = Running::start();
    let long = "a".repeat(64 * 1024);
    let mut stream = begin(&server, "GET / HTTP/1.1\r\nHost: hub\r\nX-Long: ");
    // The server may hang up before all of it is written.
    _ = stream.write_all(long.as_bytes());
    _ = stream.write_all(b"\r\n\r\n");
    let answer = rest(stream);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[test]
fn slow_bodies_take_no_places_and_are_given_up() {
    // From two networks, of which each may have so many under way.
    let server = Running::start_with(&["--trusted-proxy", "127.0.0.1"]);
    let head = |client: usize| {
        format!(
            "POST /api/v1/orders HTTP/1.1\r\nHost: hub\r\nX-Forwarded-For: 10.0.0.{}\r\n\
             Content-Type: application/json\r\nIdempotency-Key: 0123456789abcdef\r\nContent-Length: 90\r\n\r\n{{",
            client % 2
        )
    };
    let slow: Vec<TcpStream> = (0..600).map(|client| begin(&server, &head(client))).collect();
    assert_answers(&server);
    for stream in slow {
        let answer = rest(stream);
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_streams_take_no_places() {
    let server = Running::start();
    let mut open = Vec::new();
    for _ in 0..3 {
        let stream = tokio::net::TcpStream::connect(&server.address).await.expect("a connection");
        let (client, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
        open.push(tokio::spawn(connection));
        for _ in 0..200 {
            let request = Request::post("http://hub/api/v1/orders").body(()).expect("a request");
            let client = client.clone();
            open.push(tokio::spawn(async move {
                // Waits where the server takes no more streams.
                let mut client = client.ready().await?;
                let (answer, mut body) = client.send_request(request, false)?;
                body.send_data(Bytes::from_static(b"{"), false)?;
                answer.await.map(drop)
            }));
        }
    }
    tokio::task::spawn_blocking(move || {
        // Once some of them have arrived.
        let mut waits = 0;
        while server.metric("http_requests_receiving") < 200.0 && waits < 1000 {
            waits += 1;
            thread::yield_now();
        }
        assert_answers(&server);
    })
    .await
    .expect("the server answers");
    open.iter().for_each(tokio::task::JoinHandle::abort);
}

#[test]
fn body_of_more_than_64_kilobytes_is_refused() {
    let server = Running::start();
    let head =
        "POST /api/v1/orders HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nContent-Length: 70000\r\n\r\n";
    let mut stream = begin(&server, head);
    _ = stream.write_all(&[b' '; 70_000]);
    let answer = rest(stream);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("Send at most 65536 bytes."), "{answer}");
}

#[test]
fn invented_methods_add_no_series() {
    let server = Running::start();
    let send = |methods: std::ops::Range<usize>| {
        let mut stream = begin(&server, "");
        for batch in methods.collect::<Vec<_>>().chunks(100) {
            let requests: String =
                batch.iter().map(|method| format!("ZZ{method} / HTTP/1.1\r\nHost: hub\r\n\r\n")).collect();
            stream.write_all(requests.as_bytes()).expect("requests");
            let mut answers = String::new();
            while answers.matches("HTTP/1.1 405").count() < batch.len() {
                let mut room = [0; 65_536];
                let count = stream.read(&mut room).expect("an answer");
                assert!(count > 0, "the connection stays");
                answers.push_str(&String::from_utf8_lossy(&room[..count]));
            }
        }
        server.metrics().lines().filter(|line| line.starts_with("http_")).count()
    };
    let before = send(0..1);
    let after = send(1..20_000);
    assert_eq!(before, after);
    assert!(server.metrics().contains("method=\"other\""));
}

#[test]
fn flood_of_dense_posters_is_queued_or_refused() {
    let server = Running::start_with(&["--trusted-proxy", "127.0.0.1"]);
    let words = ["W"; 150].join("\r\n");
    let body = query("", &[("headline", "W"), ("words", &words), ("paper", "a3"), ("look", "bold")]);
    let body = body.trim_start_matches('?');
    // Each from a network of its own, so that none is refused for asking too often.
    let head = |client: usize| {
        format!(
            "POST /poster-maker HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nX-Forwarded-For: 10.0.0.{client}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    // The first one makes what all of them share.
    assert!(rest(begin(&server, &head(0))).starts_with("HTTP/1.1 200"));
    let [before, _] = server.memory();
    let asked: Vec<TcpStream> = (0..200).map(|client| begin(&server, &head(client))).collect();
    assert_answers(&server);
    let answers: Vec<String> = asked.into_iter().map(rest).collect();
    let printed = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 200")).count();
    let refused: Vec<&String> = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 503")).collect();
    assert_eq!(printed + refused.len(), 200);
    assert!(printed >= 2, "some are printed");
    assert!(refused.iter().all(|answer| answer.contains("retry-after: ")), "{refused:?}");
    let [_, highest] = server.memory();
    assert!(highest < before + 200, "{before} MB before, {highest} MB at most");
}
