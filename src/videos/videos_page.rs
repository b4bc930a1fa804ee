//! All films.

use contract::{
    Locale,
    videos::{ListVideos, Videos},
};
use leptos::prelude::*;

use super::{add_videos, live_videos};
use crate::{
    api,
    i18n::{frame, use_locale, videos as t},
    routes::Route,
    ui::{Head, Markup, TextPage, markup, text_page},
};

#[component]
pub(crate) fn VideosPage() -> impl IntoView {
    text_page(api::load(&ListVideos { locale: use_locale() }), page)
}

fn page(videos: Videos, locale: Locale) -> TextPage {
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><p class='crumb'><a href='" (Route::PastYears.href(locale)) "'>"
        (frame::past_years(locale)) "</a></p><h1 id='page-heading' tabindex='-1'>" (t::title(locale)) "</h1><p class='lede'>"
        (t::summary(locale)) "</p></div><div class='wrap video-list'>");
    if videos.videos.is_empty() {
        markup!(out, "<p>" (t::none(locale)) "</p>");
    }
    add_videos(&mut out, &videos.videos, 2, locale);
    out.raw("</div>");
    TextPage {
        head: Head {
            title: t::title(locale).to_owned(),
            description: t::summary(locale).to_owned(),
            route: Some(Route::Videos),
        },
        html: out.html(),
        live: live_videos,
    }
}
