//! The sitemap, for search engines.

use std::fmt::Write as _;

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use campaign_hub::routes::Route;
use contract::Locale;

use crate::{error::ApiError, state::AppState};

pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/sitemap.xml", get(show_sitemap)).route("/robots.txt", get(show_robots))
}

/// Every public page in both languages, each linked to its counterpart.
async fn show_sitemap(State(state): State<AppState>) -> Result<Response, ApiError> {
    let origin = state.public_url.origin();
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    let catalogue = state.catalogue.get(&state.store).await?;
    let products = catalogue.slugs().map(|slug| Route::Product(slug.to_owned()));
    let content_index = state.content_index.get(&state.store).await?;
    for route in Route::all().chain(content_index.pages(state.clock.now())).chain(products) {
        for locale in Locale::ALL {
            _ = write!(xml, "<url><loc>{origin}{}</loc>", route.href(locale));
            for alternate in Locale::ALL {
                let href = route.href(alternate);
                _ = write!(
                    xml,
                    "<xhtml:link rel=\"alternate\" hreflang=\"{alternate}\" href=\"{origin}{href}\"/>"
                );
            }
            xml.push_str("</url>\n");
        }
    }
    xml.push_str("</urlset>\n");
    let headers = [(header::CONTENT_TYPE, "application/xml"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, xml).into_response())
}

async fn show_robots(State(state): State<AppState>) -> Response {
    let text =
        format!("User-agent: *\nDisallow: /api/\n\nSitemap: {}/sitemap.xml\n", state.public_url.origin());
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], text)
        .into_response()
}
