//! Products: their pages, their stock, and their content files.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use campaign_hub_server::{content, seed};
use contract::Locale;
use serde_json::{Value, json};

use crate::{
    server::{content_errors, copy_of_content, on_both_engines},
    shop::{PRODUCTS, list, slugs, total},
};

#[tokio::test]
async fn every_product_has_a_page_in_both_languages() {
    on_both_engines(async |server| {
        let all = slugs(&list(&server, "limit=100").await);
        assert_eq!(all.len(), PRODUCTS);
        let mut categories: BTreeMap<String, usize> = BTreeMap::new();
        for slug in all {
            for locale in Locale::ALL {
                let prefix = locale.path_prefix();
                let page = server.get(&format!("{prefix}/shop/{slug}")).await;
                assert_eq!(page.status, StatusCode::OK, "{slug}");
                let product = server.get(&format!("/api/v1/products/{slug}?locale={locale}")).await.json();
                let html = page.text();
                let texts = [
                    &product["text"]["details"],
                    &product["text"]["materials"],
                    &product["text"]["origin"],
                    &product["variants"][0]["sku"],
                ];
                for text in texts {
                    let text = text.as_str().expect("a text").replace('&', "&amp;");
                    assert!(html.contains(&text), "{slug} in {locale}: {text}");
                }
                *categories.entry(product["category"]["value"].to_string()).or_default() += 1;
            }
        }
        assert_eq!(categories.len(), 6);
        assert!(categories.values().all(|count| *count >= 2 * 3), "{categories:?}");
        let page = server.get("/shop/no-such-thing").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.text().contains("Page not found"));
        for slug in ["no-such-thing", "%00", "%ff", "HEART-MUG", "heart-mug%00"] {
            let answer = server.get(&format!("/api/v1/products/{slug}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{slug}");
            assert_eq!(server.get(&format!("/shop/{slug}")).await.status, StatusCode::NOT_FOUND, "{slug}");
        }
    })
    .await;
}

#[tokio::test]
async fn product_page_has_structured_data() {
    on_both_engines(async |server| {
        let page = server.get("/cy/shop/heart-t-shirt").await.text();
        let (_, data) = page.split_once("<script type=\"application/ld+json\">").expect("structured data");
        let (data, _) = data.split_once("</script>").expect("an end");
        let data: Value = serde_json::from_str(data).expect("JSON");
        assert_eq!(data["@type"], "Product");
        assert_eq!(data["name"], "Crys-T calon");
        let offers = data["offers"].as_array().expect("offers");
        assert_eq!(offers.len(), 21);
        let offer = |sku: &str| offers.iter().find(|offer| offer["sku"] == sku).expect("an offer");
        let small = offer("HEART-T-SHIRT-RED-S");
        assert_eq!((&small["price"], &small["priceCurrency"]), (&"12.00".into(), &"GBP".into()));
        assert_eq!(small["availability"], "https://schema.org/InStock");
        assert_eq!(small["url"], "https://week.example/cy/shop/heart-t-shirt?colour=red&size=s");
        assert_eq!(offer("HEART-T-SHIRT-PLUM-3XL")["price"], "13.00");
        assert_eq!(offer("HEART-T-SHIRT-PLUM-3XL")["availability"], "https://schema.org/LimitedAvailability");
        assert_eq!(offer("HEART-T-SHIRT-RED-XS")["availability"], "https://schema.org/OutOfStock");
        for tag in [
            "property=\"og:type\" content=\"product\"",
            "property=\"og:image\" content=\"https://week.example/share/product-tee.png\"",
            "property=\"og:image:alt\" content=\"Crys-T calon\"",
        ] {
            assert!(page.contains(tag), "{tag}");
        }
    })
    .await;
}

#[tokio::test]
async fn url_selects_the_variant_without_javascript() {
    on_both_engines(async |server| {
        let page = server.get("/shop/heart-t-shirt?colour=plum&size=3xl&utm_source=x").await.text();
        for text in
            [">£13.00<", "each (includes £2.17 VAT)", "Only 3 left", ">HEART-T-SHIRT-PLUM-3XL<", ">£10.00<"]
        {
            assert!(page.contains(text), "{text}");
        }
        assert!(page.contains("name=\"size\" value=\"3xl\" checked"));
        let page = server.get("/shop/heart-t-shirt?size=m").await.text();
        assert!(page.contains(">HEART-T-SHIRT-RED-M<") && page.contains(">£12.00<"));
        let page = server.get("/shop/heart-t-shirt?size=m%22%3E&colour=pink").await.text();
        assert!(page.contains(">HEART-T-SHIRT-RED-S<"), "the first that is not sold out");
    })
    .await;
}

