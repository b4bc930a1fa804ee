//! A course in a list.

use contract::{Locale, courses::CourseSummary};

use crate::{
    i18n::{courses as t, format},
    routes::Route,
    ui::{Markup, markup},
};

/// Adds several courses, each a card, as the content of a list.
pub(crate) fn course_cards(out: &mut Markup, courses: &[CourseSummary], locale: Locale) {
    for course in courses {
        let href = Route::Course(course.slug.clone()).href(locale);
        out.raw("<li class='course-card'>");
        out.picture(&course.picture, "course-card__drawing");
        markup!(out, "<div class='course-card__text'><h3 class='course-card__title'><a href='" (href) "'>"
            (course.title) "</a></h3><p>" (course.summary) "</p><p class='course-card__facts'>"
            (facts(course, locale)) "</p></div></li>");
    }
}

/// How it is studied, how long it takes, what it costs and who runs it.
fn facts(course: &CourseSummary, locale: Locale) -> String {
    let mut facts: Vec<String> = course.modes.iter().map(|mode| mode.label.clone()).collect();
    facts.extend([course.length.clone(), format::price(locale, course.cost_pence)]);
    facts.extend(course.credits.map(|credits| t::credits(locale, u32::from(credits))));
    facts.push(course.union.label.clone());
    facts.join(" · ")
}
