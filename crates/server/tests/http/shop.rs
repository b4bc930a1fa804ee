//! The shop: lists that are narrowed down, one product, and the stock.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use campaign_hub_server::{content, shop::seed};
use contract::Locale;
use serde_json::Value;

use crate::server::{TestServer, copy_of_content, on_both_engines};

const PRODUCTS: usize = 26;

async fn list(server: &TestServer, query: &str) -> Value {
    let answer = server.get(&format!("/api/v1/products?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    answer.json()
}

fn slugs(list: &Value) -> Vec<String> {
    let products = list["products"].as_array().expect("products");
    products.iter().map(|product| product["slug"].as_str().expect("a slug").to_owned()).collect()
}

fn total(list: &Value) -> u64 {
    list["total"].as_u64().expect("a total")
}

/// The facets of a list: name, value, count.
fn counts(list: &Value) -> Vec<(String, String, u64)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let facets = list["facets"].as_array().expect("facets");
    let values = facets.iter().flat_map(|facet| {
        let values = facet["values"].as_array().expect("values");
        values.iter().map(|value| {
            (text(&facet["name"]), text(&value["value"]), value["count"].as_u64().expect("a count"))
        })
    });
    values.collect()
}

#[tokio::test]
async fn there_is_a_page_for_every_product_in_both_languages() {
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
        assert!(page.text().contains("There is no page at this address"));
        for slug in ["no-such-thing", "%00", "%ff", "HEART-MUG", "heart-mug%00"] {
            let answer = server.get(&format!("/api/v1/products/{slug}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{slug}");
            assert_eq!(server.get(&format!("/shop/{slug}")).await.status, StatusCode::NOT_FOUND, "{slug}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_product_says_what_search_engines_and_shared_links_show() {
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
async fn without_the_app_the_address_chooses_the_variant() {
    on_both_engines(async |server| {
        let page = server.get("/shop/heart-t-shirt?colour=plum&size=3xl&utm_source=x").await.text();
        for text in [">£13.00<", "with £2.17 VAT", "Only 3 left", ">HEART-T-SHIRT-PLUM-3XL<", ">£10.00<"] {
            assert!(page.contains(text), "{text}");
        }
        assert!(page.contains("name='size' value='3xl' checked"));
        let page = server.get("/shop/heart-t-shirt?size=m").await.text();
        assert!(page.contains(">HEART-T-SHIRT-RED-M<") && page.contains(">£12.00<"));
        let page = server.get("/shop/heart-t-shirt?size=m%22%3E&colour=pink").await.text();
        assert!(page.contains(">HEART-T-SHIRT-RED-S<"), "the first that is not sold out");
    })
    .await;
}

#[tokio::test]
async fn the_list_works_as_a_plain_form() {
    on_both_engines(async |server| {
        let page = server.get("/shop?q=&category=mugs&sort=cheapest").await.text();
        let cards: Vec<&str> = page.split("<a class='card__name' href='").skip(1).collect();
        let names: Vec<&str> = cards.iter().filter_map(|card| card.split('\'').next()).collect();
        let mugs = ["/shop/heart-mug", "/shop/reusable-cup", "/shop/enamel-mug", "/shop/water-bottle"];
        assert_eq!(names, mugs);
        assert!(page.contains("name='category' value='mugs' checked"));
        assert!(page.contains("<option value='cheapest' selected>"));
        let nothing = server.get("/shop?q=zzzz&only=welsh").await;
        assert_eq!(nothing.status, StatusCode::OK);
        for text in ["Nothing found", "“zzzz” without filters", "href='/shop?category=pens'", "href='/shop'"]
        {
            assert!(nothing.text().contains(text), "{text}");
        }
        let beyond = server.get("/shop?page=99").await.text();
        assert!(beyond.contains("the first page of what was found"));
        let hostile = server.get("/shop?q=%22%27%3E%3Cscript%3Ealert(1)%3C/script%3E").await.text();
        assert!(!hostile.contains("<script>alert"));
    })
    .await;
}

#[tokio::test]
async fn words_find_products_whatever_their_case_accents_and_number() {
    on_both_engines(async |server| {
        for (query, found) in [
            ("q=mug", vec!["heart-mug", "enamel-mug", "reusable-cup", "water-bottle"]),
            ("q=HEART+bad", vec!["heart-badge", "badge-box"]),
            ("q=pencils", vec!["campaign-pencil", "heart-pen", "highlighter"]),
            ("q=banting", vec!["bunting"]),
            ("q=HEART-MUG-PLUM-CY", vec!["heart-mug"]),
            ("locale=cy&q=tŷ", vec![]),
            ("locale=cy&q=POTEL+DDWR", vec!["water-bottle"]),
            ("locale=cy&q=deisebau", vec!["heart-pen"]),
            ("q=xylophone", vec![]),
        ] {
            let answer = list(&server, query).await;
            let slugs = slugs(&answer);
            for slug in &found {
                assert!(slugs.iter().any(|other| other == slug), "{query}: {slug} in {slugs:?}");
            }
            if found.len() < 2 {
                assert_eq!(slugs.len(), found.len(), "{query}: {slugs:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_called_by_the_words_comes_first() {
    on_both_engines(async |server| {
        let found = slugs(&list(&server, "q=posters").await);
        assert_eq!(found[..2], ["week-poster", "rights-poster"], "{found:?}");
        assert!(found.contains(&"bunting".to_owned()), "its category has the word");
        let rest = slugs(&list(&server, &format!("q=posters&cursor={}", found[1])).await);
        assert_eq!(rest, found[2..]);
        let cheapest = slugs(&list(&server, "q=posters&sort=cheapest").await);
        assert_eq!(cheapest.last().map(String::as_str), Some("branch-banner"));
    })
    .await;
}

/// The numbers beside the filters are what the list would hold: asked for one by
/// one, for searches of every kind.
#[tokio::test]
async fn every_number_beside_a_filter_is_what_the_list_then_holds() {
    on_both_engines(async |server| {
        server.store.replace_seeded(&seed::products(150)).await.expect("made-up products");
        for search in [
            "",
            "q=heart",
            "category=t-shirts&category=mugs",
            "size=m&colour=red",
            "size=3xl&only=in-stock",
            "colour=red&colour=black&price=under-2&only=union-made&only=welsh",
            "q=nothing-like-it&size=m",
            "category=atlantis",
        ] {
            let answer = list(&server, search).await;
            for (facet, value, count) in counts(&answer) {
                // Of one facet several values widen the search, so the count is
                // of this value alone; `only` narrows.
                let kept: Vec<&str> = search
                    .split('&')
                    .filter(|pair| facet == "only" || !pair.starts_with(&format!("{facet}=")))
                    .collect();
                let narrowed = format!("{}&{facet}={value}&limit=1", kept.join("&"));
                assert_eq!(total(&list(&server, &narrowed).await), count, "{search} with {facet}={value}");
            }
        }
    })
    .await;
}

/// Against a search that looks at every variant, one after the other.
#[tokio::test]
async fn filters_find_what_has_one_variant_with_all_of_them() {
    on_both_engines(async |server| {
        server.store.replace_seeded(&seed::products(100)).await.expect("made-up products");
        let mut details = Vec::new();
        let (mut cursor, mut all) = (String::new(), Vec::new());
        loop {
            let page = list(&server, &format!("limit=50&cursor={cursor}")).await;
            all.extend(slugs(&page));
            match page["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(all.len(), PRODUCTS + 100);
        for slug in &all {
            details.push(server.get(&format!("/api/v1/products/{slug}")).await.json());
        }
        for colour in ["red", "black", "white"] {
            for size in ["s", "3xl", "a3"] {
                let has = |product: &&Value| {
                    let variants = product["variants"].as_array().expect("variants");
                    variants.iter().any(|variant| {
                        variant["colour"]["value"] == colour
                            && variant["size"]["value"] == size
                            && variant["left"] != 0
                    })
                };
                let expected: BTreeSet<&str> =
                    details.iter().filter(has).filter_map(|product| product["slug"].as_str()).collect();
                let query = format!("colour={colour}&size={size}&only=in-stock&limit=100");
                let found = slugs(&list(&server, &query).await);
                assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{query}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn pages_and_cursors_show_every_product_once_in_every_order() {
    on_both_engines(async |server| {
        let everything: BTreeSet<String> = slugs(&list(&server, "limit=100").await).into_iter().collect();
        for sort in ["featured", "cheapest", "dearest", "name"] {
            let whole = slugs(&list(&server, &format!("sort={sort}&limit=100")).await);
            assert_eq!(whole.iter().cloned().collect::<BTreeSet<_>>(), everything);
            let mut by_page = Vec::new();
            for page in 1..=4 {
                let answer = list(&server, &format!("sort={sort}&limit=7&page={page}")).await;
                assert_eq!(answer["pages"], 4);
                by_page.extend(slugs(&answer));
            }
            assert_eq!(by_page, whole, "{sort} by page");
            let (mut by_cursor, mut cursor) = (Vec::new(), String::new());
            loop {
                let answer = list(&server, &format!("sort={sort}&limit=7&cursor={cursor}")).await;
                by_cursor.extend(slugs(&answer));
                match answer["next"].as_str() {
                    Some(next) => cursor = next.to_owned(),
                    None => break,
                }
            }
            assert_eq!(by_cursor, whole, "{sort} by cursor");
        }
        let prices = |answer: &Value| -> Vec<u64> {
            let products = answer["products"].as_array().expect("products");
            products.iter().map(|product| product["from_pence"].as_u64().expect("pence")).collect()
        };
        assert!(prices(&list(&server, "sort=cheapest&limit=100").await).is_sorted());
        assert!(
            prices(&list(&server, "sort=dearest&limit=100").await).is_sorted_by(|one, other| one >= other)
        );
    })
    .await;
}

#[tokio::test]
async fn a_parameter_that_cannot_be_used_is_named() {
    on_both_engines(async |server| {
        let long = format!("q={}", "x".repeat(101));
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=ten", "limit"),
            ("page=0", "page"),
            ("page=99999999999999999999", "page"),
            ("sort=price", "sort"),
            ("cursor=no-such-product", "cursor"),
            ("cursor=heart-mug&page=2", "cursor"),
            ("locale=de", "locale"),
            (long.as_str(), "q"),
        ] {
            let answer = server.get(&format!("/api/v1/products?{query}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
            assert_eq!(answer.json()["errors"][0]["field"], field, "{query}");
        }
        for query in ["q=%ff%00", "size=%27%3B", "category=", "only=cheap", "&&=&=x"] {
            list(&server, query).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_of_stock_shows_at_once_where_it_can_be_seen() {
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
        assert_eq!(server.store.move_stock(SKU, -3).await.expect("a database"), Some(0));
        assert_eq!(server.store.move_stock(SKU, -1).await.expect("a database"), None, "never below nothing");
        assert_eq!(left().await, 0);
        assert!(page().await.contains("<p class='tag'>Sold out</p>"));
        assert_eq!(in_stock().await, before - 1);
        assert_eq!(server.store.move_stock(SKU, 500).await.expect("a database"), Some(500));
        assert_eq!(left().await, Value::Null, "there are enough");
        assert!(page().await.contains("<p class='tag'>In stock</p>"));
        let version = server.store.versions().await.expect("a version");
        assert_eq!(server.store.move_stock(SKU, -100).await.expect("a database"), Some(400));
        assert_eq!(server.store.versions().await.expect("a version"), version, "nobody can see it");
        assert_eq!(server.store.move_stock("NO-SUCH", 1).await.expect("a database"), None);
    })
    .await;
}

#[tokio::test]
async fn loading_content_again_leaves_the_stock_alone_and_takes_the_new_price() {
    on_both_engines(async |server| {
        server.store.move_stock("BUNTING", -6).await.expect("a database");
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
async fn made_up_products_come_and_go_and_leave_the_others_alone() {
    on_both_engines(async |server| {
        let before = slugs(&list(&server, "limit=100").await);
        server.store.replace_seeded(&seed::products(300)).await.expect("made-up products");
        let answer = list(&server, "limit=100").await;
        assert_eq!(total(&answer), PRODUCTS as u64 + 300);
        assert_eq!(slugs(&answer)[..PRODUCTS], before, "they stand behind the real ones");
        assert_eq!(server.get("/shop/seeded-00299").await.status, StatusCode::OK);
        server.store.replace_seeded(&seed::products(20)).await.expect("made-up products");
        assert_eq!(total(&list(&server, "").await), PRODUCTS as u64 + 20);
        server.store.replace_seeded(&[]).await.expect("made-up products");
        assert_eq!(slugs(&list(&server, "limit=100").await), before);
        assert_eq!(server.get("/shop/seeded-00001").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_site_map_lists_the_products() {
    on_both_engines(async |server| {
        let map = server.get("/sitemap.xml").await.text();
        for slug in slugs(&list(&server, "limit=100").await) {
            for prefix in ["", "/cy"] {
                assert!(
                    map.contains(&format!("<loc>https://week.example{prefix}/shop/{slug}</loc>")),
                    "{slug}"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_date_to_order_by_goes_when_it_has_passed() {
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

/// Every drawing that a product names is in the site's set.
#[test]
fn every_product_is_drawn() {
    let drawings = include_str!("../../../../public/pictures.svg");
    let content = copy_of_content();
    let records = content::read(content.path()).expect("content without mistakes");
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

/// Each mistake of an editor in the shop's files, with the field that is
/// reported.
#[test]
fn every_mistake_in_the_shop_s_files_names_its_field() {
    for (file, from, to, field, message) in [
        ("products/heart-mug", "category = \"mugs\"", "category = \"cups\"", "category", "lanyards-and-bags"),
        ("products/heart-mug", "vat_percent = 20", "vat_percent = 17", "vat_percent", "0, 5 or 20"),
        ("products/heart-mug", "weight_grams = 340", "weight_grams = 34000", "weight_grams", "no way"),
        ("products/heart-mug", "weight_grams = 340", "weight_grams = -1", "weight_grams", "invalid value"),
        ("products/heart-mug", "less_pence = 150", "less_pence = 50", "breaks.1", "takes off more"),
        ("products/heart-mug", "less_pence = 225", "less_pence = 750", "breaks.2", "not the whole price"),
        ("products/heart-mug", "HEART-MUG-WHITE-EN", "HEART-MUG-RED-EN", "variants.2.sku", "has this SKU"),
        ("products/heart-mug", "HEART-MUG-WHITE-EN", "mug white", "variants.2.sku", "capitals"),
        ("products/heart-mug", "colour = \"plum\"", "colour = \"mauve\"", "variants.4.colour", "red, plum"),
        ("products/heart-mug", "language = \"cy\"", "language = \"en\"", "variants.1", "the same colour"),
        ("products/heart-mug", ", colour = \"red\", language = \"cy\"", "", "variants.1", "others none"),
        ("products/heart-mug", "pictures = [\"product-mug\"]", "pictures = []", "pictures", "a picture"),
        ("products/week-poster", "cap = 20\n", "", "cap", "what is free"),
        (
            "products/heart-t-shirt",
            "size = \"xs\", chest",
            "size = \"tiny\", chest",
            "size_chart.0.size",
            "xs",
        ),
        ("shop/shop", "value = \"welsh\"", "value = \"cymraeg\"", "only", "in-stock, welsh, union-made"),
        ("shop/shop", "below_pence = 200", "below_pence = 1", "price.1.below_pence", "above its start"),
        ("shop/shop", "020 7946 0190", "call us", "telephone", "digits"),
    ] {
        let content = copy_of_content();
        let path = content.path().join(format!("{file}.toml"));
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "{file} holds {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).expect("a file");
        let mistakes = content::read(content.path()).expect_err(to).0;
        assert_eq!(mistakes[0].field, field, "{}", mistakes[0]);
        assert!(mistakes[0].message.contains(message), "{}", mistakes[0]);
    }
    // A variant that is left out leaves a hole among the choices.
    let content = copy_of_content();
    let path = content.path().join("products/heart-mug.toml");
    let text = std::fs::read_to_string(&path).expect("a file");
    let without: Vec<&str> = text.lines().filter(|line| !line.contains("HEART-MUG-WHITE-CY")).collect();
    std::fs::write(&path, without.join("\n")).expect("a file");
    let mistakes = content::read(content.path()).expect_err("a hole").0;
    assert_eq!(mistakes[0].field, "variants");
}
