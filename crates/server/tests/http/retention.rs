//! Personal data is erased on request, and at the end of its retention period.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use campaign_hub_server::{
    config::{OrderRules, UnpaidLimits},
    retention,
};
use contract::orders::OrderStatus;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    buying::{placed, read, register_officer, stock, words},
    hub::{Hub, place},
    server::{TestServer, on_both_engines, write_site},
};

const EMAIL: &str = "Zebedee@branch.example";
/// The personal data in these tests, except the name.
const TRACES: [&str; 7] =
    ["zebedee@", "01134960001", "17 Zebra", "Zebra Quay", "HU9 9ZZ", "4711-0815", "has called"];

fn order(quantity: u32, payment: Value) -> Value {
    json!({
        "lines": [{ "sku": "HEART-BADGE-RED-EN", "quantity": quantity }],
        "customer": { "kind": "branch", "branch": "Leeds General", "name": "Zebedee Qwerty", "email": EMAIL, "telephone": "01134960001" },
        "membership": "4711-0815",
        "delivery": { "by": "post", "address": { "line_1": "17 Zebra Street", "town": "Zebra Quay", "postcode": "HU9 9ZZ" } },
        "payment": payment,
    })
}

/// An unpaid order of a member, with a free item: unpaid orders and free items are counted for
/// its email address.
fn unpaid_order(quantity: u32) -> Value {
    let mut unpaid = order(quantity, json!({ "by": "transfer" }));
    unpaid["customer"]["kind"] = json!("member");
    let lines = unpaid["lines"].as_array_mut().expect("lines");
    lines.push(json!({ "sku": "LEAFLETS-EN", "quantity": 1 }));
    unpaid
}

fn by_number() -> Value {
    json!({ "by": "purchase-order", "number": "PO 99" })
}

/// The rows that contain a text, in any case.
async fn rows_with(server: &TestServer, text: &str) -> Vec<String> {
    let rows = server.all_rows().await.into_iter();
    rows.filter(|row| row.to_lowercase().contains(&text.to_lowercase())).collect()
}

/// Asserts that the tables which count for an email address contain it.
async fn assert_counted(server: &TestServer) {
    let rows = rows_with(server, "zebedee@").await;
    for table in ["unpaid_addresses: ", "branch_pieces: "] {
        assert!(rows.iter().any(|row| row.starts_with(table)), "{table}{rows:?}");
    }
}

