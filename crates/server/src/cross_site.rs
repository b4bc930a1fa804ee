//! Refuses cross-site requests that a visitor's browser sends (CSRF). Programs, webhooks and
//! one-click links send neither of the two headers, and authenticate themselves.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::{config::PublicUrl, error::ApiError, state::AppState};

/// Lets a request through unless it changes something and is cross-site.
pub(crate) async fn refuse(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if only_reads || is_allowed(request.headers(), &state.public_url, &state.allowed_origins) {
        return next.run(request).await;
    }
    ApiError::CrossSite.into_response()
}

fn is_allowed(headers: &HeaderMap, own: &PublicUrl, others: &[PublicUrl]) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let origin = text("origin");
    let is_listed = |origin: &str| others.iter().any(|other| other.is_origin(origin));
    match (text("sec-fetch-site"), origin) {
        (Some("same-origin" | "none"), _) | (None, None) => true,
        (Some(_), origin) => origin.is_some_and(is_listed),
        // Older browsers. The origin is not compared with Host, because an attacker can choose
        // it.
        (None, Some(origin)) => own.is_origin(origin) || is_listed(origin),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::is_allowed;

    #[test]
    fn only_own_and_allowed_origins_may_write() {
        let own = "https://week.example".parse().expect("an origin");
        let others = ["https://static.example".parse().expect("an origin")];
        for (site, origin, expected) in [
            ("", "", true),
            ("same-origin", "", true),
            ("same-origin", "https://week.example", true),
            // Another name of this server: the browser has compared the origins itself.
            ("same-origin", "https://10.0.0.1:8443", true),
            ("none", "", true),
            ("none", "null", true),
            ("same-site", "", false),
            ("same-site", "https://week.example", false),
            ("same-site", "https://blog.week.example", false),
            ("cross-site", "", false),
            ("cross-site", "null", false),
            ("cross-site", "https://evil.example", false),
            ("cross-site", "https://static.example", true),
            ("same-site", "https://static.example", true),
            ("", "https://week.example", true),
            ("", "HTTPS://Week.Example", true),
            ("", "https://static.example", true),
            ("", "http://week.example", false),
            ("", "https://week.example:8443", false),
            ("", "https://week.example.evil.example", false),
            ("", "https://evil.example", false),
            ("", "null", false),
            ("nonsense", "", false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if !value.is_empty() {
                    headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
                }
            }
            assert_eq!(is_allowed(&headers, &own, &others), expected, "{site:?} {origin:?}");
        }
        let mut unreadable = HeaderMap::new();
        unreadable.insert("origin", HeaderValue::from_bytes(b"\xff").expect("a value"));
        assert!(!is_allowed(&unreadable, &own, &others));
    }
}
