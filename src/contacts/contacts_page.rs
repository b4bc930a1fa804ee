//! The finder, with every region as a list and on the map.

use contract::contacts::{ListRegions, Regions};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    PostedPlace,
    finder::{add_finder, live_finder},
    live::PageRegions,
    region_choice::region_choice,
};
use crate::{
    api,
    i18n::{contacts as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, PageHead, remote_pair, when_shown},
};

#[component]
pub(crate) fn ContactsPage() -> impl IntoView {
    let posted = serde_json::to_string(&use_context::<PostedPlace>()).unwrap_or_default();
    let data = api::load_with(&ListRegions { locale: use_locale() }, posted);
    remote_pair(data, |regions, posted| view! { <Content regions posted/> })
}

#[component]
fn Content(regions: Regions, posted: Option<PostedPlace>) -> impl IntoView {
    let locale = use_locale();
    let query = use_query_map();
    let found = RwSignal::new(None);
    provide_context(PageRegions {
        known: regions.regions.clone(),
        found,
        refused: posted.as_ref().map(|posted| posted.problem.clone()),
    });
    // What is typed counts; before that, what the address offers.
    let offered =
        move || query.with(|query| query.get_str("regions").map(routes::regions_in)).unwrap_or_default();
    let marked = move || found.get().unwrap_or_else(offered);
    let open = move || {
        (found.with(Option::is_none) && offered().len() > 1)
            .then(|| view! { <p class="answer">{t::open(locale)}</p> })
    };
    let refused = posted.is_some();
    #[cfg(feature = "ssr")]
    if refused {
        crate::render::Collector::set_status(422);
    }
    let mut finder = Markup::default();
    let (typed, mistake) = posted.map(|posted| (posted.typed, posted.problem)).unzip();
    add_finder(&mut finder, &typed.unwrap_or_default(), mistake.as_deref(), locale);
    when_shown(live_finder);
    let title = if refused { t::title_refused(locale) } else { t::title(locale) };
    let head = Head {
        title: title.to_owned(),
        description: t::summary(locale).to_owned(),
        route: Some(Route::Contacts),
    };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{t::title(locale)}</h1>
            <p class="lede">{t::summary(locale)}</p>
            <div class="page-start__finder" inner_html=finder.html()></div>
            {open}
        </div>
        <section class="wrap section" id="regions" aria-labelledby="regions-title">
            <h2 id="regions-title">{t::all_regions(locale)}</h2>
            {move || region_choice(locale, &regions, &marked(), None)}
            <p class="attribution">{t::attribution(locale)}</p>
        </section>
    }
}
