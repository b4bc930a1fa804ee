//! The slim bar with the controls that belong to the person, and the masthead
//! with those that belong to the site.

use contract::Locale;
use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Location};

use crate::{
    a11y::ContrastSwitch,
    i18n::{frame as t, order, use_locale},
    routes::Route,
    ui::Picture,
};

/// The pages of the main navigation.
const NAVIGATION: [Route; 7] = [
    Route::TakePart,
    Route::Unions,
    Route::Contacts,
    Route::News,
    Route::Events,
    Route::Shop,
    Route::Support,
];

#[component]
pub(super) fn Header() -> impl IntoView {
    let locale = use_locale();
    let pathname = use_location().pathname;
    let link = move |route: Route| {
        let href = route.href(locale);
        let own = href.clone();
        let current = move || (pathname.get() == own).then_some("page");
        view! {
            <li>
                <a class="nav__link" href=href aria-current=current>{label(&route, locale)}</a>
            </li>
        }
    };
    view! {
        // Beside the header, not in it, so that it can stay in view longer.
        <section class="bar" aria-label=t::settings(locale)>
            <div class="bar__inner wrap">
                <ContrastSwitch/>
                <div class="bar__site">
                    <a class="bar__search" href=Route::Search.href(locale)>{t::search(locale)}</a>
                    // boot.js says how many pieces are in it.
                    <a class="bar__search" href=Route::Basket.href(locale) data-basket-link>{t::basket(locale)}</a>
                    <LanguageSwitch/>
                </div>
            </div>
        </section>
        <header class="masthead wrap">
            <a class="brand" href=Route::Hub.href(locale)>
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

/// What the navigation calls a page.
pub(super) const fn label(route: &Route, locale: Locale) -> &'static str {
    match route {
        Route::Hub => t::site_name(locale),
        Route::Contacts | Route::Contact(_) => t::contacts(locale),
        Route::News | Route::NewsItem(_) => t::news(locale),
        Route::TakePart | Route::Role(_) => t::take_part(locale),
        Route::Unions | Route::Union(_) => t::unions(locale),
        Route::Events | Route::Event(_) => t::events(locale),
        Route::Courses | Route::Course(_) => t::courses(locale),
        Route::Resources | Route::Resource(_) => t::resources(locale),
        Route::PosterMaker => t::poster_maker(locale),
        Route::Publications | Route::Publication(_) => t::publications(locale),
        Route::Search => t::search(locale),
        Route::Shop | Route::Product(_) => t::shop(locale),
        Route::Basket | Route::Checkout => t::basket(locale),
        Route::FindOrder | Route::Order(_) => order::find(locale),
        Route::PastYears => t::past_years(locale),
        Route::Videos => t::videos(locale),
        Route::Join => t::join(locale),
        Route::Support => t::support(locale),
        Route::Accessibility => t::accessibility(locale),
        Route::Privacy => t::privacy(locale),
    }
}

/// Leads to the same page in the other language. `rel` keeps the router out of
/// it: another language is another document.
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
