//! Contacts of the regions, the look-up, the form without JavaScript, and vCards.

use axum::http::{Method, StatusCode};

use crate::server::on_both_engines;

#[tokio::test]
async fn ten_regions_are_listed_with_the_map_of_nine() {
    on_both_engines(async |server| {
        let english = server.get("/api/v1/regions").await.json();
        let regions = english["regions"].as_array().expect("a list");
        assert_eq!(regions.len(), 10);
        assert_eq!(regions[0]["region"], "northern");
        assert_eq!(regions[9]["region"], "national");
        assert_eq!(english["map"]["shapes"].as_array().map(Vec::len), Some(9));
        let welsh = server.get("/api/v1/regions?locale=cy").await.json();
        assert_eq!(welsh["regions"][6]["name"], "Cymru");
    })
    .await;
}

#[tokio::test]
async fn every_region_has_an_office_and_people_in_both_languages() {
    on_both_engines(async |server| {
        let regions = server.get("/api/v1/regions").await.json();
        for summary in regions["regions"].as_array().expect("a list") {
            let slug = summary["region"].as_str().expect("a slug");
            for locale in ["en", "cy"] {
                let contact = server.get(&format!("/api/v1/regions/{slug}?locale={locale}")).await.json();
                assert!(contact["people"].as_array().is_some_and(|people| people.len() >= 4), "{slug}");
                assert_eq!(contact["telephone"], summary["telephone"]);
                assert!(contact["email"].as_str().is_some_and(|email| email.ends_with(".example")));
                assert!(contact["text"]["address"].as_array().is_some_and(|lines| lines.len() >= 2));
            }
        }
        let wales = server.get("/api/v1/regions/wales?locale=cy").await.json();
        assert_eq!(wales["people"][4]["role"], "Swyddog y Gymraeg");
        for path in ["/api/v1/regions/atlantis", "/api/v1/regions/%00", "/api/v1/regions/%FF"] {
            assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn region_lookup_returns_regions_or_names_the_field() {
    on_both_engines(async |server| {
        for (typed, regions, postcode, whole) in [
            ("SK22", vec!["midlands", "north-west"], "SK22", false),
            ("sk22%201aa", vec!["midlands"], "SK22 1AA", true),
            ("m", vec!["north-west"], "M", false),
            ("GIR0AA", vec!["national"], "GIR 0AA", true),
            ("JE2+3AB", vec!["national"], "JE2 3AB", true),
            // Look-alike characters are read as the only possible postcode.
            ("SK2Z+1AA", vec!["midlands"], "SK22 1AA", true),
            ("SWIA+1AA", vec!["london-south-east-and-east"], "SW1A 1AA", true),
            ("EC1", vec!["london-south-east-and-east"], "EC1", false),
        ] {
            let answer = server.get(&format!("/api/v1/regions/lookup?postcode={typed}")).await;
            let expected = serde_json::json!({ "postcode": postcode, "regions": regions, "whole": whole });
            assert_eq!(answer.json(), expected, "{typed}");
        }
        for query in [
            "",
            "?postcode=",
            "?postcode=ZZ1",
            "?postcode=%C5%B4",
            "?postcode=%00",
            "?postcode=1",
            "?postcode=SK24+1AA",
        ] {
            let answer = server.get(&format!("/api/v1/regions/lookup{query}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.json()["errors"][0]["field"], "postcode", "{query}");
        }
        let twice = server.get("/api/v1/regions/lookup?postcode=M1&postcode=SK22").await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn region_form_redirects_without_the_place_in_the_url() {
    on_both_engines(async |server| {
        for (path, body, location) in [
            ("/contacts", "place=ls1+1aa", "/contacts/yorkshire-and-the-humber"),
            ("/cy/contacts", "place=cymru", "/cy/contacts/wales"),
            ("/contacts", "place=SK22", "/contacts?regions=midlands+north-west"),
            ("/contacts", "place=north", "/contacts?regions=north-west+northern+northern-ireland"),
            ("/contacts", "place=BFPO+12", "/contacts/national"),
        ] {
            let answer = server.post_form(path, body).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{body}");
            assert_eq!(answer.header("location"), location, "{body}");
        }
    })
    .await;
}

#[tokio::test]
async fn region_form_shows_input_and_does_not_store_it() {
    on_both_engines(async |server| {
        let answer = server.post_form("/contacts", "place=zz1+%3Cb%3E+1aa").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.header("cache-control"), "no-store");
        let page = answer.text();
        assert!(page.contains("There is no postcode or region that starts with “ZZ”"));
        assert!(page.contains("value=\"zz1 &lt;b&gt; 1aa\""));
        assert!(page.contains("aria-invalid=\"true\""));
        // Other visitors do not see it.
        let other = server.get("/contacts").await;
        assert_eq!(other.status, StatusCode::OK);
        assert!(!other.text().contains("zz1"));
        for body in ["", "place=", "other=1", "place=%FF", &format!("place={}", "M1".repeat(5_000))] {
            let answer = server.post_form("/contacts", body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body:.40}");
            assert!(answer.text().contains("error-summary"), "{body:.40}");
        }
    })
    .await;
}

#[tokio::test]
async fn open_regions_are_marked_in_any_query_order() {
    on_both_engines(async |server| {
        let one = server.get("/contacts?regions=midlands+north-west").await.text();
        let other = server.get("/contacts?x=1&regions=north-west+midlands+nowhere").await.text();
        assert_eq!(one, other);
        // Two in the list and two on the map.
        assert_eq!(one.matches("data-found=").count(), 4);
        assert!(!server.get("/contacts?regions=nowhere").await.text().contains("data-found"));
    })
    .await;
}

#[tokio::test]
async fn vcard_uses_the_language_of_the_url() {
    on_both_engines(async |server| {
        let card = server.get("/cy/contacts/wales/card.vcf").await;
        assert_eq!(card.header("content-type"), "text/vcard; charset=utf-8");
        assert_eq!(card.header("content-disposition"), "attachment; filename=\"wales.vcf\"");
        let text = card.text().replace("\r\n ", "");
        for line in [
            "BEGIN:VCARD",
            "VERSION:3.0",
            "FN:Swyddfa’r ffederasiwn yng Nghymru",
            "TEL;TYPE=WORK,VOICE:02920180700",
            "EMAIL;TYPE=INTERNET:wales@federation.example",
            "ADR;TYPE=WORK:;;Tŷ’r Glowyr\\, 5 Stryd y Doc\\, Caerdydd;;;;",
            "URL:https://week.example/cy/contacts/wales",
            "END:VCARD",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        assert_eq!(server.get("/contacts/atlantis/card.vcf").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_region_is_not_found() {
    on_both_engines(async |server| {
        assert_eq!(server.get("/contacts/atlantis").await.status, StatusCode::NOT_FOUND);
        assert_eq!(server.send(Method::POST, "/join", &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
    })
    .await;
}
