//! A union, or the federation: what it is, what to do, whom to ask, and what it
//! has going on.

use contract::{
    Locale,
    unions::{FindUnion, Union},
};
use leptos::prelude::*;

use crate::{
    api,
    courses::course_cards,
    events::event_cards,
    i18n::{format, page as page_text, unions as t, use_locale},
    news::news_cards,
    routes::{self, Route},
    ui::{Head, Markup, TextPage, dial_href, mail_link, markup, text_page},
    videos::{add_videos, live_videos},
};

#[component]
pub(crate) fn UnionPage() -> impl IntoView {
    let locale = use_locale();
    // From one union to another the page stays.
    let slug = routes::param("union");
    text_page(api::load_again(move || FindUnion { slug: slug.get(), locale }), page)
}

fn page(union: Union, locale: Locale) -> TextPage {
    let mut out = Markup::default();
    add_hero(&mut out, &union, locale);
    out.raw("<div class='union-page'><div class='wrap prose'>");
    out.sanitised(&union.html);
    out.raw("</div>");
    add_steps(&mut out, &union, locale);
    add_people(&mut out, &union, locale);
    let summary = &union.summary;
    if !union.events.is_empty() {
        start(&mut out, "events", t::events(locale));
        out.raw("<ul class='event-list' role='list'>");
        event_cards(&mut out, &union.events, locale);
        let all = [&Route::Events.href(locale), "?union=", &summary.slug].concat();
        end(&mut out, &all, t::all_events(locale));
    }
    if !union.courses.is_empty() {
        start(&mut out, "courses", t::courses(locale));
        out.raw("<ul class='course-list' role='list'>");
        course_cards(&mut out, &union.courses, locale);
        end(&mut out, &Route::Courses.href(locale), t::all_courses(locale));
    }
    if !union.news.is_empty() {
        start(&mut out, "news", t::news(locale));
        out.raw("<ul class='news-list news-list--short' role='list'>");
        news_cards(&mut out, &union.news, locale);
        let all = [&Route::News.href(locale), "?union=", &summary.slug].concat();
        end(&mut out, &all, t::all_news(locale));
    }
    if !union.videos.is_empty() {
        start(&mut out, "films", t::films(locale));
        add_videos(&mut out, &union.videos, 3, locale);
        markup!(out, "<p><a class='more' href='" (Route::Videos.href(locale)) "'>" (t::all_films(locale))
            "</a></p></section>");
    }
    let reviewed = format::short_date(locale, union.reviewed_on);
    markup!(out, "<p class='wrap reviewed'>" (page_text::reviewed_on(locale, &reviewed)) "</p></div>");
    TextPage {
        head: Head {
            title: summary.name.clone(),
            description: summary.summary.clone(),
            route: Some(Route::Union(summary.slug.clone())),
        },
        html: out.html(),
        live: live_videos,
    }
}

/// The name and what stands below it, on the union's own colour.
fn add_hero(out: &mut Markup, union: &Union, locale: Locale) {
    let summary = &union.summary;
    markup!(out, "<div class='union-hero' data-accent='" (summary.accent) "'><div class='wrap union-hero__inner'>"
        "<p class='crumb'><a href='" (Route::Unions.href(locale)) "'>" (t::crumb(locale))
        "</a></p><h1 id='page-heading' tabindex='-1'>" (summary.name) "</h1><p class='lede'>" (summary.summary) "</p>");
    if !summary.jobs.is_empty() {
        markup!(out, "<p>" (t::for_jobs(locale)) " " (summary.jobs.join(", ")) "</p>");
    }
    if !union.federation
        && let Some(person) = union.people.first()
    {
        markup!(out, "<p class='actions'><a class='button button--main' href='mailto:" (person.email) "'>"
            (t::join(locale)) "</a> <a class='button' href='" (Route::Join.href(locale)) "'>"
            (t::how_to_join(locale)) "</a></p>");
    }
    out.raw("</div></div>");
}

fn add_steps(out: &mut Markup, union: &Union, locale: Locale) {
    if union.steps.is_empty() {
        return;
    }
    start(out, "steps", t::steps(locale));
    out.raw("<div class='union-steps'>");
    for role in &union.steps {
        markup!(out, "<div class='union-steps__role'><h3>" (role.title) "</h3><ol>");
        for step in &role.steps {
            markup!(out, "<li>" (step) "</li>");
        }
        out.raw("</ol></div>");
    }
    markup!(out, "</div><p><a class='more' href='" (Route::TakePart.href(locale)) "'>" (t::all_steps(locale))
        "</a></p></section>");
}

fn add_people(out: &mut Markup, union: &Union, locale: Locale) {
    start(out, "contacts", t::contacts(locale));
    out.raw("<ul class='contact-list' role='list'>");
    for person in &union.people {
        markup!(out, "<li class='contact'><h3 class='contact__name'>" (person.role) "</h3><p class='contact__role'>"
            (person.about) "</p><p><a class='contact__telephone' href='" (dial_href(&person.telephone)) "'>"
            (person.telephone) "</a></p><p>");
        mail_link(out, &person.email);
        out.raw("</p></li>");
    }
    out.raw("</ul></section>");
}

fn start(out: &mut Markup, id: &str, title: &str) {
    markup!(out, "<section class='wrap section' aria-labelledby='" (id) "-title' id='" (id) "'><h2 id='" (id)
        "-title'>" (title) "</h2>");
}

/// The end of a list with the way to all of its kind.
fn end(out: &mut Markup, href: &str, label: &str) {
    markup!(out, "</ul><p><a class='more' href='" (href) "'>" (label) "</a></p></section>");
}
