//! Rate limits of forms, whose pages keep the input when a request is above them.

use axum::http::StatusCode;
use campaign_hub_server::limits::LimitConfig;
use serde_json::json;

use crate::{
    buying::{placed, read},
    limits::{mug, rates, wait, writes_per_network},
    provider,
    server::{FORWARDED_FOR, on_both_engines},
};

#[tokio::test]
async fn link_requests_are_limited_and_the_form_keeps_input() {
    on_both_engines(async |server| {
        let find = async |path: &str, reference: &str, email: &str| {
            server.post_form(path, &format!("reference={reference}&email={email}")).await
        };
        for (path, reference, email, found, message, wait_told) in [
            (
                "/orders",
                "h27-7k3m-9qxd",
                "one@branch.example",
                "If we have an order with these details",
                "We have had too many requests for this.",
                "Wait ",
            ),
            (
                "/cy/orders",
                "h27-7k3m-9qxb",
                "two@branch.example",
                "Os oes gennym archeb â’r manylion hyn",
                "Rydyn ni wedi cael gormod o geisiadau am hyn.",
                "Arhoswch ",
            ),
        ] {
            for _ in 0..3 {
                let answer = find(path, reference, email).await;
                assert_eq!(answer.status, StatusCode::OK);
                assert!(answer.text().contains(found), "{path}");
            }
            let answer = find(path, &reference.to_uppercase(), email).await;
            assert!((3000..=3600).contains(&wait(&answer)), "{path}");
            let (page, typed) = (answer.text(), reference.to_uppercase());
            for expected in
                [format!("{message} {wait_told}"), format!("value=\"{typed}\""), format!("value=\"{email}\"")]
            {
                assert!(page.contains(&expected), "{path}: {expected}");
            }
            assert!(!page.contains(found), "{path}");
            // Limited by each of the two alone, and not for others.
            wait(&find(path, "h27-2222-2222", email).await);
            wait(&find(path, reference, "somebody@branch.example").await);
            let other = format!("other-{email}");
            assert_eq!(find(path, "h27-3333-3333", &other).await.status, StatusCode::OK);
        }
        // Six a day.
        for hour in [14, 16] {
            server.set_clock(&format!("2026-11-22T{hour}:00:00Z"));
            for _ in 0..3 {
                let answer = find("/orders", "h27-7k3m-9qxd", "one@branch.example").await;
                if hour == 14 {
                    assert_eq!(answer.status, StatusCode::OK);
                } else {
                    assert!(wait(&answer) > 3600);
                }
            }
        }
        server.set_clock("2026-11-23T12:10:00Z");
        assert_eq!(find("/orders", "h27-7k3m-9qxd", "one@branch.example").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn invalid_forms_do_not_count_towards_limits() {
    on_both_engines(async |server| {
        let server = server.with_limits(writes_per_network("1/1h"));
        let client = [(FORWARDED_FOR, "192.0.2.1")];
        for _ in 0..3 {
            let answer = server.post_form_with("/orders", &client, "reference=H27&email=+").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let form = "reference=H27&email=one%40branch.example";
        assert_eq!(server.post_form_with("/orders", &client, form).await.status, StatusCode::OK);
        let answer = server.post_form_with("/orders", &client, form).await;
        wait(&answer);
        assert!(answer.text().contains("We have had too many requests from your network. Wait "));
        // Looking up postcodes stores nothing.
        let answer = server.post_form_with("/contacts", &client, "place=LS1").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn order_changes_are_limited_and_the_page_keeps_input() {
    on_both_engines(async |server| {
        let limits = LimitConfig { changes_per_order: rates("1/1h"), ..LimitConfig::default() };
        let server = server.with_limits(limits);
        let (page, _) = placed(&server, "key-of-a-changed-one", &mug("member@branch.example")).await;
        let address = |street: &str| {
            format!("act=address&recipient=&line_1={street}+Union+Street&line_2=&town=Leeds&postcode=LS1+1AA")
        };
        assert_eq!(server.post_form(&page, &address("2")).await.status, StatusCode::SEE_OTHER);
        let answer = server.post_form(&page, &address("3")).await;
        assert!(wait(&answer) <= 3600);
        let shown = answer.text();
        assert!(shown.contains("We have had too many requests for this."));
        assert!(shown.contains("value=\"3 Union Street\""), "what was typed stays");
        assert_eq!(read(&server, &page).await["delivery"]["address"]["line_1"], "2 Union Street");
        let (other, _) = placed(&server, "key-of-another-one-1", &mug("member@branch.example")).await;
        assert_eq!(server.post_form(&other, "act=cancel").await.status, StatusCode::SEE_OTHER);
        server.set_clock("2026-11-22T13:10:00Z");
        assert_eq!(server.post_form(&page, &address("3")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(read(&server, &page).await["delivery"]["address"]["line_1"], "3 Union Street");
    })
    .await;
}

#[tokio::test]
async fn approval_code_renewals_are_limited_and_input_is_kept() {
    on_both_engines(async |server| {
        server.store().register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
        let mut order = mug("steward@branch.example");
        order["lines"] = json!([{ "sku": "HEART-BADGE-RED-EN", "quantity": 1000 }]);
        order["customer"]["kind"] = json!("branch");
        order["customer"]["branch"] = json!("Leeds General");
        let (page, _) = placed(&server, "key-of-a-new-code-01", &order).await;
        for _ in 0..3 {
            assert_eq!(server.post_form(&page, "act=new-code").await.status, StatusCode::SEE_OTHER);
        }
        let answer = server.post_form(&page, "act=new-code").await;
        assert!(wait(&answer) <= 3600);
        assert!(answer.text().contains("We have had too many requests for this."));
        let wrong = server.post_form(&page, "act=approve&code=12345").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "codes can be typed still");
        let limits = LimitConfig { changes_per_order: rates("1/1h"), ..LimitConfig::default() };
        let answer = server.clone().with_limits(limits).post_form(&page, "act=approve&code=12345").await;
        wait(&answer);
        assert!(answer.text().contains("value=\"12345\""), "what was typed stays");
    })
    .await;
}

#[tokio::test]
async fn payment_lookups_and_redirects_are_limited() {
    on_both_engines(async |server| {
        let (provider, url) = provider::start().await;
        let limits = LimitConfig { payments_per_order: rates("5/1h"), ..LimitConfig::default() };
        let server = server.taking_cards(&url).with_limits(limits);
        let mut order = mug("member@branch.example");
        order["payment"] = json!({ "by": "card" });
        let (page, _) = placed(&server, "key-of-many-returns", &order).await;
        let (other, _) = placed(&server, "key-of-fewer-returns", &order).await;
        let look_ups = || provider.lock().expect("a provider").look_ups;
        let returned = async |page: &str| {
            let answer = server.get(&format!("{page}/paid")).await;
            assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, page));
            look_ups()
        };
        server.get(&format!("{page}/pay")).await;
        server.get(&format!("{other}/pay")).await;
        assert_eq!([returned(&page).await, returned(&page).await], [1, 1]);
        assert_eq!(returned(&other).await, 2, "another order is another question");
        let restarted = server.clone().with_limits(LimitConfig::default());
        restarted.get(&format!("{page}/paid")).await;
        assert_eq!(look_ups(), 2, "another server knows that it was asked");
        server.set_clock("2026-11-22T12:05:00Z");
        assert_eq!(returned(&page).await, 3);
        // That was the fifth.
        for way in ["paid", "pay"] {
            let answer = server.get(&format!("{page}/{way}")).await;
            assert!(wait(&answer) <= 3600);
            assert!(answer.text().contains("We have had too many requests for this."), "{way}");
        }
        assert_eq!(look_ups(), 3);
        returned(&other).await;
        server.set_clock("2026-11-22T13:10:00Z");
        assert_eq!(
            server.get(&format!("{page}/pay")).await.header("location"),
            "https://pay.example/cs_test_0"
        );
        // Requests without a valid order link store no counters.
        let nobody = format!("/orders/{}/paid", "0".repeat(32));
        for _ in 0..6 {
            assert_eq!(server.get(&nobody).await.status, StatusCode::NOT_FOUND);
        }
    })
    .await;
}

#[tokio::test]
async fn posters_are_limited_per_network_and_input_is_kept() {
    on_both_engines(async |server| {
        let limits = LimitConfig { posters_per_network: rates("1/1h"), ..LimitConfig::default() };
        let server = server.with_limits(limits);
        let print = async |client: &str, words: &str| {
            let form = format!("headline={words}&time=7pm&look=light");
            server.post_form_with("/cy/poster-maker", &[(FORWARDED_FOR, client)], &form).await
        };
        assert_eq!(print("192.0.2.1", "+").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(print("192.0.2.1", "Dewch").await.header("content-type"), "application/pdf");
        let answer = print("192.0.2.1", "Dewch+eto").await;
        assert!(wait(&answer) <= 3600);
        let page = answer.text();
        for expected in [
            "Rydyn ni wedi cael gormod o geisiadau o’ch rhwydwaith. Arhoswch ",
            "value=\"Dewch eto\"",
            "value=\"7pm\"",
        ] {
            assert!(page.contains(expected), "{expected}");
        }
        assert_eq!(print("192.0.2.2", "Dewch").await.status, StatusCode::OK);
    })
    .await;
}
