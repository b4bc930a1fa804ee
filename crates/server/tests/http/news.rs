//! News: lists by topic and union, items, scheduled publication, feeds.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use contract::Locale;
use serde_json::Value;

use crate::server::{TestServer, content_errors, on_both_engines};

/// An item scheduled for publication in the week before the campaign's events.
const SCHEDULED: &str = "conversation-tips";
const PUBLISHED_AT: &str = "2027-01-11T08:00:00Z";

async fn list(server: &TestServer, query: &str) -> Value {
    let answer = server.get(&format!("/api/v1/news?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    answer.json()
}

fn slugs(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("items");
    items.iter().map(|item| item["slug"].as_str().expect("a slug").to_owned()).collect()
}

#[tokio::test]
async fn every_item_has_a_page_in_both_languages() {
    on_both_engines(async |server| {
        let all = slugs(&list(&server, "limit=100").await);
        assert_eq!(all.len(), 9);
        for slug in &all {
            for locale in Locale::ALL {
                let item = server.get(&format!("/api/v1/news/{slug}?locale={locale}")).await.json();
                let page = server.get(&format!("{}/news/{slug}", locale.path_prefix())).await;
                assert_eq!(page.status, StatusCode::OK, "{slug}");
                let html = page.text();
                for text in
                    [&item["summary"]["title"], &item["summary"]["standfirst"], &item["text"]["caption"]]
                {
                    let text = text.as_str().expect("a text");
                    assert!(html.contains(text), "{slug} in {locale}: {text}");
                }
                assert_eq!(item["more"].as_array().map(Vec::len), Some(3));
            }
        }
        let map = server.get("/sitemap.xml").await.text();
        assert!(all.iter().all(|slug| map.contains(&format!("/cy/news/{slug}</loc>"))));
        for slug in ["nothing", "%00", "FOCUS-2027"] {
            assert_eq!(server.get(&format!("/api/v1/news/{slug}")).await.status, StatusCode::NOT_FOUND);
            assert_eq!(server.get(&format!("/news/{slug}")).await.status, StatusCode::NOT_FOUND);
        }
    })
    .await;
}

#[tokio::test]
async fn news_item_appears_when_published() {
    on_both_engines(async |server| {
        let places = ["/news", "/news/feed.atom", "/cy/news/feed.atom", "/sitemap.xml", "/api/v1/news", "/"];
        let shown = async || {
            let mut shown = BTreeSet::new();
            for place in places {
                if server.get(place).await.text().contains(&format!("/{SCHEDULED}"))
                    || server.get(place).await.text().contains(&format!("\"{SCHEDULED}\""))
                {
                    shown.insert(place);
                }
            }
            shown
        };
        server.set_clock("2027-01-11T07:59:00Z");
        assert!(shown().await.is_empty());
        assert_eq!(server.get(&format!("/news/{SCHEDULED}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(server.get(&format!("/api/v1/news/{SCHEDULED}")).await.status, StatusCode::NOT_FOUND);
        // A page rendered a minute ago must not come from the cache.
        server.set_clock(PUBLISHED_AT);
        assert_eq!(shown().await, BTreeSet::from(places));
        assert_eq!(server.get(&format!("/news/{SCHEDULED}")).await.status, StatusCode::OK);
        assert_eq!(slugs(&list(&server, "").await)[0], SCHEDULED, "the latest first");
    })
    .await;
}

#[tokio::test]
async fn news_filter_counts_match_results() {
    on_both_engines(async |server| {
        for choice in
            ["", "tag=event", "union=public-service", "tag=learning&union=physiotherapists", "tag=x"]
        {
            let answer = list(&server, choice).await;
            for (name, field) in [("tag", "tags"), ("union", "unions")] {
                for value in answer[field].as_array().expect("values") {
                    let other: Vec<&str> =
                        choice.split('&').filter(|pair| !pair.starts_with(&format!("{name}="))).collect();
                    let value_name = value["value"].as_str().expect("a value");
                    let narrowed = format!("{}&{name}={value_name}", other.join("&"));
                    let found = list(&server, &narrowed).await;
                    assert_eq!(found["total"], value["count"], "{choice}: {narrowed}");
                    for item in found["items"].as_array().expect("items") {
                        let has = match name {
                            "tag" => {
                                let tags = item["tags"].as_array().expect("tags");
                                tags.iter().any(|tag| tag["value"] == value_name)
                            }
                            _ => item["union"]["value"] == value_name,
                        };
                        assert!(has, "{narrowed}: {}", item["slug"]);
                    }
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn news_pagination_shows_each_item_once() {
    on_both_engines(async |server| {
        server.set_clock("2027-02-10T12:00:00Z");
        let all = list(&server, "limit=100").await;
        let moments: Vec<&str> = all["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| item["published"]["utc"].as_str().expect("a moment"))
            .collect();
        assert!(moments.is_sorted_by(|one, other| one >= other), "{moments:?}");
        let (mut by_page, mut by_cursor, mut cursor) = (Vec::new(), Vec::new(), String::new());
        for page in 1..=4 {
            by_page.extend(slugs(&list(&server, &format!("limit=3&page={page}")).await));
        }
        loop {
            let answer = list(&server, &format!("limit=3&cursor={cursor}")).await;
            by_cursor.extend(slugs(&answer));
            match answer["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(by_page, slugs(&all));
        assert_eq!(by_cursor, slugs(&all));
        for (query, field) in [
            ("limit=0", "limit"),
            ("page=x", "page"),
            ("cursor=nothing", "cursor"),
            ("cursor=focus-2027&page=1", "cursor"),
            ("locale=fr", "locale"),
        ] {
            let answer = server.get(&format!("/api/v1/news?{query}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
            assert_eq!(answer.json()["errors"][0]["field"], field, "{query}");
        }
    })
    .await;
}

/// The feed, read with an independent parser.
#[tokio::test]
async fn feed_is_valid_atom_in_each_language() {
    on_both_engines(async |server| {
        for (locale, title) in
            [(Locale::En, "heartunions week news"), (Locale::Cy, "Newyddion wythnos caruundebau")]
        {
            let prefix = locale.path_prefix();
            let answer = server.get(&format!("{prefix}/news/feed.atom")).await;
            assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
            let feed = feed_rs::parser::parse(answer.body.as_slice()).expect("a feed");
            assert_eq!(feed.feed_type, feed_rs::model::FeedType::Atom);
            assert_eq!(feed.title.expect("a title").content, title);
            assert_eq!(feed.language.as_deref(), Some(locale.tag()));
            assert!(feed.updated.is_some() && !feed.authors.is_empty());
            let own = format!("https://week.example{prefix}/news/feed.atom");
            assert!(feed.links.iter().any(|link| link.rel.as_deref() == Some("self") && link.href == own));
            assert_eq!(feed.entries.len(), 9);
            let ids: BTreeSet<&str> = feed.entries.iter().map(|entry| entry.id.as_str()).collect();
            assert_eq!(ids.len(), 9, "each has an id of its own");
            for entry in &feed.entries {
                assert!(entry.updated.is_some() && entry.published.is_some(), "{}", entry.id);
                assert!(entry.title.is_some() && entry.summary.is_some() && !entry.authors.is_empty());
                assert!(entry.links.iter().any(|link| link.href == entry.id), "{}", entry.id);
                let body = entry.content.as_ref().and_then(|content| content.body.as_ref()).expect("a body");
                assert!(body.starts_with("<p>") && !body.contains("href=\"/"), "{body}");
            }
            let page = server.get(&format!("{prefix}/news")).await.text();
            let link = format!(
                "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"{title}\" href=\"{own}\">"
            );
            assert!(page.contains(&link), "the page names its feed");
        }
    })
    .await;
}

#[test]
fn news_file_errors_name_the_field() {
    for (from, to, field, message) in [
        ("union = \"federation\"", "union = \"bakers\"", "union", "physiotherapists"),
        ("tags = [\"news\", \"campaign\"]", "tags = [\"news\", \"gossip\"]", "tags.1", "health-and-safety"),
        ("tags = [\"news\", \"campaign\"]", "tags = []", "tags", "at least one tag"),
        ("2026-11-16T09:00:00Z", "2026-11-16", "published_at", ""),
        ("caption = ", "captoin = ", "en", "missing field `caption`"),
    ] {
        let errors = content_errors("news/focus-2027.toml", from, to);
        assert_eq!(errors[0].field, field, "{}", errors[0]);
        assert!(errors[0].message.contains(message), "{}", errors[0]);
    }
}
