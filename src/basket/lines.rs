//! A basket with the shop's prices, as HTML.

use contract::{
    Locale,
    orders::{PricedBasket, PricedLine, Way, WayKind},
    shop::MOST_TOLD,
};

use crate::{
    i18n::{basket as t, format, shop},
    routes::Route,
    ui::{Markup, markup},
};

/// What somebody was shown of a variant before, in pence each.
pub(super) type Seen = Vec<(String, u32)>;

/// The lines of the basket, what they cost, and the way on.
pub(super) fn basket(priced: &PricedBasket, seen: &Seen, locale: Locale) -> String {
    let mut out = Markup::default();
    let pieces: u32 = priced.lines.iter().map(|line| line.quantity).sum();
    markup!(out, "<h2 class='basket__count' id='basket-count' tabindex='-1'>" (t::count(locale, pieces)) "</h2>");
    for sku in &priced.unknown {
        markup!(out, "<p class='basket-line__change'>" (t::unknown(locale, sku))
            " <button class='button' type='button' data-act='remove' data-sku='" (sku) "'>" (t::remove_unknown(locale))
            "</button></p>");
    }
    out.raw("<ul class='basket-list' role='list'>");
    for line in &priced.lines {
        add_line(&mut out, line, seen, locale);
    }
    out.raw("</ul>");
    if priced.lines.is_empty() {
        return out.html();
    }
    markup!(out, "<div class='basket-sum'><dl class='basket-sum__rows'><div><dt>" (t::goods(locale)) "</dt><dd>"
        (format::price(locale, priced.goods_pence)) "</dd></div>");
    if let Some(way) = priced.ways.iter().find(|way| way.by == WayKind::Cheapest) {
        markup!(out, "<div><dt>" (t::sending_from(locale)) "</dt><dd>" (format::price(locale, way.price_pence))
            "</dd></div>");
    }
    markup!(out, "</dl><p>" (arrival(priced.ways.first(), locale)) "</p><p class='actions'>"
        "<a class='button button--main' href='" (Route::Checkout.href(locale)) "'>" (t::to_checkout(locale))
        "</a> <a class='more' href='" (Route::Shop.href(locale)) "'>" (t::to_shop(locale)) "</a></p></div>");
    out.html()
}

/// When it could be there, and whether that is before the week.
pub(super) fn arrival(way: Option<&Way>, locale: Locale) -> String {
    let Some(way) = way else { return String::new() };
    let day = format::short_date(locale, way.arrives);
    match way.before_week {
        Some(true) => t::arrives_before(locale, &day),
        Some(false) => t::arrives_late(locale, &day),
        None => t::arrives(locale, &day),
    }
}

fn add_line(out: &mut Markup, line: &PricedLine, seen: &Seen, locale: Locale) {
    let id = ["q-", &line.sku].concat();
    out.raw("<li class='basket-line'><div class='basket-line__picture'");
    if let Some(colour) = &line.colour {
        markup!(out, " data-colour='" (colour) "'");
    }
    out.raw(">");
    out.picture(&line.picture, "basket-line__drawing");
    markup!(out, "</div><div class='basket-line__what'><h3><a href='"
        (Route::Product(line.product.clone()).href(locale)) "'>" (line.name) "</a></h3><p>" (line.variant) "</p>");
    for change in changes(line, seen, locale) {
        markup!(out, "<p class='basket-line__change'>" (change) "</p>");
    }
    if line.unit_pence < line.price_pence {
        markup!(out, "<p class='basket-line__note'>" (t::reduced(locale, &format::price(locale, line.price_pence))) "</p>");
    }
    markup!(out, "</div><p class='basket-line__pieces'><label for='" (id) "'>" (t::pieces(locale))
        "<span class='visually-hidden'> " (line.name) " " (line.variant) "</span></label> <input class='field__input' id='"
        (id) "' type='number' inputmode='numeric' min='1' max='10000' value='" (line.quantity.to_string())
        "' data-sku='" (line.sku) "' aria-describedby='" (id) "-error'> <span class='field__error' id='" (id)
        "-error'></span></p><p class='basket-line__price'><b>" (format::price(locale, line.total_pence))
        "</b>");
    if line.total_pence > 0 && line.quantity > 1 {
        markup!(out, " <span>" (t::each(locale, &format::price(locale, line.unit_pence))) "</span>");
    }
    out.raw("</p><p class='basket-line__acts'>");
    for (act, name) in [("later", t::save_for_later(locale)), ("remove", t::remove(locale))] {
        add_button(out, act, name, line);
    }
    out.raw("</p></li>");
}

fn add_button(out: &mut Markup, act: &'static str, name: &str, line: &PricedLine) {
    markup!(out, "<button class='basket-line__act' type='button' id='" (act) "-" (line.sku) "' data-act='" (act)
        "' data-sku='" (line.sku) "' data-name='" (line.name) "'>" (name) "<span class='visually-hidden'>: " (line.name)
        " " (line.variant) "</span></button> ");
}

