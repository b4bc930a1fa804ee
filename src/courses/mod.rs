//! Courses for reps: all of them, and one with what it earns.

mod card;
mod course_page;
mod courses_page;
mod credits;

pub(crate) use card::CourseCards;
pub(crate) use course_page::CoursePage;
pub(crate) use courses_page::CoursesPage;
