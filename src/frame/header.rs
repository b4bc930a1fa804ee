//! The slim bar with the visitor's settings, and the masthead with the site's navigation.

use contract::Locale;
use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Location};

use crate::{
    a11y::ContrastSwitch,
    i18n::{frame as t, use_locale},
    routes::Route,
    ui::Picture,
};

/// A page linked in the frame, and its label.
pub(super) type NamedPage = (Route, fn(Locale) -> &'static str);

/// The pages of the main navigation.
const NAVIGATION: [NamedPage; 7] = [
    (Route::TakePart, t::take_part),
    (Route::Unions, t::unions),
    (Route::Contacts, t::contacts),
    (Route::News, t::news),
    (Route::Events, t::events),
    (Route::Shop, t::shop),
    (Route::Support, t::support),
];

#[component]
pub(super) fn Header() -> impl IntoView {
    let locale = use_locale();
    let pathname = use_location().pathname;
    let link = move |(route, name): NamedPage| {
        let href = route.href(locale);
        let own = href.clone();
        let current = move || (pathname.get() == own).then_some("page");
        view! {
            <li>
                <a class="nav__link" href=href aria-current=current>{name(locale)}</a>
            </li>
        }
    };
    view! {
        // Beside the header, not inside it, so that it can stay visible longer.
        <section class="bar" aria-label=t::settings(locale)>
            <div class="bar__inner wrap">
                <ContrastSwitch/>
                <div class="bar__site">
                    <a class="bar__link" href=Route::Search.href(locale)>{t::search(locale)}</a>
                    // boot.js shows the number of items in it.
                    <a class="bar__link" href=Route::Basket.href(locale) data-basket-link>{t::basket(locale)}</a>
                    <LanguageSwitch/>
                </div>
            </div>
        </section>
        <header class="masthead wrap">
            <a class="brand" href=Route::Home.href(locale)>
                <Picture name="heart" class="brand__mark"/>
                <span>{t::site_name(locale)}</span>
            </a>
            <nav class="nav" aria-label=t::navigation(locale)>
                <ul class="nav__list" role="list">
                    {NAVIGATION.map(link)}
                </ul>
            </nav>
        </header>
    }
}

/// Links to the same page in the other language. `rel` prevents the router from handling the
/// link, because another language is another document.
#[component]
fn LanguageSwitch() -> impl IntoView {
    let locale = use_locale();
    let other = locale.other();
    let Location { pathname, search, .. } = use_location();
    let href = move || {
        let path = pathname.get();
        let (_, path) = Locale::split_path(&path);
        let mut href = match (other, path) {
            (Locale::Cy, "/") => other.path_prefix().to_owned(),
            _ => [other.path_prefix(), path].concat(),
        };
        search.with(|search| {
            if !search.is_empty() {
                href.push('?');
                href.push_str(search.trim_start_matches('?'));
            }
        });
        href
    };
    view! {
        <a class="bar__language" href=href rel="external" hreflang=other.tag() lang=other.tag() data-language-switch>
            {t::language_name(other)}
        </a>
    }
}
