//! An event.

use contract::{
    Locale,
    events::{Event, EventState, FindEvent},
};
use leptos::prelude::*;

use super::{
    card::{date_block, event_cards, state},
    visitor,
    when::when,
};
use crate::{
    api,
    i18n::{events as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, markup, text_page},
    videos::{add_videos, live_videos},
};

#[component]
pub(crate) fn EventPage() -> impl IntoView {
    let locale = use_locale();
    // From one event to another the page stays.
    let slug = routes::param("event");
    text_page(api::load_again(move || FindEvent { slug: slug.get(), locale }), page)
}

fn page(event: Event, locale: Locale) -> TextPage {
    #[cfg(feature = "ssr")]
    crate::render::Collector::set_about(crate::render::About::Event(Box::new(event.clone())));
    let Event { summary, text, video, more } = &event;
    let mut out = Markup::default();
    markup!(out, "<article class='wrap event-page'><p class='crumb'><a href='" (Route::Events.href(locale)) "'>"
        (t::title(locale)) "</a></p><h1 id='page-heading' tabindex='-1'>" (summary.title) "</h1><p class='lede'>"
        (summary.summary) "</p>");
    if let Some(why) = &text.cancelled {
        markup!(out, "<div class='notice'><p class='notice__title'>" (t::cancelled_because(locale)) "</p><p>" (why)
            "</p></div>");
    } else if summary.state == EventState::Over {
        markup!(out, "<p class='notice'>" (t::over(locale)) "</p>");
    }
    add_when(&mut out, &event, locale);
    if text.recording.is_some() || video.is_some() {
        markup!(out, "<section class='event-page__recording prose'><h2>" (t::recording(locale)) "</h2>");
        add_videos(&mut out, video.as_slice(), 3, locale);
        out.sanitised(text.recording.as_deref().unwrap_or_default());
        out.raw("</section>");
    }
    add_facts(&mut out, &event, locale);
    out.raw("<div class='prose'>");
    out.sanitised(&text.html);
    out.raw("</div></article>");
    if !more.is_empty() {
        markup!(out, "<section class='wrap section' aria-labelledby='more-title'><h2 id='more-title'>"
            (t::more(locale)) "</h2><ul class='event-list' role='list'>");
        event_cards(&mut out, more, locale);
        out.raw("</ul></section>");
    }
    // What is shared and found says so too, without the page around it.
    let (title, description) = match &text.cancelled {
        Some(why) => (t::cancelled_title(locale, &summary.title), t::cancelled_text(locale, why)),
        None => (summary.title.clone(), summary.summary.clone()),
    };
    TextPage {
        head: Head { title, description, route: Some(Route::Event(summary.slug.clone())) },
        html: out.html(),
        live: || {
            visitor::live();
            live_videos();
        },
    }
}

/// When it is, and the way into a calendar.
fn add_when(out: &mut Markup, event: &Event, locale: Locale) {
    let summary = &event.summary;
    out.raw("<div class='event-page__when'>");
    date_block(out, summary.starts.uk_date, "event-page__date", locale);
    out.raw("<div><p class='event-card__when'>");
    state(out, summary, locale);
    markup!(out, "<time datetime='" (summary.starts.utc) "'>" (when(summary, locale)) "</time></p>");
    if !summary.cancelled && summary.state != EventState::Over {
        visitor::add(out, summary);
        markup!(out, "<p class='actions'><a class='button button--main' rel='external' href='"
            (Route::Event(summary.slug.clone()).href(locale)) "/event.ics'>" (t::add(locale)) "</a></p>");
    }
    out.raw("</div></div>");
}

fn add_facts(out: &mut Markup, event: &Event, locale: Locale) {
    let Event { summary, text, .. } = event;
    markup!(out, "<dl class='facts'><dt>" (t::place(locale)) "</dt><dd>" (summary.place) "</dd><dt>"
        (t::held_by(locale)) "</dt><dd>" (summary.union.label) "</dd><dt>" (t::access(locale)) "</dt><dd><ul>");
    for line in &text.access {
        markup!(out, "<li>" (line) "</li>");
    }
    out.raw("</ul></dd>");
    if !text.speakers.is_empty() {
        markup!(out, "<dt>" (t::speakers(locale)) "</dt><dd><ul>");
        for speaker in &text.speakers {
            markup!(out, "<li><strong>" (speaker.role) "</strong>: " (speaker.about) "</li>");
        }
        out.raw("</ul></dd>");
    }
    out.raw("</dl>");
}
