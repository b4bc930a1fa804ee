//! The hub's lists: what the campaign asks for, how to take part, and the years
//! before.

use contract::{
    Locale,
    campaign::{Demand, PastYear, Way},
};

use crate::{
    i18n::hub as t,
    routes::Route,
    ui::{Markup, markup},
};

pub(super) fn add_demands(out: &mut Markup, demands: &[Demand], locale: Locale) {
    markup!(out, "<section class='demands section' id='demands' aria-labelledby='demands-title'><div class='wrap'>"
        "<h2 id='demands-title'>" (t::demands(locale)) "</h2><ol class='demands__list' role='list'>");
    for demand in demands {
        markup!(out, "<li class='demand'><h3 class='demand__title'>" (demand.title) "</h3><p>" (demand.body)
            "</p></li>");
    }
    out.raw("</ol></div></section>");
}

pub(super) fn add_ways(out: &mut Markup, ways: &[Way], locale: Locale) {
    markup!(out, "<section class='ways section' id='take-part' aria-labelledby='take-part-title'><div class='wrap'>"
        "<h2 id='take-part-title'>" (t::ways(locale)) "</h2><ul class='ways__list' role='list'>");
    for way in ways {
        markup!(out, "<li class='way' data-accent='" (way.picture) "'>");
        out.picture(&way.picture, "way__picture");
        markup!(out, "<div class='way__text'><h3 class='way__title'><a href='" (locale.path_prefix()) (way.page) "'>"
            (way.title) "</a></h3><p>" (way.body) "</p><p class='way__effort'>" (way.effort) "</p></div></li>");
    }
    markup!(out, "</ul><p><a class='button' href='" (Route::TakePart.href(locale)) "'>" (t::your_steps(locale))
        "</a></p></div></section>");
}

pub(super) fn add_timeline(out: &mut Markup, years: &[PastYear], locale: Locale) {
    let all = Route::PastYears.href(locale);
    markup!(out, "<section class='timeline section' id='past-years' aria-labelledby='past-years-title'>"
        "<div class='wrap'><h2 id='past-years-title'>" (t::past_years(locale))
        "</h2><ol class='timeline__list' role='list'>");
    for year in years {
        markup!(out, "<li class='timeline__stop'><p class='timeline__year'>" (year.starts_on.year().to_string()) "</p>");
        out.picture(&year.text.picture, "timeline__picture");
        markup!(out, "<h3 class='timeline__title'><a href='" (all) "#year-" (year.slug) "'>" (year.text.title)
            "</a></h3><p>" (year.text.summary) "</p></li>");
    }
    markup!(out, "</ol><p><a class='more' href='" (all) "'>" (t::all_past_years(locale)) "</a></p></div></section>");
}
