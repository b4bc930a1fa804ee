//! Rendered pages: complete, in the right language, cacheable and safe.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use campaign_hub::routes::Route;
use contract::Locale;
use sha2::{Digest as _, Sha256};

use crate::server::on_both_engines;

fn every_page() -> impl Iterator<Item = (Route, Locale, String)> {
    let product = Route::Product("heart-t-shirt".to_owned());
    let item = Route::NewsItem("focus-2027".to_owned());
    Route::all()
        .chain([product, item])
        .flat_map(|route| Locale::ALL.map(|locale| (route.clone(), locale, route.href(locale))))
}

/// All texts between `start` and `end`.
fn between<'a>(html: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    html.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

#[tokio::test]
async fn every_page_is_rendered_in_its_language() {
    on_both_engines(async |server| {
        let mut titles = BTreeSet::new();
        for (route, locale, path) in every_page() {
            let page = server.get(&path).await;
            let html = page.text();
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert_eq!(page.header("content-language"), locale.tag());
            assert!(html.starts_with(&format!("<!doctype html><html lang=\"{locale}\"")), "{path}");
            let headings = between(&html, "<h1", "</h1>");
            assert_eq!(headings.len(), 1, "{path} has one main heading");
            if let Some(heading) = route.heading(locale) {
                assert!(headings[0].ends_with(&format!(">{heading}")), "{path} is headed {heading:?}");
            }
            assert!(
                titles.insert(between(&html, "<title>", "</title>")[0].to_owned()),
                "{path} has a title of its own"
            );
            assert!(between(&html, "name=\"description\" content=\"", "\"")[0].len() > 40, "{path}");
            assert_eq!(
                between(&html, "rel=\"canonical\" href=\"", "\""),
                [format!("https://week.example{path}")]
            );
            for alternate in Locale::ALL {
                let link = format!(
                    "hreflang=\"{alternate}\" href=\"https://week.example{}\"",
                    route.href(alternate)
                );
                assert!(html.contains(&link), "{path} links to {alternate}");
            }
            for property in ["og:title", "og:description", "og:url", "og:image", "og:locale", "og:site_name"]
            {
                assert!(html.contains(&format!("property=\"{property}\"")), "{path} has {property}");
            }
            assert!(html.contains("<body data-rendered=\""), "{path} is marked for the app");
        }
        assert_eq!(titles.len(), every_page().count());
    })
    .await;
}

