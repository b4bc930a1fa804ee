//! Videos, their captions and transcripts.

use axum::http::{Method, StatusCode};
use contract::Locale;

use crate::server::on_both_engines;

/// The length of an MP4 according to its header, in seconds.
fn seconds(film: &[u8]) -> u32 {
    let head = film.windows(4).position(|name| name == b"mvhd").expect("a head of the film");
    let number =
        |at: usize| u32::from_be_bytes(film[head + at..head + at + 4].try_into().expect("four bytes"));
    number(20) / number(16)
}

#[tokio::test]
async fn every_video_has_matching_captions_and_transcript() {
    on_both_engines(async |server| {
        for locale in Locale::ALL {
            let answer = server.get(&format!("/api/v1/videos?locale={locale}")).await.json();
            let videos = answer["videos"].as_array().expect("films").clone();
            assert_eq!(videos.len(), 3);
            let page = server.get(&format!("{}/videos", locale.path_prefix())).await.text();
            for video in videos {
                let file = video["file"].as_str().expect("a file");
                let film = server.get(file).await;
                assert_eq!((film.status, film.header("content-type")), (StatusCode::OK, "video/mp4"));
                assert_eq!(video["bytes"], film.body.len(), "{file}");
                assert_eq!(video["seconds"], seconds(&film.body), "{file}");
                let part = server.send(Method::GET, file, &[("range", "bytes=100-199")]).await;
                assert_eq!((part.status, part.body.len()), (StatusCode::PARTIAL_CONTENT, 100), "{file}");
                assert!(film.body[100..200] == part.body[..], "{file}");
                assert!(page.contains(&format!("href=\"{file}\"")) && !page.contains("<video"), "{file}");

                let captions = video["captions"].as_array().expect("captions");
                assert_eq!((captions.len(), &captions[0]["locale"]), (2, &locale.tag().into()));
                let answer = server.get(captions[0]["file"].as_str().expect("a file")).await;
                assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/vtt"));
                let captions = answer.text();
                let cues: Vec<&str> = captions.split("\n\n").skip(1).collect();
                assert!(captions.starts_with("WEBVTT\n") && cues.len() >= 4, "{captions}");
                let transcript = video["transcript"].as_str().expect("a transcript");
                let mut before = "00:00.000";
                for cue in cues {
                    let (times, said) = cue.trim_end().split_once('\n').expect("times and words");
                    let (from, to) = times.split_once(" --> ").expect("times");
                    assert!(before <= from && from < to, "{cue}");
                    before = to;
                    assert!(transcript.contains(&said.replace('\n', " ")), "{said} is not in: {transcript}");
                }
            }
        }
        let union = server.get("/api/v1/unions/physiotherapists?locale=cy").await.json();
        assert_eq!(union["videos"][0]["title"], "Dywedwch helô wrth eich stiward");
        // The record of an event appears once the event is over.
        let event = "/api/v1/events/organising-at-a-distance";
        assert_eq!(server.get(event).await.json()["video"]["slug"], "organising-at-a-distance");
        server.set_clock("2026-10-28T18:00:00Z");
        assert!(server.get(event).await.json().get("video").is_none());
        for path in ["/media/nothing.mp4", "/media/", "/media/../index.html", "/media/%2e%2e/index.html"] {
            assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}
