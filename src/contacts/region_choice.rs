//! The regions as a list and as a map, which show the same: which region the
//! page is about, and which ones the finder has found.
//!
//! The list comes first for whoever reads in order; the map repeats its links
//! for whoever looks.

use contract::{
    Locale,
    contacts::{RegionShape, RegionSummary, Regions},
    region::Region,
};
use leptos::prelude::*;

use crate::{i18n::contacts as t, routes::Route};

/// The list and the map. `found` are the regions that the finder offers,
/// `current` is the one that the page is about.
///
/// It is made anew when what was found changes: nothing in it is a signal of its
/// own, which twenty links would pay for in code.
pub(super) fn region_choice(
    locale: Locale,
    regions: &Regions,
    found: &[Region],
    current: Option<Region>,
) -> impl IntoView + use<> {
    let Regions { regions, map } = regions.clone();
    let state = |region| State {
        found: found.contains(&region).then(|| t::found_mark(locale)),
        current: (current == Some(region)).then_some("page"),
    };
    let place =
        |region: Region| regions.iter().position(|summary| summary.region == region).unwrap_or_default();
    // Neighbours that are drawn later would cover a thick outline, so the
    // outlines of what is marked are drawn once more, over all of them.
    let outlines = map
        .shapes
        .iter()
        .filter(|shape| found.contains(&shape.region) || current == Some(shape.region))
        .map(|shape| view! { <path class="region-map__outline" d=shape.path.clone()></path> })
        .collect_view();
    let shapes = map
        .shapes
        .into_iter()
        .map(|shape| {
            let (place, state) = (place(shape.region), state(shape.region));
            shape_link(locale, place + 1, &regions[place].name, shape, &state)
        })
        .collect_view();
    let view_box = ["0 0 ", &map.width.to_string(), " ", &map.height.to_string()].concat();
    let items = (1..)
        .zip(&regions)
        .map(|(number, summary)| list_item(locale, number, summary.clone(), &state(summary.region)))
        .collect_view();
    view! {
        <div class="region-choice">
            <nav aria-label=t::list_label(locale)>
                <ol class="region-list" role="list">{items}</ol>
            </nav>
            <nav class="region-map" aria-label=t::map_label(locale)>
                <svg class="region-map__drawing" viewBox=view_box>
                    <defs>
                        <pattern id="map-dots" width="14" height="14" patternUnits="userSpaceOnUse">
                            <rect class="region-map__ground" width="14" height="14"/>
                            <circle class="region-map__mark" cx="4" cy="4" r="2"/>
                            <circle class="region-map__mark" cx="11" cy="11" r="2"/>
                        </pattern>
                        <pattern id="map-slant" width="12" height="12" patternUnits="userSpaceOnUse">
                            <rect class="region-map__ground" width="12" height="12"/>
                            <path class="region-map__line" d="M-3 3l6-6M0 12l12-12M9 15l6-6"/>
                        </pattern>
                        <pattern id="map-bars" width="12" height="12" patternUnits="userSpaceOnUse">
                            <rect class="region-map__ground" width="12" height="12"/>
                            <path class="region-map__line" d="M0 6h12"/>
                        </pattern>
                        <pattern id="map-grid" width="14" height="14" patternUnits="userSpaceOnUse">
                            <rect class="region-map__ground" width="14" height="14"/>
                            <path class="region-map__line" d="M0 7h14M7 0v14"/>
                        </pattern>
                    </defs>
                    {shapes}
                    {outlines}
                </svg>
            </nav>
        </div>
    }
}

/// What a link says of its region beside its name.
struct State {
    /// That the finder has found it.
    found: Option<&'static str>,
    /// That the page is about it.
    current: Option<&'static str>,
}

/// How a region is told from its neighbours where colour does not show.
const fn pattern(region: Region) -> &'static str {
    match region {
        Region::Northern | Region::Wales | Region::National => "plain",
        Region::NorthWest | Region::LondonSouthEastAndEast => "dots",
        Region::Midlands | Region::Scotland => "slant",
        Region::SouthWest => "bars",
        Region::YorkshireAndTheHumber | Region::NorthernIreland => "grid",
    }
}

fn list_item(locale: Locale, number: usize, summary: RegionSummary, state: &State) -> impl IntoView + use<> {
    let RegionSummary { region, name, covers, .. } = summary;
    let on_map = region != Region::National;
    view! {
        <li class="region-list__item" data-found=state.found.map(|_| "")>
            <span class="region-list__number" aria-hidden="true" data-on-map=on_map.then_some("")>
                {on_map.then(|| number.to_string())}
            </span>
            <span class="region-list__text">
                <a class="region-list__name" href=Route::Contact(region).href(locale) aria-current=state.current>
                    {name}
                </a>
                <span class="region-list__mark">{state.found}</span>
                <span class="region-list__covers">{covers}</span>
            </span>
        </li>
    }
}

fn shape_link(
    locale: Locale,
    number: usize,
    name: &str,
    shape: RegionShape,
    state: &State,
) -> impl IntoView + use<> {
    let RegionShape { region, path, label: [x, y] } = shape;
    // The number comes first, as it is seen: whoever speaks to their device says
    // what they see.
    let number = number.to_string();
    let mut label = [&number, " ", name].concat();
    if let Some(mark) = state.found {
        label.push_str(", ");
        label.push_str(mark);
    }
    view! {
        // Within a group the macro knows that the link is one of SVG, not of HTML.
        <g>
            <a
                class="region-map__region"
                href=Route::Contact(region).href(locale)
                aria-label=label
                aria-current=state.current
                data-found=state.found.map(|_| "")
                data-pattern=pattern(region)
            >
                <path class="region-map__shape" d=path></path>
                <circle class="region-map__disc" cx=x.to_string() cy=y.to_string() r="17"></circle>
                <text
                    class="region-map__number"
                    x=x.to_string()
                    y=y.to_string()
                    text-anchor="middle"
                    dominant-baseline="central"
                >
                    {number}
                </text>
            </a>
        </g>
    }
}
