//! The roles, and posts to share.

use contract::{
    Locale,
    take_part::{ListRoles, RoleSummary, Roles},
};
use leptos::prelude::*;

use super::posts;
use crate::{
    api,
    i18n::{take_part as t, use_locale},
    routes::Route,
    ui::{Head, Markup, TextPage, markup, text_page},
};

#[component]
pub(crate) fn TakePartPage() -> impl IntoView {
    text_page(api::load(&ListRoles { locale: use_locale() }), page)
}

fn page(roles: Roles, locale: Locale) -> TextPage {
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (t::title(locale))
        "</h1><p class='lede'>" (t::summary(locale)) "</p></div>"
        "<section class='wrap section' aria-labelledby='roles-title'><h2 id='roles-title'>" (t::who(locale)) "</h2>");
    add_roles(&mut out, &roles.roles, locale);
    out.raw("</section>");
    posts::add(&mut out, &roles.posts, &roles.address, locale);
    TextPage {
        head: Head {
            title: t::title(locale).to_owned(),
            description: t::summary(locale).to_owned(),
            route: Some(Route::TakePart),
        },
        html: out.html(),
        live: posts::live,
    }
}

/// Adds a list of roles.
pub(super) fn add_roles(out: &mut Markup, roles: &[RoleSummary], locale: Locale) {
    out.raw("<ul class='role-list' role='list'>");
    for role in roles {
        let href = Route::Role(role.slug.clone()).href(locale);
        out.raw("<li class='role-card'>");
        out.picture(&role.picture, "role-card__drawing");
        markup!(out, "<h3 class='role-card__title'><a href='" (href) "'>" (role.title) "</a></h3><p>" (role.summary)
            "</p><p class='role-card__steps'>" (t::steps(locale, role.steps)) "</p></li>");
    }
    out.raw("</ul>");
}
