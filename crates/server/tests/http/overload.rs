//! Clients that request more than their share, or send less than they announced. The long
//! forms have more of them, and measure how others are served meanwhile.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    ops::Range,
    thread,
    time::{Duration, Instant},
};

use axum::http::{Request, StatusCode};
use bytes::Bytes;
use contract::query;
use futures::future::join_all;
use tokio::task::JoinHandle;

use crate::{
    running::{Running, client, count_of, is_long},
    visitor::{Visitor, p99},
};

/// Allows each request to name its client.
const PROXY: [&str; 2] = ["--trusted-proxy", "127.0.0.1"];

/// Sends only the start of a request.
pub(crate) fn begin(server: &Running, start: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    stream.write_all(start.as_bytes()).expect("the start of a request");
    stream
}

/// The response until the server closes the connection.
pub(crate) fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Asserts that other clients are served; returns the longest response time.
fn assert_answers(server: &Running) -> Duration {
    let mut slowest = Duration::ZERO;
    for (path, status) in [("/", "200"), ("/health/live", "204"), ("/assets/pictures-1.svg", "200")] {
        let started = Instant::now();
        let answer = server.get(path);
        slowest = slowest.max(started.elapsed());
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
    }
    slowest
}

/// Repeats this until the other test is over, at least once.
fn assert_answers_until(server: &Running, is_over: impl Fn() -> bool) -> Duration {
    let deadline = Instant::now() + Duration::from_secs(120);
    let mut slowest = assert_answers(server);
    while !is_over() {
        assert!(Instant::now() < deadline, "it is over in time");
        slowest = slowest.max(assert_answers(server));
    }
    slowest
}

/// The responses to these requests, and the longest response time of others: meanwhile in the
/// long form, and at the beginning in the short one.
fn rest_of_all(server: &Running, requests: Vec<TcpStream>, variable: &str) -> (Vec<String>, Duration) {
    thread::scope(|scope| {
        let answers = scope.spawn(|| requests.into_iter().map(rest).collect::<Vec<String>>());
        let slowest = assert_answers_until(server, || !is_long(variable) || answers.is_finished());
        (answers.join().expect("answers"), slowest)
    })
}

#[test]
fn connection_that_never_sends_a_whole_head_is_closed_within_15_seconds() {
    let starts = [
        "GET / HTTP/1.1\r\nHost: hub\r\nX-Slow: ",
        "PRI * HT",
        "P",
        "",
        // Nothing follows its response.
        "GET /health/live HTTP/1.1\r\nHost: hub\r\n\r\n",
        // HTTP/2: the preface and SETTINGS, then HEADERS without END_HEADERS.
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x05\x01\0\0\0\0\x01\0\x01x\x01y",
    ];
    let count = count_of("IDLE_CONNECTIONS", 7);
    // This is the maximum number of connections, so another client waits for one to end.
    let server = Running::start_with(&["--max-connections", &count.to_string()]);
    let started = Instant::now();
    let starts = starts.into_iter().cycle().take(usize::try_from(count).expect("few"));
    let open: Vec<_> = starts.map(|start| (start, Instant::now(), begin(&server, start))).collect();
    let [memory, _] = server.memory();
    let other = begin(&server, "GET / HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n");
    let answer = rest(other);
    let waited = started.elapsed();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    for (start, begun, stream) in open {
        rest(stream);
        let elapsed = begun.elapsed();
        assert!(elapsed < Duration::from_secs(15), "{start:?} was closed after {elapsed:?}");
    }
    let closed = started.elapsed();
    assert_answers(&server);
    eprintln!(
        "{count} connections that send nothing or half a head: another client had its response after {:.1} s, \
         all were closed within {:.1} s, {memory} MB",
        waited.as_secs_f64(),
        closed.as_secs_f64()
    );
}

