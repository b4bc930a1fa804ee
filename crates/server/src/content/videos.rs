//! The files of videos.

use serde::Deserialize;

use super::{ContentError, file::File, kinds::record, topics::KnownTerms};
use crate::{
    markdown,
    store::{Kind, NewRecord},
    videos::{LocalVideo, VideoFacts},
};

#[derive(Deserialize)]
struct VideoFile {
    year: u32,
    union: String,
    picture: String,
    seconds: u32,
    bytes: u32,
    en: LocalVideo,
    cy: LocalVideo,
}

pub(super) fn video(known: &KnownTerms, file: &File) -> Result<NewRecord, Vec<ContentError>> {
    let VideoFile { year, union, picture, seconds, bytes, mut en, mut cy } = file.parse()?;
    known.check_union(file, &union)?;
    for text in [&mut en, &mut cy] {
        text.transcript = markdown::render(&text.transcript);
    }
    let facts = VideoFacts { year, union, picture, seconds, bytes };
    Ok(record(Kind::Video, file, &facts, [&en, &cy]))
}