#[tokio::test]
async fn pages_have_no_style_or_event_attributes() {
    on_both_engines(async |server| {
        for path in every_page().map(|(_, _, path)| path).chain(["/nothing".to_owned()]) {
            let html = server.get(&path).await.text();
            let markup: String = html
                .split("<script>")
                .map(|part| part.split("</script>").last().unwrap_or_default())
                .collect();
            for attribute in [" style=", " onclick=", " onload=", "javascript:"] {
                assert!(!markup.contains(attribute), "{path}: {attribute}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn page_includes_only_its_own_styles() {
    on_both_engines(async |server| {
        for (path, hero, shop) in [
            ("/", true, false),
            ("/cy/shop", false, true),
            ("/join", false, false),
            ("/nowhere", false, false),
        ] {
            let html = server.get(path).await.text();
            let has = |style: &str| html.contains(style);
            assert_eq!((has("p{margin:0}"), has(".hero{"), has(".shop{")), (true, hero, shop), "{path}");
            assert!(!html.contains("data-part="), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn inline_scripts_and_styles_are_in_the_csp() {
    on_both_engines(async |server| {
        for (_, _, path) in every_page() {
            let page = server.get(&path).await;
            let policy = page.header("content-security-policy");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
            let html = page.text();
            let inline =
                [between(&html, "<script>", "</script>"), between(&html, "<style>", "</style>")].concat();
            assert_eq!(inline.len(), 4, "{path}: boot script, data, common styles, the page's own");
            for code in inline {
                let hash = format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(code)));
                assert!(policy.contains(&hash), "{path}: {}", &code[..code.len().min(60)]);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn page_includes_the_api_responses() {
    on_both_engines(async |server| {
        for (path, resources) in [("/", 1), ("/past-years", 1), ("/cy/support", 1), ("/privacy", 1)] {
            let html = server.get(path).await.text();
            assert_eq!(html.matches("__RESOLVED_RESOURCES[").count(), resources, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn unknown_page_is_a_localised_404() {
    on_both_engines(async |server| {
        for (path, heading) in
            [("/nothing", "Page not found"), ("/cy/dim-byd/yma", "Heb ddod o hyd i’r dudalen")]
        {
            let page = server.get(path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
            assert!(page.text().contains(heading), "{path}");
            assert!(page.text().contains("content=\"noindex\""), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_file_is_a_404_and_never_a_page() {
    on_both_engines(async |server| {
        for path in [
            "/assets/app-0.js",
            "/app.js",
            "/favicon.ico",
            "/assets/",
            "/secret.env",
            "/index.html",
            "/../Cargo.toml",
        ] {
            let answer = server.get(path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!answer.header("content-type").contains("html"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn hashed_assets_are_cached_and_pages_revalidated() {
    on_both_engines(async |server| {
        let asset =
            server.send(Method::GET, "/assets/pictures-1.svg", &[("accept-encoding", "gzip, br")]).await;
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!((asset.header("content-encoding"), asset.text().as_str()), ("br", "compressed"));
        assert_eq!(server.get("/assets/pictures-1.svg").await.text(), "<svg/>");

        let page = server.get("/").await;
        assert_eq!(page.header("cache-control"), "no-cache");
        let again = server.send(Method::GET, "/", &[("if-none-match", page.header("etag"))]).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
        let compressed = server.send(Method::GET, "/", &[("accept-encoding", "br")]).await;
        assert_eq!(compressed.header("content-encoding"), "br");
        assert!(compressed.body.len() * 2 < page.body.len());
    })
    .await;
}

#[tokio::test]
async fn cached_page_expires_at_midnight() {
    on_both_engines(async |server| {
        let label = |html: &str| between(html, "<span class=\"countdown__text\">", "</p>")[0].to_owned();
        server.set_clock("2027-02-06T23:59:30Z");
        assert!(label(&server.get("/").await.text()).contains(">2</span>"));
        server.set_clock("2027-02-07T00:00:00Z");
        assert!(label(&server.get("/").await.text()).contains(">1</span>"));
        server.set_clock("2027-02-08T00:00:00Z");
        assert!(label(&server.get("/cy").await.text()).contains("diwrnod 1 o 7"));
        server.set_clock("2027-02-15T00:00:00Z");
        assert!(label(&server.get("/").await.text()).contains("This year’s week has ended"));
    })
    .await;
}

#[tokio::test]
async fn cached_page_expires_when_an_event_starts_or_ends() {
    on_both_engines(async |server| {
        let kicker = |html: &str| between(html, "id=\"next-event\"", "</section>")[0].contains("On now");
        server.set_clock("2027-02-08T18:59:00Z");
        assert!(!kicker(&server.get("/").await.text()));
        server.set_clock("2027-02-08T19:00:00Z");
        assert!(kicker(&server.get("/").await.text()));
        server.set_clock("2027-02-08T20:00:00Z");
        assert!(!kicker(&server.get("/").await.text()));
    })
    .await;
}

#[tokio::test]
async fn trailing_slash_redirects() {
    on_both_engines(async |server| {
        for (path, target) in [
            ("/join/", "/join"),
            ("/cy/", "/cy"),
            ("//evil.example/", "/evil.example"),
            ("/\\evil.example/", "/evil.example"),
            // With the whole query string.
            ("/basket/?add=HEART-MUG-RED-EN:12", "/basket?add=HEART-MUG-RED-EN:12"),
            ("/shop/?q=mug&colour=red", "/shop?q=mug&colour=red"),
            ("/cy/shop/?q=t%C5%B7+%26", "/cy/shop?q=t%C5%B7+%26"),
            ("//evil.example/?to=//evil.example/", "/evil.example?to=//evil.example/"),
            ("//?//evil.example/", "/?//evil.example/"),
        ] {
            let answer = server.get(path).await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (StatusCode::PERMANENT_REDIRECT, target),
                "{path}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn exit_page_does_not_mention_the_campaign() {
    on_both_engines(async |server| {
        let page = server.get("/kitchen-measures").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text().to_lowercase().contains("union"));
    })
    .await;
}

#[tokio::test]
async fn sitemap_lists_every_page_in_both_languages() {
    on_both_engines(async |server| {
        let map = server.get("/sitemap.xml").await.text();
        for (_, _, path) in every_page() {
            assert!(map.contains(&format!("<loc>https://week.example{path}</loc>")), "{path}");
        }
        assert_eq!(map.matches("<xhtml:link").count(), map.matches("<loc>").count() * 2);
        assert!(server.get("/robots.txt").await.text().contains("Sitemap: https://week.example/sitemap.xml"));
    })
    .await;
}
