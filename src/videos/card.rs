//! A video: a poster image with a button, which the video replaces. Without the app the button
//! is a link to the video.

use contract::videos::Video;
use leptos::{ev::MouseEvent, html, prelude::*};

use crate::{
    i18n::{frame, use_locale, videos as t},
    ui::Picture,
};

/// A list of videos, each with a heading of level 2 or 3.
#[component]
pub(crate) fn Videos(videos: Vec<Video>, level: u8) -> impl IntoView {
    videos.into_iter().map(|video| view! { <VideoCard video level/> }).collect_view()
}

/// The content of the frame.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PlayerState {
    Preview,
    Playing,
    /// The video could not be loaded.
    Failed,
}

#[component]
fn VideoCard(video: Video, level: u8) -> impl IntoView {
    let locale = use_locale();
    let (state, set_state) = signal(PlayerState::Preview);
    let play = move |event: MouseEvent| {
        event.prevent_default();
        set_state.set(PlayerState::Playing);
    };
    let length = format!("{}:{:02}", video.seconds / 60, video.seconds % 60);
    let label = t::play(locale, &video.bytes.div_ceil(1000).to_string(), &length);
    let title = video.title.clone();
    let heading = if level == 2 {
        view! { <h2>{title.clone()}</h2> }.into_any()
    } else {
        view! { <h3>{title.clone()}</h3> }.into_any()
    };
    let file = video.file.clone();
    let button = move || {
        (state.get() == PlayerState::Preview).then(|| {
            view! {
                <p>
                    <a class="button button--main video__play" rel="external" href=file.clone() on:click=play>
                        {label.clone()}
                        <span class="visually-hidden">" " {title.clone()}</span>
                    </a>
                </p>
            }
        })
    };
    let own = video.clone();
    let frame = move || match state.get() {
        PlayerState::Preview => {
            view! { <Picture name=own.picture.clone() class="video__picture"/> }.into_any()
        }
        PlayerState::Playing => view! { <Player video=own.clone() set_state/> }.into_any(),
        PlayerState::Failed => view! {
            <p class="video__failed" role="alert">
                {t::failed(locale)} " " <a rel="external" href=own.file.clone()>{t::open_file(locale)}</a>
            </p>
        }
        .into_any(),
    };
    view! {
        <article class="video" id=video.slug>
            {heading}
            <p>{video.summary}</p>
            <div class="video__frame">{move || frame()}</div>
            {move || button()}
            <p class="video__about">{video.union.label} " · " {t::silent(locale)}</p>
            <details class="video__transcript">
                <summary>{t::transcript(locale)}</summary>
                <div class="prose" inner_html=video.transcript></div>
            </details>
        </article>
    }
}

/// The video itself, with captions in both languages.
#[component]
fn Player(video: Video, set_state: WriteSignal<PlayerState>) -> impl IntoView {
    let locale = use_locale();
    let player = NodeRef::<html::Video>::new();
    // The button that had the focus is gone.
    Effect::new(move |_| {
        if let Some(player) = player.get() {
            _ = player.focus();
        }
    });
    let mut captions = video.captions;
    captions.sort_by_key(|captions| captions.locale != locale);
    let tracks = captions
        .into_iter()
        .map(|captions| {
            view! {
                <track
                    kind="captions"
                    srclang=captions.locale.tag()
                    label=frame::language_name(captions.locale)
                    src=captions.file
                    default=captions.locale == locale
                />
            }
        })
        .collect_view();
    view! {
        <video
            class="video__player"
            node_ref=player
            controls
            autoplay
            playsinline
            src=video.file
            aria-label=video.title
            on:error=move |_| set_state.set(PlayerState::Failed)
        >
            {tracks}
        </video>
    }
}
