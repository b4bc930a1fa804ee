//! When pages are rendered, and when they come from the cache. `PUBLISHES` and
//! `UNCACHED_PAGES` set how often.

use std::{
    fs,
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use futures::future::join_all;

use crate::{
    running::{Running, count_of},
    server::copy_of_content,
    visitor::{Visitor, p99},
};

/// The number of rendered pages.
fn renders(server: &Running) -> u32 {
    server.metric("page_render_duration_seconds_count") as u32
}

#[test]
fn page_that_a_hundred_visitors_ask_for_at_once_is_rendered_once() {
    let publishes = count_of("PUBLISHES", 1);
    let server = Running::start();
    let content = copy_of_content();
    let file = content.path().join("news/become-a-safety-rep.toml");
    let text = fs::read_to_string(&file).expect("a file");
    for publish in 0..=publishes {
        if publish > 0 {
            let changed =
                text.replace("\"Become a safety rep\"", &format!("\"Become a safety rep {publish}\""));
            fs::write(&file, changed).expect("a file");
            server.run(&["load", content.path().to_str().expect("a path")]);
        }
        let before = renders(&server);
        thread::scope(|scope| {
            for _ in 0..100 {
                scope.spawn(|| assert!(server.get("/news").starts_with("HTTP/1.1 200")));
            }
        });
        assert_eq!(renders(&server) - before, 1, "after {publish} publishes");
    }
    eprintln!("{publishes} changes, 100 visitors after each: the page was rendered once each time");
}

#[tokio::test]
async fn uncached_pages_are_rendered_once_each_in_bounded_memory() {
    const CONNECTIONS: u32 = 32;
    let pages = count_of("UNCACHED_PAGES", CONNECTIONS);
    let server = Running::start();
    let [before, _] = server.memory();
    let next = AtomicU32::new(0);
    let visitors = (0..CONNECTIONS).map(|_| async {
        let mut visitor = Visitor::connect(&server.address).await;
        let mut times = Vec::new();
        loop {
            let page = next.fetch_add(1, Ordering::Relaxed);
            if page >= pages {
                return times;
            }
            // No variant has this colour, so the page is not cached.
            let request = format!("GET /shop?colour=x{page} HTTP/1.1\r\nHost: hub\r\n\r\n");
            let answer = visitor.ask(&request).await;
            assert_eq!(answer.status, 200, "{}", answer.head);
            times.push(answer.took);
        }
    });
    let times = join_all(visitors).await.concat();
    assert_eq!(renders(&server), pages);
    let [_, highest] = server.memory();
    let added = highest.saturating_sub(before);
    assert!(added < 200, "{before} MB before, {highest} MB at most");
    eprintln!(
        "{pages} pages, {CONNECTIONS} connections at once: 99% within {} ms, {added} MB more memory at most",
        p99(times).as_millis()
    );
}

#[tokio::test]
async fn cached_page_is_compressed_again_by_a_supervised_worker() {
    let server = Running::start();
    let mut visitor = Visitor::connect(&server.address).await;
    let mut length = async || {
        let answer = visitor.ask("GET /news HTTP/1.1\r\nHost: hub\r\nAccept-Encoding: br\r\n\r\n").await;
        let length = answer.head.lines().find_map(|line| line.strip_prefix("content-length: "));
        length.expect("a length").parse::<usize>().expect("a length")
    };
    let fast = length().await;
    let is_supervised =
        || server.metric("worker_last_success_timestamp_seconds{worker=\"compression\"}") > 0.0;
    let deadline = Instant::now() + Duration::from_secs(30);
    while length().await >= fast || !is_supervised() {
        assert!(Instant::now() < deadline, "it is compressed well in time");
    }
}

#[test]
fn stock_change_invalidates_only_affected_pages() {
    let server = Running::start();
    let rendered = |path: &str| {
        let before = renders(&server);
        assert!(server.get(path).starts_with("HTTP/1.1 200"), "{path}");
        renders(&server) - before
    };
    let pages = ["/", "/shop/bunting", "/shop/heart-mug", "/shop/heart-t-shirt", "/join"];
    assert_eq!(pages.map(rendered), [1; 5]);
    assert_eq!(pages.map(rendered), [0; 5]);
    // From 7 to 6, which is shown on its page and on those of related products.
    server.run(&["stock", "BUNTING", "--add", "-1"]);
    assert!(server.get("/shop/bunting").contains("6 left"), "the new number");
    let message: Vec<&str> =
        pages.into_iter().filter(|page| server.get(page).contains("/shop/bunting")).collect();
    assert_eq!(renders(&server), 5 + u32::try_from(message.len()).expect("few"), "{message:?}");
    assert!(message.len() < pages.len());
}

#[test]
fn unknown_filters_are_not_cached() {
    let server = Running::start();
    let rendered = |path: &str| {
        let before = renders(&server);
        assert!(server.get(path).starts_with("HTTP/1.1 200"), "{path}");
        renders(&server) - before
    };
    for path in [
        "/shop?colour=x1",
        "/shop?colour=red&colour=x1",
        "/shop/heart-mug?colour=x1",
        "/shop?page=77",
        "/news?tag=x1",
        "/events?kind=x1",
        "/courses?mode=x1",
        "/resources?kind=x1",
        "/unions?q=x1",
        "/search?q=mug",
        "/shop?q=mug",
    ] {
        assert_eq!([rendered(path), rendered(path)], [1, 1], "{path}");
    }
    for path in ["/shop?colour=red", "/shop/heart-mug?colour=red", "/news?tag=news", "/shop"] {
        assert_eq!([rendered(path), rendered(path)], [1, 0], "{path}");
    }
}