#[test]
fn head_of_more_than_32_kilobytes_is_refused() {
    let server = Running::start();
    let long = "a".repeat(64 * 1024);
    let mut stream = begin(&server, "GET / HTTP/1.1\r\nHost: hub\r\nX-Long: ");
    // The server may close the connection before all of it is sent.
    _ = stream.write_all(long.as_bytes());
    _ = stream.write_all(b"\r\n\r\n");
    let answer = rest(stream);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[test]
fn slow_bodies_take_no_places_and_are_given_up() {
    let count = count_of("SLOW_BODIES", 600);
    let server = Running::start_with(&PROXY);
    // Each is another client, because one may only have 512.
    let head = |number: u32| {
        format!(
            "POST /api/v1/orders HTTP/1.1\r\nHost: hub\r\nX-Forwarded-For: {}\r\n\
             Content-Type: application/json\r\nIdempotency-Key: 0123456789abcdef\r\nContent-Length: 90\r\n\r\n{{",
            client(number)
        )
    };
    let slow = (0..count).map(|number| begin(&server, &head(number))).collect();
    let (answers, slowest) = rest_of_all(&server, slow, "SLOW_BODIES");
    for answer in answers {
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    eprintln!("{count} slow bodies: the slowest response to others took {} ms", slowest.as_millis());
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_streams_take_no_places() {
    let count = count_of("SLOW_STREAMS", 600);
    let server = Running::start();
    let (mut connections, mut streams) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let stream = tokio::net::TcpStream::connect(&server.address).await.expect("a connection");
        let (client, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
        connections.push(tokio::spawn(connection));
        for _ in 0..count / 3 {
            let request = Request::post("http://hub/api/v1/orders").body(()).expect("a request");
            let client = client.clone();
            streams.push(tokio::spawn(async move {
                // Waits while the server accepts no more streams.
                let mut client = client.ready().await?;
                let (answer, mut body) = client.send_request(request, false)?;
                body.send_data(Bytes::from_static(b"{"), false)?;
                answer.await.map(|answer| answer.status())
            }));
        }
    }
    let watched = tokio::task::spawn_blocking(move || {
        // Once most of those that three connections can have at once have arrived.
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut receiving = 0.0;
        while receiving < 200.0 {
            assert!(Instant::now() < deadline, "{receiving} requests are being received");
            thread::yield_now();
            receiving = server.metric("http_requests_receiving");
        }
        let is_over = || !is_long("SLOW_STREAMS") || streams.iter().all(JoinHandle::is_finished);
        let slowest = assert_answers_until(&server, is_over);
        let receiving = server.metric("http_requests_receiving").max(receiving);
        assert!(receiving <= 300.0, "{receiving} requests on three connections");
        (streams, slowest)
    });
    let (streams, slowest) = watched.await.expect("the server answers");
    for stream in streams {
        if is_long("SLOW_STREAMS") {
            match stream.await.expect("it ends") {
                Ok(status) => assert_eq!(status, StatusCode::REQUEST_TIMEOUT),
                // A stream that arrives before the server has released one that it has
                // answered.
                Err(error) => assert_eq!(error.reason(), Some(h2::Reason::REFUSED_STREAM), "{error}"),
            }
        } else {
            stream.abort();
        }
    }
    connections.iter().for_each(JoinHandle::abort);
    eprintln!("{count} slow streams: the slowest response to others took {} ms", slowest.as_millis());
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_that_a_client_does_not_read_are_limited() {
    let server = Running::start_with(&PROXY);
    assert_answers(&server);
    let request = || {
        let request = Request::get("http://hub/").header("x-forwarded-for", client(1).to_string());
        request.body(()).expect("a request")
    };
    let connect = async |window: u32| {
        let stream = tokio::net::TcpStream::connect(&server.address).await.expect("a connection");
        let mut builder = h2::client::Builder::new();
        let handshake = builder.initial_window_size(window).handshake::<_, Bytes>(stream);
        let (client, connection) = handshake.await.expect("HTTP/2");
        (client, tokio::spawn(connection))
    };
    let (mut connections, mut unread, mut statuses) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..6 {
        // Once a byte can be sent, the rest is queued, and the body is not needed any more.
        let (client, connection) = connect(number % 2).await;
        connections.push(connection);
        for _ in 0..100 {
            let mut client = client.clone().ready().await.expect("another stream");
            let (answer, _) = client.send_request(request(), true).expect("a request");
            let answer = answer.await.expect("the head of a response");
            statuses.push(answer.status());
            unread.push(answer.into_body());
        }
    }
    let (served, refused) = statuses.split_at(512);
    assert!(served.iter().all(|status| *status == StatusCode::OK), "{statuses:?}");
    assert!(refused.iter().all(|status| *status == StatusCode::SERVICE_UNAVAILABLE), "{statuses:?}");
    assert_answers(&server);

    connections.iter().for_each(JoinHandle::abort);
    drop(unread);
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let (client, connection) = connect(1).await;
        let mut client = client.ready().await.expect("a stream");
        let (answer, _) = client.send_request(request(), true).expect("a request");
        let status = answer.await.expect("the head of a response").status();
        connection.abort();
        if status == StatusCode::OK {
            return;
        }
        assert!(Instant::now() < deadline, "its responses are forgotten with its connections: {status}");
    }
}

#[test]
fn renders_that_clients_do_not_wait_for_are_limited() {
    const PLACES: u32 = 8;
    let count = count_of("ABANDONED_PAGES", 500);
    let places = PLACES.to_string();
    let server = Running::start_with(&["--trusted-proxy", "127.0.0.1", "--max-in-flight", &places]);
    // No variant has this colour, so the page is not cached.
    let page = |number: u32, client: Ipv4Addr| {
        format!(
            "GET /shop?colour=x{number} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\
             X-Forwarded-For: {client}\r\n\r\n"
        )
    };
    assert!(rest(begin(&server, &page(0, client(0)))).starts_with("HTTP/1.1 200"));
    let [before, _] = server.memory();
    let (most, slowest) = thread::scope(|scope| {
        let abandoned = scope.spawn(|| {
            for number in 1..=count {
                drop(begin(&server, &page(number, client(1))));
            }
        });
        let (mut most, mut slowest, mut number) = (0.0_f64, Duration::ZERO, count);
        loop {
            // The last round is after the last of them.
            let is_over = abandoned.is_finished();
            most = most.max(server.metric("page_renders_in_progress"));
            number += 1;
            let started = Instant::now();
            let answer = rest(begin(&server, &page(number, client(2))));
            slowest = slowest.max(started.elapsed());
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            if is_over {
                return (most, slowest);
            }
        }
    });
    assert!(
        most <= f64::from(PLACES / 2),
        "{most} pages in progress for a client with half of {PLACES} places"
    );
    let [_, highest] = server.memory();
    assert!(highest < before + 100, "{before} MB before, {highest} MB at most");
    if is_long("ABANDONED_PAGES") {
        assert!(slowest <= Duration::from_secs(1), "the slowest page for another client took {slowest:?}");
    }
    eprintln!(
        "{count} clients that hang up at once, each asking for another page: at most {most} pages in progress, \
         {} MB more memory at most; the slowest page for another client took {} ms",
        highest.saturating_sub(before),
        slowest.as_millis()
    );
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

/// Sends requests over one connection, a hundred at a time, and expects this status for each.
fn send_all(server: &Running, mut requests: impl Iterator<Item = String>, status: &str) {
    let mut stream = begin(server, "");
    let start = format!("HTTP/1.1 {status}");
    loop {
        let batch: Vec<String> = requests.by_ref().take(100).collect();
        if batch.is_empty() {
            return;
        }
        stream.write_all(batch.concat().as_bytes()).expect("requests");
        let mut answers = String::new();
        while answers.matches(&start).count() < batch.len() {
            let mut room = [0; 65_536];
            let count = stream.read(&mut room).expect("an answer");
            assert!(count > 0, "the connection stays");
            answers.push_str(&String::from_utf8_lossy(&room[..count]));
        }
    }
}

#[test]
fn invented_methods_add_no_series() {
    let count = count_of("INVENTED_METHODS", 20_000);
    let server = Running::start();
    let send = |methods: Range<u32>| {
        let requests = methods.map(|method| format!("ZZ{method} / HTTP/1.1\r\nHost: hub\r\n\r\n"));
        send_all(&server, requests, "405");
        server.metrics().lines().filter(|line| line.starts_with("http_")).count()
    };
    let before = send(0..1);
    let after = send(1..count);
    assert_eq!(before, after);
    assert!(server.metrics().contains("method=\"other\""));
    eprintln!("{count} methods: {after} series, as many as after the first");
}

#[test]
fn requests_that_nobody_scrapes_do_not_grow_memory() {
    const CONNECTIONS: u32 = 4;
    let count = count_of("UNSCRAPED_REQUESTS", 4_000);
    // Without a log line for each.
    let server = Running::launch(&["env", "RUST_LOG=warn"], None, &[]);
    let send = |requests: u32| {
        thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| {
                    let request = |_| "GET /health/live HTTP/1.1\r\nHost: hub\r\n\r\n".to_owned();
                    send_all(&server, (0..requests / CONNECTIONS).map(request), "204");
                });
            }
        });
        server.memory()[0]
    };
    let before = send(count / 10);
    let after = send(count - count / 10);
    // The samples of a million requests take 8 MB until they are in their buckets.
    assert!(after <= before + 5, "{before} MB after a tenth of {count} requests, {after} MB after all");
    let counted = server.metric("http_requests_total{method=\"GET\",route=\"/health/live\",status=\"204\"}");
    assert_eq!(counted, f64::from(count));
    eprintln!("{count} requests without a scrape: {before} MB after a tenth, {after} MB after all");
}

