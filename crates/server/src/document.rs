//! Everything outside the API: assets, and pages rendered on demand.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use campaign_hub::{
    contacts::PostedPlace, orders::RefusedForm, queries::wanted_in, routes::Route, ui::LimitReached,
};
use contract::{Locale, orders::RequestOrderLink, poster::Poster};
use jiff::Timestamp;

use crate::{
    cache::{CachedPage, PageKey},
    clock,
    error::ApiError,
    middleware::{RouteName, Slot},
    monitoring::InProgress,
    page_query::known_query,
    render,
    state::AppState,
    store::{Scope, StoreError, Versions},
};

/// The fallback handler.
pub(crate) async fn show_document(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError::MethodNotAllowed.into_response();
    }
    let path = request.uri().path();
    if let Some(asset) = state.site.asset(path) {
        return named("asset", asset.respond(StatusCode::OK, request.headers()));
    }
    // A missing file must not be answered with a page: an old script would otherwise arrive as
    // HTML.
    let file = path.rsplit('/').next().unwrap_or_default();
    if path.starts_with("/assets/") || path.starts_with("/api/") || file.contains('.') {
        return named("missing", ApiError::NotFound.into_response());
    }
    if path.len() > 1
        && let Some(path) = path.strip_suffix('/')
    {
        // Two leading slashes or backslashes would redirect to another host.
        let path = path.trim_start_matches(['/', '\\']);
        let address = match request.uri().query() {
            Some(query) => format!("/{path}?{query}"),
            None => format!("/{path}"),
        };
        return named("redirect", Redirect::permanent(&address).into_response());
    }
    let (locale, rest) = Locale::split_path(path);
    let route = existing(&state, Route::find(rest)).await;
    let query = route.as_ref().map(|route| known_query(route, request.uri().query().unwrap_or_default()));
    let key = PageKey { locale, query: query.unwrap_or_default(), route };
    if key.route.as_ref().is_some_and(Route::is_personal) {
        let page = fresh(&state, &key, Versions::default(), state.clock.now(), None).await;
        return unkept(respond(&page, &key, request.headers()));
    }
    let slot = request.extensions().get::<Arc<Slot>>().cloned();
    match cached(&state, &key, slot).await {
        Ok(page) => respond(&page, &key, request.headers()),
        Err(error) => error.into_response(),
    }
}

/// The route, if its content exists. Products and news come and go with the content, and all
/// missing pages share one entry in the cache.
pub(crate) async fn existing(state: &AppState, route: Option<Route>) -> Option<Route> {
    let there = match &route {
        Some(Route::Product(slug)) => {
            state.catalogue.get(&state.store).await.map(|products| products.has(slug))
        }
        Some(page) if page.depends_on_content() => state
            .content_index
            .get(&state.store)
            .await
            .map(|content_index| content_index.has(page, state.clock.now())),
        _ => Ok(true),
    };
    // If the database is down, the page may still be in the cache.
    route.filter(|_| there.unwrap_or(true))
}

/// A submitted form with errors.
pub(crate) enum Posted {
    /// The region finder's form.
    Place(PostedPlace),
    /// The poster maker's form.
    Poster(Box<Poster>),
    /// A form on an order's page.
    Order(Box<RefusedForm>),
    /// The form that requests the link to an order.
    OrderLink(Box<RequestOrderLink>),
    /// Any form, or none, that reached a rate limit.
    TooMany(Option<Box<Posted>>, LimitReached),
}

/// The rate limit in an error, for the page to show.
pub(crate) fn limit_reached(error: &ApiError) -> Option<LimitReached> {
    let ApiError::TooManyRequests { scope, retry_after_seconds } = error else { return None };
    let by_network = matches!(scope, Scope::WritesPerNetwork | Scope::PostersPerNetwork);
    Some(LimitReached { by_network, retry_after_seconds: *retry_after_seconds })
}

/// Answers a form with its page, showing the input and the errors. The response is never
/// cached.
pub(crate) async fn answer_form(state: &AppState, locale: Locale, route: Route, posted: Posted) -> Response {
    let key = PageKey { locale, route: Some(route), query: String::new() };
    let limit = match &posted {
        Posted::TooMany(_, limit) => Some(*limit),
        _ => None,
    };
    let page = fresh(state, &key, Versions::default(), state.clock.now(), Some(posted)).await;
    let mut response = unkept(respond(&page, &key, &HeaderMap::new()));
    if let Some(LimitReached { retry_after_seconds, .. }) = limit {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_seconds));
    }
    response
}

/// Answers with the "page not found" page.
pub(crate) async fn answer_not_found(state: &AppState, locale: Locale) -> Response {
    let key = PageKey { locale, route: None, query: String::new() };
    let page = fresh(state, &key, Versions::default(), state.clock.now(), None).await;
    unkept(respond(&page, &key, &HeaderMap::new()))
}

/// A response that must not be stored.
fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn respond(page: &CachedPage, key: &PageKey, request: &HeaderMap) -> Response {
    let mut response = page.body.respond(page.status, request);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, page.policy.clone());
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(key.locale.tag()));
    if page.status.is_server_error() {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    }
    named(key.route.as_ref().map_or("page not found", Route::template), response)
}