#[tokio::test]
async fn erasing_keeps_names_only_on_invoices() {
    on_both_engines(async |server| {
        let server = server.with_rules(OrderRules::default());
        register_officer(&server).await;
        let admin = server.admin().await;
        let to = async |reference: &str, statuses: &[OrderStatus]| {
            for status in statuses {
                admin.change_status(reference, *status, "Zebedee has called").await.expect("a transition");
            }
        };
        let arrives = [OrderStatus::Packed, OrderStatus::Dispatched, OrderStatus::Delivered];
        let (page, invoiced) = placed(&server, "key-of-an-invoiced-1", &order(10, by_number())).await;
        to(&invoiced, &arrives).await;
        let sent_back = "act=return&known=0&reason=Zebedee+has+called&HEART-BADGE-RED-EN=1";
        server.post_form(&page, sent_back).await;
        let (_, cancelled) = placed(&server, "key-of-a-cancelled-1", &order(1, by_number())).await;
        to(&cancelled, &[OrderStatus::Cancelled]).await;
        let mut quote = order(2, by_number());
        quote["quote"] = json!(true);
        let (quoted_page, quoted) = placed(&server, "key-of-an-erased-quote", &quote).await;
        let (_, returned) = placed(&server, "key-of-a-returned-one", &order(1, by_number())).await;
        to(&returned, &arrives).await;
        admin.receive(&returned, &[("HEART-BADGE-RED-EN".to_owned(), 1)]).await.expect("a badge");
        let (_, open) = placed(&server, "key-of-an-open-one", &order(1, by_number())).await;
        let (_, unpaid) = placed(&server, "key-of-an-unpaid-one", &unpaid_order(1)).await;
        assert_counted(&server).await;
        server.store().register_officer("Hull", EMAIL).await.expect("an officer");
        for trace in TRACES {
            // A membership number is encrypted.
            assert_eq!(rows_with(&server, trace).await.is_empty(), trace == "4711-0815", "{trace}");
        }

        let message = admin.erase_person(EMAIL).await.expect("a list");
        let line =
            |reference: &str| message.lines().find(|line| line.starts_with(reference)).expect("a line");
        assert!(line(&invoiced).contains("5 April 2033, with the name on its invoice"), "{message}");
        assert!(line(&cancelled).ends_with("5 April 2033"), "{message}");
        assert!(line(&quoted).contains("The quote is cancelled"), "{message}");
        assert!(line(&returned).contains("Refund it first"), "{message}");
        assert!(line(&open).contains("status is confirmed"), "{message}");
        assert!(line(&unpaid).contains("status is awaiting-payment"), "{message}");
        assert!(message.contains("no longer the approver for hull"), "{message}");
        assert_eq!(read(&server, &quoted_page).await["state"], "cancelled", "nobody accepts it any more");

        // Once the obstacles are resolved, nothing is left.
        admin.refund(&returned, false).await.expect("a refund");
        to(&open, &[OrderStatus::Cancelled]).await;
        to(&unpaid, &[OrderStatus::Cancelled]).await;
        admin.erase_person(EMAIL).await.expect("a list");
        for trace in TRACES {
            assert_eq!(rows_with(&server, trace).await, Vec::<String>::new(), "{trace}");
        }
        let named = rows_with(&server, "Zebedee").await;
        assert_eq!(named.len(), 2, "{named:?}");
        for reference in [&invoiced, &returned] {
            let is_own = |row: &String| row.starts_with("orders: ") && row.contains(reference.as_str());
            assert!(named.iter().any(is_own), "{reference}: {named:?}");
        }
        assert!(admin.erase_person(EMAIL).await.expect("a list").contains("no orders for"));
        let invoice = server.get(&format!("{page}/invoice.pdf")).await;
        assert!(words(&invoice.body).contains("Zebedee Qwerty"), "the invoice keeps it");
    })
    .await;
}

#[tokio::test]
async fn removed_officer_cannot_approve() {
    on_both_engines(async |server| {
        server.store().register_officer("Leeds General", EMAIL).await.expect("an officer");
        let (page, _) = placed(&server, "key-of-a-waiting-one", &order(1000, by_number())).await;
        assert_eq!(read(&server, &page).await["state"], "awaiting-approval");
        let codes = async || rows_with(&server, "approvals: ").await.len();
        assert_eq!(codes().await, 1);
        assert!(server.store().unregister_officer("LEEDS general ").await.expect("an answer"));
        assert!(!server.store().unregister_officer("Leeds General").await.expect("an answer"), "it is done");
        assert_eq!(codes().await, 0);
        assert_eq!(rows_with(&server, "branches: ").await, Vec::<String>::new());
        // A code is valid for one order, until approval.
        server.store().register_officer("Leeds General", EMAIL).await.expect("an officer");
        let (_, reference) = placed(&server, "key-of-another-waiting", &order(1000, by_number())).await;
        assert_eq!(codes().await, 1);
        let admin = server.admin().await;
        admin.change_status(&reference, OrderStatus::Confirmed, "").await.expect("a transition");
        assert_eq!(codes().await, 0);
    })
    .await;
}

