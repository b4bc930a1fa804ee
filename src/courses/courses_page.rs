//! All courses, by how they are studied.

use contract::courses::{Courses, ListCourses, mode_in};
use leptos::prelude::*;

use super::card::CourseCards;
use crate::{
    api,
    i18n::{courses as t, use_locale},
    routes::{self, Route},
    ui::{FilterLinks, PageStart, Remote, listing::with_query},
};

#[component]
pub(crate) fn CoursesPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Courses.path());
    let mode = Memo::new(move |_| query.with(|query| mode_in(query)));
    let courses = api::resource(move || ListCourses { locale, mode: mode.get() });
    view! { <Remote data=courses let:courses><List courses mode=mode.get_untracked()/></Remote> }
}

#[component]
fn List(courses: Courses, mode: Option<String>) -> impl IntoView {
    let locale = use_locale();
    let Courses { courses, modes, .. } = courses;
    let count = u32::try_from(courses.len()).unwrap_or(u32::MAX);
    let with_mode = move |mode: Option<String>| {
        let query = mode.map(|mode| ["mode=", &mode].concat()).unwrap_or_default();
        with_query(&Route::Courses.href(locale), &query)
    };
    view! {
        <PageStart route=Route::Courses title=t::title(locale) summary=t::summary(locale)/>
        <div class="wrap courses">
            <nav aria-label=t::choices(locale)>
                <FilterLinks label=t::modes(locale) counts=modes chosen=mode href=with_mode/>
            </nav>
            <h2 class="courses__found">{t::found(locale, count)}</h2>
            <ul class="course-list" role="list">
                <CourseCards courses/>
            </ul>
        </div>
    }
}
