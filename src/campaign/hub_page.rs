//! The front page: the week, its focus, and how to take part.

use contract::{
    Locale,
    campaign::{Campaign, CampaignText, FindCampaign, Join},
};
use leptos::prelude::*;

use super::{
    focus, hero,
    lists::{add_demands, add_timeline, add_ways},
};
use crate::{
    api,
    contacts::{add_find_strip, live_finder},
    events::add_next_event,
    i18n::{format, hub as t, use_locale},
    news::add_latest_news,
    routes::Route,
    shop::add_shelf,
    ui::{Head, Markup, TextPage, leave_button, markup, text_page},
};

#[component]
pub(crate) fn HubPage() -> impl IntoView {
    text_page(api::load(&FindCampaign { locale: use_locale() }), page)
}

fn page(campaign: Campaign, locale: Locale) -> TextPage {
    let Campaign { week, issued_on, reviewed_on, text, next_event, news, shelf, past_years, .. } = campaign;
    let CampaignText { title, summary, focus, demands, ways, join } = text;
    let mut out = Markup::default();
    leave_button(&mut out, locale);
    hero::add(&mut out, &title, &summary, &week, locale);
    focus::add(&mut out, &focus, locale);
    add_support_door(&mut out, locale);
    add_demands(&mut out, &demands, locale);
    add_ways(&mut out, &ways, locale);
    add_find_strip(&mut out, locale);
    if let Some(event) = next_event {
        add_next_event(&mut out, &event, locale);
    }
    add_latest_news(&mut out, &news, locale);
    add_shelf(&mut out, &shelf, locale);
    add_timeline(&mut out, &past_years, locale);
    add_join(&mut out, &join, locale);
    let [issued_on, reviewed_on] = [issued_on, reviewed_on].map(|date| format::short_date(locale, date));
    markup!(out, "<p class='wrap reviewed'>" (t::issued_and_reviewed(locale, &issued_on, &reviewed_on)) "</p>");
    TextPage {
        head: Head { title, description: summary, route: Some(Route::Hub) },
        html: out.html(),
        live: live_finder,
    }
}

/// Leads somebody who is living through it to people who help, before the
/// campaign asks for anything.
fn add_support_door(out: &mut Markup, locale: Locale) {
    markup!(out, "<section class='support-door' id='support' aria-labelledby='support-title'>"
        "<div class='support-door__inner wrap'><div><h2 id='support-title'>" (t::support_title(locale)) "</h2><p>"
        (t::support_body(locale)) "</p></div> <a class='button' href='" (Route::Support.href(locale)) "'>"
        (t::support_action(locale)) "</a></div></section>");
}

fn add_join(out: &mut Markup, join: &Join, locale: Locale) {
    markup!(out, "<section class='join' id='join' aria-labelledby='join-title'><div class='join__inner wrap'>"
        "<div class='join__text'><h2 id='join-title'>" (join.title) "</h2><p>" (join.body)
        "</p><a class='button button--main' href='" (Route::Join.href(locale)) "'>" (t::join_action(locale))
        "</a></div><ul class='join__reasons' role='list'>");
    for reason in &join.reasons {
        markup!(out, "<li>" (reason) "</li>");
    }
    out.raw("</ul>");
    out.picture("hands", "join__picture");
    out.raw("</div></section>");
}
