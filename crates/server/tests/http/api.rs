//! The campaign's API.

use axum::http::{Method, StatusCode};
use campaign_hub_server::api_description;

use crate::server::on_both_engines;

#[tokio::test]
async fn campaign_is_returned_in_the_requested_language() {
    on_both_engines(async |server| {
        let english = server.get("/api/v1/campaign").await;
        assert_eq!(english.header("content-type"), "application/json");
        assert_eq!(english.json()["text"]["title"], "heartunions week");
        let welsh = server.get("/api/v1/campaign?locale=cy").await;
        assert_eq!(welsh.json()["text"]["title"], "wythnos caruundebau");
        assert_eq!(welsh.json()["past_years"].as_array().map(Vec::len), Some(3));
    })
    .await;
}

#[tokio::test]
async fn week_and_next_event_follow_the_clock_time() {
    on_both_engines(async |server| {
        for (now, state, event) in [
            (
                "2026-11-22T12:00:00Z",
                r#"{"name":"upcoming","days_to_go":78}"#,
                Some(("safety-seminar", "upcoming")),
            ),
            (
                "2027-02-02T18:30:00Z",
                r#"{"name":"upcoming","days_to_go":6}"#,
                Some(("organising-conversation", "on_now")),
            ),
            (
                "2027-02-02T19:15:00Z",
                r#"{"name":"upcoming","days_to_go":6}"#,
                Some(("opening-call", "upcoming")),
            ),
            ("2027-02-08T00:00:00Z", r#"{"name":"on_now","day":1}"#, Some(("opening-call", "upcoming"))),
            // A cancelled event is never the next.
            ("2027-02-14T23:59:59Z", r#"{"name":"on_now","day":7}"#, Some(("summer-school", "upcoming"))),
            ("2027-02-15T00:00:00Z", r#"{"name":"over"}"#, Some(("summer-school", "upcoming"))),
            ("2027-07-11T22:59:59Z", r#"{"name":"over"}"#, Some(("summer-school", "on_now"))),
            ("2027-07-11T23:00:00Z", r#"{"name":"over"}"#, None),
        ] {
            server.set_clock(now);
            let campaign = server.get("/api/v1/campaign").await.json();
            let state: serde_json::Value = serde_json::from_str(state).expect("JSON");
            assert_eq!(campaign["week"]["state"], state, "{now}");
            let next = campaign["next_event"].as_object();
            let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
            let message = next.map(|next| (text(&next["slug"]), text(&next["state"])));
            let expected = event.map(|(slug, state)| (slug.to_owned(), state.to_owned()));
            assert_eq!(message, expected, "{now}");
        }
    })
    .await;
}

#[tokio::test]
async fn event_has_utc_and_uk_time() {
    on_both_engines(async |server| {
        for (slug, expected) in [
            (
                "organising-conversation",
                serde_json::json!({"utc": "2027-02-02T18:00:00Z", "uk_date": "2027-02-02", "uk_minute": 1080}),
            ),
            // In summer the UK's clock is an hour ahead.
            (
                "newsletter-evening",
                serde_json::json!({"utc": "2026-09-16T17:00:00Z", "uk_date": "2026-09-16", "uk_minute": 1080}),
            ),
        ] {
            let event = server.get(&format!("/api/v1/events/{slug}")).await.json();
            assert_eq!(event["summary"]["starts"], expected, "{slug}");
        }
    })
    .await;
}

#[tokio::test]
async fn past_years_are_sorted_latest_first() {
    on_both_engines(async |server| {
        let years = server.get("/api/v1/past-years?locale=cy").await.json();
        let slugs: Vec<_> =
            years["years"].as_array().expect("a list").iter().map(|year| year["slug"].clone()).collect();
        assert_eq!(slugs, ["2024", "2023", "2020"]);
    })
    .await;
}

#[tokio::test]
async fn invalid_input_returns_a_problem_with_the_field() {
    on_both_engines(async |server| {
        for path in [
            "/api/v1/campaign?locale=xx",
            "/api/v1/support?locale=",
            "/api/v1/pages/privacy?locale=en&locale=cy",
        ] {
            let answer = server.get(path).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.json()["errors"][0]["field"], "locale");
        }
    })
    .await;
}

#[tokio::test]
async fn unknown_urls_and_methods_return_problems() {
    on_both_engines(async |server| {
        for (method, path, status) in [
            (Method::GET, "/api/v1/nothing", 404),
            (Method::GET, "/api/v1/pages/nothing", 404),
            (Method::GET, "/api/v1/pages/%ff", 404),
            (Method::GET, "/api/v1/pages/a%00b", 404),
            (Method::POST, "/api/v1/campaign", 405),
            (Method::DELETE, "/privacy", 405),
        ] {
            let answer = server.send(method.clone(), path, &[]).await;
            assert_eq!(answer.status.as_u16(), status, "{method} {path}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        }
    })
    .await;
}

/// Reviewed like code: in `/api/v1`, fields may be added but never removed or changed.
#[test]
fn api_description_is_what_was_agreed() {
    insta::assert_snapshot!(api_description().to_pretty_json().expect("JSON"));
}
