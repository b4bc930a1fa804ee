//! A customer who has never paid an order can hold only a limited amount.

use axum::http::StatusCode;
use campaign_hub_server::config::{OrderRules, UnpaidLimits};
use contract::orders::OrderStatus;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::{
    buying::{for_branch, place, placed, stock},
    server::{Answer, TestServer, on_both_engines},
};

const MUG: &str = "HEART-MUG-RED-EN";

fn order(sku: &str, quantity: u32, email: &str) -> Value {
    json!({
        "lines": [{ "sku": sku, "quantity": quantity }],
        "customer": { "name": "A member", "email": email },
        "delivery": { "by": "collection", "region": "wales" },
        "payment": { "by": "transfer" },
    })
}

/// The field with the error if the unpaid total would be too high, or unpaid orders would hold
/// too much of the stock; none if the order is placed.
fn refused(answer: &Answer) -> Option<String> {
    if answer.status == StatusCode::CREATED {
        return None;
    }
    let problem = answer.json();
    let error = &problem["errors"][0];
    let kind = if error["field"] == "customer.email" { "unpaid-limit" } else { "unpaid-share" };
    let kind = format!("/problems/{kind}");
    assert_eq!((answer.status, &problem["type"]), (StatusCode::CONFLICT, &json!(kind)));
    assert!(error["detail"].as_str().is_some_and(|detail| detail.contains("contact the shop")), "{problem}");
    error["field"].as_str().map(str::to_owned)
}

const EMAIL: Option<&str> = Some("customer.email");

/// A server with these limits.
fn limited(server: TestServer, unpaid: UnpaidLimits) -> TestServer {
    server.with_rules(OrderRules { unpaid, ..OrderRules::default() })
}

#[tokio::test]
async fn unpaid_orders_are_limited_until_one_is_paid() {
    on_both_engines(async |server| {
        let server = limited(server, UnpaidLimits::default());
        let before = stock(&server, MUG).await;
        let mut orders = Vec::new();
        for number in 0..3 {
            let order = order(MUG, 1, "ann@branch.example");
            orders.push(placed(&server, &format!("key-of-unpaid-order-{number}"), &order).await);
        }
        let fourth = async |email: &str| {
            refused(&place(&server, "key-of-one-order-more", &order(MUG, 1, email)).await)
        };
        for email in ["ann@branch.example", " Ann@Branch.example"] {
            assert_eq!(fourth(email).await.as_deref(), EMAIL, "{email}");
        }
        assert_eq!(stock(&server, MUG).await, before - 3, "what is refused takes nothing");
        // A free order is confirmed immediately, and verifies nothing.
        let mut free = order("LEAFLETS-EN", 1, "ann@branch.example");
        free["payment"] = json!({ "by": "nothing" });
        assert_eq!(refused(&place(&server, "key-of-a-free-order-1", &free).await), None);
        assert_eq!(fourth("ann@branch.example").await.as_deref(), EMAIL);
        let other = order(MUG, 1, "bob@branch.example");
        assert_eq!(refused(&place(&server, "key-of-somebody-else", &other).await), None);

        // The same key as before, because the refused order was not stored.
        assert_eq!(server.post_form(&orders[0].0, "act=cancel").await.status, StatusCode::SEE_OTHER);
        assert_eq!(fourth("ann@branch.example").await, None);
        // Once an order is paid, the address is verified.
        let fifth = order(MUG, 1, "ann@branch.example");
        assert_eq!(refused(&place(&server, "key-of-a-fifth-order", &fifth).await).as_deref(), EMAIL);
        server
            .admin()
            .await
            .change_status(&orders[1].1, OrderStatus::Confirmed, "")
            .await
            .expect("a transition");
        for number in 0..4 {
            let placed = place(&server, &format!("key-of-a-known-one-{number}"), &fifth).await;
            assert_eq!(refused(&placed), None);
        }
        // An officer's address is verified too.
        server.store().register_officer("Leeds", "Officer@branch.example").await.expect("an officer");
        for number in 0..4 {
            let order = order(MUG, 1, "officer@branch.example");
            assert_eq!(refused(&place(&server, &format!("key-of-an-officer-{number}"), &order).await), None);
        }
    })
    .await;
}

