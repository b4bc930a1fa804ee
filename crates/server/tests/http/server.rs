//! A server for a single test, with its own database, site and clock.

use std::{
    fs,
    net::Ipv4Addr,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri},
};
use campaign_hub_server::{
    AppState, Clock, Site,
    card::StripeConfig,
    config::{AccessConfig, OrderRules, UnpaidLimits},
    content::{self, ContentError},
    keys::{self, KeySource},
    limits::LimitConfig,
    mail::{MailTransport, send_due},
    orders::{OrderAdmin, expire_due},
    retention, router,
    secrets::Secrets,
    store::Store,
};
use futures::future::join_all;
use http_body_util::BodyExt as _;
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::postgres;

/// The time at which every test starts, 78 days before the week.
pub(crate) const START: &str = "2026-11-22T12:00:00Z";
/// The header in which a test names the client.
pub(crate) const FORWARDED_FOR: &str = "x-forwarded-for";

/// Clones are further servers with the same database, unless configured otherwise.
#[derive(Clone)]
pub(crate) struct TestServer {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    state: AppState,
    router: Router,
    stripe: StripeConfig,
    database_url: String,
    folder: Arc<TempDir>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body without the markers between texts that only the app needs.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("a text").replace("<!>", "")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII")).unwrap_or_default()
    }
}

/// Runs a test with a server on each database engine.
pub(crate) async fn on_both_engines<F: Future<Output = ()>>(test: impl Fn(TestServer) -> F) {
    let folder = TempDir::new().expect("a temporary folder");
    for url in new_databases(&folder) {
        test(TestServer::start(&url).await).await;
    }
}

/// The same concurrently, for slow tests.
pub(crate) async fn on_both_engines_at_once<F: Future<Output = ()>>(test: impl Fn(TestServer) -> F) {
    let folder = TempDir::new().expect("a temporary folder");
    let test = &test;
    let tests = new_databases(&folder).map(|url| async move { test(TestServer::start(&url).await).await });
    join_all(tests).await;
}

/// The URL of an empty database for each engine.
fn new_databases(folder: &TempDir) -> [String; 2] {
    [format!("sqlite://{}", folder.path().join("hub.db").display()), postgres::new_database()]
}

