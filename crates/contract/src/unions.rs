//! The federation and the unions: who they are for, and their news, events and courses.

use serde::{Deserialize, Serialize};

use crate::{
    Endpoint, Locale, contacts::ContactPerson, courses::CourseSummary, events::EventSummary,
    news::NewsSummary, pairs, query, time::Date, videos::Video,
};

/// Fetches unions: all, or those that match a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListUnions {
    /// The language of the texts.
    pub locale: Locale,
    /// A name, an abbreviation or a job, as typed; empty for all unions.
    pub text: String,
}

impl ListUnions {
    /// The maximum length of the search text; the rest is ignored.
    pub const TEXT_LIMIT: usize = 100;

    /// The search text in a query string.
    pub fn text_in(query: &str) -> String {
        let text = pairs(query).find(|(name, _)| name == "q").map(|(_, value)| value).unwrap_or_default();
        text.trim().chars().take(Self::TEXT_LIMIT).collect()
    }

    /// The query string that searches for a text.
    pub fn query_for(text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        query("", &[("q", text)]).trim_start_matches('?').to_owned()
    }
}

impl Endpoint for ListUnions {
    const PATH: &'static str = "/api/v1/unions";
    type Response = Unions;

    fn path_and_query(&self) -> String {
        query(Self::PATH, &[("locale", self.locale.tag()), ("q", &self.text)])
    }
}

/// Unions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unions {
    /// The search text.
    pub text: String,
    /// The unions that match.
    pub unions: Vec<UnionSummary>,
    /// The phone number to call if none matches.
    pub telephone: String,
    /// The email address to write to if none matches.
    pub email: String,
}

/// A union, or the federation, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnionSummary {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its abbreviation.
    pub abbreviation: String,
    /// Who it is for, in a sentence.
    pub summary: String,
    /// Its colour: a name in the app's set.
    pub accent: String,
    /// Jobs that it covers, in everyday words.
    pub jobs: Vec<String>,
}

/// Asks for one union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindUnion {
    /// The union's slug.
    pub slug: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindUnion {
    const PATH: &'static str = "/api/v1/unions/{slug}";
    type Response = Union;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{slug}", &self.slug), &[("locale", self.locale.tag())])
    }
}

/// A union, or the federation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Union {
    /// The summary shown in lists.
    pub summary: UnionSummary,
    /// Whether it is the federation, which individuals cannot join.
    pub federation: bool,
    /// When the content was last checked and found to be correct.
    pub reviewed_on: Date,
    /// What it is: sanitised HTML, headings from level 2 down.
    pub html: String,
    /// What its members can do, by role.
    pub steps: Vec<RoleSteps>,
    /// Who to contact.
    pub people: Vec<ContactPerson>,
    /// Its latest news.
    pub news: Vec<NewsSummary>,
    /// Its upcoming events.
    pub events: Vec<EventSummary>,
    /// Its courses.
    pub courses: Vec<CourseSummary>,
    /// Its videos.
    #[serde(default)]
    pub videos: Vec<Video>,
}

/// What people in one role can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleSteps {
    /// Who the steps are for.
    pub title: String,
    /// The steps.
    pub steps: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::ListUnions;

    #[test]
    fn search_text_round_trips_through_the_query() {
        let text = ListUnions::text_in("?x=1&q=+gofal+c%C5%B5n+");
        assert_eq!(text, "gofal cŵn");
        assert_eq!(ListUnions::text_in(&ListUnions::query_for(&text)), text);
        assert_eq!(ListUnions::query_for(""), "");
    }
}
