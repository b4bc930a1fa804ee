//! The roles, and posts to share.

use contract::take_part::{ListRoles, Roles};
use leptos::prelude::*;

use super::{posts::Posts, role_cards::RoleCards};
use crate::{
    api,
    i18n::{take_part as t, use_locale},
    routes::Route,
    ui::{PageStart, Remote},
};

#[component]
pub(crate) fn TakePartPage() -> impl IntoView {
    let locale = use_locale();
    let roles = api::resource(move || ListRoles { locale });
    view! { <Remote data=roles let:roles><Content roles/></Remote> }
}

#[component]
fn Content(roles: Roles) -> impl IntoView {
    let locale = use_locale();
    let Roles { roles, posts, address } = roles;
    view! {
        <PageStart route=Route::TakePart title=t::title(locale) summary=t::summary(locale)/>
        <section class="wrap section" aria-labelledby="roles-title">
            <h2 id="roles-title">{t::who(locale)}</h2>
            <RoleCards roles/>
        </section>
        <Posts posts address/>
    }
}