#[tokio::test]
async fn each_period_ends_on_its_day_and_a_dry_run_removes_nothing() {
    on_both_engines(async |server| {
        // The defaults, except for one large order.
        let unpaid = UnpaidLimits { items: 2000, ..UnpaidLimits::default() };
        let server = server.with_rules(OrderRules { unpaid, ..OrderRules::default() });
        let outbox = TempDir::new().expect("a temporary folder");
        let pass = async |day: &str, dry_run: bool| -> Vec<usize> {
            let now = format!("{day}T12:00:00Z").parse().expect("a moment");
            let report =
                retention::pass(server.store(), outbox.path(), now, dry_run).await.expect("a report");
            report.counts()
        };
        let before = stock(&server, "HEART-BADGE-RED-EN").await;
        register_officer(&server).await;
        let mut quote = order(2, by_number());
        quote["quote"] = json!(true);
        let (_, quoted) = placed(&server, "key-of-a-kept-quote", &quote).await;
        let (unpaid_page, unpaid) = placed(&server, "key-of-a-kept-unpaid", &unpaid_order(3)).await;
        placed(&server, "key-of-a-kept-waiting", &order(1000, by_number())).await;
        let (_, sold) = placed(&server, "key-of-a-kept-sale", &order(5, by_number())).await;
        let admin = server.admin().await;
        for status in [OrderStatus::Packed, OrderStatus::Dispatched, OrderStatus::Delivered] {
            admin.change_status(&sold, status, "Zebedee has called").await.expect("a transition");
        }
        assert_counted(&server).await;
        // Seven emails were sent, and one with a code was given up.
        let sent = "UPDATE mails SET next_try_at = NULL, sent_at = made_at WHERE kind <> 'code'";
        server.execute(sent.to_owned()).await;
        server
            .execute(
                "UPDATE mails SET next_try_at = NULL, given_up_at = made_at WHERE kind = 'code'".to_owned(),
            )
            .await;

        let nothing = [0; 7];
        assert_eq!(pass("2026-12-22", false).await, nothing);
        let month = [0, 1, 0, 1, 0, 1, 0];
        assert_eq!(pass("2026-12-23", true).await, month);
        assert_eq!(pass("2026-12-23", false).await, month, "the dry run has removed nothing");
        assert_eq!(pass("2026-12-23", false).await, nothing);
        assert!(admin.show(&unpaid).await.expect("an order").contains("4711-0815"), "it may still be paid");
        assert!(!admin.show(&sold).await.expect("an order").contains("4711-0815"));

        assert_eq!(pass("2027-02-20", false).await, nothing);
        assert_eq!(pass("2027-02-21", true).await, [0, 0, 0, 0, 7, 0, 0]);
        assert_eq!(pass("2027-02-21", false).await, [0, 0, 0, 0, 7, 0, 0]);

        // They were held until 7 December.
        assert_eq!(pass("2027-03-08", false).await, nothing);
        assert_eq!(pass("2027-03-09", true).await, [2, 0, 0, 0, 0, 0, 0]);
        assert_eq!(pass("2027-03-09", false).await, [2, 0, 0, 0, 0, 0, 0]);
        assert_eq!(read(&server, &unpaid_page).await["state"], "cancelled");
        assert_eq!(stock(&server, "HEART-BADGE-RED-EN").await, before - 5, "the rest is back");

        assert_eq!(pass("2027-03-22", false).await, nothing);
        assert!(admin.show(&quoted).await.expect("an order").contains("Zebedee"));
        assert_eq!(pass("2027-03-23", false).await, [1, 0, 0, 0, 0, 0, 0]);
        assert!(!admin.show(&quoted).await.expect("an order").contains("Zebedee"));

        assert_eq!(pass("2027-11-22", false).await, nothing);
        assert_eq!(pass("2027-11-23", false).await, [0, 0, 1, 0, 0, 0, 0]);
        for trace in TRACES {
            assert_eq!(rows_with(&server, trace).await, Vec::<String>::new(), "{trace}");
        }
        assert_eq!(rows_with(&server, "Zebedee").await.len(), 1, "the invoice");

        // Three of four were a branch's.
        assert_eq!(pass("2033-04-05", false).await, nothing);
        assert_eq!(pass("2033-04-06", false).await, [0, 0, 0, 0, 0, 0, 3]);
        assert_eq!(pass("2033-04-06", false).await, nothing);
        for gone in ["Zebedee", "PO 99"] {
            assert_eq!(rows_with(&server, gone).await, Vec::<String>::new(), "{gone}");
        }
        let branch = rows_with(&server, "Leeds General").await;
        assert!(branch.iter().all(|row| !row.starts_with("orders: ")), "{branch:?}");
        let order = admin.show(&sold).await.expect("an order");
        assert!(order.contains("total_pence"), "what was sold stays: {order}");
    })
    .await;
}

