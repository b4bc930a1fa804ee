//! When pages are rendered, and when they come from the cache.

use std::thread;

use crate::running::{Running, program};

/// How many pages were rendered.
fn renders(server: &Running) -> u32 {
    server.metric("page_render_duration_seconds_count") as u32
}

fn change_stock(server: &Running, sku: &str, by: &str) {
    let url = format!("sqlite://{}", server.file("hub.db").display());
    let done = program().args(["stock", sku, "--add", by, "--database-url", &url]).status();
    assert!(done.expect("the command runs").success());
}

#[test]
fn page_that_a_hundred_visitors_ask_for_at_once_is_rendered_once() {
    let server = Running::start();
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| assert!(server.get("/news").starts_with("HTTP/1.1 200")));
        }
    });
    assert_eq!(renders(&server), 1);
}

#[test]
fn change_of_stock_drops_only_the_pages_that_tell_it() {
    let server = Running::start();
    let rendered = |path: &str| {
        let before = renders(&server);
        assert!(server.get(path).starts_with("HTTP/1.1 200"), "{path}");
        renders(&server) - before
    };
    let pages = ["/", "/shop/bunting", "/shop/heart-mug", "/shop/heart-t-shirt", "/join"];
    assert_eq!(pages.map(rendered), [1; 5]);
    assert_eq!(pages.map(rendered), [0; 5]);
    // From 7 to 6, which its page tells, and so do those of products that lead to it.
    change_stock(&server, "BUNTING", "-1");
    assert!(server.get("/shop/bunting").contains("6 left"), "the new number");
    let told: Vec<&str> =
        pages.into_iter().filter(|page| server.get(page).contains("/shop/bunting")).collect();
    assert_eq!(renders(&server), 5 + u32::try_from(told.len()).expect("few"), "{told:?}");
    assert!(told.len() < pages.len());
}

#[test]
fn invented_filters_are_not_kept() {
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
