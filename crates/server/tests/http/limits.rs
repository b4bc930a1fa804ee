//! Rate limits for a network and an email address, shared between servers, and the response
//! above them.

use axum::http::StatusCode;
use campaign_hub_server::{
    config::AccessConfig,
    limits::{LimitConfig, Rates},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    buying::{code_in, for_branch, place, placed, read, stock},
    server::{Answer, FORWARDED_FOR, START, TestServer, on_both_engines},
};

pub(crate) fn rates(text: &str) -> Rates {
    text.parse().expect("rates")
}

pub(crate) fn writes_per_network(text: &str) -> LimitConfig {
    LimitConfig { writes_per_network: rates(text), ..LimitConfig::default() }
}

pub(crate) fn mug(email: &str) -> Value {
    json!({
        "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
        "customer": { "name": "A member", "email": email },
        "delivery": { "by": "post", "address": { "line_1": "1 Union Street", "town": "Leeds", "postcode": "LS1 1AA" } },
        "payment": { "by": "transfer" },
    })
}

async fn place_from(server: &TestServer, client: &str, key: &str, order: &Value) -> Answer {
    let headers = [("idempotency-key", key), (FORWARDED_FOR, client)];
    server.post_json("/api/v1/orders", &headers, order).await
}

/// Asserts that a request is refused by a limit; returns after how many seconds it would
/// succeed.
pub(crate) fn wait(answer: &Answer) -> u32 {
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.header("retry-after").parse().expect("seconds")
}

#[tokio::test]
async fn rate_limit_is_per_network_and_window() {
    on_both_engines(async |server| {
        let server = server.with_limits(writes_per_network("3/1h"));
        let ipv6 = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:3::4", "2001:db8:1:2:ffff::"];
        let networks = [(["192.0.2.1"; 4], "192.0.2.2"), (ipv6, "2001:db8:1:3::1")];
        let key = |network: usize, number: usize| format!("key-of-network-{network}-{number}");
        let order = |network: usize, number: usize| mug(&format!("buyer-{network}-{number}@branch.example"));
        for (network, (clients, another)) in networks.into_iter().enumerate() {
            for (number, client) in clients.into_iter().enumerate() {
                let answer =
                    place_from(&server, client, &key(network, number), &order(network, number)).await;
                if number < 3 {
                    assert_eq!(answer.status, StatusCode::CREATED, "{client}: {}", answer.text());
                    continue;
                }
                let seconds = wait(&answer);
                assert!((3000..=3600).contains(&seconds), "{seconds}");
                let problem = answer.json();
                assert_eq!(problem["type"], "/problems/too-many-requests");
                assert_eq!(
                    (&problem["status"], &problem["retry_after_seconds"]),
                    (&json!(429), &json!(seconds))
                );
                assert!(problem.get("errors").is_none(), "{problem}");
            }
            // A repeated order gets its first response, and other networks have their own
            // limit.
            let again = place_from(&server, clients[3], &key(network, 0), &order(network, 0)).await;
            assert_eq!(again.status, StatusCode::CREATED, "{}", again.text());
            let other = place_from(&server, another, &key(network, 3), &order(network, 3)).await;
            assert_eq!(other.status, StatusCode::CREATED, "{}", other.text());
        }
        server.set_clock("2026-11-22T13:10:00Z");
        for (network, (clients, _)) in networks.into_iter().enumerate() {
            let later = place_from(&server, clients[3], &key(network, 4), &order(network, 4)).await;
            assert_eq!(later.status, StatusCode::CREATED, "{}", later.text());
        }
    })
    .await;
}

