//! The next event, as a date that can be read from across a room.

use contract::campaign::Event;
use leptos::prelude::*;

use crate::i18n::{format, hub as t, use_locale};

#[component]
pub(super) fn NextEvent(event: Event) -> impl IntoView {
    let locale = use_locale();
    let Event { starts, ends, on_now, text, .. } = event;
    let day = starts.uk_date;
    let when = [
        format::date(locale, day),
        t::from_to(locale, &format::time(locale, &starts), &format::time(locale, &ends)),
    ]
    .join(", ");
    let heading = if on_now { t::event_on_now(locale) } else { t::next_event(locale) };
    view! {
        <section class="event section" id="next-event" aria-labelledby="next-event-title">
            <div class="event__inner wrap">
                <div class="event__date" aria-hidden="true">
                    <span class="event__weekday">{format::weekday(locale, day)}</span>
                    <span class="event__day">{day.day()}</span>
                    <span class="event__month">{format::month(locale, day)}</span>
                </div>
                <div class="event__text">
                    <p class="kicker">{heading}</p>
                    <h2 id="next-event-title">{text.title}</h2>
                    <p class="event__when">
                        <span class="tag">{text.kind}</span>
                        <time datetime=starts.utc>{when}</time>
                    </p>
                    <p>{text.summary}</p>
                    <dl class="facts">
                        <dt>{t::place(locale)}</dt>
                        <dd>{text.place}</dd>
                        <dt>{t::access(locale)}</dt>
                        <dd>{text.access}</dd>
                    </dl>
                </div>
            </div>
        </section>
    }
}
