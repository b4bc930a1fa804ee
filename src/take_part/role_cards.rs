//! Roles in a list.

use contract::take_part::RoleSummary;
use leptos::prelude::*;

use crate::{
    i18n::{take_part as t, use_locale},
    routes::Route,
    ui::Picture,
};

/// A list of roles.
#[component]
pub(super) fn RoleCards(roles: Vec<RoleSummary>) -> impl IntoView {
    let locale = use_locale();
    let cards = roles
        .into_iter()
        .map(|RoleSummary { slug, title, summary, picture, steps }| {
            view! {
                <li class="role-card">
                    <Picture name=picture class="role-card__drawing"/>
                    <h3 class="role-card__title">
                        <a href=Route::Role(slug).href(locale)>{title}</a>
                    </h3>
                    <p>{summary}</p>
                    <p class="role-card__steps">{t::steps(locale, steps)}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="role-list" role="list">{cards}</ul> }
}
