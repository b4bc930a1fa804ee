//! An event.

use contract::events::{Event, EventState, EventSummary, EventText, FindEvent};
use leptos::prelude::*;

use super::{
    card::{DateBlock, EventCards, EventTags},
    event_time::event_time,
    visitor_time::VisitorTime,
};
use crate::{
    api,
    i18n::{events as t, use_locale},
    render::{PageSubject, set_subject},
    routes::{self, Route},
    ui::{Head, PageHead, Remote},
    videos::Videos,
};

#[component]
pub(crate) fn EventPage() -> impl IntoView {
    let locale = use_locale();
    // The component is reused from one event to another.
    let slug = routes::param("event");
    let event = api::resource(move || FindEvent { slug: slug.get(), locale });
    view! { <Remote data=event let:event><Content event/></Remote> }
}

#[component]
fn Content(event: Event) -> impl IntoView {
    let locale = use_locale();
    set_subject(PageSubject::Event(Box::new(event.clone())));
    let Event { summary, text, video, more } = event;
    // The title and description for search engines and shared links mention the cancellation
    // too.
    let (title, description) = match &text.cancelled {
        Some(why) => (t::cancelled_title(locale, &summary.title), t::cancelled_text(locale, why)),
        None => (summary.title.clone(), summary.summary.clone()),
    };
    let head = Head { title, description, route: Some(Route::Event(summary.slug.clone())) };
    let notice = match &text.cancelled {
        Some(why) => Some(
            view! {
                <div class="notice">
                    <p class="notice__title">{t::cancelled_because(locale)}</p>
                    <p>{why.clone()}</p>
                </div>
            }
            .into_any(),
        ),
        None => (summary.state == EventState::Over)
            .then(|| view! { <p class="notice">{t::ended(locale)}</p> }.into_any()),
    };
    let recording = (text.recording.is_some() || video.is_some()).then(|| {
        let notes = text.recording.clone().map(|html| view! { <div inner_html=html></div> });
        view! {
            <section class="event-page__recording prose">
                <h2>{t::recording(locale)}</h2>
                <Videos videos=video.into_iter().collect() level=3/>
                {notes}
            </section>
        }
    });
    let more = (!more.is_empty()).then(|| {
        view! {
            <section class="wrap section" aria-labelledby="more-title">
                <h2 id="more-title">{t::more(locale)}</h2>
                <ul class="event-list" role="list">
                    <EventCards events=more/>
                </ul>
            </section>
        }
    });
    view! {
        <PageHead head/>
        <article class="wrap event-page">
            <p class="crumb">
                <a href=Route::Events.href(locale)>{t::title(locale)}</a>
            </p>
            <h1 id="page-heading" tabindex="-1">{summary.title.clone()}</h1>
            <p class="lede">{summary.summary.clone()}</p>
            {notice}
            <When event=summary.clone()/>
            {recording}
            <Facts event=summary text=text.clone()/>
            <div class="prose" inner_html=text.html></div>
        </article>
        {more}
    }
}

/// When it takes place, and how to add it to a calendar.
#[component]
fn When(event: EventSummary) -> impl IntoView {
    let locale = use_locale();
    let calendar = api::server_href(&[&Route::Event(event.slug.clone()).href(locale), "/event.ics"].concat());
    let is_ahead = !event.cancelled && event.state != EventState::Over;
    let visitor = (is_ahead && !event.all_day)
        .then(|| view! { <VisitorTime starts=event.starts.clone() ends=event.ends.clone()/> });
    let add = is_ahead.then(|| {
        view! {
            <p class="actions">
                <a class="button button--main" rel="external" href=calendar>{t::add(locale)}</a>
            </p>
        }
    });
    view! {
        <div class="event-page__when">
            <DateBlock day=event.starts.uk_date class="event-page__date"/>
            <div>
                <p class="event-card__when">
                    <EventTags event=event.clone()/>
                    <time datetime=event.starts.utc.clone()>{event_time(&event, locale)}</time>
                </p>
                {visitor}
                {add}
            </div>
        </div>
    }
}

#[component]
fn Facts(event: EventSummary, text: EventText) -> impl IntoView {
    let locale = use_locale();
    let access = text.access.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let speakers = (!text.speakers.is_empty()).then(|| {
        let speakers = text
            .speakers
            .into_iter()
            .map(|speaker| view! { <li><strong>{speaker.role}</strong> ": " {speaker.about}</li> })
            .collect_view();
        view! {
            <dt>{t::speakers(locale)}</dt>
            <dd>
                <ul>{speakers}</ul>
            </dd>
        }
    });
    view! {
        <dl class="facts">
            <dt>{t::place(locale)}</dt>
            <dd>{event.place}</dd>
            <dt>{t::organised_by(locale)}</dt>
            <dd>{event.union.label}</dd>
            <dt>{t::access(locale)}</dt>
            <dd>
                <ul>{access}</ul>
            </dd>
            {speakers}
        </dl>
    }
}
