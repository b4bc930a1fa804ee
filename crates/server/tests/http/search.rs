//! Results for words and questions: in the site's search, in the shop and among the unions.

use axum::http::StatusCode;
use contract::{
    Endpoint as _,
    Locale::{self, Cy, En},
    query,
    search::{SearchResults, SearchSite},
    shop::{ListProducts, Products},
    unions::{ListUnions, Unions},
};
use serde::de::DeserializeOwned;

use crate::{
    server::{TestServer, on_both_engines},
    shop::{list, slugs, total},
};

async fn ask<T: DeserializeOwned>(server: &TestServer, path: &str, locale: Locale, typed: &str) -> T {
    let answer = server.get(&query(path, &[("locale", locale.tag()), ("q", typed), ("limit", "100")])).await;
    assert_eq!(answer.status, StatusCode::OK, "{typed}: {}", answer.text());
    serde_json::from_slice(&answer.body).expect("the answer")
}

/// The paths of the site's search results, in order.
async fn site(server: &TestServer, locale: Locale, typed: &str) -> Vec<String> {
    let found: SearchResults = ask(server, SearchSite::PATH, locale, typed).await;
    assert_eq!(found.results.len(), found.total as usize, "{typed}");
    found.results.into_iter().map(|result| result.path).collect()
}

async fn shop(server: &TestServer, locale: Locale, typed: &str) -> Vec<String> {
    let found: Products = ask(server, ListProducts::PATH, locale, typed).await;
    found.products.into_iter().map(|product| product.slug).collect()
}

async fn unions(server: &TestServer, locale: Locale, typed: &str) -> Vec<String> {
    let found: Unions = ask(server, ListUnions::PATH, locale, typed).await;
    found.unions.into_iter().map(|union| union.slug).collect()
}