#[tokio::test]
async fn officer_with_an_internationalised_domain_is_verified() {
    on_both_engines(async |server| {
        let server = limited(server, UnpaidLimits { orders: 1, ..UnpaidLimits::default() });
        let try_to = async |number: u32| {
            let order = order(MUG, 1, "officer@bücher.example");
            refused(&place(&server, &format!("key-of-a-wide-officer-{number}"), &order).await)
        };
        assert_eq!(try_to(0).await, None);
        assert_eq!(try_to(1).await.as_deref(), EMAIL);
        server.store().register_officer("Leeds", "Officer@bücher.example").await.expect("an officer");
        assert_eq!(try_to(1).await, None);
        // An earlier version stored no key.
        server.execute("UPDATE branches SET officer_key = ''".to_owned()).await;
        assert_eq!(try_to(2).await.as_deref(), EMAIL);
        server.reopen_database().await;
        assert_eq!(try_to(2).await, None);
        // The same officer, who keeps their limit.
        assert!(server.store().set_approval_limit("Leeds", 25_000).await.expect("a limit"));
        server.store().register_officer("Leeds", "officer@xn--bcher-kva.example").await.expect("an officer");
        let mut order = for_branch(json!([{ "sku": MUG, "quantity": 1 }]), json!({ "by": "transfer" }));
        order["customer"]["branch"] = json!("Leeds");
        let placed = place(&server, "key-of-a-branch-mug-1", &order).await;
        assert_eq!(placed.json()["state"], "awaiting-payment", "{}", placed.text());
    })
    .await;
}

#[tokio::test]
async fn unpaid_items_amount_and_stock_share_are_limited() {
    on_both_engines(async |server| {
        let server = limited(server, UnpaidLimits::default());
        let try_to = async |key: &str, sku: &str, quantity: u32, email: &str| {
            refused(&place(&server, &format!("key-of-much-{key:0>10}"), &order(sku, quantity, email)).await)
        };
        const BADGE: &str = "HEART-BADGE-RED-EN";
        assert_eq!(try_to("1", BADGE, 501, "a@branch.example").await.as_deref(), EMAIL);
        assert_eq!(try_to("2", BADGE, 499, "a@branch.example").await, None);
        assert_eq!(try_to("3", BADGE, 2, "a@branch.example").await.as_deref(), EMAIL);
        assert_eq!(try_to("4", BADGE, 1, "a@branch.example").await, None);
        // A box has 50 badges.
        assert_eq!(try_to("5", "BADGE-BOX-EN", 11, "b@branch.example").await.as_deref(), EMAIL);
        assert_eq!(try_to("6", "BADGE-BOX-EN", 10, "b@branch.example").await, None);

        let shirt = "HEART-T-SHIRT-RED-L";
        assert_eq!(stock(&server, shirt).await, 40);
        assert_eq!(try_to("7", shirt, 21, "c@branch.example").await.as_deref(), Some("lines.0.quantity"));
        assert_eq!(try_to("8", shirt, 20, "c@branch.example").await, None);
        assert_eq!(
            try_to("9", shirt, 20, "d@branch.example").await,
            None,
            "of few, anybody may have the last"
        );

        let server = limited(server, UnpaidLimits { pence: 1500, ..UnpaidLimits::default() });
        let mugs = |quantity| order(MUG, quantity, "e@branch.example");
        assert_eq!(refused(&place(&server, "key-of-three-mugs-1", &mugs(3)).await).as_deref(), EMAIL);
        assert_eq!(refused(&place(&server, "key-of-two-mugs-000", &mugs(2)).await), None);
        assert_eq!(refused(&place(&server, "key-of-one-mug-0000", &mugs(1)).await).as_deref(), EMAIL);
    })
    .await;
}

#[tokio::test]
async fn unverified_addresses_share_half_of_the_stock() {
    on_both_engines(async |server| {
        let server = limited(server, UnpaidLimits::default());
        let shirt = "HEART-T-SHIRT-RED-L";
        let all = 100;
        let had = i64::from(stock(&server, shirt).await);
        server.store().adjust_stock(shirt, all - had).await.expect("an answer").expect("shirts");
        let try_to = async |key: &str, quantity: u32, email: &str| {
            refused(
                &place(&server, &format!("key-of-shared-{key:0>10}"), &order(shirt, quantity, email)).await,
            )
        };
        assert_eq!(try_to("1", 30, "a@branch.example").await, None);
        assert_eq!(try_to("2", 20, "b@branch.example").await, None);
        assert_eq!(try_to("3", 1, "c@branch.example").await.as_deref(), Some("lines.0.quantity"));
        assert_eq!(stock(&server, shirt).await, 50, "what is refused takes nothing");
        // A verified customer can take the rest, and does not count.
        server.store().register_officer("Leeds", "officer@branch.example").await.expect("an officer");
        assert_eq!(try_to("4", 5, "officer@branch.example").await, None);
        let (_, paid) = placed(&server, "key-of-a-paid-mug-01", &order(MUG, 1, "b@branch.example")).await;
        server.admin().await.change_status(&paid, OrderStatus::Confirmed, "").await.expect("a transition");
        assert_eq!(
            try_to("5", 1, "c@branch.example").await,
            None,
            "two known ones have paid or are officers"
        );
    })
    .await;
}

