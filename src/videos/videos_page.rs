//! All videos.

use contract::videos::{self, ListVideos};
use leptos::prelude::*;

use super::Videos;
use crate::{
    api,
    i18n::{frame, use_locale, videos as t},
    routes::Route,
    ui::{Head, PageHead, Remote},
};

#[component]
pub(crate) fn VideosPage() -> impl IntoView {
    let locale = use_locale();
    let videos = api::resource(move || ListVideos { locale });
    view! { <Remote data=videos let:videos><List videos/></Remote> }
}

#[component]
fn List(videos: videos::Videos) -> impl IntoView {
    let locale = use_locale();
    let head = Head {
        title: t::title(locale).to_owned(),
        description: t::summary(locale).to_owned(),
        route: Some(Route::Videos),
    };
    let videos = videos.videos;
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <p class="crumb">
                <a href=Route::PastYears.href(locale)>{frame::past_years(locale)}</a>
            </p>
            <h1 id="page-heading" tabindex="-1">{t::title(locale)}</h1>
            <p class="lede">{t::summary(locale)}</p>
        </div>
        <div class="wrap video-list">
            {videos.is_empty().then(|| view! { <p>{t::none(locale)}</p> })}
            <Videos videos level=2/>
        </div>
    }
}
