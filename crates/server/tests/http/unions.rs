//! Unions, roles, courses, and search over everything.

use axum::http::StatusCode;
use contract::Locale;
use serde_json::Value;

use crate::server::{TestServer, content_errors, on_both_engines};

async fn json(server: &TestServer, path: &str) -> Value {
    let answer = server.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.json()
}

fn slugs<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    let entries = list[name].as_array().expect("entries");
    entries.iter().map(|entry| entry["slug"].as_str().expect("a slug")).collect()
}

#[tokio::test]
async fn union_is_found_by_job_name_or_abbreviation() {
    on_both_engines(async |server| {
        for (locale, typed, found) in [
            ("en", "nurse", "public-service"),
            ("en", "Teaching%20Assistants", "public-service"),
            ("en", "USW", "shop-workers"),
            ("en", "physio", "physiotherapists"),
            ("en", "sonograhper", "radiographers"),
            ("en", "bus driver", "transport"),
            ("cy", "nyrs", "public-service"),
            ("cy", "cynorthwyydd dysgu", "public-service"),
            ("cy", "athrawes", "teachers"),
            ("cy", "gyrrwr tren", "transport"),
            ("cy", "ffisiotherapydd", "physiotherapists"),
        ] {
            let query = format!("/api/v1/unions?locale={locale}&q={}", typed.replace(' ', "+"));
            assert_eq!(slugs(&json(&server, &query).await, "unions"), [found], "{typed}");
        }
        let all = json(&server, "/api/v1/unions").await;
        assert_eq!(slugs(&all, "unions").len(), 7, "nobody joins the federation by themselves");
        assert_eq!(json(&server, "/api/v1/unions?q=federation").await["unions"], Value::Array(vec![]));
        assert_eq!(all["telephone"], "020 7946 0100", "who to contact where none is found");
        let page = server.get("/cy/unions?q=dofwr").await.text();
        assert!(page.contains("Heb ddod o hyd i undebau ar gyfer “dofwr”") && page.contains("020 7946 0100"));
    })
    .await;
}

#[tokio::test]
async fn every_content_page_is_in_both_languages_and_the_sitemap() {
    on_both_engines(async |server| {
        let map = server.get("/sitemap.xml").await.text();
        let unions = json(&server, "/api/v1/unions").await;
        let courses = json(&server, "/api/v1/courses").await;
        let roles = json(&server, "/api/v1/roles").await;
        let mut pages = vec![("unions", "unions", "name", "federation")];
        pages.extend(slugs(&unions, "unions").into_iter().map(|slug| ("unions", "unions", "name", slug)));
        pages
            .extend(slugs(&courses, "courses").into_iter().map(|slug| ("courses", "courses", "title", slug)));
        pages.extend(slugs(&roles, "roles").into_iter().map(|slug| ("roles", "take-part", "title", slug)));
        assert_eq!(pages.len(), 8 + 6 + 4);
        for (noun, folder, title, slug) in pages {
            for locale in Locale::ALL {
                let thing = json(&server, &format!("/api/v1/{noun}/{slug}?locale={locale}")).await;
                let page = server.get(&format!("{}/{folder}/{slug}", locale.path_prefix())).await;
                assert_eq!(page.status, StatusCode::OK, "{slug}");
                let title = thing["summary"][title].as_str().expect("a title");
                assert!(page.text().contains(&format!("tabindex=\"-1\">{title}</h1>")), "{slug} in {locale}");
            }
            assert!(map.contains(&format!("/cy/{folder}/{slug}</loc>")), "{slug}");
        }
        for path in ["/unions/nothing", "/courses/%00", "/take-part/BOSS"] {
            assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            let api = format!("/api/v1{}", path.replace("take-part", "roles"));
            assert_eq!(server.get(&api).await.status, StatusCode::NOT_FOUND, "{api}");
        }
    })
    .await;
}

#[tokio::test]
async fn union_page_lists_its_own_content() {
    on_both_engines(async |server| {
        for (slug, news, events, courses) in
            [("physiotherapists", 1, 1, 2), ("radiographers", 1, 1, 1), ("public-service", 3, 2, 1)]
        {
            let union = json(&server, &format!("/api/v1/unions/{slug}")).await;
            let lists = ["news", "events", "courses"].map(|name| union[name].as_array().expect("a list"));
            assert_eq!(lists.map(Vec::len), [news, events, courses], "{slug}");
            for entry in lists.into_iter().flatten() {
                assert_eq!(entry["union"]["value"], slug);
            }
        }
        server.set_clock("2027-02-13T14:00:00Z");
        let union = json(&server, "/api/v1/unions/public-service").await;
        assert_eq!(union["events"], Value::Array(vec![]), "what is over is gone");
    })
    .await;
}

#[tokio::test]
async fn credits_are_calculated_without_javascript() {
    on_both_engines(async |server| {
        for (start, words) in [
            ("2023-02-12", "on or after 13 February 2023. Your start date is 12 February 2023."),
            ("2023-02-13", "Yes. If your start date is 13 February 2023, you get 6 credits."),
        ] {
            let page = server.get(&format!("/courses/steward-induction?start={start}")).await.text();
            assert!(page.contains(words), "{start}");
        }
        for query in ["", "?start=", "?start=2023-02-30", "?start=%3Cb%3E"] {
            let page = server.get(&format!("/courses/steward-induction{query}")).await.text();
            assert!(
                !page.contains("Yes. If your start date") && !page.contains("No. You only get credits"),
                "{query}"
            );
        }
        let page = server.get("/courses/union-rights-free").await.text();
        assert!(!page.contains("Check if you will get credits"), "it earns none");
        let online = json(&server, "/api/v1/courses?mode=online").await;
        let counted =
            online["modes"].as_array().expect("modes").iter().find(|mode| mode["value"] == "online");
        assert_eq!(counted.expect("online")["count"], slugs(&online, "courses").len());
    })
    .await;
}

