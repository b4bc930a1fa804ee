//! The steps of a role, as a checklist.

use contract::take_part::{FindRole, Role};
use leptos::prelude::*;

use super::{checklist::Checklist, role_cards::RoleCards};
use crate::{
    api,
    i18n::{take_part as t, use_locale},
    routes::{self, Route},
    ui::{Head, PageHead, Remote},
};

#[component]
pub(crate) fn RolePage() -> impl IntoView {
    let locale = use_locale();
    // The component is reused from one role to another.
    let slug = routes::param("role");
    let role = api::resource(move || FindRole { slug: slug.get(), locale });
    view! { <Remote data=role let:role><Content role/></Remote> }
}

#[component]
fn Content(role: Role) -> impl IntoView {
    let locale = use_locale();
    let Role { summary, html, steps, others } = role;
    let head = Head {
        title: summary.title.clone(),
        description: summary.summary.clone(),
        route: Some(Route::Role(summary.slug.clone())),
    };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <p class="crumb">
                <a href=Route::TakePart.href(locale)>{t::title(locale)}</a>
            </p>
            <h1 id="page-heading" tabindex="-1">{summary.title}</h1>
            <p class="lede">{summary.summary}</p>
        </div>
        <div class="wrap prose" inner_html=html></div>
        <Checklist role=summary.slug steps/>
        <section class="wrap section" aria-labelledby="others-title">
            <h2 id="others-title">{t::others(locale)}</h2>
            <RoleCards roles=others/>
        </section>
    }
}
