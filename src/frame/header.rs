//! The slim bar with the controls that belong to the person, and the masthead
//! with those that belong to the site.

use contract::Locale;
use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Location};

use crate::{
    a11y::ContrastSwitch,
    i18n::{frame as t, use_locale},
    routes::Route,
    ui::Picture,
};

/// The pages of the main navigation.
const NAVIGATION: [Route; 6] =
    [Route::Join, Route::Contacts, Route::News, Route::Shop, Route::PastYears, Route::Support];

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
                <LanguageSwitch/>
            </div>
        </section>
        <header class="masthead wrap">
            <a class="brand" href=Route::Hub.href(locale)>
                <Picture name="heart" class="brand__mark"/>
                <span>{t::site_name(locale)}</span>
            </a>
            <nav class="nav" aria-label=t::navigation(locale)>
                <ul class="nav__list" role="list">
                    <li>
                        <a class="nav__link" href=[&Route::Hub.href(locale), "#take-part"].concat()>
                            {t::take_part(locale)}
                        </a>
                    </li>
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
        Route::Shop | Route::Product(_) => t::shop(locale),
        Route::PastYears => t::past_years(locale),
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
