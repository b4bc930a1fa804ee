//! Upcoming and past events, by type and organiser.

use contract::{
    Locale,
    events::{EventFilters, EventsList, ListEvents},
};
use leptos::prelude::*;

use super::card::EventCards;
use crate::{
    api,
    i18n::{events as t, use_locale},
    routes::{self, Route},
    ui::{FilterLink, FilterLinks, FilterRow, PageLinks, PageStart, Remote, listing::with_query},
};

#[component]
pub(crate) fn EventsPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Events.path());
    let choice = Memo::new(move |_| query.with(|query| EventFilters::parse(query)));
    let list = api::resource(move || ListEvents { locale, choice: choice.get() });
    view! { <Remote data=list let:list><Events list choice=choice.get_untracked()/></Remote> }
}

#[component]
fn Events(list: EventsList, choice: EventFilters) -> impl IntoView {
    let locale = use_locale();
    let found = if choice.past { t::found_past(locale, list.total) } else { t::found(locale, list.total) };
    let nothing = list.events.is_empty().then(|| {
        if choice == EventFilters::UPCOMING {
            return view! { <p class="notice">{t::none_upcoming(locale)}</p> }.into_any();
        }
        view! {
            <div class="notice">
                <p>{t::nothing(locale)}</p>
                <a class="more" href=Route::Events.href(locale)>{t::all(locale)}</a>
            </div>
        }
        .into_any()
    });
    let labels = if choice.past {
        [t::newer(locale), t::older(locale)]
    } else {
        [t::sooner(locale), t::later(locale)]
    };
    let to_page = {
        let choice = choice.clone();
        move |page| href(&EventFilters { page, ..choice.clone() }, locale)
    };
    let page = choice.page;
    view! {
        <PageStart route=Route::Events title=t::title(locale) summary=t::summary(locale)/>
        <div class="wrap events">
            <nav class="events__choices" aria-label=t::choices(locale)>
                <EventFilterLinks choice list=list.clone()/>
            </nav>
            <h2 class="events__found">{found}</h2>
            <ul class="event-list" role="list">
                <EventCards events=list.events/>
            </ul>
            {nothing}
            <PageLinks page pages=list.pages labels href=to_page/>
            <div class="events__subscribe">
                <h2>{t::subscribe(locale)}</h2>
                <p>{t::subscribe_how(locale)}</p>
                <p>
                    <a class="more" rel="external" href=list.calendar.clone()>{list.calendar.clone()}</a>
                </p>
            </div>
        </div>
    }
}

#[component]
fn EventFilterLinks(choice: EventFilters, list: EventsList) -> impl IntoView {
    let locale = use_locale();
    let times = [(false, t::upcoming(locale), list.to_come), (true, t::past(locale), list.past)]
        .map(|(past, label, count)| {
            let href = href(&EventFilters { past, page: 1, ..choice.clone() }, locale);
            view! { <FilterLink label count=count.to_string() href is_chosen=choice.past == past/> }
        })
        .collect_view();
    let with_kind = {
        let choice = choice.clone();
        move |kind| href(&EventFilters { kind, page: 1, ..choice.clone() }, locale)
    };
    let with_union = {
        let choice = choice.clone();
        move |union| href(&EventFilters { union, page: 1, ..choice.clone() }, locale)
    };
    view! {
        <FilterRow label=t::when(locale)>{times}</FilterRow>
        <FilterLinks label=t::kinds(locale) counts=list.kinds chosen=choice.kind href=with_kind/>
        <FilterLinks label=t::unions(locale) counts=list.unions chosen=choice.union href=with_union/>
    }
}

fn href(choice: &EventFilters, locale: Locale) -> String {
    with_query(&Route::Events.href(locale), &choice.query())
}
