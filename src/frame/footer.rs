//! The footer of every page.

use leptos::prelude::*;

use super::header::NamedPage;
use crate::{
    i18n::{frame as t, use_locale},
    routes::Route,
};

/// The pages linked in the footer.
const PAGES: [NamedPage; 9] = [
    (Route::Join, t::join),
    (Route::Courses, t::courses),
    (Route::Resources, t::resources),
    (Route::Publications, t::publications),
    (Route::PastYears, t::past_years),
    (Route::Support, t::support),
    (Route::DeliveryAndReturns, t::returns),
    (Route::Accessibility, t::accessibility),
    (Route::Privacy, t::privacy),
];

#[component]
pub(super) fn Footer() -> impl IntoView {
    let locale = use_locale();
    let links = PAGES.map(|(route, name)| {
        view! { <li><a href=route.href(locale)>{name(locale)}</a></li> }
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
