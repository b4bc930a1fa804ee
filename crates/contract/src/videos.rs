//! Videos of earlier years, with captions and a transcript.

use serde::{Deserialize, Serialize};

use crate::{Endpoint, Locale, query, term::Term};

/// Fetches all videos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListVideos {
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for ListVideos {
    const PATH: &'static str = "/api/v1/videos";
    type Response = Videos;

    fn path_and_query(&self) -> String {
        query(Self::PATH, &[("locale", self.locale.tag())])
    }
}

/// All videos.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Videos {
    /// The videos, the latest first.
    pub videos: Vec<Video>,
}

/// A video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Video {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it shows, in a sentence.
    pub summary: String,
    /// The union or federation that published it.
    pub union: Term,
    /// The poster image shown until it is played.
    pub picture: String,
    /// The path of the MP4 file.
    pub file: String,
    /// Its length, in seconds.
    pub seconds: u32,
    /// The file size, in bytes.
    pub bytes: u32,
    /// Its captions, those in the language asked for first.
    pub captions: Vec<Captions>,
    /// The transcript of image and sound, as HTML.
    pub transcript: String,
}

/// A video's captions in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Captions {
    /// Their language.
    pub locale: Locale,
    /// The path of the WebVTT file.
    pub file: String,
}
