//! What whoever runs the server relies on.

use axum::http::StatusCode;

use crate::server::on_both_engines;

#[tokio::test]
async fn alive_and_ready_are_told_apart() {
    on_both_engines(async |server| {
        assert_eq!(server.get("/health/live").await.status, StatusCode::NO_CONTENT);
        assert_eq!(server.get("/health/ready").await.status, StatusCode::NO_CONTENT);
        server.store.close().await;
        assert_eq!(server.get("/health/live").await.status, StatusCode::NO_CONTENT);
        assert_eq!(server.get("/health/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
    })
    .await;
}

#[tokio::test]
async fn without_a_database_a_page_says_so_in_its_language_and_is_not_kept() {
    on_both_engines(async |server| {
        server.store.close().await;
        for (path, heading) in [
            ("/", "Sorry, something went wrong on our side"),
            ("/cy/join", "aeth rhywbeth o’i le ar ein hochr ni"),
        ] {
            let page = server.get(path).await;
            assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
            assert_eq!((page.header("cache-control"), page.header("retry-after")), ("no-store", "30"));
            assert!(page.text().contains(heading), "{path}");
        }
        let problem = server.get("/api/v1/campaign").await;
        assert_eq!(problem.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(problem.header("content-type"), "application/problem+json");
        assert_eq!(problem.header("retry-after"), "5");
    })
    .await;
}

#[tokio::test]
async fn without_a_database_a_page_that_was_shown_before_stays() {
    on_both_engines(async |server| {
        let before = server.get("/support").await;
        server.store.close().await;
        let after = server.get("/support").await;
        assert_eq!((after.status, after.body), (StatusCode::OK, before.body));
        // Past midnight nobody knows what it would say.
        server.set_clock("2026-11-23T00:00:00Z");
        assert_eq!(server.get("/support").await.status, StatusCode::SERVICE_UNAVAILABLE);
    })
    .await;
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    on_both_engines(async |server| {
        for path in ["/", "/nothing", "/assets/none.js", "/api/v1/campaign", "/api/v1/none", "/health/live"] {
            let answer = server.get(path).await;
            for (header, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
            ] {
                assert_eq!(answer.header(header), value, "{path}: {header}");
            }
            assert!(answer.header("strict-transport-security").starts_with("max-age=63072000"), "{path}");
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert!(answer.header("permissions-policy").contains("geolocation=()"), "{path}");
            assert_eq!(answer.header("set-cookie"), "", "{path}");
        }
    })
    .await;
}