/// A folder with a copy of the project's content, for a test to change.
pub(crate) fn copy_of_content() -> TempDir {
    let copy = TempDir::new().expect("a temporary folder");
    copy_folder(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../content")), copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).expect("a folder");
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}

/// The errors in the project's content after this replacement in a file.
pub(crate) fn content_errors(file: &str, from: &str, to: &str) -> Vec<ContentError> {
    let content = copy_of_content();
    let path = content.path().join(file);
    let text = fs::read_to_string(&path).expect("a file");
    assert!(text.contains(from), "{file} holds {from}");
    fs::write(&path, text.replacen(from, to, 1)).expect("a file");
    content::read(content.path()).expect_err(to).0
}

impl TestServer {
    async fn start(database_url: &str) -> Self {
        _ = any_spawner::Executor::init_tokio();
        let folder = TempDir::new().expect("a temporary folder");
        write_site(folder.path());
        let store = Store::open(database_url).await.expect("a database");
        let clock = Clock::starting_at(START.parse().expect("a timestamp"));
        let site = Site::open(folder.path()).expect("a site");
        let source = KeySource::new(folder.path(), None);
        let state = AppState::new(
            store.clone(),
            clock.clone(),
            site,
            "https://week.example".parse().expect("an origin"),
            100,
            keys::open(&store, &source).await.expect("a key"),
        )
        // In most tests, all buyers share an email address.
        .with_rules(OrderRules { unpaid: UnpaidLimits::NONE, ..OrderRules::default() })
        .admitting(access(LimitConfig::default()));
        let server = Self {
            store,
            clock,
            router: router(state.clone(), 100),
            state,
            stripe: no_cards(),
            database_url: database_url.to_owned(),
            folder: Arc::new(folder),
        };
        server.load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../content"))).await;
        server
    }

    /// The same, with Stripe payments at this URL.
    pub(crate) fn taking_cards(self, url: &str) -> Self {
        let stripe = StripeConfig {
            key: Some("sk_test".to_owned()),
            webhook_secret: "whsec_test".to_owned(),
            url: url.to_owned(),
        };
        let state = self.state.taking_cards(stripe.open().expect("a provider"));
        Self { router: router(state.clone(), 100), state, stripe, ..self }
    }

    /// The same with other limits, without any state outside the database.
    pub(crate) fn with_limits(self, limits: LimitConfig) -> Self {
        self.with_access(access(limits))
    }

    /// The same with other access rules.
    pub(crate) fn with_access(self, access: AccessConfig) -> Self {
        let state = self.state.admitting(access);
        Self { router: router(state.clone(), 100), state, ..self }
    }

    /// A complete dump of the database.
    pub(crate) async fn dump(&self) -> Vec<u8> {
        if self.database_url.starts_with("sqlite:") {
            let copy = TempDir::new().expect("a temporary folder");
            let file = copy.path().join("copy.db");
            self.store.back_up(&file).await.expect("a copy");
            return fs::read(file).expect("a file");
        }
        let dump = Command::new(postgres::bin().join("pg_dump")).arg(&self.database_url).output();
        let dump = dump.expect("pg_dump can be started");
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        dump.stdout
    }

    /// The same with these rules for orders.
    pub(crate) fn with_rules(self, rules: OrderRules) -> Self {
        let state = self.state.with_rules(rules);
        Self { router: router(state.clone(), 100), state, ..self }
    }

    /// The staff interface for this server's orders.
    pub(crate) async fn admin(&self) -> OrderAdmin {
        let card = self.stripe.open().expect("a provider");
        let url = "https://week.example".parse().expect("an origin");
        let now = Some(self.clock.now());
        OrderAdmin::open(&self.database_url, self.folder.path(), &self.keys(), url, card, now)
            .await
            .expect("an order administration")
    }

    /// This server's key ring.
    pub(crate) fn keys(&self) -> KeySource {
        KeySource::new(self.folder.path(), None)
    }

    pub(crate) async fn load(&self, folder: &Path) -> campaign_hub_server::store::Change {
        let records = content::read(folder).expect("valid content");
        self.store.replace_content(&records).await.expect("a load")
    }

    /// The key ring that this server and its workers share.
    pub(crate) fn secrets(&self) -> Arc<Secrets> {
        self.state.secrets()
    }

    pub(crate) fn set_clock(&self, now: &str) {
        self.clock.set(now.parse().expect("a timestamp"));
    }

    /// Expires orders that are due, as the server does every minute; returns how many.
    pub(crate) async fn expire(&self) -> usize {
        expire_due(&self.state).await.expect("a pass")
    }

    /// The decoded emails that were queued since the last call.
    pub(crate) async fn mails(&self) -> Vec<String> {
        let folder = TempDir::new().expect("a temporary folder");
        let transport = MailTransport::open(None, folder.path().to_owned()).expect("a folder");
        let from = "shop@federation.example";
        send_due(&self.store, &self.clock, self.secrets(), &transport, from).await.expect("mails");
        let files = fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("a file").path());
        files.map(|file| readable(&fs::read(file).expect("a mail"))).collect()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[]).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path.parse::<Uri>().expect("a path"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answer(request.body(Body::empty()).expect("a request")).await
    }

    /// Removes personal data past its retention period.
    pub(crate) async fn remove_old_data(&self) {
        let outbox = self.folder.path().join("outbox");
        retention::pass(&self.store, &outbox, self.clock.now(), false).await.expect("a pass");
    }

    /// Opens the database again, like a server or a command that starts.
    pub(crate) async fn reopen_database(&self) {
        Store::open(&self.database_url).await.expect("a database").close().await;
    }

    /// Changes the database directly.
    pub(crate) async fn execute(&self, statement: String) {
        let pool = sqlx::AnyPool::connect(&self.database_url).await.expect("a database");
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.expect("a statement");
        pool.close().await;
    }

    /// Every row of every table as text, prefixed with the name of its table.
    pub(crate) async fn all_rows(&self) -> Vec<String> {
        let is_postgres = self.database_url.starts_with("postgres");
        let pool = sqlx::AnyPool::connect(&self.database_url).await.expect("a database");
        let texts = async |statement: String| -> Vec<String> {
            let rows: Vec<(String,)> =
                sqlx::query_as(sqlx::AssertSqlSafe(statement)).fetch_all(&pool).await.expect("rows");
            rows.into_iter().map(|(text,)| text).collect()
        };
        let tables = if is_postgres {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'"
        } else {
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        };
        let mut all = Vec::new();
        for table in texts(tables.to_owned()).await {
            if table == "_sqlx_migrations" {
                continue;
            }
            let row = if is_postgres {
                "CAST(whole AS TEXT)".to_owned()
            } else {
                let columns = texts(format!("SELECT name FROM pragma_table_info('{table}')")).await;
                let columns = columns.iter().map(|name| format!("COALESCE(CAST(\"{name}\" AS TEXT), '')"));
                columns.collect::<Vec<_>>().join(" || '|' || ")
            };
            let rows = texts(format!("SELECT {row} FROM \"{table}\" AS whole")).await;
            all.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
        }
        pool.close().await;
        all
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) async fn post_json(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &serde_json::Value,
    ) -> Answer {
        self.post_text(path, headers, body.to_string()).await
    }

    /// Sends JSON text as it is.
    pub(crate) async fn post_text(&self, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = Request::post(path).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answer(request.body(Body::from(body)).expect("a request")).await
    }

    /// The key for digests.
    pub(crate) fn secret_key(&self) -> Vec<u8> {
        let ring = fs::read_to_string(self.folder.path().join("secret.key")).expect("a key");
        let (_, digits) = ring.lines().last().and_then(|line| line.split_once(' ')).expect("a key");
        let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hex");
        (0..digits.len()).step_by(2).map(byte).collect()
    }

    /// Stores the digest of an order's request, as another version would.
    pub(crate) async fn store_request_digest(&self, reference: &str, digest: &str) {
        let database = sqlx::AnyPool::connect(&self.database_url).await.expect("a database");
        let stored = sqlx::query("UPDATE orders SET request_digest = $1 WHERE reference = $2")
            .bind(digest)
            .bind(reference)
            .execute(&database)
            .await
            .expect("a digest");
        assert_eq!(stored.rows_affected(), 1);
        database.close().await;
    }

    /// Submits a form as a browser without JavaScript does.
    pub(crate) async fn post_form(&self, path: &str, body: &str) -> Answer {
        self.post_form_with(path, &[], body).await
    }

    /// The same with headers.
    pub(crate) async fn post_form_with(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answer(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    /// Rate limits are on: a request comes from its own address unless it names one.
    async fn answer(&self, mut request: Request<Body>) -> Answer {
        static CLIENTS: AtomicU32 = AtomicU32::new(0);
        let client = Ipv4Addr::from(0x0a00_0000 + CLIENTS.fetch_add(1, Ordering::Relaxed)).to_string();
        let client = HeaderValue::try_from(client).expect("an address is ASCII");
        request.headers_mut().entry(FORWARDED_FOR).or_insert(client);
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// The access rules of a server behind a proxy. Requests in tests come without a connection,
/// and therefore from the local machine.
fn access(limits: LimitConfig) -> AccessConfig {
    let trusted_proxy = vec!["127.0.0.0/8".parse().expect("a network")];
    AccessConfig { trusted_proxy, limits, ..AccessConfig::default() }
}

/// An email without its quoted-printable encoding.
fn readable(mail: &[u8]) -> String {
    let mut out = Vec::new();
    let mut rest = mail;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            out.push(byte);
        } else if let Some(after) = rest.strip_prefix(b"\r\n") {
            rest = after;
        } else {
            let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
            match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                Some(encoded) => {
                    out.push(encoded);
                    rest = &rest[2..];
                }
                None => out.push(byte),
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn no_cards() -> StripeConfig {
    StripeConfig { key: None, webhook_secret: String::new(), url: String::new() }
}

/// A minimal built site.
pub(crate) fn write_site(folder: &Path) {
    let index = "<!doctype html><html lang=\"en\" data-pictures=\"/assets/pictures-1.svg\"><head>\
        <script>boot()</script><!--head--><title>x</title><!--/head--><style>p{margin:0}</style>\
        <style data-part=\"hero\">.hero{margin:0}</style><style data-part=\"shop\">.shop{margin:0}</style>\
        <style data-part=\"order\">.order{margin:0}</style></head>\
        <body></body></html>";
    fs::write(folder.join("index.html"), index).expect("a file");
    fs::create_dir(folder.join("assets")).expect("a folder");
    fs::write(folder.join("assets/pictures-1.svg"), "<svg/>").expect("a file");
    fs::write(folder.join("assets/pictures-1.svg.br"), "compressed").expect("a file");
    fs::write(folder.join("kitchen-measures.html"), "<h1>Kitchen measures</h1>").expect("a file");
    let media = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/media"));
    fs::create_dir(folder.join("media")).expect("a folder");
    copy_folder(media, &folder.join("media"));
    fs::write(folder.join("secret.env"), "no").expect("a file");
}