#[tokio::test]
async fn reapproved_and_held_orders_are_kept() {
    on_both_engines(async |server| {
        register_officer(&server).await;
        let before = stock(&server, "HEART-BADGE-RED-EN").await;
        let admin = server.admin().await;
        let transfer = || json!({ "by": "transfer" });
        let (paid_page, paid) = placed(&server, "key-of-a-paid-and-moved", &order(1000, transfer())).await;
        for status in [OrderStatus::AwaitingPayment, OrderStatus::Confirmed] {
            admin.change_status(&paid, status, "").await.expect("a transition");
        }
        let moved = "act=address&recipient=&line_1=1+Side+Street&line_2=&town=Leeds&postcode=LS2+2BB";
        server.post_form(&paid_page, moved).await;
        let (extended_page, extended) =
            placed(&server, "key-of-a-long-extended", &order(2, transfer())).await;
        admin.extend(&extended, 90).await.expect("a day");

        let now = "2027-02-21T12:00:00Z".parse().expect("a moment");
        let report = retention::pass(server.store(), Path::new("nowhere"), now, false).await;
        assert_eq!(report.expect("a report").counts()[0], 0);
        assert_eq!(read(&server, &paid_page).await["state"], "awaiting-approval");
        assert_eq!(read(&server, &extended_page).await["state"], "awaiting-payment");
        assert_eq!(stock(&server, "HEART-BADGE-RED-EN").await, before - 1002);
        let held = admin.list_held().await.expect("a list");
        assert!(held.contains(&format!("{paid}  paid, to be approved again")), "{held}");
        assert!(held.contains(&format!("{extended}  held until 20")), "{held}");
    })
    .await;
}

#[tokio::test]
async fn order_with_a_refund_due_is_not_erased() {
    on_both_engines(async |server| {
        let (_, reference) =
            placed(&server, "key-of-a-due-one", &order(5, json!({ "by": "transfer" }))).await;
        let admin = server.admin().await;
        admin.change_status(&reference, OrderStatus::Confirmed, "").await.expect("a transition");
        admin.change_status(&reference, OrderStatus::Cancelled, "").await.expect("a transition");
        let pass = async || {
            let now = "2028-06-01T12:00:00Z".parse().expect("a moment");
            let outbox = Path::new("nowhere");
            retention::pass(server.store(), outbox, now, false).await.expect("a report").counts()
        };
        pass().await;
        assert!(admin.show(&reference).await.expect("an order").contains("01134960001"));
        admin.refund(&reference, false).await.expect("a refund");
        assert_eq!(pass().await[2], 1, "its address");
        assert!(!admin.show(&reference).await.expect("an order").contains("01134960001"));
    })
    .await;
}

/// Every file in a folder and below it.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files_in(&path)) } else { found.push(path) }
    }
    found
}

/// The data folder of a running server, with orders of Zebedee, all of which are cancelled, and
/// of another customer.
struct DataFolder {
    data: PathBuf,
    /// The number of Zebedee's orders.
    orders: usize,
    _hub: Hub,
    _folder: TempDir,
}

