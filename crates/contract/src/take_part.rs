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

/// The roles that somebody can take part in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Roles {
    /// The roles.
    pub roles: Vec<RoleSummary>,
    /// Ready-made posts for social networks.
    pub posts: Vec<Post>,
    /// The site's own address, for posts to lead to.
    pub address: String,
}

/// A role in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleSummary {
    /// Its name in addresses, such as `member`.
    pub slug: String,
    /// Who it is, from that person's side: "I am a member".
    pub title: String,
    /// What the steps are about, in a sentence.
    pub summary: String,
    /// Its drawing: a name in the app's set.
    pub picture: String,
    /// How many steps it has.
    pub steps: u32,
}

/// A post that somebody can share as it is.
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
    /// What lists show of it.
    pub summary: RoleSummary,
    /// What to know before: sanitised HTML, headings from level 2 down.
    pub html: String,
    /// Its steps, in the order in which they are easiest.
    pub steps: Vec<Step>,
    /// The other roles.
    pub others: Vec<RoleSummary>,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// Its name, the same in every language, for remembering that it is done.
    pub name: String,
    /// What to do, as an instruction.
    pub title: String,
    /// How: sanitised HTML.
    pub html: String,
}
