//! Preview images for shared pages: each page's title on an image, drawn on request. Products
//! and the campaign page have their own images.

use std::sync::{Mutex, PoisonError};

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use campaign_hub::{i18n::frame, routes::Route};
use contract::Locale;
use lru::LruCache;
use print::ShareImage;
use sha2::{Digest as _, Sha256};

use crate::{document, error::ApiError, render, site::Encoded, state::AppState};

/// The number of images in the cache; each is about 30 KB.
const CACHED_IMAGES: std::num::NonZeroUsize = std::num::NonZeroUsize::new(200).expect("more than none");

/// The cached images, each with the version of the content that its title is from.
pub(crate) struct ShareImageCache(Mutex<LruCache<(Locale, Route), (i64, Encoded)>>);

impl Default for ShareImageCache {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(CACHED_IMAGES)))
    }
}

pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/share/pages/{*page}", get(show_image))
}

/// The path of a page's image. A new title changes the path, because other sites cache the
/// image.
pub(crate) fn image_path(route: &Route, locale: Locale, title: &str) -> String {
    let digest = Sha256::digest(title);
    let version: String = digest[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("/share/pages{}.png?v={version}", route.href(locale))
}

async fn show_image(
    State(state): State<AppState>,
    page: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Path(page) = page.map_err(|_| ApiError::NotFound)?;
    let path = page.strip_suffix(".png").map(|page| ["/", page].concat()).ok_or(ApiError::NotFound)?;
    let (locale, path) = Locale::split_path(&path);
    // Personal pages have no image.
    let route = Route::find(path).filter(|route| !route.is_personal());
    let route = document::existing(&state, route).await.ok_or(ApiError::NotFound)?;
    let version = state.store.versions().await?.content;
    let key = (locale, route);
    let cache = || state.share_images.0.lock().unwrap_or_else(PoisonError::into_inner);
    let cached = cache().get(&key).filter(|(own, _)| *own == version).cloned();
    if let Some((_, image)) = cached {
        return Ok(image.respond(StatusCode::OK, &headers));
    }
    let title = render::title(&state, &key.1.href(locale)).await.ok_or(ApiError::NotFound)?;
    let origin = state.public_url.origin().to_owned();
    let image_bytes = state.print_queue.print("share image", move |typesetter| {
        let host = origin.split_once("://").map_or(origin.as_str(), |(_, host)| host);
        typesetter.draw_share_image(&ShareImage {
            lang: locale.tag(),
            title: &title,
            site: frame::site_name(locale),
            host,
        })
    });
    let image = Encoded::file(image_bytes.await?, "image/png");
    cache().put(key, (version, image.clone()));
    Ok(image.respond(StatusCode::OK, &headers))
}
