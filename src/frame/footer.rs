//! The foot of every page.

use leptos::prelude::*;

use super::header::label;
use crate::{
    i18n::{frame as t, use_locale},
    routes::Route,
};

#[component]
pub(super) fn Footer() -> impl IntoView {
    let locale = use_locale();
    let links = [
        Route::Join,
        Route::Courses,
        Route::Resources,
        Route::Publications,
        Route::PastYears,
        Route::Support,
        Route::Accessibility,
        Route::Privacy,
    ]
    .map(|route| {
        view! { <li><a href=route.href(locale)>{label(&route, locale)}</a></li> }
    });
    view! {
        <footer class="footer">
            <div class="footer__inner wrap">
                <p class="footer__promise">{t::promise(locale)}</p>
                <ul class="footer__links" role="list">
                    {links}
                    <li>
                        <a href=[&Route::Privacy.href(locale), "#this-device"].concat()>{t::this_device(locale)}</a>
                    </li>
                </ul>
                <p class="footer__note">{t::demonstration(locale)}</p>
            </div>
        </footer>
    }
}