#[tokio::test]
async fn stock_change_is_shown_immediately() {
    on_both_engines(async |server| {
        const SKU: &str = "HEART-T-SHIRT-PLUM-3XL";
        let left = async || {
            let product = server.get("/api/v1/products/heart-t-shirt").await.json();
            let variants = product["variants"].as_array().expect("variants");
            variants.iter().find(|variant| variant["sku"] == SKU).expect("the variant")["left"].clone()
        };
        let page = async || server.get("/shop/heart-t-shirt?colour=plum&size=3xl").await.text();
        let in_stock = async || total(&list(&server, "size=3xl&colour=plum&only=in-stock").await);
        assert_eq!(left().await, 3);
        assert!(page().await.contains("Only 3 left"));
        let before = in_stock().await;
        assert_eq!(server.store.adjust_stock(SKU, -3).await.expect("a database"), Some(0));
        assert_eq!(
            server.store.adjust_stock(SKU, -1).await.expect("a database"),
            None,
            "never below nothing"
        );
        assert_eq!(left().await, 0);
        assert!(page().await.contains("<p class=\"tag\">Out of stock</p>"));
        assert_eq!(in_stock().await, before - 1);
        assert_eq!(server.store.adjust_stock(SKU, 500).await.expect("a database"), Some(500));
        assert_eq!(left().await, Value::Null, "there are enough");
        assert!(page().await.contains("<p class=\"tag\">In stock</p>"));
        let version = server.store.versions().await.expect("a version");
        assert_eq!(server.store.adjust_stock(SKU, -100).await.expect("a database"), Some(400));
        assert_eq!(server.store.versions().await.expect("a version"), version, "nobody can see it");
        assert_eq!(server.store.adjust_stock("NO-SUCH", 1).await.expect("a database"), None);
    })
    .await;
}

#[tokio::test]
async fn reloading_content_keeps_stock_and_updates_prices() {
    on_both_engines(async |server| {
        server.store.adjust_stock("BUNTING", -6).await.expect("a database");
        let content = copy_of_content();
        let file = content.path().join("products/bunting.toml");
        let text = std::fs::read_to_string(&file).expect("a file");
        std::fs::write(
            &file,
            text.replace("price_pence = 1400, stock = 7", "price_pence = 1500, stock = 90"),
        )
        .expect("a file");
        assert_eq!(server.load(content.path()).await.updated, 1);
        let variant = server.get("/api/v1/products/bunting").await.json()["variants"][0].clone();
        assert_eq!((&variant["price_pence"], &variant["left"]), (&1500.into(), &1.into()));
    })
    .await;
}

#[tokio::test]
async fn order_by_date_disappears_after_it_has_passed() {
    on_both_engines(async |server| {
        assert!(server.get("/shop").await.text().contains("Order by 29 January 2027"));
        server.set_clock("2027-01-29T23:00:00Z");
        assert!(server.get("/shop/heart-mug").await.text().contains("Order by 29 January 2027"));
        server.set_clock("2027-01-30T00:00:00Z");
        for path in ["/shop", "/shop/heart-mug"] {
            assert!(!server.get(path).await.text().contains("Order by 29"), "{path}");
        }
    })
    .await;
}

/// Every picture that a product names exists in the site's sprite.
#[test]
fn every_product_has_a_picture() {
    let drawings = include_str!("../../../../public/pictures.svg");
    let content = copy_of_content();
    let records = content::read(content.path()).expect("valid content");
    let mut pictures = BTreeSet::new();
    for record in records.iter().chain(&seed::products(200)).filter(|record| !record.variants.is_empty()) {
        let facts: Value = serde_json::from_str(&record.facts).expect("JSON");
        for picture in facts["pictures"].as_array().expect("pictures") {
            let picture = picture.as_str().expect("a name").to_owned();
            assert!(drawings.contains(&format!("<symbol id=\"{picture}\"")), "{}: {picture}", record.slug);
            pictures.insert(picture);
        }
    }
    assert!(pictures.len() >= 24, "{pictures:?}");
}