#[tokio::test]
async fn site_search_ranks_the_best_page_first() {
    const PAIRS: [(Locale, &str, &str); 62] = [
        (En, "heart mug red", "/shop/heart-mug"),
        (En, "How do I join a union?", "/join"),
        (En, "why should I join a union", "/join"),
        (En, "what does a steward do", "/take-part/steward"),
        (En, "how do I become a safety rep", "/news/become-a-safety-rep"),
        (En, "What are my rights at work?", "/courses/union-rights-free"),
        (En, "knowing your rights", "/shop/rights-poster"),
        (En, "I’m a nurse", "/unions/public-service"),
        (En, "which union is for teachers", "/unions/teachers"),
        (En, "a union for shop workers", "/unions/shop-workers"),
        (En, "physiotherapy students", "/unions/physiotherapists"),
        (En, "when is the opening call", "/events/opening-call"),
        (En, "what’s the summer school", "/events/summer-school"),
        (En, "inductions for stewards", "/courses/steward-induction"),
        (En, "recruitment tips", "/resources/recruitment-tips"),
        (En, "posters for the noticeboard", "/shop/week-poster"),
        (En, "stickers for my locker", "/shop/stickers"),
        (En, "do you have badges", "/shop/badge-box"),
        (En, "T-shirts for children", "/shop/childrens-t-shirt"),
        (En, "a child’s shirt", "/shop/childrens-t-shirt"),
        (En, "fair pay for holidays", "/news/fair-holiday-pay"),
        (En, "outsourced hospital cleaner", "/news/bring-hospital-services-back"),
        (En, "student in health", "/news/students-in-health"),
        (En, "newsletter for our members", "/events/newsletter-evening"),
        (En, "do you use cookies", "/privacy"),
        (En, "high street stalls", "/past-years"),
        (En, "I am not in a union", "/take-part/not-in-a-union"),
        (En, "banners for branches", "/shop/branch-banner"),
        (En, "what is in the rep pack", "/resources/rep-pack"),
        (En, "activists’ packs", "/resources/activist-pack"),
        (En, "assessing risks", "/courses/risk-assessment-day"),
        (En, "who is in the Midlands office", "/contacts/midlands"),
        (En, "reusable cups", "/shop/reusable-cup"),
        (Cy, "cymru", "/cy/contacts/wales"),
        (Cy, "gymru", "/cy/contacts/wales"),
        (Cy, "yng Nghymru", "/cy/contacts/wales"),
        (Cy, "Sut mae ymuno ag undeb?", "/cy/join"),
        (Cy, "pam ymuno ag undebau", "/cy/join"),
        (Cy, "beth mae stiwardiaid yn ei wneud", "/cy/take-part/steward"),
        (Cy, "rwy’n gynrychiolydd diogelwch", "/cy/take-part/safety-rep"),
        (Cy, "hawl yn y gwaith", "/cy/courses/union-rights-free"),
        (Cy, "y cyrsiau gloywi", "/cy/courses/rep-refresher"),
        (Cy, "crysau i blant", "/cy/shop/childrens-t-shirt"),
        (Cy, "fygiau calon", "/cy/shop/heart-mug"),
        (Cy, "linynnau gwddf", "/cy/shop/heart-lanyard"),
        (Cy, "taflen am undeb", "/cy/shop/leaflets"),
        (Cy, "baneri’r canghennau", "/cy/shop/branch-banner"),
        (Cy, "fagiau cotwm", "/cy/shop/heart-tote"),
        (Cy, "poteli dŵr", "/cy/shop/water-bottle"),
        (Cy, "cwpanau", "/cy/shop/reusable-cup"),
        (Cy, "gwasanaethau’r ysbytai", "/cy/news/bring-hospital-services-back"),
        (Cy, "fyfyriwr iechyd", "/cy/news/students-in-health"),
        (Cy, "ysgolion haf", "/cy/events/summer-school"),
        (Cy, "stondinau stryd", "/cy/events/street-stall"),
        (Cy, "ddiwrnod sgyrsiau", "/cy/events/heart-to-heart-day"),
        (Cy, "dydw i ddim mewn undeb", "/cy/take-part/not-in-a-union"),
        (Cy, "undeb i athrawon", "/cy/unions/teachers"),
        (Cy, "radiograffydd", "/cy/unions/radiographers"),
        (Cy, "ogledd Iwerddon", "/cy/contacts/northern-ireland"),
        (Cy, "swyddfa yn Lundain", "/cy/contacts/london-south-east-and-east"),
        (Cy, "becynnau ymgyrchu", "/cy/resources/activist-pack"),
        (Cy, "ydych chi’n defnyddio cwcis", "/cy/privacy"),
    ];
    on_both_engines(async |server| {
        for (locale, typed, path) in PAIRS {
            let found = site(&server, locale, typed).await;
            assert_eq!(found.first().map(String::as_str), Some(path), "{typed}: {found:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn site_search_includes_pages_that_mention_the_words() {
    const PAIRS: [(Locale, &str, &str); 10] = [
        (En, "Where can I buy a mug?", "/shop/heart-mug"),
        (En, "where can i buy a mug", "/shop/enamel-mug"),
        (En, "being harassed at work", "/support"),
        (En, "harassment", "/support"),
        (En, "who can I talk to in confidence", "/support"),
        (En, "who do I call in Wales", "/contacts/wales"),
        (En, "courses for new stewards", "/courses/steward-induction"),
        (Cy, "ble alla i brynu mwg", "/cy/shop/heart-mug"),
        (Cy, "aflonyddu rhywiol", "/cy/support"),
        (Cy, "yr alwad agoriadol", "/cy/events/opening-call"),
    ];
    on_both_engines(async |server| {
        for (locale, typed, path) in PAIRS {
            let found = site(&server, locale, typed).await;
            assert!(found.iter().any(|other| other == path), "{typed}: {found:?}");
        }
        let everything = site(&server, En, "e").await;
        for typed in ["where can i buy a mug", "a heart mug for our ward", "fair holiday pay"] {
            let found = site(&server, En, typed).await;
            assert!(found.len() < everything.len() / 3, "{typed} does not find most of the site: {found:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn site_search_matches_all_word_forms() {
    const FORMS: [(Locale, &[&str]); 16] = [
        (Cy, &["cymru", "gymru", "nghymru", "Chymru"]),
        (Cy, &["mwg", "mygiau", "fygiau"]),
        (Cy, &["undeb", "undebau", "hundebau"]),
        (Cy, &["poster", "posteri", "bosteri", "phosteri"]),
        (Cy, &["bathodyn", "bathodynnau", "fathodynnau"]),
        (Cy, &["cwrs", "cyrsiau", "gyrsiau"]),
        (Cy, &["taflen", "taflenni", "daflenni", "thaflenni"]),
        (Cy, &["stiward", "stiwardiaid"]),
        (Cy, &["sgwrs", "sgyrsiau"]),
        (Cy, &["caerdydd", "nghaerdydd"]),
        (Cy, &["aelod", "aelodau", "haelodau"]),
        (En, &["mug", "mugs"]),
        (En, &["banner", "banners"]),
        (En, &["leaflet", "leaflets"]),
        (En, &["webinar", "webinars"]),
        (En, &["branch", "branches"]),
    ];
    on_both_engines(async |server| {
        for (locale, forms) in FORMS {
            let sorted = async |typed: &str| {
                let mut found = site(&server, locale, typed).await;
                found.sort();
                found
            };
            let first = sorted(forms[0]).await;
            assert!(!first.is_empty(), "{}", forms[0]);
            for form in forms {
                assert_eq!(sorted(form).await, first, "{form} and {}", forms[0]);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn product_search_falls_back_to_best_partial_matches() {
    const PAIRS: [(Locale, &str, &[&str]); 20] = [
        (En, "where can i buy a heart mug", &["heart-mug"]),
        (En, "heart mug red", &["heart-mug"]),
        (En, "a red mug for the union office", &["heart-mug", "water-bottle"]),
        (En, "do you have posters?", &["week-poster", "rights-poster"]),
        (En, "badges with a heart", &["heart-badge"]),
        (En, "shirts for children", &["childrens-t-shirt"]),
        (En, "a pen for signing petitions", &["heart-pen"]),
        (En, "something to wave at a rally", &["hand-flag"]),
        (En, "reusable xylophone cup", &["reusable-cup"]),
        (En, "leaflet", &["leaflets"]),
        (Cy, "ble alla i brynu mwg", &["heart-mug", "enamel-mug"]),
        (Cy, "mygiau calon", &["heart-mug"]),
        (Cy, "fwg enamel", &["enamel-mug"]),
        (Cy, "grysau", &["heart-t-shirt", "organise-t-shirt"]),
        (Cy, "oes gennych chi bosteri", &["week-poster", "rights-poster"]),
        (Cy, "fathodynnau calon", &["heart-badge"]),
        (Cy, "baner i’r gangen", &["branch-banner"]),
        (Cy, "beiros coch", &["heart-pen"]),
        (Cy, "llinyn gwddf i gerdyn", &["heart-lanyard"]),
        (Cy, "bag gotwm", &["heart-tote"]),
    ];
    on_both_engines(async |server| {
        for (locale, typed, first) in PAIRS {
            let found = shop(&server, locale, typed).await;
            assert!(found.iter().zip(first).all(|(one, other)| one == other), "{typed}: {found:?}");
            assert!(found.len() >= first.len() && found.len() < 10, "{typed}: {found:?}");
        }
        let mugs = shop(&server, En, "mug").await;
        assert_eq!(shop(&server, En, "where can I buy a mug?").await, mugs);
    })
    .await;
}

#[tokio::test]
async fn union_search_finds_a_job_in_a_sentence() {
    on_both_engines(async |server| {
        for (locale, typed, union) in [
            (En, "I work as a nurse", "public-service"),
            (En, "senior nurses", "public-service"),
            (En, "which union is for teachers?", "teachers"),
            (En, "I drive a bus", "transport"),
            (Cy, "rwy’n nyrs", "public-service"),
            (Cy, "athrawon", "teachers"),
            (Cy, "gyrwyr bysiau", "transport"),
            (Cy, "gogydd", "hospitality-and-culture"),
        ] {
            assert_eq!(unions(&server, locale, typed).await, [union], "{typed}");
        }
    })
    .await;
}

/// No product is both blue and a cup, so those that are either are listed.
#[tokio::test]
async fn partial_matches_are_paginated_and_filtered() {
    on_both_engines(async |server| {
        let whole = list(&server, "q=blue+cup&limit=100").await;
        let all = slugs(&whole);
        assert!(all.len() > 3 && all[0] == "reusable-cup", "what is called so comes first: {all:?}");
        let (mut by_cursor, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = list(&server, &format!("q=blue+cup&limit=2&cursor={cursor}")).await;
            by_cursor.extend(slugs(&page));
            let Some(next) = page["next"].as_str() else { break };
            cursor = next.to_owned();
        }
        assert_eq!(by_cursor, all);
        let mut by_page = Vec::new();
        for page in 1..=all.len().div_ceil(2) {
            by_page.extend(slugs(&list(&server, &format!("q=blue+cup&limit=2&page={page}")).await));
        }
        assert_eq!(by_page, all);
        for facet in whole["facets"].as_array().expect("facets") {
            let name = facet["name"].as_str().expect("a name");
            for term in facet["values"].as_array().expect("values") {
                let value = term["value"].as_str().expect("a value");
                let own = list(&server, &format!("q=blue+cup&{name}={value}")).await;
                assert_eq!(Some(total(&own)), term["count"].as_u64(), "{name}={value}");
            }
        }
    })
    .await;
}
