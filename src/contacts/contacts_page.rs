//! The finder, with every region as a list and on the map.

use contract::{
    contacts::{ListRegions, Regions},
    pairs,
    region::Region,
};
use leptos::prelude::*;

use super::{
    PostedPlace, answer::ANSWERS, finder::Finder, finder_field::FinderField, region_choice::RegionChoice,
};
use crate::{
    api,
    i18n::{contacts as t, use_locale},
    queries,
    render::set_status,
    routes::{self, Route},
    ui::{Head, PageHead, Remote},
};

#[component]
pub(crate) fn ContactsPage() -> impl IntoView {
    let locale = use_locale();
    let posted = api::from_server::<PostedPlace>();
    let regions = api::resource(move || ListRegions { locale });
    view! { <Remote data=regions let:regions><Content regions posted=posted.clone()/></Remote> }
}

#[component]
fn Content(regions: Regions, posted: Option<PostedPlace>) -> impl IntoView {
    let locale = use_locale();
    let is_refused = posted.is_some();
    if is_refused {
        set_status(422);
    }
    let (typed, problem) = posted.map(|posted| (posted.typed, posted.problem)).unzip();
    let field = FinderField::new(typed.unwrap_or_default(), problem, regions.regions.clone());
    let query = routes::query_at(Route::Contacts.path());
    // The current input or, before there is any, the regions in the URL.
    let found = field.found;
    let offered = Memo::new(move |_| {
        let value = query.with(|query| pairs(query).filter(|(name, _)| name == "regions").last());
        value.map(|(_, value)| queries::regions_in(&value)).unwrap_or_default()
    });
    let marked: Signal<Vec<Region>> = Signal::derive(move || found.get().unwrap_or_else(|| offered.get()));
    let is_open = move || found.with(Option::is_none) && offered.with(|offered| offered.len() > 1);
    let head = Head {
        title: t::title(locale).to_owned(),
        description: t::summary(locale).to_owned(),
        route: Some(Route::Contacts),
    };
    view! {
        <PageHead head=if is_refused { head.with_error(locale) } else { head }/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{t::title(locale)}</h1>
            <p class="lede">{t::summary(locale)}</p>
            <div class="page-start__finder">
                <Finder field answers=ANSWERS/>
            </div>
            <p class="answer" hidden=move || !is_open()>{t::open(locale)}</p>
        </div>
        <section class="wrap section" id="regions" aria-labelledby="regions-title">
            <h2 id="regions-title">{t::all_regions(locale)}</h2>
            <RegionChoice regions marked current=None/>
            <p class="attribution">{t::attribution(locale)}</p>
        </section>
    }
}
