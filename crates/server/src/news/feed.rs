//! The news as an Atom feed, one for each language.

use atom_syndication::{Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use campaign_hub::{i18n, routes::Route};
use contract::{Locale, news::NewsSummary};

use super::{LocalNews, NewsFacts};
use crate::{
    error::ApiError,
    state::AppState,
    store::{Kind, Record},
};

/// The last part of the feed's URL, after the list of news.
pub(super) const FILE: &str = "/feed.atom";

/// The number of items in the feed.
const ENTRIES: usize = 20;

/// Responds with the latest news.
pub(super) async fn show(locale: Locale, State(state): State<AppState>) -> Result<Response, ApiError> {
    let now = state.clock.now();
    let content_index = state.content_index.get(&state.store).await?;
    let origin = state.public_url.origin();
    let mut entries = Vec::new();
    let latest = content_index.news.latest(locale, now, ENTRIES);
    let slugs: Vec<&str> = latest.iter().map(|summary| summary.slug.as_str()).collect();
    let records: Vec<Record<NewsFacts, LocalNews>> = state.store.find_all(Kind::News, &slugs, locale).await?;
    for summary in &latest {
        if let Some(record) = records.iter().find(|record| record.slug == summary.slug) {
            entries.push(entry(summary, &record.text.text.html, locale, origin));
        }
    }
    let own = [origin, &Route::News.href(locale), FILE].concat();
    let feed = Feed {
        title: Text::plain(i18n::news::feed_title(locale)),
        id: own.clone(),
        updated: entries.first().map(|entry| entry.updated).unwrap_or_default(),
        authors: vec![Person { name: i18n::frame::site_name(locale).to_owned(), ..Person::default() }],
        generator: Some(Generator { value: "Campaign Hub".to_owned(), ..Generator::default() }),
        links: vec![link("self", own), link("alternate", [origin, &Route::News.href(locale)].concat())],
        lang: Some(locale.tag().to_owned()),
        entries,
        ..Feed::default()
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/atom+xml; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag())),
    ];
    Ok((headers, feed.to_string()).into_response())
}

fn entry(summary: &NewsSummary, html: &str, locale: Locale, origin: &str) -> Entry {
    let address = [origin, &Route::NewsItem(summary.slug.clone()).href(locale)].concat();
    let published: FixedDateTime = summary.published.utc.parse().expect("the wire's moments are RFC 3339");
    // Feed readers show items outside the site, where relative URLs do not work.
    let html = html.replace("href=\"/", &format!("href=\"{origin}/"));
    Entry {
        title: Text::plain(summary.title.clone()),
        id: address.clone(),
        updated: published,
        published: Some(published),
        summary: Some(Text::plain(summary.standfirst.clone())),
        content: Some(Content {
            content_type: Some("html".to_owned()),
            value: Some(html),
            ..Content::default()
        }),
        authors: vec![Person { name: summary.union.label.clone(), ..Person::default() }],
        categories: summary
            .tags
            .iter()
            .map(|tag| atom_syndication::Category {
                term: tag.value.clone(),
                label: Some(tag.label.clone()),
                ..Default::default()
            })
            .collect(),
        links: vec![link("alternate", address)],
        ..Entry::default()
    }
}

fn link(rel: &str, href: String) -> Link {
    Link { rel: rel.to_owned(), href, ..Link::default() }
}
