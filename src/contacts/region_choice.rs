//! The regions as a list and as a map with the same information: the current region, and the
//! regions that the finder has found.
//!
//! The list comes first in reading order; the map repeats its links for those who can see it.

use contract::{
    contacts::{RegionMap, RegionShape, RegionSummary, Regions},
    region::Region,
};
use leptos::prelude::*;

use crate::{
    i18n::{contacts as t, use_locale},
    routes::Route,
};

/// The list and the map.
#[component]
pub(super) fn RegionChoice(
    regions: Regions,
    /// The regions found by the finder, or named in the URL.
    marked: Signal<Vec<Region>>,
    /// The region of the page.
    current: Option<Region>,
) -> impl IntoView {
    let locale = use_locale();
    let Regions { regions, map } = regions;
    let names: Vec<(Region, String)> =
        regions.iter().map(|summary| (summary.region, summary.name.clone())).collect();
    let items = (1..)
        .zip(regions)
        .map(|(number, summary): (usize, RegionSummary)| view! { <Item number summary marked current/> })
        .collect_view();
    view! {
        <div class="region-choice">
            <nav aria-label=t::list_label(locale)>
                <ol class="region-list" role="list">{items}</ol>
            </nav>
            <nav class="region-map" aria-label=t::map_label(locale)>
                <Map map names marked current/>
            </nav>
        </div>
    }
}

#[component]
fn Item(
    number: usize,
    summary: RegionSummary,
    marked: Signal<Vec<Region>>,
    current: Option<Region>,
) -> impl IntoView {
    let locale = use_locale();
    let RegionSummary { region, name, covers, .. } = summary;
    let is_marked = move || marked.with(|marked| marked.contains(&region));
    let is_on_map = region != Region::National;
    view! {
        <li class="region-list__item" data-found=move || is_marked().then_some("")>
            <span class="region-list__number" aria-hidden="true" data-on-map=is_on_map.then_some("")>
                {is_on_map.then_some(number)}
            </span>
            <span class="region-list__text">
                <a
                    class="region-list__name"
                    href=Route::Contact(region).href(locale)
                    aria-current=(current == Some(region)).then_some("page")
                >
                    {name}
                </a>
                " "
                <span class="region-list__mark">{move || is_marked().then(|| t::found_mark(locale))}</span>
                " "
                <span class="region-list__covers">{covers}</span>
            </span>
        </li>
    }
}

#[component]
fn Map(
    map: RegionMap,
    names: Vec<(Region, String)>,
    marked: Signal<Vec<Region>>,
    current: Option<Region>,
) -> impl IntoView {
    let locale = use_locale();
    let outlined = map.shapes.clone();
    let shapes = map
        .shapes
        .into_iter()
        .map(|RegionShape { region, path, label: [x, y] }| {
            let place = names.iter().position(|(named, _)| *named == region).unwrap_or_default();
            let number = place + 1;
            // The number comes first, as it is visible: people who use voice control say what
            // they see.
            let label = format!("{number} {}", names[place].1);
            let is_marked = move || marked.with(|marked| marked.contains(&region));
            let label = move || {
                if is_marked() { [&label, ", ", t::found_mark(locale)].concat() } else { label.clone() }
            };
            view! {
                <g>
                    <a
                        class="region-map__region"
                        href=Route::Contact(region).href(locale)
                        aria-label=label
                        data-found=move || is_marked().then_some("")
                        aria-current=(current == Some(region)).then_some("page")
                        data-pattern=pattern(region)
                    >
                        <path class="region-map__shape" d=path></path>
                        <circle class="region-map__disc" cx=x cy=y r="17"></circle>
                        <text
                            class="region-map__number"
                            x=x
                            y=y
                            text-anchor="middle"
                            dominant-baseline="central"
                        >
                            {number}
                        </text>
                    </a>
                </g>
            }
        })
        .collect_view();
    // Neighbours drawn later would cover a thick outline, so the outlines of marked regions
    // are drawn again on top.
    let outlines = move || {
        let is_outlined = |shape: &&RegionShape| {
            current == Some(shape.region) || marked.with(|marked| marked.contains(&shape.region))
        };
        let outline = |shape: &RegionShape| {
            view! { <path class="region-map__outline" d=shape.path.clone()></path> }
        };
        outlined.iter().filter(is_outlined).map(outline).collect_view()
    };
    view! {
        <svg class="region-map__drawing" viewBox=format!("0 0 {} {}", map.width, map.height)>
            <defs>
                <pattern id="map-dots" width="14" height="14" patternUnits="userSpaceOnUse">
                    <rect class="region-map__ground" width="14" height="14"></rect>
                    <circle class="region-map__mark" cx="4" cy="4" r="2"></circle>
                    <circle class="region-map__mark" cx="11" cy="11" r="2"></circle>
                </pattern>
                <pattern id="map-slant" width="12" height="12" patternUnits="userSpaceOnUse">
                    <rect class="region-map__ground" width="12" height="12"></rect>
                    <path class="region-map__line" d="M-3 3l6-6M0 12l12-12M9 15l6-6"></path>
                </pattern>
                <pattern id="map-bars" width="12" height="12" patternUnits="userSpaceOnUse">
                    <rect class="region-map__ground" width="12" height="12"></rect>
                    <path class="region-map__line" d="M0 6h12"></path>
                </pattern>
                <pattern id="map-grid" width="14" height="14" patternUnits="userSpaceOnUse">
                    <rect class="region-map__ground" width="14" height="14"></rect>
                    <path class="region-map__line" d="M0 7h14M7 0v14"></path>
                </pattern>
            </defs>
            {shapes}
            <g class="region-map__outlines">{move || outlines()}</g>
        </svg>
    }
}

/// A pattern that distinguishes a region from its neighbours without colour.
const fn pattern(region: Region) -> &'static str {
    match region {
        Region::Northern | Region::Wales | Region::National => "plain",
        Region::NorthWest | Region::LondonSouthEastAndEast => "dots",
        Region::Midlands | Region::Scotland => "slant",
        Region::SouthWest => "bars",
        Region::YorkshireAndTheHumber | Region::NorthernIreland => "grid",
    }
}
