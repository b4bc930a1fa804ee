//! Renders a page: the app's own components to HTML, inserted into the built document, with
//! the content security policy for exactly this page.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, body::Body, http::Request};
use campaign_hub::{
    api::InProcessApi,
    app::App,
    poster::PublicOrigin,
    render::{Collector, Head, PageMetadata, PageSubject},
    routes::Route,
    ui::PicturesPath,
};
use contract::Locale;
use futures::StreamExt as _;
use http_body_util::BodyExt as _;
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::{
    prelude::{IntoView as _, RenderHtml as _, provide_context},
    reactive::{computed::ScopedFuture, owner::Owner},
};
use leptos_router::location::RequestUrl;
use tower::ServiceExt as _;

use crate::{
    cache::Shows,
    config::PublicUrl,
    document::Posted,
    node_count::count_nodes,
    share,
    site::{Template, policy_hash},
    state::AppState,
    structured,
};

/// A rendered document.
pub(crate) struct Rendered {
    pub(crate) html: String,
    pub(crate) status: u16,
    /// The content security policy.
    pub(crate) policy: String,
    pub(crate) shows: Shows,
}

/// Renders the page at `address`, whose query string is limited to the cache key; `posted` is
/// the form submitted without JavaScript.
pub(crate) async fn render(
    state: &AppState,
    address: &str,
    locale: Locale,
    posted: Option<Posted>,
) -> Rendered {
    let template = state.site.template();
    let Page { html: body, data, metadata, shows } = render_body(state, address, posted).await;
    let subject = metadata.subject.as_ref();
    // The path for the head; personal pages have no preview.
    let path = address.split('?').next().unwrap_or_default();
    let route = Route::find(Locale::split_path(path).1);
    // Printed pages show the full URLs of links.
    let origin = format!(":root{{--origin:\"{}\"}}", state.public_url.origin());
    let styles = origin + &template.styles(route.as_ref().map_or(&[], Route::styles));
    let is_shared = !route.as_ref().is_some_and(Route::is_personal);
    let head = metadata.head.map(|head| head_html(&head, subject, locale, &state.public_url, is_shared));
    let head = head.unwrap_or_default();
    // The loader preloads the code of this part.
    let part = route.as_ref().map_or("main", Route::part_name);
    let attributes = format!("lang=\"{locale}\" data-app-part=\"{part}\"");
    let start = template.start.replacen("lang=\"en\"", &attributes, 1);
    let html = [
        start.as_str(),
        &head,
        &template.head_end,
        "<style>",
        &styles,
        "</style></head><body data-rendered=\"",
        &count_nodes(&body).to_string(),
        "\">",
        &body,
        "<script>",
        &data,
        "</script></body></html>",
    ]
    .concat();
    let policy = policy(template, &styles, &data);
    Rendered { html, status: metadata.status.unwrap_or(200), policy, shows }
}

/// The title of the page at `address`, if it can be shown.
pub(crate) async fn title(state: &AppState, address: &str) -> Option<String> {
    let metadata = render_body(state, address, None).await.metadata;
    metadata.head.filter(|_| metadata.status.is_none()).map(|head| head.title)
}

/// The app's output for a URL.
struct Page {
    html: String,
    /// The data that the app would otherwise fetch again, as a script.
    data: String,
    metadata: PageMetadata,
    shows: Shows,
}

async fn render_body(state: &AppState, address: &str, posted: Option<Posted>) -> Page {
    let template = state.site.template();
    let api = state.api.clone();
    let shows = Arc::new(Mutex::new(Shows::default()));
    let shared = Arc::new(SsrSharedContext::new());
    let owner = Owner::new_root(Some(Arc::clone(&shared) as Arc<dyn SharedContext + Send + Sync>));
    let collector = Collector::default();
    let body = owner.with(|| {
        provide_context(RequestUrl::new(address));
        provide_context(collector.clone());
        provide_context(PicturesPath(template.pictures.clone()));
        provide_context(PublicOrigin(state.public_url.origin().to_owned()));
        provide_context(InProcessApi::new({
            let shows = Arc::clone(&shows);
            move |path| call(api.clone(), path, Arc::clone(&shows))
        }));
        if let Some(posted) = posted {
            provide_posted(posted);
        }
        ScopedFuture::new(async {
            let app = App().into_view();
            app.to_html_stream_in_order().collect::<String>().await
        })
    });
    let html = body.await;
    let data = match shared.pending_data() {
        Some(data) => data.collect::<Vec<_>>().await.concat(),
        None => String::new(),
    };
    owner.unset();
    let shows = std::mem::take(&mut *shows.lock().unwrap_or_else(PoisonError::into_inner));
    Page { html, data, metadata: collector.metadata(), shows }
}

/// Provides the submitted form to the page.
fn provide_posted(posted: Posted) {
    match posted {
        Posted::Place(place) => provide_context(place),
        Posted::Poster(poster) => provide_context(*poster),
        Posted::Order(refused) => provide_context(*refused),
        Posted::OrderLink(request) => provide_context(*request),
        Posted::TooMany(posted, limit) => {
            provide_context(limit);
            if let Some(posted) = posted {
                provide_posted(*posted);
            }
        }
    }
}

