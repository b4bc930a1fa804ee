//! A film: a drawing with a button, which the film takes the place of. Without the
//! app the button is a link to the film.

use contract::{Locale, videos::Video};

use crate::{
    i18n::videos as t,
    ui::{Markup, markup},
};

/// Adds films, each below a heading of level 2 or 3.
pub(crate) fn add_videos(out: &mut Markup, videos: &[Video], level: u8, locale: Locale) {
    for video in videos {
        let Video { slug, title, summary, union, picture, file, .. } = video;
        let (open, close) = if level == 2 { ("<h2>", "</h2>") } else { ("<h3>", "</h3>") };
        markup!(out, "<article class='video' id='" (slug) "'>");
        out.raw(open);
        markup!(out, (title));
        out.raw(close);
        markup!(out, "<p>" (summary) "</p><div class='video__frame'>");
        out.picture(picture, "video__picture");
        let length = [&(video.seconds / 60).to_string(), ":", &format!("{:02}", video.seconds % 60)].concat();
        let kilobytes = video.bytes.div_ceil(1000).to_string();
        markup!(out, "</div><p><a class='button button--main video__play' rel='external' href='" (file) "'");
        for captions in &video.captions {
            markup!(out, " data-" (captions.locale.tag()) "='" (captions.file) "'");
        }
        markup!(out, ">" (t::play(locale, &kilobytes, &length)) "<span class='visually-hidden'> " (title)
            "</span></a></p><p class='video__about'>" (union.label) " · " (t::silent(locale))
            "</p><details class='video__transcript'><summary>" (t::transcript(locale))
            "</summary><div class='prose'>");
        out.sanitised(&video.transcript);
        out.raw("</div></details></article>");
    }
}

/// Plays films in the page.
pub(crate) fn live_videos() {
    #[cfg(target_arch = "wasm32")]
    play_in_page();
}

#[cfg(target_arch = "wasm32")]
fn play_in_page() {
    use leptos::prelude::document;
    use wasm_bindgen::JsCast as _;
    use web_sys::HtmlElement;

    use crate::{
        i18n::{frame, use_locale},
        ui::live::{find_all, listen},
    };

    let locale = use_locale();
    let Some(page) = document().body() else { return };
    for link in find_all(&page, ".video__play") {
        let play = link.clone();
        listen(&link, "click", move |event| {
            let around = play.closest(".video").ok().flatten();
            let frame = around.and_then(|video| video.query_selector(".video__frame").ok().flatten());
            let Some(frame) = frame else { return };
            event.prevent_default();
            let mut out = Markup::default();
            let file = play.get_attribute("href").unwrap_or_default();
            markup!(out, "<video class='video__film' controls autoplay playsinline src='" (file) "' aria-label='"
                (play.text_content().unwrap_or_default()) "'>");
            for captions in [locale, locale.other()] {
                let tracks = play.get_attribute(&["data-", captions.tag()].concat()).unwrap_or_default();
                markup!(out, "<track kind='captions' srclang='" (captions.tag()) "' label='"
                    (frame::language_name(captions)) "' src='" (tracks) "'");
                out.raw(if captions == locale { " default>" } else { ">" });
            }
            out.raw("</video>");
            frame.set_inner_html(&out.html());
            play.remove();
            let film = frame.query_selector("video").ok().flatten();
            if let Some(film) = film.and_then(|film| film.dyn_into::<HtmlElement>().ok()) {
                _ = film.focus();
                let frame = frame.clone();
                listen(&film, "error", move |_| {
                    let mut out = Markup::default();
                    markup!(out, "<p class='video__failed' role='alert'>" (t::failed(locale))
                        " <a rel='external' href='" (file) "'>" (t::open_file(locale)) "</a></p>");
                    frame.set_inner_html(&out.html());
                });
            }
        });
    }
}
