//! Each order is placed once for its key, under concurrency and across versions.

use axum::http::StatusCode;
use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;

use crate::{
    buying::{at_once, mug, place, refused, stock},
    server::on_both_engines,
};

#[tokio::test]
async fn order_is_idempotent_by_key_and_visible_only_by_link() {
    on_both_engines(async |server| {
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let first = place(&server, "key-of-one-mug-1", &mug(2)).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let placed = first.json();
        let (subtotal, delivery) = (2 * 750, 395);
        assert_eq!(placed["total_pence"], subtotal + delivery);
        assert_eq!(placed["state"], "awaiting-payment");
        let again = place(&server, "key-of-one-mug-1", &mug(2)).await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, placed.clone()));
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before - 2);
        let other = place(&server, "key-of-one-mug-1", &mug(3)).await;
        assert_eq!(
            (other.status, refused(&other)),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["idempotency-key".to_owned()])
        );

        let order = server.get(first.header("location")).await;
        assert_eq!(order.header("cache-control"), "no-store");
        let order = order.json();
        assert_eq!(order["reference"], placed["reference"]);
        assert_eq!(order["lines"][0]["name"], "Heart mug");
        assert_eq!(order["moves"][0]["state"], "awaiting-payment");
        let wrong = format!("/api/v1/orders/{}", "0".repeat(32));
        assert_eq!(server.get(&wrong).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// The digest that versions before the second format stored for an order: of the JSON that
/// they serialised themselves.
fn digest_of_first_form(key: &[u8], order: &str) -> String {
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(key).expect("a key");
    mac.update(b"digest\0");
    mac.update(order.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn order_of_an_earlier_version_is_recognised() {
    on_both_engines(async |server| {
        let (key, address) = ("key-of-an-earlier-order", "member@branch.example");
        let first = place(&server, key, &mug(2)).await.json();
        let reference = first["reference"].as_str().expect("a reference");
        // Verbatim, because the output of that version is fixed.
        let form = r#"{"locale":"en","lines":[{"sku":"HEART-MUG-RED-EN","quantity":2}],"customer":{"kind":"member","name":"A member","email":"member@branch.example","telephone":"","branch":""},"membership":"","delivery":{"by":"post","address":{"recipient":"","line_1":"1 Union Street","line_2":"","town":"Leeds","postcode":"ls1 1aa"},"speed":"cheapest"},"payment":{"by":"transfer"}}"#;
        server.store_request_digest(reference, &digest_of_first_form(&server.secret_key(), form)).await;
        let again = place(&server, key, &mug(2)).await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, first.clone()), "{}", again.text());
        assert_eq!(refused(&place(&server, key, &mug(3)).await), ["idempotency-key"]);

        // That version accepted addresses that this one rejects.
        let accented = "mémbre@branch.example";
        let form = form.replace(address, accented);
        server.store_request_digest(reference, &digest_of_first_form(&server.secret_key(), &form)).await;
        let mut order = mug(2);
        order["customer"]["email"] = json!(accented);
        let again = place(&server, key, &order).await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, first), "{}", again.text());
        assert_eq!(refused(&place(&server, "key-of-an-accented-one", &order).await), ["customer.email"]);
    })
    .await;
}

#[tokio::test]
async fn request_digest_ignores_key_order() {
    on_both_engines(async |server| {
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let send = async |body: &str| {
            let headers = [("idempotency-key", "key-of-reordered-json")];
            server.post_text("/api/v1/orders", &headers, body.to_owned()).await
        };
        let first = send(
            r#"{"lines":[{"sku":"HEART-MUG-RED-EN","quantity":1}],
                "customer":{"name":"A member","email":"member@branch.example"},
                "delivery":{"by":"collection","region":"wales"},"payment":{"by":"transfer"}}"#,
        )
        .await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let again = send(
            r#"{"payment":{"by":"transfer"},"delivery":{"region":"wales","by":"collection"},
                "customer":{"email":"member@branch.example","name":"A member"},
                "lines":[{"quantity":1,"sku":"HEART-MUG-RED-EN"}]}"#,
        )
        .await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, first.json()));
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before - 1);
        // A different name makes it a different request, even if it is equal once cleaned.
        let other = send(
            r#"{"lines":[{"sku":"HEART-MUG-RED-EN","quantity":1}],
                "customer":{"name":"A  member","email":"member@branch.example"},
                "delivery":{"by":"collection","region":"wales"},"payment":{"by":"transfer"}}"#,
        )
        .await;
        assert_eq!(refused(&other), ["idempotency-key"]);
    })
    .await;
}

#[tokio::test]
async fn hundred_concurrent_requests_with_one_key_place_one_order() {
    on_both_engines(async |server| {
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let order = mug(1);
        let tries = (0..100).map(|_| place(&server, "key-of-a-hundred", &order));
        let answers = at_once(tries).await;
        for answer in &answers {
            assert_eq!((answer.status, answer.json()), (StatusCode::CREATED, answers[0].json()));
        }
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before - 1);
    })
    .await;
}