/// Answers the app's API requests from the router in this process.
async fn call(api: Router, path: String, shows: Arc<Mutex<Shows>>) -> (u16, String) {
    let request = Request::get(path).body(Body::empty()).expect("the app's own paths are valid");
    let mut response = api.oneshot(request).await.unwrap_or_else(|never| match never {});
    if let Some(shown) = response.extensions_mut().remove::<Shows>() {
        shows.lock().unwrap_or_else(PoisonError::into_inner).add(shown);
    }
    let status = response.status().as_u16();
    let body =
        response.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// Only the document's own code may run: inline code by hash, and everything else from this
/// origin. `data:` allows the icon, which is part of the document.
fn policy(template: &Template, styles: &str, data: &str) -> String {
    let scripts = [template.script_hashes.join(" "), policy_hash(data)].join(" ");
    let styles = [template.style_hashes.join(" "), policy_hash(styles)].join(" ");
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self' {styles}; \
         img-src 'self' data:; font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

/// The page's part of the document's head; only pages that are `is_shared` have a preview.
fn head_html(
    head: &Head,
    subject: Option<&PageSubject>,
    locale: Locale,
    public_url: &PublicUrl,
    is_shared: bool,
) -> String {
    let origin = public_url.origin();
    let title = escape(&head.full_title(locale));
    let description = escape(&head.description);
    let mut html = format!("<title>{title}</title><meta name=\"description\" content=\"{description}\">");
    let own = head.route.as_ref().unwrap_or(&Route::Home);
    if head.route.is_none() {
        html.push_str("<meta name=\"robots\" content=\"noindex\">");
    }
    // Included on every page, because the app updates it on navigation.
    _ = write!(html, "<link rel=\"canonical\" href=\"{origin}{}\">", own.href(locale));
    for alternate in Locale::ALL {
        _ = write!(
            html,
            "<link rel=\"alternate\" hreflang=\"{alternate}\" href=\"{origin}{}\">",
            own.href(alternate)
        );
    }
    let manifest = [locale.path_prefix(), "/site.webmanifest"].concat();
    _ = write!(
        html,
        "<link rel=\"alternate\" hreflang=\"x-default\" href=\"{origin}{default}\">\
         <link rel=\"manifest\" href=\"{manifest}\">",
        default = own.href(Locale::En),
    );
    if !is_shared {
        return html;
    }
    let site = escape(campaign_hub::i18n::frame::site_name(locale));
    let (picture, shows) = match subject {
        Some(PageSubject::Product(product)) => {
            (structured::share_picture(product), escape(&product.text.name))
        }
        _ if *own == Route::Home => (format!("/share-{locale}.png"), site.clone()),
        _ => (share::image_path(own, locale, &head.title), escape(&head.title)),
    };
    let kind = match subject {
        Some(PageSubject::Product(_)) => "product",
        Some(PageSubject::News(_)) => "article",
        _ => "website",
    };
    _ = write!(
        html,
        "<meta property=\"og:type\" content=\"{kind}\">\
         <meta property=\"og:site_name\" content=\"{site}\">\
         <meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"og:description\" content=\"{description}\">\
         <meta property=\"og:url\" content=\"{origin}{url}\">\
         <meta property=\"og:locale\" content=\"{language}\">\
         <meta property=\"og:locale:alternate\" content=\"{other}\">\
         <meta property=\"og:image\" content=\"{origin}{picture}\">\
         <meta property=\"og:image:width\" content=\"1200\">\
         <meta property=\"og:image:height\" content=\"630\">\
         <meta property=\"og:image:alt\" content=\"{shows}\">\
         <meta name=\"twitter:card\" content=\"summary_large_image\">",
        url = own.href(locale),
        language = locale.open_graph(),
        other = locale.other().open_graph(),
    );
    if let Route::Home | Route::News | Route::NewsItem(_) = own {
        let feed = [&Route::News.href(locale), "/feed.atom"].concat();
        _ = write!(
            html,
            "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"{title}\" href=\"{origin}{feed}\">",
            title = escape(campaign_hub::i18n::news::feed_title(locale)),
        );
    }
    if let Some(subject) = subject {
        html.push_str(&structured::script(subject, locale, origin));
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use axum::Router;
    use contract::Locale;
    use tempfile::TempDir;

    use super::render;
    use crate::{error::ApiError, state::AppState};

    #[tokio::test]
    async fn pages_are_rendered_with_the_router_that_the_server_has() {
        _ = any_spawner::Executor::init_tokio();
        let folder = TempDir::new().expect("a temporary folder");
        let requests = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&requests);
        let api = Router::new().fallback(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            async { ApiError::NotFound }
        });
        let state = AppState { api, ..AppState::for_tests(folder.path()).await };
        let mut counts = [0; 2];
        for count in &mut counts {
            render(&state, "/news", Locale::En, None).await;
            *count = requests.swap(0, Ordering::Relaxed);
        }
        assert!(counts[0] > 0 && counts[0] == counts[1], "{counts:?}");
    }
}
