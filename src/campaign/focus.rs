//! What the year is about, with the figure that carries it.

use contract::{
    Locale,
    campaign::{Figure, Focus},
};

use crate::{
    i18n::hub as t,
    ui::{Markup, markup},
};

pub(super) fn add(out: &mut Markup, focus: &Focus, locale: Locale) {
    markup!(out, "<section class='focus section' id='focus' aria-labelledby='focus-title'>"
        "<div class='focus__inner wrap'><div class='focus__text'><p class='kicker'>" (t::this_year(locale))
        "</p><h2 id='focus-title'>" (focus.title) "</h2>");
    // Before any detail.
    markup!(out, "<div class='notice'><p class='notice__title'>" (t::content_note(locale)) "</p><p>"
        (focus.content_note) "</p></div><div class='focus__detail'>");
    out.sanitised(&focus.html);
    out.raw("</div></div>");
    add_share(out, &focus.figure, locale);
    out.raw("</div></section>");
}

/// `count` of `of` people stand filled beside the others, so that the share can
/// be seen; the words say it too.
fn add_share(out: &mut Markup, figure: &Figure, locale: Locale) {
    let Figure { count, of, label, source } = figure;
    out.raw("<figure class='share'><div class='share__people'>");
    for index in 0..*of {
        let class = if index < *count { "share__person share__person--counted" } else { "share__person" };
        out.picture("person", class);
    }
    markup!(out, "</div><figcaption><p class='share__sentence'><strong class='share__number'>"
        (t::share(locale, &of.to_string(), &count.to_string())) "</strong> " (label)
        "</p><p class='share__source'>" (t::source(locale, source)) "</p></figcaption></figure>");
}
