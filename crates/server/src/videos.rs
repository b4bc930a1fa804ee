//! Videos of earlier years, and their files, with support for range requests.

use std::{path::Path, sync::Arc};

use axum::{Json, Router, extract::State, http::HeaderValue};
use contract::{
    Endpoint as _, Locale, Problem,
    videos::{Captions, ListVideos, Video, Videos},
};
use serde::{Deserialize, Serialize};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    facets::term,
    locale::Localised,
    state::AppState,
    store::{Bilingual, Kind, Store, StoreError},
    topics::Topics,
};

/// The folder of the files, in the site and in URLs.
pub(crate) const FOLDER: &str = "/media";

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_videos))
}

/// Serves the files of videos and captions from the folder of the built site.
pub(crate) fn files(site: &Path) -> Router<AppState> {
    let files =
        ServeDir::new(site.join(FOLDER.trim_start_matches('/'))).append_index_html_on_directories(false);
    let revalidate = SetResponseHeaderLayer::overriding(
        axum::http::header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache"),
    );
    Router::new().nest_service(FOLDER, tower::ServiceBuilder::new().layer(revalidate).service(files))
}

/// The language-independent fields of a video's file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct VideoFacts {
    pub(crate) year: u32,
    pub(crate) union: String,
    pub(crate) picture: String,
    pub(crate) seconds: u32,
    pub(crate) bytes: u32,
}

/// The text of a video's file in one language.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LocalVideo {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) transcript: String,
}

/// All films.
pub(crate) struct VideoIndex {
    topics: Arc<[Topics; 2]>,
    /// The latest first.
    videos: Vec<Bilingual<VideoFacts, LocalVideo>>,
}

impl VideoIndex {
    pub(crate) async fn read(store: &Store, topics: Arc<[Topics; 2]>) -> Result<Self, StoreError> {
        let mut videos: Vec<Bilingual<VideoFacts, LocalVideo>> = store.list_both(Kind::Video).await?;
        videos.sort_by_key(|video| std::cmp::Reverse(video.facts.year));
        Ok(Self { topics, videos })
    }

    /// The video with this slug.
    pub(crate) fn find(&self, slug: &str, locale: Locale) -> Option<Video> {
        let video = self.videos.iter().find(|video| video.slug == slug)?;
        Some(self.describe(video, locale))
    }

    /// The videos of a union.
    pub(crate) fn of_union(&self, union: &str, locale: Locale) -> Vec<Video> {
        let own = self.videos.iter().filter(|video| video.facts.union == union);
        own.map(|video| self.describe(video, locale)).collect()
    }

    fn describe(&self, video: &Bilingual<VideoFacts, LocalVideo>, locale: Locale) -> Video {
        let VideoFacts { union, picture, seconds, bytes, .. } = &video.facts;
        let LocalVideo { title, summary, transcript } = video.texts[locale as usize].clone();
        let slug = &video.slug;
        let captions = [locale, locale.other()];
        Video {
            slug: slug.clone(),
            title,
            summary,
            union: term(&self.topics[locale as usize].unions, union),
            picture: picture.clone(),
            file: format!("{FOLDER}/{slug}.mp4"),
            seconds: *seconds,
            bytes: *bytes,
            captions: captions
                .map(|locale| Captions { locale, file: format!("{FOLDER}/{slug}.{locale}.vtt") })
                .into(),
            transcript,
        }
    }
}

/// All videos, with captions and transcripts.
#[utoipa::path(
    get,
    path = ListVideos::PATH,
    tag = "videos",
    params(("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given")),
    responses(
        (status = 200, description = "The films", body = Videos),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_videos(
    State(state): State<AppState>,
    Localised(locale): Localised,
) -> Result<Json<Videos>, ApiError> {
    let content_index = state.content_index.get(&state.store).await?;
    let index = &content_index.videos;
    Ok(Json(Videos { videos: index.videos.iter().map(|video| index.describe(video, locale)).collect() }))
}