/// The request for an A3 poster with as much text as possible.
fn dense_poster(number: u32) -> String {
    let words = ["W"; 150].join("\r\n");
    let body = query("", &[("headline", "W"), ("words", &words), ("paper", "a3"), ("look", "bold")]);
    let body = body.trim_start_matches('?');
    // Each from a different network, so that no rate limit applies.
    format!(
        "POST /poster-maker HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nX-Forwarded-For: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        client(number),
        body.len()
    )
}

#[test]
fn flood_of_dense_posters_is_queued_or_refused() {
    let count = count_of("POSTERS", 200);
    let server = Running::start_with(&PROXY);
    // The first poster creates the resources that all of them share.
    assert!(rest(begin(&server, &dense_poster(0))).starts_with("HTTP/1.1 200"));
    let [before, _] = server.memory();
    let asked = (0..count).map(|number| begin(&server, &dense_poster(number))).collect();
    let (answers, slowest) = rest_of_all(&server, asked, "POSTERS");
    let printed = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 200")).count();
    let refused: Vec<&String> = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 503")).collect();
    assert_eq!(printed + refused.len(), answers.len());
    assert!(printed >= 2, "some are printed");
    assert!(!refused.is_empty(), "some are refused");
    assert!(refused.iter().all(|answer| answer.contains("retry-after: ")), "{refused:?}");
    let [_, highest] = server.memory();
    assert!(highest < before + 200, "{before} MB before, {highest} MB at most");
    if is_long("POSTERS") {
        assert!(slowest <= Duration::from_millis(200), "the slowest answer to others took {slowest:?}");
    }
    eprintln!(
        "{count} posters at once: {printed} printed, {} refused, {} MB more memory at most; the slowest \
         response to others took {} ms",
        refused.len(),
        highest.saturating_sub(before),
        slowest.as_millis()
    );
}