#[tokio::test]
async fn verified_addresses_leave_a_quarter_of_the_stock() {
    on_both_engines(async |server| {
        let server = limited(server, UnpaidLimits::default());
        let shirt = "HEART-T-SHIRT-RED-L";
        let had = i64::from(stock(&server, shirt).await);
        server.store().adjust_stock(shirt, 100 - had).await.expect("an answer").expect("shirts");
        server.store().register_officer("Leeds", "officer@branch.example").await.expect("an officer");
        let try_to = async |key: &str, quantity: u32, email: &str| {
            place(&server, &format!("key-of-verified-{key:0>10}"), &order(shirt, quantity, email)).await
        };
        // Anyone can type the address that an officer has published.
        let lines = Some("lines.0.quantity");
        assert_eq!(refused(&try_to("1", 76, "officer@branch.example").await).as_deref(), lines);
        let large = try_to("2", 75, "officer@branch.example").await;
        assert_eq!(refused(&large), None);
        for email in ["officer@branch.example", "a@branch.example"] {
            assert_eq!(refused(&try_to("3", 1, email).await).as_deref(), lines, "{email}");
        }
        assert_eq!(stock(&server, shirt).await, 25);
        // What is paid does not count.
        let reference = large.json()["reference"].as_str().expect("a reference").to_owned();
        server
            .admin()
            .await
            .change_status(&reference, OrderStatus::Confirmed, "")
            .await
            .expect("a transition");
        assert_eq!(refused(&try_to("3", 1, "officer@branch.example").await), None);
    })
    .await;
}

#[tokio::test]
async fn invented_customers_leave_half_of_a_free_product() {
    on_both_engines(async |server| {
        const LEAFLETS: &str = "LEAFLETS-EN";
        let server = limited(server, UnpaidLimits::default());
        let before = stock(&server, LEAFLETS).await;
        // As many as one order may have.
        let try_to = async |key: &str, branch: Option<&str>, email: &str| {
            let mut free = order(LEAFLETS, 5, email);
            free["payment"] = json!({ "by": "nothing" });
            if let Some(branch) = branch {
                free["customer"]["kind"] = json!("branch");
                free["customer"]["branch"] = json!(branch);
            }
            place(&server, &format!("key-of-free-packs-{key:0>10}"), &free).await
        };
        let (mut accepted, mut over) = (Vec::new(), 0);
        for number in 0..120 {
            let branch = (number >= 60).then(|| format!("Branch {number}"));
            let email = format!("invented-{number}@branch.example");
            let answer = try_to(&format!("invented-{number}"), branch.as_deref(), &email).await;
            match refused(&answer) {
                None => accepted.push(answer.json()["reference"].as_str().expect("a reference").to_owned()),
                Some(field) => {
                    assert_eq!(field, "lines.0.quantity");
                    over += 1;
                }
            }
        }
        assert_eq!(stock(&server, LEAFLETS).await, before / 2);
        assert!(over > 0);
        // Staff have looked at what they dispatch.
        let admin = server.admin().await;
        for reference in &accepted[..2] {
            for status in [OrderStatus::Packed, OrderStatus::Dispatched] {
                admin.change_status(reference, status, "").await.expect("a transition");
            }
        }
        assert_eq!(refused(&try_to("new", None, "new@branch.example").await), None);
        assert!(refused(&try_to("newer", None, "newer@branch.example").await).is_some());
        // Customers who have paid before, and registered branches, can have some of the rest.
        let (_, mug) = placed(&server, "key-of-a-paid-mug-01", &order(MUG, 1, "ann@branch.example")).await;
        admin.change_status(&mug, OrderStatus::Confirmed, "").await.expect("a transition");
        assert_eq!(refused(&try_to("paid", None, "ann@branch.example").await), None);
        server.store().register_officer("Leeds", "officer@branch.example").await.expect("an officer");
        let steward = "steward@branch.example";
        assert_eq!(refused(&try_to("branch", Some("Leeds"), steward).await), None);
    })
    .await;
}