/// The page from the cache, or rendered and cached; if the database is down, the last page
/// that was cached.
async fn cached(
    state: &AppState,
    key: &PageKey,
    slot: Option<Arc<Slot>>,
) -> Result<Arc<CachedPage>, ApiError> {
    let now = state.clock.now();
    let cached_page = state.pages.last_known(key, now);
    let lookup = match look_up(state, cached_page.as_deref(), now).await {
        Ok(lookup) => lookup,
        Err(error) => {
            tracing::error!(%error, "page served without the database");
            return match cached_page {
                Some(page) => Ok(page),
                None => rendered(state, key, Versions::default(), now, slot).await,
            };
        }
    };
    let Lookup { versions, valid_until } = lookup;
    let result = if valid_until.is_none() { "hit" } else { "miss" };
    metrics::counter!("page_cache_total", "result" => result).increment(1);
    match (cached_page, valid_until) {
        (Some(page), None) => {
            if page.versions != versions {
                state.pages.renew(key, &page, versions);
            }
            Ok(page)
        }
        (_, valid_until) => rendered(state, key, versions, valid_until.unwrap_or(now), slot).await,
    }
}

/// The result of checking a cached page against the database.
struct Lookup {
    /// The current versions.
    versions: Versions,
    /// When a page rendered now expires; none if the cached one is current.
    valid_until: Option<Timestamp>,
}

async fn look_up(
    state: &AppState,
    cached_page: Option<&CachedPage>,
    now: Timestamp,
) -> Result<Lookup, StoreError> {
    let versions = state.store.versions().await?;
    if let Some(page) = cached_page
        && shows_these(state, page, versions).await?
    {
        return Ok(Lookup { versions, valid_until: None });
    }
    let midnight = clock::next_uk_midnight(now);
    let boundary = state.content_index.at(versions.content, &state.store).await?.next_boundary(now);
    let valid_until = boundary.map_or(midnight, |boundary| midnight.min(boundary));
    Ok(Lookup { versions, valid_until: Some(valid_until) })
}

/// The page, rendered once for all concurrent requests. The render has the slot of the request
/// that started it, until it ends.
async fn rendered(
    state: &AppState,
    key: &PageKey,
    versions: Versions,
    valid_until: Timestamp,
    slot: Option<Arc<Slot>>,
) -> Result<Arc<CachedPage>, ApiError> {
    let (own, own_key) = (state.clone(), key.clone());
    let render = move || async move {
        let _slot = slot;
        fresh(&own, &own_key, versions, valid_until, None).await
    };
    let page = state.pages.render(key, versions, state.clock.now(), render).await;
    page.ok_or_else(|| ApiError::internal(anyhow::anyhow!("rendering a page panicked")))
}

/// Whether a cached page is still correct at these versions: a change of stock only matters to
/// pages that show it.
async fn shows_these(state: &AppState, page: &CachedPage, versions: Versions) -> Result<bool, StoreError> {
    if page.versions.content != versions.content {
        return Ok(false);
    }
    if page.versions.stock == versions.stock || !page.shows.stock() {
        return Ok(true);
    }
    let catalogue = state.catalogue.get(&state.store).await?;
    Ok(catalogue.shows_same(&page.shows, page.versions.stock))
}

async fn fresh(
    state: &AppState,
    key: &PageKey,
    versions: Versions,
    valid_until: Timestamp,
    posted: Option<Posted>,
) -> CachedPage {
    let _counted = InProgress::start("page_renders_in_progress");
    // All unknown URLs render the "page not found" page.
    let mut address = key
        .route
        .as_ref()
        .map_or_else(|| [key.locale.path_prefix(), "/not-found"].concat(), |route| route.href(key.locale));
    if !key.query.is_empty() {
        address = [&address, "?", &key.query].concat();
    }
    let turn = state.pages.turn_to_render().await;
    let started = Instant::now();
    let mut rendered = render::render(state, &address, key.locale, posted).await;
    metrics::histogram!("page_render_duration_seconds").record(started.elapsed().as_secs_f64());
    drop(turn);
    // The number of pages without a query string is limited.
    rendered.shows.typed = !key.query.is_empty() && (rendered.shows.typed || asks_for_more(state, key).await);
    CachedPage {
        body: state.pages.compress(rendered.html).await,
        status: StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        policy: HeaderValue::try_from(rendered.policy).expect("a policy is made of ASCII"),
        versions,
        valid_until,
        shows: rendered.shows,
    }
}

/// Whether the query string selects a colour, size or language that the product does not have,
/// or a start date for a course. There is no limit to such URLs, so their pages are not
/// cached. They are found here because the page does not call the API with these parameters.
async fn asks_for_more(state: &AppState, key: &PageKey) -> bool {
    match &key.route {
        Some(Route::Course(_)) => !key.query.is_empty(),
        Some(Route::Product(slug)) if !key.query.is_empty() => {
            let catalogue = state.catalogue.get(&state.store).await;
            !catalogue.is_ok_and(|catalogue| catalogue.has_variant(slug, &wanted_in(&key.query)))
        }
        _ => false,
    }
}

/// Sets the route name for logs and metrics, which never contain the URL itself.
fn named(name: &'static str, mut response: Response) -> Response {
    response.extensions_mut().insert(RouteName(name));
    response
}
