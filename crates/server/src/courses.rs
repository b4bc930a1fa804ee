//! Courses: a list that can be filtered by how they are studied, and each course.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, RawQuery, State, rejection::PathRejection},
};
use contract::{
    Endpoint as _, Locale, Problem,
    courses::{Course, CourseSummary, CourseText, Courses, FindCourse, ListCourses, mode_in},
    time::Date,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    bit_set::BitSet,
    cache::Shows,
    error::ApiError,
    facets::{Facets, term},
    locale::Localised,
    state::AppState,
    store::{Bilingual, Kind, Store, StoreError},
    topics::Topics,
};

/// The number of other courses on a course's page.
const OTHERS: usize = 3;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_courses)).routes(routes!(find_course))
}

/// The language-independent fields of a course's file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct CourseFacts {
    /// Its position in lists.
    pub(crate) place: u32,
    pub(crate) reviewed_on: Date,
    pub(crate) union: String,
    pub(crate) modes: Vec<String>,
    pub(crate) picture: String,
    pub(crate) cost_pence: u32,
    pub(crate) credits: Option<u16>,
    pub(crate) accredited_from: Option<Date>,
    pub(crate) email: String,
}

/// The text of a course's file in one language.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LocalCourse {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) length: String,
    pub(crate) text: CourseText,
}

/// All courses.
pub(crate) struct CourseIndex {
    topics: Arc<[Topics; 2]>,
    courses: Vec<Bilingual<CourseFacts, LocalCourse>>,
    /// By mode.
    facets: Facets<1>,
}

impl CourseIndex {
    pub(crate) async fn read(store: &Store, topics: Arc<[Topics; 2]>) -> Result<Self, StoreError> {
        let mut courses: Vec<Bilingual<CourseFacts, LocalCourse>> = store.list_both(Kind::Course).await?;
        courses.sort_by_key(|course| course.facts.place);
        let facets = Facets::new(courses.len(), |index| [&courses[index].facts.modes[..]]);
        Ok(Self { topics, courses, facets })
    }

    /// Whether there is a course with this slug.
    pub(crate) fn has(&self, slug: &str) -> bool {
        self.courses.iter().any(|course| course.slug == slug)
    }

    /// The slugs, in list order.
    pub(crate) fn slugs(&self) -> impl Iterator<Item = &str> {
        self.courses.iter().map(|course| course.slug.as_str())
    }

    /// The summaries of a union's courses.
    pub(crate) fn of_union(&self, union: &str, locale: Locale) -> Vec<CourseSummary> {
        let own = self.courses.iter().filter(|course| course.facts.union == union);
        own.map(|course| self.summarise(course, locale)).collect()
    }

    fn summarise(&self, course: &Bilingual<CourseFacts, LocalCourse>, locale: Locale) -> CourseSummary {
        let topics = &self.topics[locale as usize];
        let LocalCourse { title, summary, length, .. } = &course.texts[locale as usize];
        CourseSummary {
            slug: course.slug.clone(),
            title: title.clone(),
            summary: summary.clone(),
            picture: course.facts.picture.clone(),
            modes: course.facts.modes.iter().map(|mode| term(&topics.course_modes, mode)).collect(),
            length: length.clone(),
            cost_pence: course.facts.cost_pence,
            union: term(&topics.unions, &course.facts.union),
            credits: course.facts.credits,
        }
    }
}

/// Courses.
#[utoipa::path(
    get,
    path = ListCourses::PATH,
    tag = "courses",
    params(
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
        ("mode" = Option<String>, Query, description = "A way to study; the answer lists all of them"),
    ),
    responses(
        (status = 200, description = "The courses", body = Courses),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_courses(
    State(state): State<AppState>,
    Localised(locale): Localised,
    RawQuery(query): RawQuery,
) -> Result<(Extension<Shows>, Json<Courses>), ApiError> {
    let mode = mode_in(&query.unwrap_or_default());
    let content_index = state.content_index.get(&state.store).await?;
    let index = &content_index.courses;
    let all = BitSet::from_fn(index.courses.len(), |_| true);
    let filtered = index.facets.filter(&all, [mode.as_deref()]);
    let courses: Vec<CourseSummary> = (0..index.courses.len())
        .filter(|&course| filtered.all.contains(course))
        .map(|course| index.summarise(&index.courses[course], locale))
        .collect();
    let modes = index.facets.counts(0, &index.topics[locale as usize].course_modes, &filtered);
    Ok((Extension(Shows::list(&courses)), Json(Courses { courses, modes })))
}

/// One course.
#[utoipa::path(
    get,
    path = FindCourse::PATH,
    tag = "courses",
    params(
        ("slug" = String, Path, description = "The course's name in addresses"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The course", body = Course),
        (status = 404, description = "No such course", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_course(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Json<Course>, ApiError> {
    let Path(slug) = path.map_err(|_| ApiError::NotFound)?;
    let content_index = state.content_index.get(&state.store).await?;
    let index = &content_index.courses;
    let course = index.courses.iter().find(|course| course.slug == slug).ok_or(ApiError::NotFound)?;
    let others = index.courses.iter().filter(|other| other.slug != slug).take(OTHERS);
    Ok(Json(Course {
        summary: index.summarise(course, locale),
        reviewed_on: course.facts.reviewed_on,
        accredited_from: course.facts.accredited_from,
        email: course.facts.email.clone(),
        text: course.texts[locale as usize].text.clone(),
        more: others.map(|other| index.summarise(other, locale)).collect(),
    }))
}
