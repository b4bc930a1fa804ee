//! The finder, with every region as a list and on the map.

use contract::{
    Locale,
    contacts::{ListRegions, Regions},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    PostedPlace,
    finder::{add_finder, live_finder},
    live::PageRegions,
    region_choice::add_region_choice,
};
use crate::{
    api,
    i18n::{contacts as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, TextPage, markup, text_page_of_two},
};

#[component]
pub(crate) fn ContactsPage() -> impl IntoView {
    let posted = serde_json::to_string(&use_context::<PostedPlace>()).unwrap_or_default();
    text_page_of_two(api::load_with(&ListRegions { locale: use_locale() }, posted), page)
}

fn page(regions: Regions, posted: Option<PostedPlace>, locale: Locale) -> TextPage {
    provide_context(PageRegions {
        known: regions.regions.clone(),
        found: RwSignal::new(None),
        refused: posted.as_ref().map(|posted| posted.problem.clone()),
    });
    let offered = use_query_map()
        .with_untracked(|query| query.get_str("regions").map(routes::regions_in))
        .unwrap_or_default();
    let refused = posted.is_some();
    #[cfg(feature = "ssr")]
    if refused {
        crate::render::Collector::set_status(422);
    }
    let (typed, mistake) = posted.map(|posted| (posted.typed, posted.problem)).unzip();
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (t::title(locale))
        "</h1><p class='lede'>" (t::summary(locale)) "</p><div class='page-start__finder'>");
    add_finder(&mut out, &typed.unwrap_or_default(), mistake.as_deref(), locale);
    out.raw("</div><p class='answer' data-open");
    out.raw(if offered.len() > 1 { ">" } else { " hidden>" });
    markup!(out, (t::open(locale)) "</p></div><section class='wrap section' id='regions' aria-labelledby='regions-title'>"
        "<h2 id='regions-title'>" (t::all_regions(locale)) "</h2>");
    add_region_choice(&mut out, &regions, &offered, None, locale);
    markup!(out, "<p class='attribution'>" (t::attribution(locale)) "</p></section>");
    TextPage {
        head: Head {
            title: if refused { t::title_refused(locale) } else { t::title(locale) }.to_owned(),
            description: t::summary(locale).to_owned(),
            route: Some(Route::Contacts),
        },
        html: out.html(),
        live,
    }
}

fn live() {
    #[cfg(target_arch = "wasm32")]
    follow();
    live_finder();
}

/// Marks what is typed in the list and on the map; before that, what the address
/// offers.
#[cfg(target_arch = "wasm32")]
fn follow() {
    use super::region_choice::mark;
    use crate::ui::live::find;

    let (locale, query) = (use_locale(), use_query_map());
    let Some(PageRegions { found, .. }) = use_context() else { return };
    Effect::new(move |_| {
        let offered = query.with(|query| query.get_str("regions").map(routes::regions_in));
        let offered = offered.unwrap_or_default();
        let found = found.get();
        if let Some(open) = find("[data-open]") {
            _ = open.toggle_attribute_with_force("hidden", found.is_some() || offered.len() < 2);
        }
        mark(&found.unwrap_or(offered), locale);
    });
}