/// Typical errors in the shop's files, with the field that is reported.
#[test]
fn shop_file_errors_name_the_field() {
    for (file, from, to, field, message) in [
        ("products/heart-mug", "category = \"mugs\"", "category = \"cups\"", "category", "lanyards-and-bags"),
        (
            "products/heart-mug",
            "EN\", price_pence = 750, stock = 240",
            "EN\", price_pence = 750",
            "variants.0.stock",
            "either stock or",
        ),
        (
            "products/badge-box",
            "HEART-BADGE-WHITE-EN",
            "BADGE-BOX-CY",
            "variants.0.parts",
            "unknown SKU, or SKU without stock of its own: BADGE-BOX-CY",
        ),
        (
            "products/badge-box",
            "RED-CY\", count = 25",
            "RED-CY\", count = 0",
            "variants.1.parts",
            "at least 1",
        ),
        ("products/heart-mug", "vat_percent = 20", "vat_percent = 17", "vat_percent", "0, 5 or 20"),
        ("products/heart-mug", "weight_grams = 340", "weight_grams = 34000", "weight_grams", "heavier than"),
        ("products/heart-mug", "weight_grams = 340", "weight_grams = -1", "weight_grams", "invalid value"),
        ("products/heart-mug", "less_pence = 150", "less_pence = 50", "breaks.1", "take off more"),
        (
            "products/heart-mug",
            "less_pence = 225",
            "less_pence = 750",
            "breaks.2",
            "less than the full price",
        ),
        ("products/heart-mug", "HEART-MUG-WHITE-EN", "HEART-MUG-RED-EN", "variants.2.sku", "already used"),
        ("products/heart-mug", "HEART-MUG-WHITE-EN", "mug white", "variants.2.sku", "capital letters"),
        ("products/heart-mug", "colour = \"plum\"", "colour = \"mauve\"", "variants.4.colour", "red, plum"),
        ("products/heart-mug", "language = \"cy\"", "language = \"en\"", "variants.1", "the same colour"),
        (
            "products/heart-mug",
            ", colour = \"red\", language = \"cy\"",
            "",
            "variants.1",
            "all variants need one",
        ),
        ("products/heart-mug", "pictures = [\"product-mug\"]", "pictures = []", "pictures", "one picture"),
        ("products/week-poster", "cap = 20\n", "", "cap", "free products"),
        (
            "products/heart-t-shirt",
            "size = \"xs\", chest",
            "size = \"tiny\", chest",
            "size_chart.0.size",
            "xs",
        ),
        ("shop/shop", "value = \"welsh\"", "value = \"cymraeg\"", "only", "in-stock, welsh, union-made"),
        (
            "shop/shop",
            "below_pence = 200",
            "below_pence = 1",
            "price.1.below_pence",
            "higher than from_pence",
        ),
        ("shop/shop", "020 7946 0190", "call us", "telephone", "digits"),
    ] {
        let errors = content_errors(&format!("{file}.toml"), from, to);
        assert_eq!(errors[0].field, field, "{}", errors[0]);
        assert!(errors[0].message.contains(message), "{}", errors[0]);
    }
    // A missing variant leaves a gap among the choices.
    let content = copy_of_content();
    let path = content.path().join("products/heart-mug.toml");
    let text = std::fs::read_to_string(&path).expect("a file");
    let without: Vec<&str> = text.lines().filter(|line| !line.contains("HEART-MUG-WHITE-CY")).collect();
    std::fs::write(&path, without.join("\n")).expect("a file");
    let errors = content::read(content.path()).expect_err("a hole").0;
    assert_eq!(errors[0].field, "variants");
}

#[tokio::test]
async fn made_to_order_items_show_later_delivery() {
    on_both_engines(async |server| {
        let banner = server.get("/api/v1/products/branch-banner").await.json();
        assert_eq!(banner["made_to_order_days"], 15);
        assert!(banner.get("order_by").is_none(), "{banner}");
        let page = server.get("/shop/branch-banner").await.text();
        let expected = "Made to order in 15 working days. You cannot return it unless it is faulty.";
        assert!(
            page.contains(expected) && page.contains("6.2 kg") && !page.contains("Order by 29"),
            "{page}"
        );
        let lines = |sku: &str| json!({ "lines": [{ "sku": sku, "quantity": 1 }] });
        let arrives = async |sku: &str| {
            let priced = server.post_json("/api/v1/prices", &[], &lines(sku)).await.json();
            priced["ways"][0]["arrives"].clone()
        };
        assert_eq!(arrives("HEART-MUG-RED-EN").await, "2026-11-27");
        // The courier, the day after fifteen working days.
        assert_eq!(arrives("BRANCH-BANNER-RED-EN").await, "2026-12-15");
    })
    .await;
}
