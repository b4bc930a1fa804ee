//! After an order is placed: accepting quotes, returns, refunds, bundles, documents.

use axum::http::StatusCode;
use contract::orders::OrderStatus;
use serde_json::json;

use crate::{
    buying::{for_branch, place, placed, read, register_officer, stock, words},
    provider,
    server::on_both_engines,
};

#[tokio::test]
async fn quote_is_valid_thirty_days_and_reserves_stock_on_acceptance() {
    on_both_engines(async |server| {
        register_officer(&server).await;
        let lines = json!([{ "sku": "HEART-MUG-RED-EN", "quantity": 20 }]);
        let mut quote = for_branch(lines, json!({ "by": "purchase-order", "number": "" }));
        quote["quote"] = json!(true);
        let before = stock(&server, "HEART-MUG-RED-EN").await;
        let (page, _) = placed(&server, "key-of-a-first-quote", &quote).await;
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before, "nothing is set aside");
        let shown = read(&server, &page).await;
        assert_eq!((&shown["state"], &shown["valid_until"]), (&json!("quoted"), &json!("2026-12-22")));
        let total = shown["price"]["total_pence"].clone();
        let file = server.get(&format!("{page}/quote.pdf")).await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "application/pdf"));
        assert_eq!(server.get(&format!("{page}/invoice.pdf")).await.status, StatusCode::NOT_FOUND);

        let answer = server.post_form(&page, "act=accept&by=purchase-order&number=+").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page_told = answer.text();
        assert_eq!(page_told.matches("Enter your purchase order number").count(), 2, "{page_told}");
        let long = ["act=accept&by=purchase-order&number=", &"7".repeat(41)].concat();
        let page_told = server.post_form(&page, &long).await.text();
        let expected = "Purchase order number must be 40 characters or less";
        assert_eq!(page_told.matches(expected).count(), 2, "{page_told}");
        // On its last day, and twice.
        server.set_clock("2026-12-22T23:00:00Z");
        for _ in 0..2 {
            let answer = server.post_form(&page, "act=accept&by=purchase-order&number=PO+17").await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        }
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before - 20);
        let order = read(&server, &page).await;
        assert_eq!((&order["state"], &order["price"]["total_pence"]), (&json!("confirmed"), &total));
        let invoice = words(&server.get(&format!("{page}/invoice.pdf")).await.body);
        assert!(invoice.contains("22 December 2026") && !invoice.contains("22 November"), "{invoice}");
        assert_eq!(order["payment"], json!({ "by": "purchase-order", "number": "PO 17" }));
        assert!(order.get("valid_until").is_none());
        // Cancelling releases its stock.
        server.post_form(&page, "act=cancel").await;
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, before);

        // A quote that is not accepted, or for which there is not enough stock, takes no
        // stock.
        server.set_clock("2026-11-22T12:00:00Z");
        let (late, over_reference) = placed(&server, "key-of-a-late-quote", &quote).await;
        let (dry, _) = placed(&server, "key-of-a-dry-quote", &quote).await;
        let left = i64::from(stock(&server, "HEART-MUG-RED-EN").await);
        server.store().adjust_stock("HEART-MUG-RED-EN", 19 - left).await.expect("stock");
        let answer = server.post_form(&dry, "act=accept&by=transfer").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let short = answer.text();
        assert!(short.contains("We do not have enough stock for this quote"));
        assert!(
            short.contains("value=\"transfer\" checked") || short.contains("value='transfer' checked"),
            "{short}"
        );
        server.set_clock("2026-12-23T00:00:00Z");
        let answer = server.post_form(&late, "act=accept&by=transfer").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let over = answer.text();
        assert!(over.contains("This quote has expired.") && !over.contains("value=\"accept\""), "{over}");
        assert!(!over.contains("quote.pdf"));
        assert!(server.admin().await.invoice(&over_reference).await.is_err(), "neither quote nor invoice");
        for page in [&late, &dry] {
            assert_eq!(read(&server, page).await["state"], "quoted");
            assert_eq!(server.post_form(page, "act=cancel").await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(stock(&server, "HEART-MUG-RED-EN").await, 19, "a quote has nothing to give back");

        let (still, reference) = placed(&server, "key-of-a-still-quote", &quote).await;
        assert!(server.admin().await.change_status(&reference, OrderStatus::Confirmed, "").await.is_err());
        assert_eq!(
            server.post_form(&still, "act=accept&by=card&number=7").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(
            server.post_form(&still, "act=accept&by=purchase-order&number=%00").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );

        // Only for branches; and a large order awaits its officer once it is accepted.
        let mut member = quote.clone();
        member["customer"] = json!({ "name": "A member", "email": "member@branch.example" });
        assert_eq!(
            place(&server, "key-of-a-member-quote", &member).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        quote["lines"] = json!([{ "sku": "HEART-BADGE-RED-EN", "quantity": 1000 }]);
        let (large, _) = placed(&server, "key-of-a-large-quote", &quote).await;
        server.post_form(&large, "act=accept&by=transfer").await;
        assert_eq!(read(&server, &large).await["state"], "awaiting-approval");
    })
    .await;
}

#[tokio::test]
async fn returned_items_are_refunded_once_per_item() {
    on_both_engines(async |server| {
        register_officer(&server).await;
        let (provider, url) = provider::start().await;
        let server = server.taking_cards(&url);
        let order = json!({
            "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 3 }, { "sku": "HEART-BADGE-RED-EN", "quantity": 2 }],
            "customer": { "name": "A member", "email": "member@branch.example" },
            "delivery": { "by": "post", "address": { "line_1": "1 Union Street", "town": "Leeds", "postcode": "LS1 1AA" } },
            "payment": { "by": "card" },
        });
        let (page, reference) = placed(&server, "key-of-a-returned-1", &order).await;
        server.get(&format!("{page}/pay")).await;
        provider::pay(&provider, 0);
        server.get(&format!("{page}/paid")).await;
        let admin = server.admin().await;
        assert_eq!(admin.refund(&reference, false).await.expect("an answer"), format!("{reference}: no refund due"));
        for status in [OrderStatus::Packed, OrderStatus::Dispatched, OrderStatus::Delivered] {
            admin.change_status(&reference, status, "").await.expect("a transition");
        }
        for status in [OrderStatus::Returned, OrderStatus::Refunded] {
            assert!(admin.change_status(&reference, status, "").await.is_err(), "money does not move by a word");
        }
        let send_back = "act=return&known=0&reason=A+crack&HEART-MUG-RED-EN=";
        for wrong in ["4", "x", "0", "-1", ""] {
            let answer = server.post_form(&page, &[send_back, wrong].concat()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            let message = answer.text();
            assert!(message.contains("A crack"), "what was typed stays");
            assert!(message.contains("<title>Error: Order "), "{message}");
            // In the summary and beside the field.
            let expected = match wrong {
                "0" | "" => "Enter a quantity for at least one item",
                _ => "Enter a quantity between 1 and 3 for Heart mug Red, English",
            };
            assert_eq!(message.matches(expected).count(), 2, "{wrong}: {message}");
        }
        for _ in 0..2 {
            let answer = server.post_form(&page, &[send_back, "2"].concat()).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        }
        assert_eq!(read(&server, &page).await["lines"][0]["announced"], 2, "sent twice, it counts once");
        // A tab that was left open sends a different return, which must not be lost.
        let stale = "act=return&known=0&reason=Too+red&HEART-BADGE-RED-EN=1";
        let answer = server.post_form(&page, stale).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let message = answer.text();
        assert!(message.contains("Too red") && message.contains("Your order has changed"), "{message}");
        let long = format!("act=return&known=1&HEART-BADGE-RED-EN=1&reason={}", "a%0D%0A".repeat(251));
        let answer = server.post_form(&page, &long).await;
        assert!(answer.text().contains("Reason must be 500 characters or less"));
        assert!(server.get(&page).await.text().contains("1 Example Yard"));
        assert!(admin.show(&reference).await.expect("an order").contains("A crack"));

        assert!(admin.receive(&reference, &[("HEART-MUG-RED-EN".to_owned(), 4)]).await.is_err());
        admin.receive(&reference, &[("HEART-MUG-RED-EN".to_owned(), 1)]).await.expect("a mug");
        admin.receive(&reference, &[("HEART-MUG-RED-EN".to_owned(), 1)]).await.expect("another");
        let message = admin.refund(&reference, false).await.expect("an answer");
        assert_eq!(message, format!("{reference}: refunded £15.00 to the card"));
        assert_eq!(admin.refund(&reference, false).await.expect("an answer"), format!("{reference}: no refund due"));
        let refunds = provider.lock().expect("a provider").refunds.clone();
        assert_eq!((refunds.len(), &*refunds[0]["amount"]), (1, "1500"));
        let order = read(&server, &page).await;
        assert_eq!((&order["state"], &order["refunded_pence"]), (&json!("refunded"), &json!(1500)));
        // The rest can still be returned, and then delivery is refunded too.
        let rest = [("HEART-MUG-RED-EN".to_owned(), 1), ("HEART-BADGE-RED-EN".to_owned(), 2)];
        admin.receive(&reference, &rest).await.expect("the rest");
        let (one, other) = tokio::join!(admin.refund(&reference, false), admin.refund(&reference, false));
        let message = [one, other].map(|message| message.unwrap_or_default());
        assert!(message.contains(&format!("{reference}: refunded £13.05 to the card")), "{message:?}");
        let refunds = provider.lock().expect("a provider").refunds.clone();
        assert_eq!((refunds.len(), &*refunds[1]["amount"]), (2, "1305"), "two at once give it back once");
        assert_eq!(read(&server, &page).await["refunded_pence"], 2805);

        // After fourteen days the form is gone.
        let (page, reference) = {
            let order = for_branch(json!([{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }]), json!({ "by": "purchase-order", "number": "7" }));
            placed(&server, "key-of-a-late-return", &order).await
        };
        for status in [OrderStatus::Packed, OrderStatus::Dispatched, OrderStatus::Delivered] {
            admin.change_status(&reference, status, "").await.expect("a transition");
        }
        server.set_clock("2026-12-06T12:00:00Z");
        assert!(server.get(&page).await.text().contains("Choose what to return"));
        server.set_clock("2026-12-07T12:00:00Z");
        assert!(!server.get(&page).await.text().contains("Choose what to return"));
        let answer = server.post_form(&page, &[send_back, "1"].concat()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Staff may still accept it; what was not paid by card is refunded manually.
        admin.receive(&reference, &[("HEART-MUG-RED-EN".to_owned(), 1)]).await.expect("a mug");
        let message = admin.refund(&reference, false).await.expect("an answer");
        let expected = format!("{reference}: credit £11.45 on the invoice, or refund it manually if it has been paid");
        assert_eq!(message, expected, "nothing is kept, so sending too");
    })
    .await;
}

#[tokio::test]
async fn bundle_reserves_stock_of_its_parts() {
    on_both_engines(async |server| {
        let left = [stock(&server, "HEART-BADGE-RED-EN").await, stock(&server, "HEART-BADGE-WHITE-EN").await];
        server.store().adjust_stock("HEART-BADGE-RED-EN", 100 - i64::from(left[0])).await.expect("stock");
        let product = server.get("/api/v1/products/badge-box").await.json();
        assert_eq!(product["variants"][0]["left"], 4);
        // A box and single badges share one stock, also within an order.
        let order = |boxes: u32, badges: u32| {
            let mut lines = vec![json!({ "sku": "BADGE-BOX-EN", "quantity": boxes })];
            if badges > 0 {
                lines.push(json!({ "sku": "HEART-BADGE-RED-EN", "quantity": badges }));
            }
            json!({
                "lines": lines,
                "customer": { "name": "A member", "email": "member@branch.example" },
                "delivery": { "by": "collection", "region": "wales" },
                "payment": { "by": "transfer" },
            })
        };
        let short = place(&server, "key-of-too-many-boxes", &order(3, 26)).await;
        assert_eq!(short.status, StatusCode::CONFLICT);
        let errors = short.json()["errors"].clone();
        assert_eq!(
            (&errors[0]["field"], &errors[1]["field"]),
            (&json!("lines.0.quantity"), &json!("lines.1.quantity"))
        );
        let (page, _) = placed(&server, "key-of-two-boxes-1", &order(2, 10)).await;
        assert_eq!(stock(&server, "HEART-BADGE-RED-EN").await, 40);
        assert_eq!(stock(&server, "HEART-BADGE-WHITE-EN").await, left[1] - 50);
        assert_eq!(server.get("/api/v1/products/badge-box").await.json()["variants"][0]["left"], 1);
        server.post_form(&page, "act=cancel").await;
        assert_eq!(stock(&server, "HEART-BADGE-RED-EN").await, 100);
        assert_eq!(stock(&server, "HEART-BADGE-WHITE-EN").await, left[1]);
    })
    .await;
}

#[tokio::test]
async fn order_documents_are_tagged_and_complete() {
    on_both_engines(async |server| {
        register_officer(&server).await;
        let lines = json!([{ "sku": "HEART-MUG-RED-CY", "quantity": 20 }]);
        let order = for_branch(lines, json!({ "by": "purchase-order", "number": "PO 17" }));
        let (page, reference) = placed(&server, "key-of-a-paper-1", &order).await;
        let (other, _) = placed(&server, "key-of-a-paper-2", &order).await;
        server.post_form(&other, "act=cancel").await;
        for (address, expected) in [
            (
                format!("{page}/invoice.pdf"),
                [
                    "Invoice",
                    "Invoice date: 22 November 2026",
                    "Purchase order number: PO 17",
                    "Heart mug",
                    "Total excluding VAT",
                    "VAT at 20%",
                    "Total including VAT",
                    "account number",
                ],
            ),
            (
                format!("/cy{page}/invoice.pdf"),
                [
                    "Anfoneb",
                    "Dyddiad yr anfoneb: 22 Tachwedd 2026",
                    "Rhif yr archeb brynu: PO 17",
                    "Mwg calon",
                    "Cyfanswm heb gynnwys TAW",
                    "TAW ar 20%",
                    "Cyfanswm gan gynnwys TAW",
                    "rhif y cyfrif",
                ],
            ),
        ] {
            let file = server.get(&address).await;
            assert_eq!(file.header("cache-control"), "no-store");
            let said = words(&file.body);
            for word in expected.iter().chain(&[&*reference]) {
                assert!(said.contains(word), "{word}: {said}");
            }
        }
        let admin = server.admin().await;
        let note = words(&admin.delivery_note(&reference).await.expect("a note"));
        assert!(note.contains("HEART-MUG-RED-CY") && !note.contains('£'), "{note}");
        let statement = words(
            &admin.statement("leeds general", "PO 17", contract::Locale::En).await.expect("a statement"),
        );
        assert!(statement.contains("Cancelled") && statement.contains("Leeds General"), "{statement}");
        assert_eq!(statement.matches("£143.50").count(), 2, "one order and the total: {statement}");
        let fetched = json!({
            "lines": [{ "sku": "HEART-MUG-RED-CY", "quantity": 1 }],
            "customer": { "name": "A member", "email": "member@branch.example" },
            "delivery": { "by": "collection", "region": "wales" },
            "payment": { "by": "transfer" },
        });
        let (_, fetched) = placed(&server, "key-of-a-paper-3", &fetched).await;
        let note = words(&admin.delivery_note(&fetched).await.expect("a note"));
        assert!(note.contains("Collect from: Wales"), "{note}");
        assert!(admin.statement("Leeds North", "PO 17", contract::Locale::En).await.is_err());
    })
    .await;
}
