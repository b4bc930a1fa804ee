//! A course: what it is, who can take it, what it earns, and how to get a place.

use contract::{
    Locale,
    courses::{Course, FindCourse},
};
use leptos::prelude::*;

use super::{card::course_cards, credits};
use crate::{
    api,
    i18n::{courses as t, format, page as page_text, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, markup, text_page},
};

#[component]
pub(crate) fn CoursePage() -> impl IntoView {
    let locale = use_locale();
    // From one course to another the page stays.
    let slug = routes::param("course");
    text_page(api::load_again(move || FindCourse { slug: slug.get(), locale }), page)
}

fn page(course: Course, locale: Locale) -> TextPage {
    let Course { summary, text, .. } = &course;
    let mut out = Markup::default();
    markup!(out, "<article class='wrap course-page'><p class='crumb'><a href='" (Route::Courses.href(locale)) "'>"
        (t::title(locale)) "</a></p><h1 id='page-heading' tabindex='-1'>" (summary.title) "</h1><p class='lede'>"
        (summary.summary) "</p><dl class='facts'>");
    add_facts(&mut out, &course, locale);
    markup!(out, "</dl><p class='actions'><a class='button button--main' href='mailto:" (course.email) "'>"
        (t::enquire(locale)) "</a></p>");
    if let (Some(from), Some(earned)) = (course.accredited_from, summary.credits) {
        credits::add(&mut out, &Route::Course(summary.slug.clone()), from, earned, locale);
    }
    out.raw("<div class='prose'>");
    out.sanitised(&text.html);
    out.raw("</div>");
    if let Some(tutor) = &text.tutor {
        markup!(out, "<blockquote class='course-page__tutor'><p>" (tutor) "</p><footer>" (t::tutor(locale))
            "</footer></blockquote>");
    }
    let reviewed = format::short_date(locale, course.reviewed_on);
    markup!(out, "<p class='reviewed'>" (page_text::reviewed_on(locale, &reviewed))
        "</p></article><section class='wrap section' aria-labelledby='more-title'><h2 id='more-title'>"
        (t::more(locale)) "</h2><ul class='course-list' role='list'>");
    course_cards(&mut out, &course.more, locale);
    out.raw("</ul></section>");
    TextPage {
        head: Head {
            title: summary.title.clone(),
            description: summary.summary.clone(),
            route: Some(Route::Course(summary.slug.clone())),
        },
        html: out.html(),
        live: credits::live,
    }
}

fn add_facts(out: &mut Markup, course: &Course, locale: Locale) {
    let summary = &course.summary;
    let modes: Vec<&str> = summary.modes.iter().map(|mode| mode.label.as_str()).collect();
    let mut fact = |name: &str, value: &str| {
        markup!(out, "<dt>" (name) "</dt><dd>" (value) "</dd>");
    };
    fact(t::modes(locale), &modes.join(", "));
    fact(t::length(locale), &summary.length);
    fact(t::cost(locale), &format::price(locale, summary.cost_pence));
    fact(t::run_by(locale), &summary.union.label);
    fact(t::eligible(locale), &course.text.eligible);
    if let (Some(credits), Some(towards)) = (summary.credits, &course.text.accreditation) {
        fact(t::accreditation(locale), &[&t::credits(locale, u32::from(credits)), ": ", towards].concat());
    }
    fact(t::contact(locale), &course.email);
}