#[test]
fn posters_in_a_row_do_not_grow_memory() {
    let count = count_of("POSTERS_IN_A_ROW", 2);
    let server = Running::start_with(&PROXY);
    let print = |posters: Range<u32>| {
        for number in posters {
            let answer = rest(begin(&server, &dense_poster(number)));
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        server.memory()[0]
    };
    let before = print(0..3);
    let after = print(3..3 + count);
    // Less than a single poster takes while it is made.
    assert!(after <= before + 40, "{before} MB before {count} posters, {after} MB afterwards");
    eprintln!("{count} posters in a row: {before} MB before, {after} MB afterwards");
}

#[tokio::test]
async fn overloaded_server_answers_in_time_or_turns_away() {
    const ROUNDS: u32 = 10;
    let count = count_of("OVERLOAD_CONNECTIONS", 40);
    // A quarter of the concurrent clients, as 512 are of 2,048.
    let places = (count / 4).to_string();
    let server = Running::start_with(&["--trusted-proxy", "127.0.0.1", "--max-in-flight", &places]);
    let paths = ["/", "/news", "/shop", "/api/v1/campaign?locale=en"];
    for path in paths {
        assert!(server.get(path).starts_with("HTTP/1.1 200"), "{path}");
    }
    let [before, _] = server.memory();
    let mut visitors = Vec::new();
    for _ in 0..count {
        visitors.push(Visitor::connect(&server.address).await);
    }
    let (mut times, mut turned_away) = (Vec::new(), 0);
    for round in 0..ROUNDS {
        let asked = visitors.iter_mut().zip(0..count).map(|(visitor, number)| {
            let path = paths[(number + round) as usize % paths.len()];
            let client = client(number);
            async move {
                let request =
                    format!("GET {path} HTTP/1.1\r\nHost: hub\r\nX-Forwarded-For: {client}\r\n\r\n");
                visitor.ask(&request).await
            }
        });
        for answer in join_all(asked).await {
            match answer.status {
                200 => times.push(answer.took),
                503 => {
                    assert!(answer.head.contains("retry-after: "), "{}", answer.head);
                    turned_away += 1;
                }
                _ => panic!("{}", answer.head),
            }
        }
    }
    let [_, highest] = server.memory();
    let (answered, added, p99) = (times.len(), highest.saturating_sub(before), p99(times));
    assert!(added < 200, "{before} MB before, {highest} MB at most");
    if is_long("OVERLOAD_CONNECTIONS") {
        assert!(p99 <= Duration::from_millis(500), "99 % of {answered} answers within {p99:?}");
    }
    eprintln!(
        "{count} concurrent requests, {ROUNDS} times: {answered} responses, 99% within {} ms; \
         {turned_away} refused; {added} MB more memory at most",
        p99.as_millis()
    );
}
