//! Builds the app as files for any static host; its data comes from a server's API elsewhere.

use std::fs;

use anyhow::{Context as _, bail};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

use crate::{build, command::root};

/// The output folder of such a build.
pub(crate) const FOLDER: &str = "dist-static";

/// Builds the app for the API at `api`, an origin such as `https://api.example.org`.
pub(crate) fn build(api: &str) -> anyhow::Result<()> {
    let host = api.strip_prefix("https://").or_else(|| api.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || host.contains(['/', '"', ' ', ';'])) {
        bail!("--api takes an origin, such as https://api.example.org, not {api}");
    }
    build::modules(build::Optimise::Required)?;
    assemble(api)
}

/// The same for modules that were built before.
pub(crate) fn assemble(api: &str) -> anyhow::Result<()> {
    let folder = root().join(FOLDER);
    build::assemble(&folder)?;
    let index = fs::read_to_string(folder.join("index.html"))?;
    let shell = fs::read_to_string(root().join("static.html"))?.replace("{api}", api);
    let index = document(&index, &shell, api)?;
    build::write_encoded(&folder.join("index.html"), index.as_bytes())?;
    // For hosts that serve this file for unknown URLs.
    build::write_encoded(&folder.join("404.html"), index.as_bytes())?;
    // "Exit this page" leads here, also on hosts that do not leave out the ending of a file.
    for page in ["kitchen-measures", "cy/kitchen-measures"] {
        let page = folder.join(page);
        fs::create_dir_all(&page)?;
        build::write_encoded(&page.join("index.html"), &fs::read(page.with_extension("html"))?)?;
    }
    eprintln!("  the app for a static host is in {FOLDER}/; {api} must allow its origin (--allow-origin)");
    Ok(())
}

/// The document for every URL: it names the API, shows that the app is loading, and has a
/// content security policy for exactly its own code.
fn document(index: &str, shell: &str, api: &str) -> anyhow::Result<String> {
    let index = without_parts(index);
    let policy = policy(&index, api);
    let (start, rest) = index.split_once("<html ").context("index.html has no <html")?;
    let index = format!("{start}<html data-api=\"{api}\" {rest}");
    let (start, rest) = index.split_once("<!--head-->").context("index.html has no <!--head-->")?;
    let policy = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    // The app updates these when it shows a page.
    let links = "<link rel=\"canonical\" href=\"/\"><link rel=\"alternate\" hreflang=\"en\" href=\"/\">\
                 <link rel=\"alternate\" hreflang=\"cy\" href=\"/cy\">";
    let index = format!("{start}{policy}{links}{rest}");
    let (start, rest) = index.split_once("<body>").context("index.html has no <body>")?;
    Ok(format!("{start}<body>{shell}{rest}"))
}

/// Without the styles of individual pages, because the loader fetches them all.
fn without_parts(index: &str) -> String {
    let mut pieces = index.split("<style data-part=");
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        rest.push_str(piece.split_once("</style>").map_or("", |(_, after)| after));
    }
    rest
}

fn policy(index: &str, api: &str) -> String {
    let [scripts, styles] = ["script", "style"].map(|tag| hashes(index, tag));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self' {styles}; \
         img-src 'self' data:; font-src 'self'; media-src 'self' {api}; connect-src 'self' {api}; \
         manifest-src 'self'; form-action 'self' {api}; base-uri 'none'"
    )
}

/// The hashes of all code between `<tag …>` and `</tag>`.
fn hashes(html: &str, tag: &str) -> String {
    let [open, close] = [format!("<{tag}"), format!("</{tag}>")];
    let code = html.split(&open).skip(1).filter_map(|element| element.split_once(&close)?.0.split_once('>'));
    let hash = |code: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(code)));
    code.filter(|(_, code)| !code.is_empty()).map(|(_, code)| hash(code)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::document;

    #[test]
    fn the_document_names_the_api_and_allows_its_own_code_alone() {
        let index = "<!doctype html><html lang=\"en\"><head><!--head--><title>x</title><!--/head-->\
                     <script>a()</script><style>b</style><style data-part=\"c\">d</style></head><body></body></html>";
        let document = document(index, "<p>Loading</p>", "https://api.example").expect("a document");
        assert!(document.contains("<html data-api=\"https://api.example\" lang=\"en\">"), "{document}");
        assert!(document.contains("connect-src 'self' https://api.example;"), "{document}");
        // printf 'a()' | openssl dgst -sha256 -binary | base64
        let hash = "qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4=";
        assert!(document.contains(&format!("'wasm-unsafe-eval' 'sha256-{hash}';")), "{document}");
        assert!(document.contains("<style>b</style></head><body><p>Loading</p></body>"), "{document}");
    }
}
