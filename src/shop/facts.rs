//! What else is told about a product: prices for many, what it is made of, its
//! sizes, and what sending it costs.

use contract::{
    Locale,
    shop::{Product, Variant},
};

use crate::{
    i18n::{format, shop as t},
    ui::{Markup, markup},
};

/// All of it, for one of the variants.
pub(super) fn facts(product: &Product, variant: &Variant, locale: Locale) -> String {
    let mut out = Markup::default();
    markup!(out, "<h2 id='facts-title'>" (t::facts(locale)) "</h2>");
    made_of(&mut out, product, locale);
    if !product.breaks.is_empty() {
        prices(&mut out, product, variant, locale);
    }
    if !product.size_chart.is_empty() {
        sizes(&mut out, product, locale);
    }
    let ways = product.delivery.iter().map(|way| [way.name.clone(), format::price(locale, way.price_pence)]);
    table(&mut out, t::delivery(locale), [t::way(locale), t::costs(locale)], ways);
    out.html()
}

fn made_of(out: &mut Markup, product: &Product, locale: Locale) {
    let text = &product.text;
    let weight = t::grams(locale, &product.weight_grams.to_string());
    markup!(out, "<div class='product-facts__text'><p>" (text.details) "</p><dl class='facts'>");
    let mut fact = |name: &str, value: &str| {
        markup!(out, "<dt>" (name) "</dt><dd>" (value) "</dd>");
    };
    fact(t::materials(locale), &text.materials);
    fact(t::origin(locale), &text.origin);
    if product.union_made {
        fact(t::labour(locale), t::union_members(locale));
    }
    fact(t::weight(locale), &weight);
    out.raw("</dl></div>");
}

/// What each piece costs, for how many.
fn prices(out: &mut Markup, product: &Product, variant: &Variant, locale: Locale) {
    let steps = product.breaks.iter().map(|step| (step.from, step.less_pence));
    let rows = [(1, 0)].into_iter().chain(steps).map(|(from, less_pence)| {
        let price = variant.price_pence.saturating_sub(less_pence);
        [t::or_more(locale, &from.to_string()), format::price(locale, price)]
    });
    table(out, t::price_each(locale), [t::pieces(locale), t::each(locale)], rows);
}

fn sizes(out: &mut Markup, product: &Product, locale: Locale) {
    let rows = product.size_chart.iter();
    let rows = rows.map(|row| [row.size.clone(), row.chest_cm.to_string(), row.length_cm.to_string()]);
    table(out, t::size_chart(locale), [t::size(locale), t::chest(locale), t::length(locale)], rows);
}

/// A table whose rows start with their heading.
fn table<const COLUMNS: usize>(
    out: &mut Markup,
    caption: &str,
    heads: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) {
    markup!(out, "<table class='table'><caption>" (caption) "</caption><thead><tr>");
    for head in heads {
        markup!(out, "<th scope='col'>" (head) "</th>");
    }
    out.raw("</tr></thead><tbody>");
    for row in rows {
        out.raw("<tr>");
        for (column, cell) in row.iter().enumerate() {
            if column == 0 {
                markup!(out, "<th scope='row'>" (cell) "</th>");
            } else {
                markup!(out, "<td>" (cell) "</td>");
            }
        }
        out.raw("</tr>");
    }
    out.raw("</tbody></table>");
}
