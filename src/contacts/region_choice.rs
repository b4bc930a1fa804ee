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

use crate::{
    i18n::contacts as t,
    routes::Route,
    ui::{Markup, markup},
};

/// Adds the list and the map. `found` are the regions that the address offers,
/// `current` is the one that the page is about.
pub(super) fn add_region_choice(
    out: &mut Markup,
    regions: &Regions,
    found: &[Region],
    current: Option<Region>,
    locale: Locale,
) {
    let Regions { regions, map } = regions;
    let state = |region| State { found: found.contains(&region), current: current == Some(region) };
    markup!(out, "<div class='region-choice'><nav aria-label='" (t::list_label(locale))
        "'><ol class='region-list' role='list'>");
    for (number, summary) in (1..).zip(regions) {
        add_item(out, number, summary, state(summary.region), locale);
    }
    markup!(out, "</ol></nav><nav class='region-map' aria-label='" (t::map_label(locale))
        "'><svg class='region-map__drawing' viewBox='0 0 " (map.width.to_string()) " " (map.height.to_string())
        "'><defs><pattern id='map-dots' width='14' height='14' patternUnits='userSpaceOnUse'>"
        "<rect class='region-map__ground' width='14' height='14'/><circle class='region-map__mark' cx='4' cy='4' r='2'/>"
        "<circle class='region-map__mark' cx='11' cy='11' r='2'/></pattern>"
        "<pattern id='map-slant' width='12' height='12' patternUnits='userSpaceOnUse'>"
        "<rect class='region-map__ground' width='12' height='12'/>"
        "<path class='region-map__line' d='M-3 3l6-6M0 12l12-12M9 15l6-6'/></pattern>"
        "<pattern id='map-bars' width='12' height='12' patternUnits='userSpaceOnUse'>"
        "<rect class='region-map__ground' width='12' height='12'/><path class='region-map__line' d='M0 6h12'/></pattern>"
        "<pattern id='map-grid' width='14' height='14' patternUnits='userSpaceOnUse'>"
        "<rect class='region-map__ground' width='14' height='14'/>"
        "<path class='region-map__line' d='M0 7h14M7 0v14'/></pattern></defs>");
    for shape in &map.shapes {
        let place = regions.iter().position(|summary| summary.region == shape.region).unwrap_or_default();
        add_shape(out, place + 1, &regions[place].name, shape, state(shape.region), locale);
    }
    // Neighbours that are drawn later would cover a thick outline, so the outlines
    // of what is marked are drawn once more, over all of them.
    out.raw("<g class='region-map__outlines'>");
    for shape in &map.shapes {
        let State { found, current } = state(shape.region);
        if found || current {
            markup!(out, "<path class='region-map__outline' d='" (shape.path) "'/>");
        }
    }
    out.raw("</g></svg></nav></div>");
}

/// What a link says of its region beside its name.
#[derive(Clone, Copy)]
struct State {
    /// That the finder has found it.
    found: bool,
    /// That the page is about it.
    current: bool,
}

impl State {
    fn add(self, out: &mut Markup) {
        if self.found {
            out.raw(" data-found=''");
        }
    }

    fn add_current(self, out: &mut Markup) {
        if self.current {
            out.raw(" aria-current='page'");
        }
    }
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

fn add_item(out: &mut Markup, number: usize, summary: &RegionSummary, state: State, locale: Locale) {
    let RegionSummary { region, name, covers, .. } = summary;
    markup!(out, "<li class='region-list__item' data-region='" (region.slug()) "'");
    state.add(out);
    out.raw("><span class='region-list__number' aria-hidden='true'");
    if *region == Region::National {
        out.raw("></span>");
    } else {
        markup!(out, " data-on-map=''>" (number.to_string()) "</span>");
    }
    markup!(out, "<span class='region-list__text'><a class='region-list__name' href='"
        (Route::Contact(*region).href(locale)) "'");
    state.add_current(out);
    markup!(out, ">" (name) "</a> <span class='region-list__mark'>" (if state.found { t::found_mark(locale) } else { "" })
        "</span> <span class='region-list__covers'>" (covers) "</span></span></li>");
}

fn add_shape(out: &mut Markup, number: usize, name: &str, shape: &RegionShape, state: State, locale: Locale) {
    let RegionShape { region, path, label } = shape;
    let [x, y] = label.map(|at| at.to_string());
    // The number comes first, as it is seen: whoever speaks to their device says
    // what they see.
    let number = number.to_string();
    let label = [&number, " ", name].concat();
    markup!(out, "<a class='region-map__region' href='" (Route::Contact(*region).href(locale)) "' data-region='"
        (region.slug()) "' data-label='" (label) "' aria-label='" (marked_label(&label, state.found, locale)) "'");
    state.add(out);
    state.add_current(out);
    markup!(out, " data-pattern='" (pattern(*region)) "'><path class='region-map__shape' d='" (path)
        "'/><circle class='region-map__disc' cx='" (x) "' cy='" (y) "' r='17'/><text class='region-map__number' x='"
        (x) "' y='" (y) "' text-anchor='middle' dominant-baseline='central'>" (number) "</text></a>");
}

fn marked_label(label: &str, found: bool, locale: Locale) -> String {
    if found { [label, ", ", t::found_mark(locale)].concat() } else { label.to_owned() }
}

/// Marks what the finder has found, in the list and on the map that are shown.
#[cfg(target_arch = "wasm32")]
pub(super) fn mark(found: &[Region], locale: Locale) {
    use crate::ui::live::{find, find_all};

    let Some(choice) = find(".region-choice") else { return };
    let mut outlines = Markup::default();
    for element in find_all(&choice, "[data-region]") {
        let region = element.get_attribute("data-region").and_then(|slug| slug.parse().ok());
        let marked = region.is_some_and(|region: Region| found.contains(&region));
        _ = element.toggle_attribute_with_force("data-found", marked);
        if let Some(mark) = element.query_selector(".region-list__mark").ok().flatten() {
            mark.set_text_content(Some(if marked { t::found_mark(locale) } else { "" }));
        }
        if let Some(label) = element.get_attribute("data-label") {
            _ = element.set_attribute("aria-label", &marked_label(&label, marked, locale));
        }
        let shape = element.query_selector(".region-map__shape").ok().flatten();
        if let Some(path) = shape.and_then(|shape| shape.get_attribute("d")).filter(|_| marked) {
            markup!(outlines, "<path class='region-map__outline' d='" (path) "'/>");
        }
    }
    if let Some(group) = find(".region-map__outlines") {
        group.set_inner_html(&outlines.html());
    }
}
