//! The region finder as a section of another page.

use leptos::prelude::*;

use super::{answer::ANSWERS, finder::Finder, finder_field::FinderField};
use crate::{
    i18n::{contacts as t, use_locale},
    routes::Route,
};

#[component]
pub(crate) fn FinderSection() -> impl IntoView {
    let locale = use_locale();
    let field = FinderField::new(String::new(), None, Vec::new());
    view! {
        <section class="find-strip" id="find" aria-labelledby="find-title">
            <div class="find-strip__inner wrap">
                <div class="find-strip__text">
                    <h2 id="find-title">{t::strip_title(locale)}</h2>
                    <p>{t::strip_body(locale)}</p>
                    <a class="more" href=Route::Contacts.href(locale)>{t::strip_more(locale)}</a>
                </div>
                <Finder field answers=ANSWERS/>
            </div>
        </section>
    }
}
