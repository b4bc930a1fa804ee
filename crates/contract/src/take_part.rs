//! Taking part: the steps for each role, and posts to share.

use serde::{Deserialize, Serialize};

use crate::{Endpoint, Locale, query};

/// Asks for the roles and the posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRoles {
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for ListRoles {
    const PATH: &'static str = "/api/v1/roles";
    type Response = Roles;

    fn path_and_query(&self) -> String {
        query(Self::PATH, &[("locale", self.locale.tag())])
    }
}

/// The roles in which a visitor can take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Roles {
    /// The roles.
    pub roles: Vec<RoleSummary>,
    /// Ready-made posts for social networks.
    pub posts: Vec<Post>,
    /// The site's own URL, for the posts to link to.
    pub address: String,
}

/// A role in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleSummary {
    /// Its slug, such as `member`.
    pub slug: String,
    /// The role in the first person: "I am a member".
    pub title: String,
    /// What the steps are about, in a sentence.
    pub summary: String,
    /// Its picture: a name in the app's set.
    pub picture: String,
    /// How many steps it has.
    pub steps: u32,
}

/// A post that is ready to share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Post {
    /// What it is for, in a few words.
    pub title: String,
    /// Its text, at most 240 characters.
    pub text: String,
}

/// Asks for one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindRole {
    /// The role's slug.
    pub slug: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindRole {
    const PATH: &'static str = "/api/v1/roles/{slug}";
    type Response = Role;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{slug}", &self.slug), &[("locale", self.locale.tag())])
    }
}

/// A role with its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Role {
    /// The summary shown in lists.
    pub summary: RoleSummary,
    /// Introduction: sanitised HTML, headings from level 2 down.
    pub html: String,
    /// Its steps, the easiest first.
    pub steps: Vec<Step>,
    /// The other roles.
    pub others: Vec<RoleSummary>,
}

/// A step to take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// Its name, the same in every language, used to remember that it is done.
    pub name: String,
    /// What to do, as an instruction.
    pub title: String,
    /// How: sanitised HTML.
    pub html: String,
}