#[tokio::test]
async fn free_orders_of_a_registered_branch_leave_the_share_to_others() {
    on_both_engines(async |server| {
        const LEAFLETS: &str = "LEAFLETS-EN";
        // Others can hold 20 of 100 packs that the branch does not hold, and all together 36 of 100.
        let server = limited(server, UnpaidLimits { share_percent: 20, ..UnpaidLimits::default() });
        let had = i64::from(stock(&server, LEAFLETS).await);
        server.store().adjust_stock(LEAFLETS, 100 - had).await.expect("an answer").expect("leaflets");
        let try_to = async |number: u32, branch: Option<&str>, quantity: u32| {
            let mut free = order(LEAFLETS, quantity, &format!("buyer-{number}@branch.example"));
            free["payment"] = json!({ "by": "nothing" });
            if let Some(branch) = branch {
                free["customer"]["kind"] = json!("branch");
                free["customer"]["branch"] = json!(branch);
            }
            refused(&place(&server, &format!("key-of-a-free-share-{number}"), &free).await)
        };
        let own = Some("St Mary's");
        for (number, branch) in [(0, own), (1, own), (2, None), (3, None)] {
            assert_eq!(try_to(number, branch, 5).await, None, "{number}");
        }
        assert_eq!(try_to(4, own, 5).await.as_deref(), Some("lines.0.quantity"), "it has no officer");

        server.store().register_officer("St Mary’s", "officer@branch.example").await.expect("an officer");
        assert_eq!(try_to(4, own, 5).await, None, "it has an officer");
        for (number, quantity) in [(5, 5), (6, 2)] {
            assert_eq!(try_to(number, None, quantity).await, None, "its orders leave the share to others");
        }
        // They hold 17 of 85 now, and all together 32 of 100.
        assert_eq!(try_to(7, None, 1).await.as_deref(), Some("lines.0.quantity"), "the share of others");
        assert_eq!(try_to(8, own, 1).await, None, "the share of all");
    })
    .await;
}

#[tokio::test]
async fn concurrent_orders_count_towards_unpaid_limits() {
    on_both_engines(async |server| {
        let server = limited(server, UnpaidLimits::default());
        let order = order(MUG, 1, "ann@branch.example");
        let keys: Vec<String> = (0..12).map(|number| format!("key-of-orders-at-once-{number}")).collect();
        let answers = join_all(keys.iter().map(|key| place(&server, key, &order))).await;
        assert_eq!(answers.iter().filter(|answer| refused(answer).is_none()).count(), 3);
    })
    .await;
}

#[tokio::test]
async fn quote_acceptance_respects_unpaid_limits() {
    on_both_engines(async |server| {
        let server = limited(server, UnpaidLimits { orders: 1, ..UnpaidLimits::default() });
        let mut quote = for_branch(json!([{ "sku": MUG, "quantity": 2 }]), json!({ "by": "transfer" }));
        quote["quote"] = json!(true);
        let mut pages = Vec::new();
        for number in 0..2 {
            pages.push(placed(&server, &format!("key-of-a-limited-quote-{number}"), &quote).await.0);
        }
        let accept = async |page: &str| server.post_form(page, "act=accept&by=transfer").await;
        assert_eq!(accept(&pages[0]).await.status, StatusCode::SEE_OTHER);
        let over = accept(&pages[1]).await;
        assert_eq!(over.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(over.text().contains("We cannot hold any more items for this email address"));
        server.post_form(&pages[0], "act=cancel").await;
        assert_eq!(accept(&pages[1]).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn quote_acceptance_above_the_shared_limit_names_the_quantity() {
    on_both_engines(async |server| {
        const SHIRT: &str = "HEART-T-SHIRT-RED-L";
        let server = limited(server, UnpaidLimits::default());
        let mut quote = for_branch(json!([{ "sku": SHIRT, "quantity": 21 }]), json!({ "by": "transfer" }));
        quote["quote"] = json!(true);
        let (page, _) = placed(&server, "key-of-a-large-quote-1", &quote).await;
        let before = stock(&server, SHIRT).await;
        assert_eq!(before, 40);
        let accept = json!({ "change": "accept", "payment": { "by": "transfer" } });
        let refused = server.post_json(&format!("/api/v1{page}/changes"), &[], &accept).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let problem = refused.json();
        assert_eq!(problem["type"], "/problems/unpaid-share", "{problem}");
        for (prefix, said) in [
            ("", "We cannot hold this many of one item for you"),
            ("/cy", "Ni allwn gadw cynifer o un eitem i chi"),
        ] {
            let refused = server.post_form(&format!("{prefix}{page}"), "act=accept&by=transfer").await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text().contains(said), "{}", refused.text());
        }
        assert_eq!(stock(&server, SHIRT).await, before, "what is refused takes nothing");
    })
    .await;
}