#[tokio::test]
async fn servers_on_one_database_count_together() {
    on_both_engines(async |server| {
        let one = server.with_limits(writes_per_network("3/1h"));
        let other = one.clone().with_limits(writes_per_network("3/1h"));
        for (number, server) in [&one, &other, &one].into_iter().enumerate() {
            let order = mug(&format!("buyer-{number}@branch.example"));
            let answer =
                place_from(server, "192.0.2.1", &format!("key-of-two-servers-{number}"), &order).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        }
        for server in [&other, &one] {
            wait(
                &place_from(server, "192.0.2.1", "key-of-two-servers-3", &mug("buyer-3@branch.example"))
                    .await,
            );
        }
    })
    .await;
}

#[tokio::test]
async fn forwarded_address_of_an_untrusted_peer_is_ignored() {
    on_both_engines(async |server| {
        let access = AccessConfig { limits: writes_per_network("2/1h"), ..AccessConfig::default() };
        let server = server.with_access(access);
        for number in 0..3 {
            let (client, order) =
                (format!("192.0.2.{number}"), mug(&format!("buyer-{number}@branch.example")));
            let answer = place_from(&server, &client, &format!("key-of-a-spoofer-{number}"), &order).await;
            if number < 2 {
                assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
            } else {
                wait(&answer);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn orders_are_limited_per_email_address() {
    on_both_engines(async |server| {
        let limits = LimitConfig { orders_per_email: rates("2/1h"), ..LimitConfig::default() };
        let server = server.with_limits(limits);
        let mut many = mug("member@branch.example");
        many["lines"][0]["quantity"] = json!(stock(&server, "HEART-MUG-RED-EN").await + 1);
        for number in 0..3 {
            let short = place(&server, &format!("key-of-too-many-{number}"), &many).await;
            assert_eq!(short.status, StatusCode::CONFLICT, "{}", short.text());
        }
        for (number, email) in ["member@branch.example", "Member@Branch.Example"].into_iter().enumerate() {
            placed(&server, &format!("key-of-an-address-{number}"), &mug(email)).await;
        }
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let refused = place(&server, "key-of-an-address-2", &mug("member@branch.example")).await;
        assert!(wait(&refused) <= 3600);
        assert_eq!(refused.json()["errors"][0]["field"], "customer.email");
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before, "nothing is taken");
        placed(&server, "key-of-an-address-3", &mug("other@branch.example")).await;
    })
    .await;
}

#[tokio::test]
async fn emails_are_limited_per_recipient() {
    on_both_engines(async |server| {
        let limits = LimitConfig { mails_per_recipient: rates("2/1d"), ..LimitConfig::default() };
        let server = server.with_limits(limits);
        let cancelled = async |page: &str, reference: &str| {
            assert_eq!(server.post_form(page, "act=cancel").await.status, StatusCode::SEE_OTHER);
            assert_eq!(read(&server, page).await["state"], "cancelled");
            let subject = format!("Order {reference}: Cancelled");
            contains(&server.dump().await, &subject)
        };
        let (page, reference) = placed(&server, "key-of-one-mailbox-0", &mug("one@branch.example")).await;
        assert!(cancelled(&page, &reference).await, "the second mail");

        let (page, reference) = placed(&server, "key-of-one-mailbox-1", &mug("two@branch.example")).await;
        placed(&server, "key-of-one-mailbox-2", &mug("two@branch.example")).await;
        assert!(!cancelled(&page, &reference).await, "done, and no third mail");
        let refused = place(&server, "key-of-one-mailbox-3", &mug("Two@branch.example")).await;
        assert!(wait(&refused) > 3600);
        assert_eq!(refused.json()["errors"][0]["field"], "customer.email");
        // Emails caused by staff do not count.
        let (_, other) = placed(&server, "key-of-one-mailbox-4", &mug("three@branch.example")).await;
        let admin = server.admin().await;
        admin
            .change_status(&other, contract::orders::OrderStatus::Confirmed, "")
            .await
            .expect("a transition");
        admin.change_status(&other, contract::orders::OrderStatus::Packed, "").await.expect("a transition");
        assert!(contains(&server.dump().await, &format!("Order {other}: Packed")));
        server.set_clock("2026-11-23T12:10:00Z");
        placed(&server, "key-of-one-mailbox-3", &mug("Two@branch.example")).await;
    })
    .await;
}

#[tokio::test]
async fn spellings_of_one_address_share_their_limits() {
    on_both_engines(async |server| {
        let limits = LimitConfig { notices_per_recipient: rates("1/1d"), ..LimitConfig::default() };
        let server = server.with_limits(limits);
        let mut pages = Vec::new();
        for (number, email) in ["one@bücher.example", "One@xn--bcher-kva.example"].into_iter().enumerate() {
            pages.push(placed(&server, &format!("key-of-one-spelling-{number}"), &mug(email)).await.0);
        }
        assert_eq!(server.post_form(&pages[0], &address(2)).await.status, StatusCode::SEE_OTHER);
        wait(&server.post_form(&pages[1], &address(2)).await);
    })
    .await;
}

/// A purchase order of a branch that has an officer.
fn branch_mug(email: &str) -> Value {
    let lines = json!([{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }]);
    let mut order = for_branch(lines, json!({ "by": "purchase-order", "number": "PO 17" }));
    order["customer"]["email"] = json!(email);
    order
}

fn address(house: u32) -> String {
    format!("act=address&recipient=&line_1={house}+Union+Street&line_2=&town=Leeds&postcode=LS1+1AA")
}

#[tokio::test]
async fn codes_and_address_notices_do_not_count_as_emails_about_orders() {
    on_both_engines(async |server| {
        let limits = LimitConfig { mails_per_recipient: rates("2/1d"), ..LimitConfig::default() };
        let server = server.with_limits(limits);
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let (page, _) = placed(&server, "key-of-one-code-00", &branch_mug("one@branch.example")).await;
        placed(&server, "key-of-one-code-01", &branch_mug("one@branch.example")).await;
        server.mails().await;
        placed(&server, "key-of-one-code-02", &branch_mug("two@branch.example")).await;
        assert!(code_in(&server.mails().await).is_some(), "the officer's third code");
        assert_eq!(server.post_form(&page, &address(2)).await.status, StatusCode::SEE_OTHER);
        let mails = server.mails().await;
        assert!(code_in(&mails).is_some(), "the officer's fourth code");
        let is_notice = |mail: &String| mail.contains("To: one@branch.example");
        assert!(mails.iter().any(is_notice), "the customer's third mail: {mails:?}");
    })
    .await;
}

#[tokio::test]
async fn codes_are_limited_per_officer() {
    on_both_engines(async |server| {
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let mut last = String::new();
        for number in 0..32 {
            let order = branch_mug(&format!("steward-{number}@branch.example"));
            (last, _) = placed(&server, &format!("key-of-many-codes-{number:02}"), &order).await;
        }
        let codes = async || {
            let mails = server.mails().await;
            mails.iter().filter(|mail| mail.contains("To: officer@branch.example")).count()
        };
        assert_eq!(codes().await, 30);
        assert_eq!(read(&server, &last).await["state"], "awaiting-approval", "it is placed all the same");
        let refused = server.post_form(&last, "act=new-code").await;
        assert!(wait(&refused) > 3600);
        assert!(refused.text().contains("We have had too many requests for this."));
        assert_eq!(codes().await, 0);
        server.set_clock("2026-11-23T12:10:00Z");
        assert_eq!(server.post_form(&last, "act=new-code").await.status, StatusCode::SEE_OTHER);
        assert_eq!(codes().await, 1);
    })
    .await;
}

fn one_code_a_day() -> LimitConfig {
    LimitConfig { codes_per_recipient: rates("1/1d"), ..LimitConfig::default() }
}

/// Requests a code when one can be sent again, and approves the order with it.
async fn approve_tomorrow(server: &TestServer, page: &str) {
    server.set_clock("2026-11-23T12:10:00Z");
    assert_eq!(server.post_form(page, "act=new-code").await.status, StatusCode::SEE_OTHER);
    assert_eq!(read(server, page).await["needs_code"], false);
    let code = code_in(&server.mails().await).expect("a code");
    let approved = server.post_form(page, &format!("act=approve&code={code}")).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text());
    assert_eq!(read(server, page).await["state"], "confirmed");
}

#[tokio::test]
async fn order_without_a_code_says_so_and_gets_one_later() {
    on_both_engines(async |server| {
        let server = server.with_limits(one_code_a_day());
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        placed(&server, "key-of-the-only-code-0", &branch_mug("one@branch.example")).await;
        let mut quote = branch_mug("two@branch.example");
        quote["quote"] = json!(true);
        let (accepted, _) = placed(&server, "key-of-the-only-code-1", &quote).await;
        assert!(code_in(&server.mails().await).is_some(), "the first order's code");

        let (page, _) = placed(&server, "key-of-the-only-code-2", &branch_mug("three@branch.example")).await;
        let accept = "act=accept&by=purchase-order&number=PO+18";
        assert_eq!(server.post_form(&accepted, accept).await.status, StatusCode::SEE_OTHER);
        let mails = server.mails().await;
        let neutral = "The order page shows whether we have emailed them a code";
        assert!(mails.len() == 2 && mails.iter().all(|mail| mail.contains(neutral)), "{mails:?}");
        let said = "We have not emailed them an approval code";
        for page in [&page, &accepted] {
            let order = read(&server, page).await;
            assert_eq!((&order["approver"], &order["needs_code"]), (&json!("officer"), &json!(true)));
            let shown = server.get(page).await.text();
            assert!(shown.contains(said) && shown.contains("value=\"new-code\""), "{shown}");
            assert!(shown.contains("Send the officer an approval code"), "{shown}");
            assert!(!shown.contains("value=\"approve\""), "there is no code to type in");
            let welsh = server.get(&format!("/cy{page}")).await.text();
            assert!(welsh.contains("Nid ydyn ni wedi e-bostio cod cymeradwyo"), "{welsh}");
            assert!(wait(&server.post_form(page, "act=new-code").await) > 3600);
        }
        approve_tomorrow(&server, &page).await;
    })
    .await;
}

#[tokio::test]
async fn code_for_an_earlier_address_is_invalid_even_if_no_other_is_sent() {
    on_both_engines(async |server| {
        let server = server.with_limits(one_code_a_day());
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let (page, _) = placed(&server, "key-of-an-old-address", &branch_mug("one@branch.example")).await;
        let code = code_in(&server.mails().await).expect("a code");
        assert_eq!(server.post_form(&page, &address(2)).await.status, StatusCode::SEE_OTHER);
        assert_eq!(code_in(&server.mails().await), None);
        let order = read(&server, &page).await;
        assert_eq!((&order["approver"], &order["needs_code"]), (&json!("officer"), &json!(true)));
        let refused = server.post_form(&page, &format!("act=approve&code={code}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let shown = refused.text();
        assert!(shown.contains("Your order has changed since you opened this page"), "{shown}");
        assert!(shown.contains("We have not emailed them an approval code"), "{shown}");
        assert_eq!(read(&server, &page).await["state"], "awaiting-approval");
        // The code that was emailed just now is no reason to say that one is on its way.
        assert!(wait(&server.post_form(&page, "act=new-code").await) > 3600);
        approve_tomorrow(&server, &page).await;
    })
    .await;
}

#[tokio::test]
async fn requests_that_send_no_email_use_up_no_limit() {
    on_both_engines(async |server| {
        let limits = LimitConfig {
            codes_per_recipient: rates("2/1h,3/1d"),
            notices_per_recipient: rates("1/1d"),
            ..LimitConfig::default()
        };
        let server = server.with_limits(limits);
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let (page, _) = placed(&server, "key-of-no-email-00", &branch_mug("one@branch.example")).await;
        for _ in 0..3 {
            // The first code was sent just now.
            assert_eq!(server.post_form(&page, "act=new-code").await.status, StatusCode::SEE_OTHER);
        }
        server.mails().await;
        placed(&server, "key-of-no-email-01", &branch_mug("one@branch.example")).await;
        assert!(code_in(&server.mails().await).is_some(), "the officer's second code");
        placed(&server, "key-of-no-email-02", &branch_mug("one@branch.example")).await;
        assert_eq!(code_in(&server.mails().await), None, "they had two in this hour");
        server.set_clock("2026-11-22T13:10:00Z");
        placed(&server, "key-of-no-email-03", &branch_mug("one@branch.example")).await;
        assert!(code_in(&server.mails().await).is_some(), "the officer's third code");

        let (cancelled, _) = placed(&server, "key-of-no-email-04", &mug("two@branch.example")).await;
        assert_eq!(server.post_form(&cancelled, "act=cancel").await.status, StatusCode::SEE_OTHER);
        for _ in 0..2 {
            assert_eq!(
                server.post_form(&cancelled, &address(2)).await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
        }
        let (other, _) = placed(&server, "key-of-no-email-05", &mug("two@branch.example")).await;
        assert_eq!(server.post_form(&other, &address(2)).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn address_notices_and_reminders_are_limited_per_recipient() {
    on_both_engines(async |server| {
        let limits = LimitConfig { notices_per_recipient: rates("2/1d"), ..LimitConfig::default() };
        let server = server.with_limits(limits);
        let mut pages = Vec::new();
        for number in 0..3 {
            let key = format!("key-of-many-notices-{number}");
            pages.push(placed(&server, &key, &mug("one@branch.example")).await.0);
        }
        server.mails().await;
        for page in &pages[..2] {
            assert_eq!(server.post_form(page, &address(2)).await.status, StatusCode::SEE_OTHER);
        }
        let refused = server.post_form(&pages[2], &address(2)).await;
        assert!(wait(&refused) > 3600);
        assert!(refused.text().contains("value=\"2 Union Street\""), "what was typed stays");
        let order = read(&server, &pages[2]).await;
        assert_eq!(order["delivery"]["address"]["line_1"], "1 Union Street", "nothing without a notice");
        assert_eq!(server.mails().await.len(), 2);
        // They have used up nothing of another address, or of the reminders.
        let (other, _) = placed(&server, "key-of-another-one-1", &mug("two@branch.example")).await;
        assert_eq!(server.post_form(&other, &address(2)).await.status, StatusCode::SEE_OTHER);
        server.mails().await;
        server.set_clock("2026-12-04T09:00:00Z");
        assert_eq!(server.expire().await, 0);
        let reminders = server.mails().await;
        let to = |email: &str| reminders.iter().filter(|mail| mail.contains(&format!("To: {email}"))).count();
        assert_eq!((to("one@branch.example"), to("two@branch.example")), (2, 1), "{reminders:?}");
    })
    .await;
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn rate_limits_store_no_addresses() {
    on_both_engines(async |server| {
        let form = "reference=H27-8R4N-9QXD&email=zebedee%40branch.example";
        server.post_form_with("/orders", &[(FORWARDED_FOR, "192.0.2.77")], form).await;
        let dump = server.dump().await;
        for typed in ["192.0.2.77", "zebedee", "8R4N", "8r4n"] {
            assert!(!contains(&dump, typed), "{typed}");
        }
        let started: Timestamp = START.parse().expect("a moment");
        let removed = async |seconds: i64| {
            let now = Timestamp::from_second(started.as_second() + seconds).expect("a moment");
            server.store().remove_expired_limits(now).await.expect("removed")
        };
        // The network's counter; and those of the email address and the reference, for an hour
        // and for a day.
        assert_eq!(removed(3599).await, 0);
        assert_eq!(removed(3600 + 600).await, 3);
        assert_eq!(removed(24 * 3600 - 1).await, 2);
    })
    .await;
}
