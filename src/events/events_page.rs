//! Events to come and past ones, by kind and by who holds them.

use contract::{
    Locale,
    events::{EventsChoice, EventsList, ListEvents},
};
use leptos::prelude::*;

use super::card::event_cards;
use crate::{
    api,
    i18n::{events as t, use_locale},
    routes::{self, Route},
    ui::{
        Head, Markup, TextPage,
        listing::{link, page_links, start_links, term_links, with_query},
        markup, no_controls, text_page,
    },
};

#[component]
pub(crate) fn EventsPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Events.path());
    let choice = move || query.with(|query| EventsChoice::parse(query));
    text_page(api::load_again(move || ListEvents { locale, choice: choice() }), page)
}

fn page(list: EventsList, locale: Locale) -> TextPage {
    let choice = routes::query_at(Route::Events.path()).with_untracked(|query| EventsChoice::parse(query));
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (t::title(locale))
        "</h1><p class='lede'>" (t::summary(locale)) "</p></div><div class='wrap events'><nav class='events__choices'"
        " aria-label='" (t::choices(locale)) "'>");
    add_choices(&mut out, &choice, &list, locale);
    let found = if choice.past { t::found_past(locale, list.total) } else { t::found(locale, list.total) };
    markup!(out, "</nav><h2 class='events__found'>" (found) "</h2><ul class='event-list' role='list'>");
    event_cards(&mut out, &list.events, locale);
    out.raw("</ul>");
    if list.events.is_empty() && choice == EventsChoice::TO_COME {
        markup!(out, "<p class='notice'>" (t::none_to_come(locale)) "</p>");
    } else if list.events.is_empty() {
        markup!(out, "<div class='notice'><p>" (t::nothing(locale)) "</p><a class='more' href='"
            (Route::Events.href(locale)) "'>" (t::all(locale)) "</a></div>");
    }
    let labels = if choice.past {
        [t::newer(locale), t::older(locale)]
    } else {
        [t::sooner(locale), t::later(locale)]
    };
    let to = |page| href(&EventsChoice { page, ..choice.clone() }, locale);
    page_links(&mut out, choice.page, list.pages, labels, &to, locale);
    markup!(out, "<div class='events__subscribe'><h2>" (t::subscribe(locale)) "</h2><p>" (t::subscribe_how(locale))
        "</p><p><a class='more' rel='external' href='" (list.calendar) "'>" (list.calendar) "</a></p></div></div>");
    TextPage {
        head: Head {
            title: t::title(locale).to_owned(),
            description: t::summary(locale).to_owned(),
            route: Some(Route::Events),
        },
        html: out.html(),
        live: no_controls,
    }
}

fn add_choices(out: &mut Markup, choice: &EventsChoice, list: &EventsList, locale: Locale) {
    start_links(out, t::when(locale));
    for (past, label, count) in
        [(false, t::to_come(locale), list.to_come), (true, t::past(locale), list.past)]
    {
        let to = href(&EventsChoice { past, page: 1, ..choice.clone() }, locale);
        link(out, label, &count.to_string(), &to, choice.past == past);
    }
    out.raw("</ul>");
    let with_kind = |kind| href(&EventsChoice { kind, page: 1, ..choice.clone() }, locale);
    let with_union = |union| href(&EventsChoice { union, page: 1, ..choice.clone() }, locale);
    term_links(out, t::kinds(locale), &list.kinds, choice.kind.as_deref(), &with_kind, locale);
    term_links(out, t::unions(locale), &list.unions, choice.union.as_deref(), &with_union, locale);
}

fn href(choice: &EventsChoice, locale: Locale) -> String {
    with_query(&Route::Events.href(locale), &choice.query())
}
