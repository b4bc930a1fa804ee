//! A course: what it is, who can take it, what it earns, and how to get a place.

use contract::{
    Locale,
    courses::{Course, FindCourse},
};
use leptos::prelude::*;

use super::{card::CourseCards, credits::CreditsCheck};
use crate::{
    api,
    i18n::{courses as t, format, page as page_text, use_locale},
    routes::{self, Route},
    ui::{Head, PageHead, Remote},
};

#[component]
pub(crate) fn CoursePage() -> impl IntoView {
    let locale = use_locale();
    // The component is reused from one course to another.
    let slug = routes::param("course");
    let course = api::resource(move || FindCourse { slug: slug.get(), locale });
    view! { <Remote data=course let:course><Content course/></Remote> }
}

#[component]
fn Content(course: Course) -> impl IntoView {
    let locale = use_locale();
    let facts = facts(&course, locale)
        .into_iter()
        .map(|(name, value)| view! { <dt>{name}</dt> <dd>{value}</dd> })
        .collect_view();
    let Course { summary, text, email, accredited_from, reviewed_on, more, .. } = course;
    let route = Route::Course(summary.slug);
    let credits = accredited_from
        .zip(summary.credits)
        .map(|(from, credits)| view! { <CreditsCheck route=route.clone() from credits/> });
    let tutor = text.tutor.map(|tutor| {
        view! {
            <blockquote class="course-page__tutor">
                <p>{tutor}</p>
                <footer>{t::tutor(locale)}</footer>
            </blockquote>
        }
    });
    let reviewed = page_text::reviewed_on(locale, &format::short_date(locale, reviewed_on));
    let head =
        Head { title: summary.title.clone(), description: summary.summary.clone(), route: Some(route) };
    view! {
        <PageHead head/>
        <article class="wrap course-page">
            <p class="crumb">
                <a href=Route::Courses.href(locale)>{t::title(locale)}</a>
            </p>
            <h1 id="page-heading" tabindex="-1">{summary.title}</h1>
            <p class="lede">{summary.summary}</p>
            <dl class="facts">{facts}</dl>
            <p class="actions">
                <a class="button button--main" href=["mailto:", &email].concat()>{t::enquire(locale)}</a>
            </p>
            {credits}
            <div class="prose" inner_html=text.html></div>
            {tutor}
            <p class="reviewed">{reviewed}</p>
        </article>
        <section class="wrap section" aria-labelledby="more-title">
            <h2 id="more-title">{t::more(locale)}</h2>
            <ul class="course-list" role="list">
                <CourseCards courses=more/>
            </ul>
        </section>
    }
}

fn facts(course: &Course, locale: Locale) -> Vec<(&'static str, String)> {
    let summary = &course.summary;
    let modes: Vec<&str> = summary.modes.iter().map(|mode| mode.label.as_str()).collect();
    let mut facts = vec![
        (t::modes(locale), modes.join(", ")),
        (t::length(locale), summary.length.clone()),
        (t::cost(locale), format::price(locale, summary.cost_pence)),
        (t::run_by(locale), summary.union.label.clone()),
        (t::eligible(locale), course.text.eligible.clone()),
    ];
    if let (Some(credits), Some(towards)) = (summary.credits, &course.text.accreditation) {
        let accreditation = [&t::credits(locale, u32::from(credits)), ": ", towards].concat();
        facts.push((t::accreditation(locale), accreditation));
    }
    facts.push((t::contact(locale), course.email.clone()));
    facts
}
