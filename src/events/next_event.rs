//! The next event, for the home page.

use contract::events::{EventState, EventSummary};
use leptos::prelude::*;

use super::{card::DateBlock, event_time::event_time};
use crate::{
    api,
    i18n::{events as t, use_locale},
    routes::Route,
};

/// The next event, with links to its page and to its calendar file.
#[component]
pub(crate) fn NextEvent(event: EventSummary) -> impl IntoView {
    let locale = use_locale();
    let heading = if event.state == EventState::OnNow { t::on_now(locale) } else { t::next_event(locale) };
    let href = Route::Event(event.slug.clone()).href(locale);
    let calendar = api::server_href(&[&href, "/event.ics"].concat());
    let when = event_time(&event, locale);
    view! {
        <section class="event section" id="next-event" aria-labelledby="next-event-title">
            <div class="event__inner wrap">
                <DateBlock day=event.starts.uk_date class="event__date"/>
                <div class="event__text">
                    <p class="kicker">{heading}</p>
                    <h2 id="next-event-title">{event.title}</h2>
                    <p class="event__when">
                        <span class="tag">{event.kind.label}</span>
                        " "
                        <time datetime=event.starts.utc>{when}</time>
                    </p>
                    <p>{event.summary}</p>
                    <p class="actions">
                        <a class="button" href=href>{t::about(locale)}</a>
                        " "
                        <a class="button" rel="external" href=calendar>{t::add(locale)}</a>
                        " "
                        <a class="more" href=Route::Events.href(locale)>{t::all_events(locale)}</a>
                    </p>
                </div>
            </div>
        </section>
    }
}
