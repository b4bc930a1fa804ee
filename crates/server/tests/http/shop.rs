//! The shop's lists: words, filters, sort orders and pages.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use campaign_hub_server::seed;
use serde_json::Value;

use crate::server::{TestServer, on_both_engines};

/// The number of products in the content files.
pub(crate) const PRODUCTS: usize = 26;

pub(crate) async fn list(server: &TestServer, query: &str) -> Value {
    let answer = server.get(&format!("/api/v1/products?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    answer.json()
}

pub(crate) fn slugs(list: &Value) -> Vec<String> {
    let products = list["products"].as_array().expect("products");
    products.iter().map(|product| product["slug"].as_str().expect("a slug").to_owned()).collect()
}

pub(crate) fn total(list: &Value) -> u64 {
    list["total"].as_u64().expect("a total")
}

/// The filters of a list: name, value, count.
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
async fn product_list_works_without_javascript() {
    on_both_engines(async |server| {
        let page = server.get("/shop?q=&category=mugs&sort=cheapest").await.text();
        let links = page.split("<a href=\"").filter_map(|link| link.split_once("\" class=\"card__name\">"));
        let names: Vec<&str> = links.map(|(href, _)| href).collect();
        let mugs = ["/shop/heart-mug", "/shop/reusable-cup", "/shop/enamel-mug", "/shop/water-bottle"];
        assert_eq!(names, mugs);
        assert!(page.contains("name=\"category\" value=\"mugs\" checked"));
        assert!(page.contains("<option value=\"cheapest\" selected>"));
        let nothing = server.get("/shop?q=zzzz&only=welsh").await;
        assert_eq!(nothing.status, StatusCode::OK);
        for text in
            ["No products found", "“zzzz” without filters", "href=\"/shop?category=pens\"", "href=\"/shop\""]
        {
            assert!(nothing.text().contains(text), "{text}");
        }
        let beyond = server.get("/shop?page=99").await.text();
        assert!(beyond.contains("the first page of results"));
        let hostile = server.get("/shop?q=%22%27%3E%3Cscript%3Ealert(1)%3C/script%3E").await.text();
        assert!(!hostile.contains("<script>alert"));
    })
    .await;
}

#[tokio::test]
async fn product_search_ignores_case_accents_and_plurals() {
    on_both_engines(async |server| {
        for (query, found) in [
            ("q=mug", vec!["heart-mug", "enamel-mug", "reusable-cup", "water-bottle"]),
            ("q=HEART+bad", vec!["heart-badge", "badge-box"]),
            ("q=pencils", vec!["campaign-pencil", "heart-pen", "highlighter"]),
            ("q=banting", vec!["bunting"]),
            ("q=HEART-MUG-PLUM-CY", vec!["heart-mug"]),
            ("locale=cy&q=tŷŷ", vec![]),
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
async fn name_matches_come_first() {
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

/// The numbers beside the filters match the length of the filtered list, for searches of every
/// kind.
#[tokio::test]
async fn product_filter_counts_match_results() {
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
                // Several values of one filter widen the search, so the count is for this
                // value alone; `only` narrows.
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

/// Compared with a search that looks at every variant in turn.
#[tokio::test]
async fn filters_match_a_single_variant() {
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
async fn product_pagination_shows_each_product_once_in_every_order() {
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
async fn invalid_parameter_is_named() {
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
async fn seeded_products_do_not_affect_others() {
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
async fn sitemap_lists_products() {
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
