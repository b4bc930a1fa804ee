//! Behaviour that operators rely on.

use std::{path::Path, process::Command};

use axum::http::StatusCode;
use campaign_hub_server::store::Store;
use tempfile::TempDir;

use crate::{
    postgres::{self, Cluster},
    running::Running,
    server::on_both_engines,
};

#[tokio::test]
async fn liveness_and_readiness_differ() {
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
async fn database_outage_page_is_localised_and_not_cached() {
    on_both_engines(async |server| {
        server.store.close().await;
        for (path, heading) in
            [("/", "Sorry, there is a problem with this site"), ("/cy/join", "mae problem gyda’r wefan hon")]
        {
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
async fn cached_page_is_served_during_database_outage() {
    on_both_engines(async |server| {
        let before = server.get("/support").await;
        server.store.close().await;
        let after = server.get("/support").await;
        assert_eq!((after.status, after.body), (StatusCode::OK, before.body));
        // After midnight, a cached page may be wrong.
        server.set_clock("2026-11-23T00:00:00Z");
        assert_eq!(server.get("/support").await.status, StatusCode::SERVICE_UNAVAILABLE);
    })
    .await;
}

/// The error messages in a log in JSON.
fn errors(server: &Running) -> Vec<String> {
    let log = server.log();
    log.lines().filter(|line| line.contains("\"level\":\"ERROR\"")).map(str::to_owned).collect()
}

#[test]
fn corrupt_row_is_an_internal_error_that_is_logged_once_with_its_cause() {
    for database_url in [None, Some(postgres::new_database())] {
        let server = Running::launch(&[], database_url.as_deref(), &["--log-format", "json"]);
        let page = server.order_page("corrupt");
        server.execute("UPDATE orders SET customer = '{'");
        let before = errors(&server);
        assert!(before.is_empty(), "{before:?}");
        for (number, path) in
            [format!("/api/v1{page}"), page.clone(), format!("/cy{page}"), format!("{page}/invoice.pdf")]
                .into_iter()
                .enumerate()
        {
            let answer = server.get(&path);
            assert!(answer.starts_with("HTTP/1.1 500"), "{path}: {answer}");
            let logged = errors(&server);
            assert_eq!(logged.len(), number + 1, "{path}: {logged:?}");
            assert!(logged[number].contains("EOF while parsing"), "{path}: {logged:?}");
        }
        // The database works, so other requests do.
        for (path, status) in [("/health/ready", "204"), ("/shop?q=mug", "200"), ("/api/v1/shop", "200")] {
            let answer = server.get(path);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
        }
        server.order_page("after");
    }
}

#[tokio::test]
async fn every_response_has_security_headers() {
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

/// Makes `<name>.crt` with its key `<name>.key`: a certificate authority, or a certificate
/// signed by one.
fn make_certificate(folder: &Path, name: &str, authority: Option<&str>) {
    let extension = if authority.is_some() { "server" } else { "authority" };
    let mut command = Command::new("openssl");
    command
        .args(["req", "-x509", "-config", "openssl.cnf", "-extensions", extension, "-newkey", "rsa:2048"])
        .args(["-noenc", "-days", "2", "-subj", &format!("/CN={name}")])
        .args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.crt")]);
    if let Some(authority) = authority {
        command.args(["-CA", &format!("{authority}.crt"), "-CAkey", &format!("{authority}.key")]);
    }
    let made = command.current_dir(folder).output().expect("openssl can be started");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[tokio::test]
async fn postgres_tls_certificate_is_verified() {
    let folder = TempDir::new().expect("a temporary folder");
    let config = "[req]\ndistinguished_name = name\n[name]\n\
        [authority]\nbasicConstraints = critical, CA:TRUE\n\
        [server]\nbasicConstraints = critical, CA:FALSE\nsubjectAltName = IP:127.0.0.1\n";
    std::fs::write(folder.path().join("openssl.cnf"), config).expect("a file");
    make_certificate(folder.path(), "authority", None);
    make_certificate(folder.path(), "stranger", None);
    make_certificate(folder.path(), "server", Some("authority"));
    let file = |name: &str| folder.path().join(name);
    let cluster = Cluster::start_with_tls("-tls", &file("server.crt"), &file("server.key"));
    let url = cluster.new_database("private");
    let verified =
        |url: &str, root: &str| format!("{url}?sslmode=verify-full&sslrootcert={}", file(root).display());

    let store = Store::open(&verified(&url, "authority.crt")).await.expect("a database");
    assert_eq!(store.versions().await.expect("versions").content, 0);
    store.close().await;

    let by_another_name = url.replace("127.0.0.1", "localhost");
    for (url, why) in [
        (verified(&url, "stranger.crt"), "certificate"),
        (format!("{url}?sslmode=verify-full"), "certificate"),
        (verified(&by_another_name, "authority.crt"), "certificate"),
        (format!("{url}?sslmode=disable"), "no encryption"),
    ] {
        let refused = Store::open(&url).await.expect_err("a refusal").to_string();
        assert!(refused.contains(why), "{url}: {refused}");
    }
}
