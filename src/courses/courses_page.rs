//! All courses, by how they are studied.

use contract::{
    Locale,
    courses::{Courses, ListCourses, mode_in},
};
use leptos::prelude::*;

use super::card::course_cards;
use crate::{
    api,
    i18n::{courses as t, use_locale},
    routes::{self, Route},
    ui::{
        Head, Markup, TextPage,
        listing::{term_links, with_query},
        markup, no_controls, text_page,
    },
};

#[component]
pub(crate) fn CoursesPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Courses.path());
    let mode = move || query.with(|query| mode_in(query));
    text_page(api::load_again(move || ListCourses { locale, mode: mode() }), page)
}

fn page(courses: Courses, locale: Locale) -> TextPage {
    let mode = routes::query_at(Route::Courses.path()).with_untracked(|query| mode_in(query));
    let count = u32::try_from(courses.courses.len()).unwrap_or(u32::MAX);
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (t::title(locale))
        "</h1><p class='lede'>" (t::summary(locale)) "</p></div><div class='wrap courses'><nav aria-label='"
        (t::choices(locale)) "'>");
    let with_mode = |mode: Option<String>| {
        let query = mode.map(|mode| ["mode=", &mode].concat()).unwrap_or_default();
        with_query(&Route::Courses.href(locale), &query)
    };
    term_links(&mut out, t::modes(locale), &courses.modes, mode.as_deref(), &with_mode, locale);
    markup!(out, "</nav><h2 class='courses__found'>" (t::found(locale, count))
        "</h2><ul class='course-list' role='list'>");
    course_cards(&mut out, &courses.courses, locale);
    out.raw("</ul></div>");
    TextPage {
        head: Head {
            title: t::title(locale).to_owned(),
            description: t::summary(locale).to_owned(),
            route: Some(Route::Courses),
        },
        html: out.html(),
        live: no_controls,
    }
}
