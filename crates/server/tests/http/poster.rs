//! The poster maker without the app, and the preview images of shared pages.

use axum::http::StatusCode;
use campaign_hub::poster::QrCode;
use contract::{Locale, poster::is_printable, query};
use lopdf::{Document, Object};

use crate::server::{Answer, TestServer, on_both_engines};

async fn make(server: &TestServer, locale: Locale, fields: &[(&str, &str)]) -> Answer {
    let body = query("", fields);
    server.post_form(&format!("{}/poster-maker", locale.path_prefix()), body.trim_start_matches('?')).await
}

fn text(pdf: &Document, dictionary: &str, name: &str) -> String {
    let found = match dictionary {
        "Root" => pdf.catalog().expect("a catalogue"),
        name => {
            let id = pdf.trailer.get(name.as_bytes()).and_then(Object::as_reference).expect("a dictionary");
            pdf.get_dictionary(id).expect("a dictionary")
        }
    };
    lopdf::decode_text_string(found.get(name.as_bytes()).expect("an entry")).expect("a text")
}

#[tokio::test]
async fn poster_is_one_tagged_page_of_the_requested_size() {
    on_both_engines(async |server| {
        for (locale, paper, width) in [(Locale::En, "a4", 595), (Locale::Cy, "a3", 841)] {
            let fields = [
                ("headline", "Dewch #panic() *nid trwm*"),
                ("words", "Un\r\n\r\nDau: $x$ @y [z]"),
                ("time", "7pm"),
                ("place", "Tŷ’r undeb"),
                ("branch", "Cangen"),
                ("link", "branch.example/talk?a=b"),
                ("paper", paper),
                ("look", "light"),
            ];
            let answer = make(&server, locale, &fields).await;
            assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/pdf"));
            assert_eq!(answer.header("cache-control"), "no-store");
            assert!(answer.header("content-disposition").starts_with("attachment"));
            let pdf = Document::load_mem(&answer.body).expect("a PDF");
            assert_eq!(pdf.get_pages().len(), 1);
            let page = pdf.get_dictionary(pdf.get_pages()[&1]).expect("a page");
            let size = page.get(b"MediaBox").and_then(Object::as_array).expect("a size");
            assert_eq!(size[2].as_float().expect("a width") as u32, width);
            assert_eq!(text(&pdf, "Root", "Lang"), format!("{locale}-GB"));
            assert_eq!(text(&pdf, "Info", "Title"), "Dewch #panic() *nid trwm*");
            assert_eq!(text(&pdf, "Info", "Author"), "Cangen");
            let annotations = pdf.get_page_annotations(pdf.get_pages()[&1]).expect("links");
            let link = annotations[0].get(b"A").and_then(Object::as_dict).expect("an action");
            let link = link.get(b"URI").and_then(Object::as_str).expect("an address");
            assert_eq!(link, b"https://branch.example/talk?a=b");
        }
    })
    .await;
}

#[tokio::test]
async fn longest_poster_fits_one_page_with_all_allowed_characters() {
    on_both_engines(async |server| {
        let full = "WWWWWWWWW ".repeat(30);
        let fields = [
            ("headline", &full[..60]),
            ("words", &full[..300]),
            ("time", &full[..80]),
            ("place", &full[..80]),
            ("branch", &full[..80]),
        ];
        let answer = make(&server, Locale::En, &fields).await;
        let pdf = Document::load_mem(&answer.body).expect("a PDF");
        assert_eq!(pdf.get_pages().len(), 1);
        let letters: Vec<char> = ('\u{20}'..='\u{ffff}').filter(|letter| is_printable(*letter)).collect();
        assert!(letters.len() > 300, "{}", letters.len());
        for letters in letters.chunks(290) {
            let words: String = letters.iter().collect();
            let answer = make(&server, Locale::En, &[("headline", "All"), ("words", &words)]).await;
            assert_eq!(answer.status, StatusCode::OK, "{words}: {}", answer.text());
        }
    })
    .await;
}

#[tokio::test]
async fn invalid_poster_is_returned_with_errors() {
    on_both_engines(async |server| {
        let fields = [
            ("headline", " "),
            ("words", "Te <b>a</b> \"chacen\""),
            ("time", "7pm 🎉"),
            ("link", "javascript:alert(1)"),
            ("look", "light"),
        ];
        let answer = make(&server, Locale::Cy, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.header("cache-control"), "no-store");
        let page = answer.text();
        for expected in [
            "<a href=\"#headline\">Nodwch bennawd</a>",
            "<a href=\"#time\">Dilëwch y nod “🎉” o’r amser. Ni allwn ei argraffu.</a>",
            "<a href=\"#link\">Nodwch gyfeiriad gwe yn y fformat cywir",
            "Te &lt;b>a&lt;/b> \"chacen\"</textarea>",
            "value=\"7pm 🎉\"",
            "value=\"javascript:alert(1)\"",
            "value=\"light\" checked",
            "<title>Gwall: Gwnewch",
        ] {
            assert!(page.contains(expected), "{expected}");
        }
        // The page itself shows none of it.
        let page = server.get("/cy/poster-maker").await.text();
        assert!(!page.contains("🎉") && !page.contains("error-summary"));
    })
    .await;
}

#[test]
fn qr_code_contains_the_address() {
    for address in
        ["https://week.example/cy/join", &format!("https://week.example/{}", "a/b?c=d&".repeat(16))]
    {
        let code = QrCode::of(address).expect("a code");
        let side = (code.size + 8) * 4;
        let dark = |x: usize, y: usize| {
            let [column, row] = [x / 4, y / 4].map(|at| at.wrapping_sub(4));
            code.runs
                .iter()
                .any(|[start, own, length]| *own == row && (*start..start + length).contains(&column))
        };
        let picture = |x, y| if dark(x, y) { 0 } else { 255 };
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, picture);
        let grids = picture.detect_grids();
        assert_eq!(grids.len(), 1, "{address}");
        assert_eq!(grids[0].decode().expect("a text").1, address);
    }
}

/// The width and height in a PNG's header.
fn size(png: &[u8]) -> [u32; 2] {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    [16, 20].map(|at| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes")))
}

#[tokio::test]
async fn every_page_has_a_share_image() {
    on_both_engines(async |server| {
        let map = server.get("/sitemap.xml").await.text();
        let pages =
            map.split("<loc>https://week.example").skip(1).filter_map(|rest| rest.split_once("</loc>"));
        let mut pictures = std::collections::BTreeSet::new();
        let mut drawn = 0;
        for (page, _) in pages {
            let html = server.get(page).await.text();
            let (_, picture) =
                html.split_once("property=\"og:image\" content=\"https://week.example").expect(page);
            let picture = picture.split('"').next().expect("an address").to_owned();
            // The images of products and of the home page are made with the site.
            let own = picture.starts_with("/share/product-") || picture.starts_with("/share-");
            if !own && pictures.insert(picture.clone()) {
                let answer = server.get(&picture).await;
                assert_eq!(
                    (answer.status, answer.header("content-type")),
                    (StatusCode::OK, "image/png"),
                    "{picture}"
                );
                assert_eq!(size(&answer.body), [1200, 630], "{picture}");
                assert!(answer.body.len() < 120_000, "{picture}: {} bytes", answer.body.len());
                drawn += 1;
            }
        }
        assert!(drawn > 100, "{drawn}");
        for path in ["/share/pages/nowhere.png", "/share/pages/news/focus-2027", "/share/pages/../news.png"] {
            assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}
