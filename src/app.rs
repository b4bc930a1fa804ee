//! The app: language, router, and the frame around every page.

use contract::Locale;
use leptos::{prelude::*, tachys::view::iterators::StaticVec};
use leptos_router::{
    NestedRoute,
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _},
    components::{FlatRoutes, Router},
};

use crate::{
    basket::provide_basket,
    frame::Frame,
    i18n,
    routes::{self, Page},
    ui::NotFound,
};

/// The whole app, for the current URL.
#[component]
pub fn App() -> impl IntoView {
    let locale = routes::current_locale();
    i18n::provide_locale(locale);
    provide_basket();
    let base = match locale {
        Locale::En => "",
        Locale::Cy => "/cy",
    };
    let (routing, set_routing) = signal(false);

    view! {
        <Router base set_is_routing=set_routing>
            <Frame routing>
                <FlatRoutes fallback=NotFound>
                    <Pages/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}

/// The routes, with the page of each.
#[component(transparent)]
fn Pages() -> AnyNestedRoute {
    let routes = Page::ALL.iter().map(|&page| NestedRoute::new(page, page));
    StaticVec::from(routes.collect::<Vec<_>>()).into_any_nested_route()
}
