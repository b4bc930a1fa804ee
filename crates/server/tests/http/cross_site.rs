//! Requests that pages of other sites make browsers send.

use axum::http::{Method, StatusCode};
use campaign_hub_server::config::AccessConfig;
use serde_json::json;

use crate::{
    buying::stock,
    server::{TestServer, on_both_engines},
};

const EVIL: [(&str, &str); 2] = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];

async fn order(server: &TestServer, key: &str, headers: &[(&str, &str)]) -> StatusCode {
    let order = json!({
        "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "delivery": { "by": "collection", "region": "wales" },
        "payment": { "by": "transfer" },
    });
    let headers = [&[("idempotency-key", key)][..], headers].concat();
    server.post_json("/api/v1/orders", &headers, &order).await.status
}

#[tokio::test]
async fn cross_site_writes_are_rejected() {
    on_both_engines(async |server| {
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let refused: [&[(&str, &str)]; 6] = [
            &EVIL,
            &EVIL[..1],
            &EVIL[1..],
            &[("sec-fetch-site", "same-site"), ("origin", "https://blog.week.example")],
            &[("origin", "null")],
            &[("origin", "http://week.example")],
        ];
        for (number, headers) in refused.into_iter().enumerate() {
            let status = order(&server, &format!("key-of-another-site-{number}"), headers).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{headers:?}");
        }
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before);
        for (path, form) in [
            ("/orders", "reference=H27&email=a%40b.example"),
            ("/cy/poster-maker", "headline=Hi"),
            ("/contacts", "place=LS1"),
            ("/webhooks/stripe", ""),
            ("/nothing", ""),
        ] {
            let answer = server.post_form_with(path, &EVIL, form).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert_eq!(answer.json()["type"], "/problems/cross-site", "{path}");
        }
        // Other sites may link here.
        for method in [Method::GET, Method::HEAD] {
            assert_eq!(server.send(method, "/orders", &EVIL).await.status, StatusCode::OK);
        }
    })
    .await;
}

#[tokio::test]
async fn writes_from_own_pages_api_clients_and_allowed_origins_are_accepted() {
    on_both_engines(async |server| {
        let taken: [&[(&str, &str)]; 4] = [
            &[],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://week.example")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://week.example")],
        ];
        for (number, headers) in taken.into_iter().enumerate() {
            let status = order(&server, &format!("key-of-our-own-page-{number}"), headers).await;
            assert_eq!(status, StatusCode::CREATED, "{headers:?}");
        }
        let elsewhere = [("sec-fetch-site", "cross-site"), ("origin", "https://static.example")];
        assert_eq!(order(&server, "key-of-a-static-host", &elsewhere).await, StatusCode::FORBIDDEN);
        let allow_origin = vec!["https://static.example".parse().expect("an origin")];
        let server = server.with_access(AccessConfig { allow_origin, ..AccessConfig::default() });
        assert_eq!(order(&server, "key-of-a-static-host", &elsewhere).await, StatusCode::CREATED);
        assert_eq!(order(&server, "key-of-an-old-browser", &elsewhere[1..]).await, StatusCode::CREATED);
        assert_eq!(order(&server, "key-of-somebody-else1", &EVIL).await, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn only_allowed_origins_can_read_the_api() {
    on_both_engines(async |server| {
        // If no origin is allowed, other sites cannot call the API.
        let origin = [("origin", "https://static.example")];
        let answer = server.send(Method::GET, "/api/v1/products", &origin).await;
        assert_eq!(answer.header("access-control-allow-origin"), "");
        let allow_origin = vec!["https://static.example".parse().expect("an origin")];
        let open = server.with_access(AccessConfig { allow_origin, ..AccessConfig::default() });
        let preflight = |origin| {
            [
                ("origin", origin),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "content-type,idempotency-key"),
            ]
        };
        let answer = open.send(Method::OPTIONS, "/api/v1/orders", &preflight("https://static.example")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("access-control-allow-origin"), "https://static.example");
        assert_eq!(answer.header("access-control-allow-methods"), "GET,POST");
        assert_eq!(answer.header("access-control-allow-headers"), "content-type,idempotency-key");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        for (path, status) in
            [("/api/v1/products", StatusCode::OK), ("/api/v1/nothing", StatusCode::NOT_FOUND)]
        {
            let answer = open.send(Method::GET, path, &[("origin", "https://static.example")]).await;
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), "https://static.example", "{path}");
            assert_eq!(answer.header("access-control-expose-headers"), "retry-after", "{path}");
        }
        // Other sites cannot fetch pages.
        assert_eq!(open.send(Method::GET, "/news", &origin).await.header("access-control-allow-origin"), "");
        let evil = "https://evil.example";
        let answer = open.send(Method::OPTIONS, "/api/v1/orders", &preflight(evil)).await;
        assert_eq!(answer.header("access-control-allow-origin"), "");
        let answer = open.send(Method::GET, "/api/v1/products", &[("origin", evil)]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "");
    })
    .await;
}
