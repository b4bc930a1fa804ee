//! The app: language, router, and the frame around every page.

use contract::Locale;
use leptos::prelude::*;
use leptos_router::{
    StaticSegment,
    components::{FlatRoutes, Route, Router},
};

use crate::{
    campaign::{HubPage, PastYearsPage},
    frame::Frame,
    i18n,
    page::{AccessibilityPage, JoinPage, PrivacyPage},
    routes,
    support::SupportPage,
    ui::NotFound,
};

/// The whole app, for the address that is being shown.
#[component]
pub fn App() -> impl IntoView {
    let locale = routes::current_locale();
    i18n::provide_locale(locale);
    let base = match locale {
        Locale::En => "",
        Locale::Cy => "/cy",
    };
    let (routing, set_routing) = signal(false);
    // Without its slash: the root is then found both at `/` and right at a base.
    let segment = |route: routes::Route| StaticSegment(route.path().trim_start_matches('/'));

    view! {
        <Router base set_is_routing=set_routing>
            <Frame routing>
                <FlatRoutes fallback=NotFound>
                    <Route path=segment(routes::Route::Hub) view=HubPage/>
                    <Route path=segment(routes::Route::PastYears) view=PastYearsPage/>
                    <Route path=segment(routes::Route::Join) view=JoinPage/>
                    <Route path=segment(routes::Route::Support) view=SupportPage/>
                    <Route path=segment(routes::Route::Accessibility) view=AccessibilityPage/>
                    <Route path=segment(routes::Route::Privacy) view=PrivacyPage/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
