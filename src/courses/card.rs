//! A course in a list.

use contract::{Locale, courses::CourseSummary};
use leptos::prelude::*;

use crate::{
    i18n::{courses as t, format, use_locale},
    routes::Route,
    ui::Picture,
};

/// A list of courses, as cards.
#[component]
pub(crate) fn CourseCards(courses: Vec<CourseSummary>) -> impl IntoView {
    courses.into_iter().map(|course| view! { <CourseCard course/> }).collect_view()
}

#[component]
fn CourseCard(course: CourseSummary) -> impl IntoView {
    let locale = use_locale();
    let facts = facts(&course, locale);
    view! {
        <li class="course-card">
            <Picture name=course.picture class="course-card__drawing"/>
            <div class="course-card__text">
                <h3 class="course-card__title">
                    <a href=Route::Course(course.slug).href(locale)>{course.title}</a>
                </h3>
                <p>{course.summary}</p>
                <p class="course-card__facts">{facts}</p>
            </div>
        </li>
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
