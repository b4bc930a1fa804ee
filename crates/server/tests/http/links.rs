//! Links to orders can be replaced and withdrawn, and expire some time after the order is
//! closed.

use axum::http::StatusCode;
use campaign_hub_server::config::OrderRules;
use contract::orders::OrderStatus;
use serde_json::{Value, json};

use crate::{
    buying::{place, placed},
    server::{TestServer, on_both_engines},
};

fn mug() -> Value {
    json!({
        "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "delivery": { "by": "collection", "region": "wales" },
        "payment": { "by": "transfer" },
    })
}

/// The page that the link in an email leads to.
fn page_in(mail: &str) -> String {
    let (_, rest) = mail.split_once("https://week.example/orders/").expect("a link");
    let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    assert_eq!(token.len(), 32, "{mail}");
    format!("/orders/{token}")
}

/// The statuses of all URLs of an order.
async fn opens(server: &TestServer, page: &str) -> Vec<StatusCode> {
    let mut answers = Vec::new();
    for address in
        [page.to_owned(), format!("/api/v1{page}"), format!("{page}/invoice.pdf"), format!("/cy{page}")]
    {
        answers.push(server.get(&address).await.status);
    }
    answers
}

/// Requests the link to an order, and waits for an email.
async fn found(server: &TestServer, references: &[&str]) -> Vec<String> {
    for reference in references {
        let form = format!("reference={reference}&email=Member%40branch.example");
        assert_eq!(server.post_form("/orders", &form).await.status, StatusCode::OK);
    }
    for _ in 0..10_000 {
        let mails = server.mails().await;
        if !mails.is_empty() {
            return mails;
        }
        tokio::task::yield_now().await;
    }
    panic!("no mail was written");
}

#[tokio::test]
async fn replaced_link_is_invalid_and_a_new_one_is_emailed() {
    on_both_engines(async |server| {
        let (old, reference) = placed(&server, "key-of-a-leaked-link", &mug()).await;
        server.mails().await;
        server.admin().await.replace_link(&reference).await.expect("another link");
        assert_eq!(opens(&server, &old).await, [StatusCode::NOT_FOUND; 4]);
        // Its forms do nothing either.
        server.post_form(&old, "act=cancel").await;
        let mails = server.mails().await;
        assert!(mails.len() == 1 && mails[0].contains("The earlier link no longer works."), "{mails:?}");
        let new = page_in(&mails[0]);
        assert_ne!(new, old);
        assert_eq!(opens(&server, &new).await, [StatusCode::OK; 4]);
        // Later responses and emails have the new link: the same order sent again, and its
        // next email.
        let again = place(&server, "key-of-a-leaked-link", &mug()).await;
        let token = again.json()["token"].as_str().expect("a token").to_owned();
        assert_eq!((again.status, format!("/orders/{token}")), (StatusCode::CREATED, new.clone()));
        let shown = server.admin().await.show(&reference).await.expect("an order");
        assert!(shown.contains(&new) && !shown.contains(&old), "{shown}");
        server.post_form(&new, "act=cancel").await;
        assert_eq!(page_in(&server.mails().await[0]), new);
        // And once more.
        server.admin().await.replace_link(&reference).await.expect("a third link");
        let third = page_in(&server.mails().await[0]);
        assert!(third != new && third != old);
        assert_eq!(server.get(&new).await.status, StatusCode::NOT_FOUND);
        assert_eq!(server.get(&third).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn withdrawn_link_is_invalid_until_a_new_one_is_requested() {
    on_both_engines(async |server| {
        let (old, reference) = placed(&server, "key-of-a-withdrawn-1", &mug()).await;
        server.mails().await;
        server.admin().await.withdraw_link(&reference).await.expect("no link");
        assert_eq!(opens(&server, &old).await, [StatusCode::NOT_FOUND; 4]);
        assert_eq!(server.mails().await.len(), 0);
        let mails = found(&server, &[&reference]).await;
        let new = page_in(&mails[0]);
        assert_ne!(new, old);
        assert_eq!(server.get(&new).await.status, StatusCode::OK);
        assert!(server.admin().await.withdraw_link("H26-XXXX-XXXX").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn link_expires_twelve_months_after_the_order_is_finished() {
    on_both_engines(async |server| {
        let (closed, reference) = placed(&server, "key-of-a-closed-mug1", &mug()).await;
        let (open, other) = placed(&server, "key-of-an-open-mug-1", &mug()).await;
        let admin = server.admin().await;
        for reference in [&reference, &other] {
            admin.change_status(reference, OrderStatus::Confirmed, "").await.expect("a transition");
        }
        for status in [OrderStatus::Packed, OrderStatus::Dispatched, OrderStatus::Delivered] {
            admin.change_status(&reference, status, "").await.expect("a transition");
        }
        server.set_clock("2027-11-22T23:59:00Z");
        assert_eq!(opens(&server, &closed).await, [StatusCode::OK; 4]);
        server.set_clock("2027-11-23T00:00:00Z");
        assert_eq!(opens(&server, &closed).await, [StatusCode::NOT_FOUND; 4]);
        assert_eq!(opens(&server, &open).await, [StatusCode::OK; 4]);
        // The response does not reveal that the order exists, and no email with an expired
        // link is sent.
        server.mails().await;
        let mails = found(&server, &[&reference, &other]).await;
        assert!(mails.len() == 1 && page_in(&mails[0]) == open, "{mails:?}");

        let server = server.with_rules(OrderRules { link_months: 24, ..OrderRules::default() });
        assert_eq!(server.get(&closed).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn an_order_has_no_share_image_and_no_preview() {
    on_both_engines(async |server| {
        let (page, reference) = placed(&server, "key-of-no-picture-1", &mug()).await;
        for prefix in ["", "/cy"] {
            let html = server.get(&format!("{prefix}{page}")).await.text();
            assert!(html.contains(&reference) && html.contains("noindex"));
            for tag in ["property=\"og:", "twitter:card", "/share/pages", "/share-en.png", "/share-cy.png"] {
                assert!(!html.contains(tag), "{tag}: {html}");
            }
            let card = server.get(&format!("/share/pages{prefix}{page}.png")).await;
            assert_eq!(card.status, StatusCode::NOT_FOUND, "{prefix}");
        }
        // The page to find an order is public.
        assert!(server.get("/orders").await.text().contains("/share/pages/orders.png"));
        assert_eq!(server.get("/share/pages/orders.png").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn find_order_form_shows_errors() {
    on_both_engines(async |server| {
        for (path, title, expected) in [
            (
                "/orders",
                "<title>Error: Find your order – ",
                ["Enter your order reference", "Enter your email address"],
            ),
            (
                "/cy/orders",
                "<title>Gwall: Dod o hyd i’ch archeb – ",
                ["Nodwch gyfeirnod eich archeb", "Nodwch eich cyfeiriad e-bost"],
            ),
        ] {
            let answer = server.post_form(path, "reference=+&email=").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            let page = answer.text();
            assert!(page.contains(title), "{page}");
            for text in expected {
                // In the summary and beside the field.
                assert_eq!(page.matches(&format!(">{text}<")).count(), 2, "{text}: {page}");
            }
        }
        assert!(!server.get("/orders").await.text().contains("<title>Error"));
    })
    .await;
}
