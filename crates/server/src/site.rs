//! The built site: the document that pages are rendered into, and the assets, held in memory
//! in every encoding.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

/// The built site.
#[derive(Debug)]
pub struct Site {
    folder: PathBuf,
    template: Template,
    assets: HashMap<String, Encoded>,
}

/// The document, split where a page is inserted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template {
    /// From the start to the page's part of the head.
    pub(crate) start: String,
    /// From there to the end of the head, without the styles of individual pages.
    pub(crate) head_end: String,
    /// The styles that only some pages need, by file name.
    parts: HashMap<String, String>,
    /// The URL of the pictures.
    pub(crate) pictures: String,
    /// The hashes of its inline scripts, for the content security policy.
    pub(crate) script_hashes: Vec<String>,
    /// The hashes of its inline styles.
    pub(crate) style_hashes: Vec<String>,
}

/// A body in every useful encoding, with the data for its headers.
#[derive(Clone, Debug)]
pub(crate) struct Encoded {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    content_type: &'static str,
    etag: HeaderValue,
    cache_control: &'static str,
}

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const REVALIDATE: &str = "no-cache";

impl Site {
    /// Reads the built site from `folder`.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let index = fs::read_to_string(folder.join("index.html")).with_context(|| {
            format!("no built site in {}; `cargo xtask build` makes one", folder.display())
        })?;
        let template = Template::parse(&index)?;
        let mut assets = HashMap::new();
        read_folder(folder, folder, &mut assets)?;
        assets.remove("/index.html");
        Ok(Self { folder: folder.to_owned(), template, assets })
    }

    /// The folder of the built site.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) const fn template(&self) -> &Template {
        &self.template
    }

    /// The asset at a path; an HTML document is found without its extension.
    pub(crate) fn asset(&self, path: &str) -> Option<&Encoded> {
        self.assets.get(path).or_else(|| self.assets.get(&format!("{path}.html")))
    }
}

impl Template {
    fn parse(index: &str) -> anyhow::Result<Self> {
        let (start, rest) = index.split_once("<!--head-->").context("index.html has no <!--head-->")?;
        let (_, rest) = rest.split_once("<!--/head-->").context("index.html has no <!--/head-->")?;
        let (head_end, _) = rest.split_once("</head>").context("index.html has no </head>")?;
        let (head_end, parts) = take_parts(head_end);
        let (_, pictures) = index.split_once("data-pictures=\"").context("index.html names no pictures")?;
        let (pictures, _) = pictures.split_once('"').context("index.html names no pictures")?;
        if !start.contains("lang=\"en\"") {
            bail!("index.html does not say lang=\"en\"");
        }
        Ok(Self {
            start: start.to_owned(),
            script_hashes: inline_hashes(index, "script"),
            style_hashes: inline_hashes(&head_end, "style"),
            head_end,
            parts,
            pictures: pictures.to_owned(),
        })
    }

    /// The styles with these names, joined.
    pub(crate) fn styles(&self, names: &[&str]) -> String {
        names.iter().filter_map(|name| self.parts.get(*name)).map(String::as_str).collect()
    }
}

/// Extracts each `<style data-part="name">…</style>` from the head.
fn take_parts(head: &str) -> (String, HashMap<String, String>) {
    const END: &str = "</style>";
    let mut sections = head.split("<style data-part=\"");
    let mut rest = sections.next().unwrap_or_default().to_owned();
    let mut parts = HashMap::new();
    for section in sections {
        let (part, after) = section.split_once(END).unwrap_or((section, ""));
        let (name, style) = part.split_once("\">").unwrap_or((part, ""));
        parts.insert(name.to_owned(), style.to_owned());
        rest.push_str(after);
    }
    (rest, parts)
}

/// The hash of inline code for the policy: `'sha256-…'`.
pub(crate) fn policy_hash(code: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(code)))
}

/// The hashes of all code between `<tag …>` and `</tag>`.
fn inline_hashes(html: &str, tag: &str) -> Vec<String> {
    let [open, close] = [format!("<{tag}"), format!("</{tag}>")];
    html.split(&open)
        .skip(1)
        .filter_map(|element| element.split_once(&close)?.0.split_once('>'))
        .filter(|(attributes, code)| !attributes.contains("src=") && !code.is_empty())
        .map(|(_, code)| policy_hash(code))
        .collect()
}

fn read_folder(root: &Path, folder: &Path, assets: &mut HashMap<String, Encoded>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, assets)?;
        } else if let Some(content_type) = content_type(&path) {
            let name = format!("/{}", path.strip_prefix(root)?.display());
            let cache_control = if name.starts_with("/assets/") { IMMUTABLE } else { REVALIDATE };
            let encoding = |ending: &str| -> anyhow::Result<Option<Bytes>> {
                let encoded = PathBuf::from(format!("{}.{ending}", path.display()));
                Ok(if encoded.exists() { Some(fs::read(encoded)?.into()) } else { None })
            };
            let (brotli, gzip) = (encoding("br")?, encoding("gz")?);
            let plain: Bytes = fs::read(&path)?.into();
            assets.insert(
                name,
                Encoded { etag: etag(&plain), plain, brotli, gzip, content_type, cache_control },
            );
        }
    }
    Ok(())
}