impl DataFolder {
    fn fill() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        write_site(folder.path());
        let data = folder.path().join("data");
        let hub = Hub::with_data(folder.path(), &data);
        // Enough of them that database pages are split.
        let mut references = Vec::new();
        for number in 0..60 {
            let mut order = if number == 0 { unpaid_order(1) } else { order(1, json!({ "by": "transfer" })) };
            if number % 2 == 1 {
                order["customer"]["email"] = json!(format!("{}@branch.example", number * 7919 % 1000));
                order["customer"]["name"] = json!("Somebody Else");
                order["delivery"]["address"]["line_1"] = json!("x".repeat(number));
            }
            let (status, placed) =
                place(hub.address, &format!("key-of-an-erased-{number:04}"), &order.to_string())
                    .expect("an answer");
            assert_eq!(status, 201, "{placed}");
            if number % 2 == 0 {
                references.push(placed["reference"].as_str().expect("a reference").to_owned());
            }
        }
        let filled = Self { data, orders: references.len(), _hub: hub, _folder: folder };
        for reference in &references {
            let (done, message) =
                filled.run("orders", &["move", reference, "cancelled", "--note", "Zebedee has called"]);
            assert!(done, "{message}");
        }
        let mails = || {
            let files = files_in(&filled.data.join("outbox"));
            files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "eml")).count()
        };
        let deadline = Instant::now() + Duration::from_secs(60);
        while mails() < 90 {
            assert!(Instant::now() < deadline, "{} mails are written", mails());
            thread::sleep(Duration::from_millis(50));
        }
        let found = filled.with("Zebedee");
        assert!(found.iter().any(|file| file.display().to_string().contains(".db")), "{found:?}");
        assert!(found.len() > references.len(), "mails too: {found:?}");
        assert!(!filled.with("@zebedee@").is_empty(), "the count of free items");
        filled
    }

    /// Runs a command of the binary; returns whether it succeeded, and its output.
    fn run(&self, command: &str, arguments: &[&str]) -> (bool, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_campaign-hub-server"))
            .args([command, "--data"])
            .arg(&self.data)
            .args(arguments)
            .output()
            .expect("the command runs");
        let message = String::from_utf8(output.stdout).expect("text");
        (output.status.success(), [message, String::from_utf8_lossy(&output.stderr).into_owned()].concat())
    }

    /// The files that contain a text, in any case.
    fn with(&self, trace: &str) -> Vec<PathBuf> {
        let holds = |file: &PathBuf| {
            let bytes = fs::read(file).expect("a file").to_ascii_lowercase();
            bytes.windows(trace.len()).any(|window| window == trace.to_ascii_lowercase().as_bytes())
        };
        files_in(&self.data).into_iter().filter(holds).collect()
    }

    /// Asserts that nothing of Zebedee is left in any file.
    fn assert_without_traces(&self) {
        for trace in ["Zebedee", "17 Zebra", "has called"] {
            assert_eq!(self.with(trace), Vec::<PathBuf>::new(), "{trace}");
        }
        assert!(!self.with("Somebody Else").is_empty(), "others stay");
    }
}

#[test]
fn erased_data_is_removed_from_database_files() {
    let folder = DataFolder::fill();
    let (done, message) = folder.run("branch", &["Hull", "--officer", EMAIL]);
    assert!(done, "{message}");
    let (done, message) = folder.run("retention", &["--dry-run"]);
    assert!(done && message.starts_with("Nothing was removed"), "{message}");
    let (done, message) = folder.run("orders", &["erase", EMAIL]);
    assert!(done, "{message}");
    assert_eq!(message.matches("erased. Sales records").count(), folder.orders, "{message}");
    assert_eq!(message.matches("no longer the approver for hull").count(), 1, "{message}");
    folder.assert_without_traces();
    let (done, message) = folder.run("branch", &["Hull", "--remove"]);
    assert!(!done && message.contains("Hull has no approver"), "{message}");
}

#[test]
fn data_past_its_period_is_removed_from_database_files() {
    let folder = DataFolder::fill();
    // Cancelled orders are over, and those of others are held for two weeks.
    let now = (Timestamp::now() + SignedDuration::from_hours(95 * 24)).to_string();
    let removed = format!("{:>6}  expired quotes, and orders that were cancelled", folder.orders);
    let (done, message) = folder.run("retention", &["--dry-run", "--now", &now]);
    assert!(done && message.starts_with("Nothing was removed") && message.contains(&removed), "{message}");
    assert!(!folder.with("Zebedee").is_empty(), "a dry run removes nothing");
    let (done, message) = folder.run("retention", &["--now", &now]);
    assert!(done && message.contains(&removed), "{message}");
    folder.assert_without_traces();
}
