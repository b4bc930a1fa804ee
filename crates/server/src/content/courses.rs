//! The files of courses.

use contract::{courses::CourseText, time::Date};
use serde::Deserialize;

use super::{ContentError, file::File, kinds::record, topics::KnownTerms};
use crate::{
    courses::{CourseFacts, LocalCourse},
    markdown,
    store::{Kind, NewRecord},
};

#[derive(Deserialize)]
struct CourseFile {
    place: u32,
    reviewed_on: Date,
    union: String,
    modes: Vec<String>,
    picture: String,
    #[serde(default)]
    cost_pence: u32,
    credits: Option<u16>,
    accredited_from: Option<Date>,
    email: String,
    en: CourseWords,
    cy: CourseWords,
}

#[derive(Deserialize)]
struct CourseWords {
    title: String,
    summary: String,
    length: String,
    eligible: String,
    accreditation: Option<String>,
    tutor: Option<String>,
    /// Markdown.
    html: String,
}

pub(super) fn course(known: &KnownTerms, file: &File) -> Result<NewRecord, Vec<ContentError>> {
    let CourseFile {
        place,
        reviewed_on,
        union,
        modes,
        picture,
        cost_pence,
        credits,
        accredited_from,
        email,
        en,
        cy,
    } = file.parse()?;
    known.check_union(file, &union)?;
    for (index, mode) in modes.iter().enumerate() {
        known.check(file, &format!("modes.{index}"), |topics| &topics.course_modes, mode)?;
    }
    if modes.is_empty() {
        return Err(vec![file.error("modes", "a course needs at least one way to study")]);
    }
    if accredited_from.is_some() && credits.is_none() {
        return Err(vec![file.error("credits", "an accredited course needs a number of credits")]);
    }
    if !email.contains('@') || email.contains(char::is_whitespace) {
        return Err(vec![file.error("email", "expected an email address, such as name@union.example")]);
    }
    for (locale, words) in [("en", &en), ("cy", &cy)] {
        if words.accreditation.is_some() != credits.is_some() {
            let message =
                "say what the credits count towards if the course has credits, otherwise leave this out";
            return Err(vec![file.error(&format!("{locale}.accreditation"), message)]);
        }
    }
    if en.tutor.is_some() != cy.tutor.is_some() {
        return Err(vec![
            file.error("cy.tutor", "the tutor’s comment is in one language only: add or remove the other"),
        ]);
    }
    let local = |words: CourseWords| LocalCourse {
        title: words.title,
        summary: words.summary,
        length: words.length,
        text: CourseText {
            eligible: words.eligible,
            accreditation: words.accreditation,
            tutor: words.tutor,
            html: markdown::render(&words.html),
        },
    };
    let facts = CourseFacts {
        place,
        reviewed_on,
        union,
        modes,
        picture,
        cost_pence,
        credits,
        accredited_from,
        email,
    };
    Ok(record(Kind::Course, file, &facts, [&local(en), &local(cy)]))
}
