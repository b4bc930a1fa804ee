//! Documents, series, and their PDFs.

use axum::http::{Method, StatusCode};
use contract::Locale;
use lopdf::{Document, Object};
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
async fn documents_are_grouped_by_kind_and_series() {
    on_both_engines(async |server| {
        let all = json(&server, "/api/v1/documents").await;
        assert_eq!(slugs(&all, "documents").len(), 5, "issues of series are not among them");
        for kind in all["kinds"].as_array().expect("kinds") {
            let value = kind["value"].as_str().expect("a value");
            let own = json(&server, &format!("/api/v1/documents?kind={value}")).await;
            assert_eq!(kind["count"], slugs(&own, "documents").len(), "{value}");
        }
        let series = json(&server, "/api/v1/series").await;
        assert_eq!(
            slugs(&series, "series"),
            ["schools-newsletter", "activists-magazine", "black-members-magazine"],
            "by their latest issue"
        );
        let magazine = json(&server, "/api/v1/series/activists-magazine?locale=cy").await;
        assert_eq!(
            slugs(&magazine, "issues"),
            ["activists-magazine-autumn-2026", "activists-magazine-autumn-2020"]
        );
        assert_eq!(magazine["issues"][1]["contents"][1], "Y goeden ffôn");
        for path in
            ["/api/v1/series/nothing", "/publications/nothing", "/resources/nothing", "/api/v1/documents/%00"]
        {
            assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_document_has_a_page_and_tagged_pdf_in_both_languages() {
    on_both_engines(async |server| {
        let map = server.get("/sitemap.xml").await.text();
        let mut all: Vec<String> = slugs(&json(&server, "/api/v1/documents").await, "documents")
            .into_iter()
            .map(str::to_owned)
            .collect();
        for series in slugs(&json(&server, "/api/v1/series").await, "series") {
            assert!(map.contains(&format!("/cy/publications/{series}</loc>")));
            let series = json(&server, &format!("/api/v1/series/{series}")).await;
            all.extend(slugs(&series, "issues").into_iter().map(str::to_owned));
        }
        assert_eq!(all.len(), 9);
        for slug in all {
            assert!(map.contains(&format!("/cy/resources/{slug}</loc>")));
            for locale in Locale::ALL {
                let document = json(&server, &format!("/api/v1/documents/{slug}?locale={locale}")).await;
                let summary = &document["summary"];
                let title = summary["title"].as_str().expect("a title");
                let page = server.get(&format!("{}/resources/{slug}", locale.path_prefix())).await;
                assert!(page.text().contains(&format!("tabindex=\"-1\">{title}</h1>")), "{slug} in {locale}");

                let file = summary["file"].as_str().expect("a file");
                let answer = server.get(file).await;
                assert_eq!(
                    (answer.status, answer.header("content-type")),
                    (StatusCode::OK, "application/pdf")
                );
                assert!(answer.header("content-disposition").contains(&format!("{slug}-{locale}.pdf")));
                let pdf = Document::load_mem(&answer.body).expect("a PDF");
                assert_eq!(summary["pages"], pdf.get_pages().len(), "{slug} in {locale}");
                let message = summary["bytes"].as_u64().expect("a size") as usize;
                assert!(
                    message.abs_diff(answer.body.len()) < 1024,
                    "{slug}: {message}, not {}",
                    answer.body.len()
                );
                let root = pdf.catalog().expect("a catalogue");
                let language = lopdf::decode_text_string(root.get(b"Lang").expect("a language"));
                assert_eq!(language.expect("a text"), format!("{locale}-GB"), "{slug}");
                let marks = pdf.get_dict_in_dict(root, b"MarkInfo").expect("marks");
                assert!(marks.get(b"Marked").and_then(Object::as_bool).expect("whether it is tagged"));
                let info = pdf.trailer.get(b"Info").and_then(Object::as_reference).expect("information");
                let info = pdf.get_dictionary(info).expect("information");
                let message = lopdf::decode_text_string(info.get(b"Title").expect("a title"));
                assert_eq!(message.expect("a text"), title);
                // The second time it comes from the cache.
                let again = server.send(Method::GET, file, &[("if-none-match", answer.header("etag"))]).await;
                assert_eq!(again.status, StatusCode::NOT_MODIFIED);
            }
        }
        for path in ["/resources/nothing/document.pdf", "/cy/resources/%00/document.pdf"] {
            assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[test]
fn document_file_is_validated_and_printed() {
    for (from, to, field) in [
        ("kind = \"pack\"", "kind = \"scroll\"", "kind"),
        ("union = \"radiographers\"", "union = \"pirates\"", "union"),
        ("published_on", "series = \"nothing\"\npublished_on", "series"),
        ("email = \"", "email = \"x ", "email"),
        ("## In the box", "## In the box 🎉", "en.html"),
    ] {
        let errors = content_errors("documents/rep-pack.toml", from, to);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(errors[0].field, field, "{errors:?}");
    }
}
