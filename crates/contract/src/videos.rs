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

/// All films.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Videos {
    /// The films, the latest first.
    pub videos: Vec<Video>,
}

/// A film.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Video {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it shows, in a sentence.
    pub summary: String,
    /// The union or federation that it is from.
    pub union: Term,
    /// The drawing that stands for it until it is played.
    pub picture: String,
    /// The path of the MP4 file.
    pub file: String,
    /// How long it is, in seconds.
    pub seconds: u32,
    /// How large it is, in bytes.
    pub bytes: u32,
    /// Its captions, in the language asked for first.
    pub captions: Vec<Captions>,
    /// What is seen and said, as HTML.
    pub transcript: String,
}

/// A film's captions in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Captions {
    /// Their language.
    pub locale: Locale,
    /// The path of the WebVTT file.
    pub file: String,
}