#[tokio::test]
async fn site_search_ignores_case_accents_and_plurals() {
    on_both_engines(async |server| {
        let first = async |locale: &str, typed: &str| {
            let found = json(&server, &format!("/api/v1/search?locale={locale}&q={typed}")).await;
            let first = &found["results"][0];
            (first["path"].as_str().unwrap_or_default().to_owned(), found["total"].as_u64().expect("a total"))
        };
        for (locale, typed, path) in [
            ("en", "physiotherapists", "/unions/physiotherapists"),
            ("en", "I+am+a+steward", "/take-part/steward"),
            ("en", "refreshers", "/courses/rep-refresher"),
            ("en", "privacy", "/privacy"),
            ("en", "merseyside", "/contacts/north-west"),
            ("en", "opens+the+week", "/events/opening-call"),
            ("en", "HEART+MUGS", "/shop/heart-mug"),
            ("en", "lanyrad", "/shop/heart-lanyard"),
            ("en", "fair+holiday+pay", "/news/fair-holiday-pay"),
            ("en", "learning+to+look", "/past-years"),
            ("cy", "cwrs+gloywi", "/cy/courses/rep-refresher"),
            ("cy", "mwg+calon", "/cy/shop/heart-mug"),
            ("cy", "preifatrwydd", "/cy/privacy"),
            ("cy", "diwrnod+sgwrs", "/cy/events/heart-to-heart-day"),
        ] {
            let (found, total) = first(locale, typed).await;
            let all = json(&server, &format!("/api/v1/search?locale={locale}&q={typed}&limit=100")).await;
            let paths: Vec<&str> = all["results"]
                .as_array()
                .expect("results")
                .iter()
                .filter_map(|one| one["path"].as_str())
                .collect();
            assert!(paths.contains(&path), "{typed}: {paths:?}");
            assert_eq!(paths.len() as u64, total, "{typed}");
            assert_eq!(found, path, "{typed}: what is called so comes first");
            assert_eq!(server.get(path).await.status, StatusCode::OK, "{path}");
        }
        assert_eq!(first("en", "xyzzy").await.1, 0);
        assert_eq!(first("en", "").await.1, 0);
        assert_eq!(first("en", "%20%2C").await.1, 0);
    })
    .await;
}

#[tokio::test]
async fn results_are_counted_by_kind_and_paginated() {
    on_both_engines(async |server| {
        let all = json(&server, "/api/v1/search?q=rep").await;
        let kinds = all["kinds"].as_array().expect("kinds");
        let sum: u64 = kinds.iter().map(|kind| kind["count"].as_u64().expect("a count")).sum();
        assert_eq!(Some(sum), all["total"].as_u64());
        for kind in kinds {
            let value = kind["value"].as_str().expect("a value");
            let own = json(&server, &format!("/api/v1/search?q=rep&kind={value}")).await;
            assert_eq!(own["total"], kind["count"], "{value}");
        }
        let whole = json(&server, "/api/v1/search?q=rep&limit=100").await;
        let mut paged = Vec::new();
        for page in 1..=all["pages"].as_u64().expect("pages") {
            let part = json(&server, &format!("/api/v1/search?q=rep&page={page}")).await;
            paged.extend(part["results"].as_array().expect("results").clone());
        }
        assert_eq!(&paged, whole["results"].as_array().expect("results"));
        for query in ["limit=0", "page=0", "limit=101", "cursor=x"] {
            let answer = server.get(&format!("/api/v1/search?q=rep&{query}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn search_excludes_unpublished_news() {
    on_both_engines(async |server| {
        let query = "/api/v1/search?q=conversation&kind=news";
        let found = async || json(&server, query).await["results"].to_string().contains("conversation-tips");
        server.set_clock("2027-01-11T07:59:00Z");
        assert!(!found().await);
        server.set_clock("2027-01-11T08:00:00Z");
        assert!(found().await);
    })
    .await;
}

#[test]
fn union_course_and_role_files_are_validated() {
    for (file, from, to, field) in [
        ("unions/transport.toml", "accent = \"slate\"", "accent = \"pink\"", "accent"),
        (
            "unions/transport.toml",
            "telephone = \"0117 496 0270\"",
            "telephone = \"12\"",
            "en.people.0.telephone",
        ),
        ("courses/rep-refresher.toml", "union = \"radiographers\"", "union = \"pirates\"", "union"),
        (
            "courses/rep-refresher.toml",
            "modes = [\"online\", \"self-study\"]",
            "modes = [\"radio\"]",
            "modes.0",
        ),
        ("courses/rep-refresher.toml", "modes = [\"online\", \"self-study\"]", "modes = []", "modes"),
        ("courses/steward-induction.toml", "credits = 6\n", "", "credits"),
        ("courses/rep-refresher.toml", "email = \"", "email = \"x ", "email"),
        ("roles/member.toml", "name = \"ask-colleagues\"", "name = \"say-hello\"", "steps.1.name"),
        ("roles/member.toml", "name = \"opt-in\"", "name = \"Opt in\"", "steps.2.name"),
        ("posts/posts.toml", "text = \"I wear", &format!("text = \"{} I wear", "x".repeat(240)), "en.2.text"),
    ] {
        let errors = content_errors(file, from, to);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!((errors[0].file.as_str(), errors[0].field.as_str()), (file, field), "{errors:?}");
    }
}
