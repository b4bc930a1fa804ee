//! Courses for reps: how they are studied, and the credits they earn.

use serde::{Deserialize, Serialize};

use crate::{
    Endpoint, Locale, pairs, query,
    term::{Term, TermCount},
    time::Date,
};

/// Asks for all courses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListCourses {
    /// The language of the texts.
    pub locale: Locale,
    /// A way to study; `None` means all of them.
    pub mode: Option<String>,
}

impl Endpoint for ListCourses {
    const PATH: &'static str = "/api/v1/courses";
    type Response = Courses;

    fn path_and_query(&self) -> String {
        let mode = self.mode.as_deref().map(|mode| ("mode", mode));
        let pairs: Vec<_> = [Some(("locale", self.locale.tag())), mode].into_iter().flatten().collect();
        query(Self::PATH, &pairs)
    }
}

/// The way to study that a list's query string asks for.
pub fn mode_in(query: &str) -> Option<String> {
    pairs(query).find(|(name, value)| name == "mode" && crate::is_slug(value)).map(|(_, value)| value)
}

/// Courses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Courses {
    /// The courses, in the order in which a rep would take them.
    pub courses: Vec<CourseSummary>,
    /// The ways to study, with the number of courses for each.
    pub modes: Vec<TermCount>,
}

/// A course in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CourseSummary {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// What a rep can do after it, in a sentence or two.
    pub summary: String,
    /// Its picture: a name in the app's set.
    pub picture: String,
    /// How it is studied, such as residential or online.
    pub modes: Vec<Term>,
    /// How long it takes.
    pub length: String,
    /// What a member pays, in pence.
    pub cost_pence: u32,
    /// The union or federation that runs it.
    pub union: Term,
    /// The credits that it earns, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credits: Option<u16>,
}

/// Asks for one course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindCourse {
    /// The course's slug.
    pub slug: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindCourse {
    const PATH: &'static str = "/api/v1/courses/{slug}";
    type Response = Course;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{slug}", &self.slug), &[("locale", self.locale.tag())])
    }
}

/// A course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Course {
    /// The summary shown in lists.
    pub summary: CourseSummary,
    /// When the content was last checked and found to be correct.
    pub reviewed_on: Date,
    /// The earliest start date that earns credits; none if the start date does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accredited_from: Option<Date>,
    /// The email address for questions.
    pub email: String,
    /// The remaining text, in one language.
    pub text: CourseText,
    /// Other courses.
    pub more: Vec<CourseSummary>,
}

/// A course's text beyond its summary, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CourseText {
    /// Who can take it.
    pub eligible: String,
    /// The award that its credits count towards, if it earns any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accreditation: Option<String>,
    /// What a tutor says about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tutor: Option<String>,
    /// What is in it and how to get a place: sanitised HTML, headings from
    /// level 2 down.
    pub html: String,
}

/// Whether a rep who starts on `start` earns credits for a course that is accredited from
/// `accredited_from`.
pub fn earns_credits(accredited_from: Date, start: Date) -> bool {
    start >= accredited_from
}

/// The date in the query string's `start`, if it has one.
pub fn start_in(query: &str) -> Option<Date> {
    pairs(query).find(|(name, _)| name == "start").and_then(|(_, value)| value.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::{earns_credits, mode_in, start_in};

    #[test]
    fn credits_are_earned_from_the_accreditation_date() {
        let day = |text: &str| text.parse().expect("a real date");
        let from = day("2023-02-13");
        for (start, earns) in [
            ("2023-02-12", false),
            ("2023-02-13", true),
            ("2023-02-14", true),
            ("2022-12-31", false),
            ("2024-01-01", true),
        ] {
            assert_eq!(earns_credits(from, day(start)), earns, "{start}");
        }
    }

    #[test]
    fn invalid_query_parameters_are_ignored() {
        assert_eq!(start_in("x=1&start=2023-02-13").map(|day| day.to_string()), Some("2023-02-13".into()));
        assert_eq!(start_in("start=2023-02-30"), None);
        assert_eq!(mode_in("mode=online"), Some("online".into()));
        assert_eq!(mode_in("mode=%22"), None);
    }
}