/// The content type of a file that may be served; other files are not.
fn content_type(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

fn etag(plain: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(plain);
    // Weak, because all encodings of a body share it.
    HeaderValue::try_from(format!("W/\"{}\"", BASE64_STANDARD.encode(&digest[..12])))
        .expect("base64 is fit for a header")
}

impl Encoded {
    /// A document that must be revalidated, compressed now.
    pub(crate) fn document(html: Bytes) -> Self {
        Self {
            brotli: Some(compress_brotli(&html, QUICK)),
            gzip: Some(compress_gzip(&html)),
            ..Self::uncompressed_document(html)
        }
    }

    /// The same, uncompressed.
    pub(crate) fn uncompressed_document(html: Bytes) -> Self {
        Self {
            etag: etag(&html),
            plain: html,
            brotli: None,
            gzip: None,
            content_type: "text/html; charset=utf-8",
            cache_control: REVALIDATE,
        }
    }

    /// Whether both have the same content, however compressed.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.etag == other.etag
    }

    /// A file that must be revalidated, in a format that is already compressed.
    pub(crate) fn file(content: Vec<u8>, content_type: &'static str) -> Self {
        let plain = Bytes::from(content);
        let etag = etag(&plain);
        Self { plain, brotli: None, gzip: None, content_type, etag, cache_control: REVALIDATE }
    }

    /// The same with the best compression: 8 % smaller, and twenty times the work. A page that
    /// fits into the first ten packets arrives one round trip sooner.
    pub(crate) fn compressed_well(&self) -> Self {
        Self { brotli: Some(compress_brotli(&self.plain, BEST)), ..self.clone() }
    }

    /// The response to a request with these headers: the body in the best accepted encoding,
    /// or nothing if the client has it already.
    pub(crate) fn respond(&self, status: StatusCode, request: &HeaderMap) -> Response {
        let is_not_modified = request.get(header::IF_NONE_MATCH).is_some_and(|tags| {
            tags.to_str().is_ok_and(|tags| {
                let own = self.etag.to_str().unwrap_or_default();
                tags.split(',').any(|tag| {
                    tag.trim() == "*" || tag.trim().trim_start_matches("W/") == own.trim_start_matches("W/")
                })
            })
        });
        let mut response = if is_not_modified && status == StatusCode::OK {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let (encoding, body) = self.best(request);
            let mut response = (status, Body::from(body)).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            if let Some(encoding) = encoding {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            response
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache_control));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        response
    }

    fn best(&self, request: &HeaderMap) -> (Option<&'static str>, Bytes) {
        let accepted =
            request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        for (name, body) in [("br", &self.brotli), ("gzip", &self.gzip)] {
            if let Some(body) = body
                && accepts(accepted, name)
            {
                return (Some(name), body.clone());
            }
        }
        (None, self.plain.clone())
    }
}

/// Whether an `Accept-Encoding` header accepts this encoding.
fn accepts(accepted: &str, name: &str) -> bool {
    accepted.split(',').any(|offer| {
        let (coding, parameters) = offer.split_once(';').unwrap_or((offer, ""));
        let refused = parameters.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        coding.trim().eq_ignore_ascii_case(name) && !refused
    })
}

/// Brotli quality levels: for a page that someone is waiting for, and for one in the cache.
// From 7 on, the encoder takes 8 MB for each page.
const QUICK: i32 = 5;
// In debug builds, 11 takes seconds.
const BEST: i32 = if cfg!(debug_assertions) { 9 } else { 11 };

fn compress_brotli(plain: &[u8], quality: i32) -> Bytes {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: 20,
        mode: brotli::enc::backward_references::BrotliEncoderMode::BROTLI_MODE_TEXT,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut out, &parameters).expect("writing to memory cannot fail");
    out.into()
}

fn compress_gzip(plain: &[u8]) -> Bytes {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(plain).and_then(|()| encoder.finish()).expect("writing to memory cannot fail").into()
}

#[cfg(test)]
mod tests {
    use super::{accepts, inline_hashes, policy_hash};

    #[test]
    fn encoding_is_negotiated() {
        assert!(accepts("gzip, deflate, br;q=0.9", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("brotli", "br"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn only_inline_scripts_are_hashed() {
        let html = "<script>one</script><script src=\"/x.js\"></script><script type=\"module\">two</script>";
        assert_eq!(inline_hashes(html, "script"), [policy_hash("one"), policy_hash("two")]);
    }
}