/// What is saved for later.
pub(super) fn later(priced: &PricedBasket, locale: Locale) -> String {
    let mut out = Markup::default();
    markup!(out, "<h2>" (t::saved(locale)) "</h2><ul class='basket-later' role='list'>");
    for line in &priced.lines {
        markup!(out, "<li><a href='" (Route::Product(line.product.clone()).href(locale)) "'>" (line.name) "</a> "
            (line.variant) " · " (line.quantity.to_string()) " × " (format::price(locale, line.unit_pence)) " ");
        add_button(&mut out, "back", t::put_back(locale), line);
        add_button(&mut out, "drop", t::remove(locale), line);
        out.raw("</li>");
    }
    for sku in &priced.unknown {
        markup!(out, "<li>" (t::unknown(locale, sku)) " <button class='basket-line__act' type='button' data-act='drop' data-sku='"
            (sku) "'>" (t::remove_unknown(locale)) "</button></li>");
    }
    out.raw("</ul>");
    out.html()
}

/// What the question before a link adds something says.
pub(super) fn question(priced: &PricedBasket, locale: Locale) -> String {
    let mut out = Markup::default();
    markup!(out, "<section class='notice' aria-labelledby='ask-title'><h2 class='notice__title' id='ask-title' tabindex='-1'>"
        (t::ask(locale)) "</h2><ul>");
    for line in &priced.lines {
        markup!(out, "<li>" (line.quantity.to_string()) " × " (line.full_name()) ", "
            (format::price(locale, line.total_pence)) "</li>");
    }
    for sku in &priced.unknown {
        markup!(out, "<li>" (t::unknown(locale, sku)) "</li>");
    }
    out.raw("</ul><p class='actions'>");
    if !priced.lines.is_empty() {
        markup!(out, "<button class='button button--main' type='button' data-act='accept'>" (t::ask_yes(locale))
            "</button> ");
    }
    markup!(out, "<button class='button' type='button' data-act='decline'>" (t::ask_no(locale))
        "</button></p></section>");
    out.html()
}

/// What stands in place of the question where it could not be asked.
pub(super) fn no_question(locale: Locale) -> String {
    let mut out = Markup::default();
    markup!(out, "<section class='notice' aria-labelledby='ask-title'><h2 class='notice__title' id='ask-title' tabindex='-1'>"
        (t::no_prices(locale)) "</h2><p>" (t::no_prices_hint(locale)) "</p><p class='actions'>"
        "<button class='button' type='button' data-act='again'>" (t::again(locale)) "</button></p></section>");
    out.html()
}

/// What to do where there is too little for a line.
pub(super) fn shortage(line: &PricedLine, locale: Locale) -> Option<String> {
    match line.left.filter(|left| *left < line.quantity)? {
        0 => Some(t::gone(locale).to_owned()),
        MOST_TOLD.. => Some(t::not_so_many(locale, &MOST_TOLD.to_string())),
        left => Some(t::too_few(locale, left)),
    }
}

/// What has changed since somebody saw a line, or stands in its way.
fn changes(line: &PricedLine, seen: &Seen, locale: Locale) -> Vec<String> {
    let mut changes = Vec::new();
    if let Some((_, before)) =
        seen.iter().find(|(sku, before)| *sku == line.sku && *before != line.price_pence)
    {
        changes.push(t::price_changed(
            locale,
            &format::price(locale, *before),
            &format::price(locale, line.price_pence),
        ));
    }
    changes.extend(shortage(line, locale).or_else(|| Some(shop::left(locale, line.left?))));
    if let Some(cap) = line.cap.filter(|cap| line.quantity > *cap) {
        changes.push(t::over_cap(locale, cap));
    }
    changes
}

#[cfg(test)]
mod tests {
    use contract::{Locale, orders::PricedLine};

    use super::changes;

    fn line() -> PricedLine {
        PricedLine {
            sku: "MUG".into(),
            product: "mug".into(),
            name: "Mug".into(),
            variant: String::new(),
            picture: String::new(),
            colour: None,
            quantity: 12,
            price_pence: 750,
            unit_pence: 750,
            total_pence: 9000,
            left: None,
            cap: None,
        }
    }

    #[test]
    fn a_line_says_what_has_changed_and_what_stands_in_its_way() {
        let said = |line: &PricedLine, seen: u32| changes(line, &vec![("MUG".to_owned(), seen)], Locale::En);
        assert_eq!(said(&line(), 750), Vec::<String>::new());
        assert_eq!(said(&line(), 700), ["The price has changed: it was £7.00 each, and is £7.50 now."]);
        let few = PricedLine { left: Some(3), ..line() };
        assert_eq!(said(&few, 750), ["There are only 3 left: take fewer, or ask us when there are more."]);
        let many = PricedLine { quantity: 400, left: Some(20), ..line() };
        assert_eq!(
            said(&many, 750),
            ["We have 20 or more, but not as many as this: choose a smaller quantity, or ask us."]
        );
        let two = PricedLine { quantity: 2, left: Some(3), ..line() };
        assert_eq!(said(&two, 750), ["Only 3 left"]);
        let free = PricedLine { cap: Some(5), ..line() };
        assert_eq!(said(&free, 750), ["An order has at most 5 of this: take fewer."]);
    }
}
