//! Taking part: roles with their steps, and posts to share.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use contract::{
    Endpoint as _, Locale, Problem,
    take_part::{FindRole, ListRoles, Post, Role, RoleSummary, Roles, Step},
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    locale::Localised,
    state::AppState,
    store::{Bilingual, Kind, Store, StoreError},
};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_roles)).routes(routes!(find_role))
}

/// The language-independent fields of a role's file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RoleFacts {
    /// Its position in lists.
    pub(crate) place: u32,
    pub(crate) picture: String,
}

/// The text of a role's file in one language.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LocalRole {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) html: String,
    pub(crate) steps: Vec<Step>,
}

/// The text of the posts' file in one language.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct LocalPosts {
    pub(crate) posts: Vec<Post>,
}

/// All roles, and the posts.
pub(crate) struct RoleIndex {
    roles: Vec<Bilingual<RoleFacts, LocalRole>>,
    posts: [LocalPosts; 2],
}

impl RoleIndex {
    pub(crate) async fn read(store: &Store) -> Result<Self, StoreError> {
        let mut roles: Vec<Bilingual<RoleFacts, LocalRole>> = store.list_both(Kind::Role).await?;
        roles.sort_by_key(|role| role.facts.place);
        let posts: Vec<Bilingual<(), LocalPosts>> = store.list_both(Kind::Posts).await?;
        let posts = posts.into_iter().next().map(|posts| posts.texts).unwrap_or_default();
        Ok(Self { roles, posts })
    }

    /// Whether there is a role with this slug.
    pub(crate) fn has(&self, slug: &str) -> bool {
        self.roles.iter().any(|role| role.slug == slug)
    }

    /// The slugs, in list order.
    pub(crate) fn slugs(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(|role| role.slug.as_str())
    }
}

fn summary(role: &Bilingual<RoleFacts, LocalRole>, locale: Locale) -> RoleSummary {
    let LocalRole { title, summary, steps, .. } = &role.texts[locale as usize];
    RoleSummary {
        slug: role.slug.clone(),
        title: title.clone(),
        summary: summary.clone(),
        picture: role.facts.picture.clone(),
        steps: u32::try_from(steps.len()).unwrap_or(u32::MAX),
    }
}

/// The roles, and posts to share.
#[utoipa::path(
    get,
    path = ListRoles::PATH,
    tag = "take part",
    params(("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given")),
    responses(
        (status = 200, description = "The roles", body = Roles),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_roles(
    State(state): State<AppState>,
    Localised(locale): Localised,
) -> Result<Json<Roles>, ApiError> {
    let content_index = state.content_index.get(&state.store).await?;
    let RoleIndex { roles, posts } = &content_index.roles;
    Ok(Json(Roles {
        roles: roles.iter().map(|role| summary(role, locale)).collect(),
        posts: posts[locale as usize].posts.clone(),
        address: [state.public_url.origin(), locale.path_prefix()].concat(),
    }))
}

/// One role with its steps.
#[utoipa::path(
    get,
    path = FindRole::PATH,
    tag = "take part",
    params(
        ("slug" = String, Path, description = "The role's name in addresses"),
        ("locale" = Option<Locale>, Query, description = "The language of the texts; English unless given"),
    ),
    responses(
        (status = 200, description = "The role", body = Role),
        (status = 404, description = "No such role", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such language", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_role(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    Localised(locale): Localised,
) -> Result<Json<Role>, ApiError> {
    let Path(slug) = path.map_err(|_| ApiError::NotFound)?;
    let content_index = state.content_index.get(&state.store).await?;
    let roles = &content_index.roles.roles;
    let role = roles.iter().find(|role| role.slug == slug).ok_or(ApiError::NotFound)?;
    let LocalRole { html, steps, .. } = role.texts[locale as usize].clone();
    let others = roles.iter().filter(|other| other.slug != slug);
    Ok(Json(Role {
        summary: summary(role, locale),
        html,
        steps,
        others: others.map(|other| summary(other, locale)).collect(),
    }))
}
