//! What is sent back of an order: the form that says it, and what it says.

use contract::{
    Locale,
    orders::{Order, OrderMistake, OrderedLine},
    shop::Shop,
    text::{code_point, hidden},
};

use super::forms::RefusedChange;
use crate::{
    i18n::{order as t, remote},
    ui::{Markup, TextField, markup},
};

/// What somebody wants to send back, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentBack {
    /// How many of each SKU.
    pub pieces: Vec<(String, String)>,
    /// Why; may be empty.
    pub reason: String,
}

impl SentBack {
    /// How many of each SKU, if there is one piece at least, and nowhere more than can
    /// come back.
    pub fn read(&self, order: &Order) -> Option<Vec<(String, u32)>> {
        let fits = |(sku, typed): &(String, String)| {
            let line = order.lines.iter().find(|line| line.sku == *sku);
            typed.trim().is_empty() || line.is_some_and(|line| !self.is_wrong(line))
        };
        let counts = self.counts();
        let reason_fits = self.reason_mistake().is_none();
        (!counts.is_empty() && self.pieces.iter().all(fits) && reason_fits).then_some(counts)
    }

    /// How many of each SKU, as far as numbers were typed.
    pub fn counts(&self) -> Vec<(String, u32)> {
        let count = |(sku, typed): &(String, String)| Some((sku.clone(), typed.trim().parse().ok()?));
        self.pieces.iter().filter_map(count).filter(|(_, count)| *count > 0).collect()
    }

    fn reason_mistake(&self) -> Option<OrderMistake> {
        let hidden = self.reason.lines().find_map(hidden).map(OrderMistake::HiddenCharacter);
        let too_long = self.reason.chars().count() > MOST_REASON;
        hidden.or_else(|| too_long.then_some(OrderMistake::TooLong(MOST_REASON)))
    }

    /// Whether what was typed for a line is no number that can come back.
    fn is_wrong(&self, line: &OrderedLine) -> bool {
        let typed = self.typed(&line.sku).trim();
        !typed.is_empty() && typed.parse::<u32>().map_or(true, |count| count > left_to_return(line))
    }

    fn typed(&self, sku: &str) -> &str {
        self.pieces.iter().find(|(own, _)| own == sku).map_or("", |(_, typed)| typed)
    }
}

/// How many characters a reason has at most.
const MOST_REASON: usize = 500;

/// How many pieces of a line can still be sent back.
fn left_to_return(line: &OrderedLine) -> u32 {
    line.dispatched.saturating_sub(line.announced)
}

/// The form that says what is sent back, and where that goes.
pub(super) fn add_return(
    out: &mut Markup,
    order: &Order,
    shop: &Shop,
    refused: Option<&RefusedChange>,
    locale: Locale,
) {
    let announced: u32 =
        order.lines.iter().map(|line| line.announced - line.returned.min(line.announced)).sum();
    let open = order.state.takes_returns() && order.return_by.is_some();
    if !open && announced == 0 {
        return;
    }
    markup!(out, "<section class='order__acts' aria-labelledby='return-title'><h2 id='return-title' tabindex='-1'>"
        (t::send_back(locale)) "</h2>");
    if announced > 0 {
        markup!(out, "<p>" (t::return_to(locale, &order.reference)) "</p><address class='order__seller'>");
        for line in &shop.return_address {
            markup!(out, (line) "<br>");
        }
        out.raw("</address>");
    }
    if open && order.lines.iter().any(|line| left_to_return(line) > 0) {
        let empty = SentBack::default();
        let (typed, wrong) = match refused {
            Some(RefusedChange::Return(typed)) => (typed, true),
            _ => (&empty, false),
        };
        out.raw(if wrong || announced == 0 { "<details open><summary>" } else { "<details><summary>" });
        markup!(out, (t::return_which(locale)) "</summary><form class='order__address' method='post' novalidate><p>"
            (t::return_hint(locale)) "</p><input type='hidden' name='act' value='return'>"
            "<input type='hidden' name='known' value='" (order.returns.to_string()) "'>");
        for (index, line) in order.lines.iter().enumerate().filter(|(_, line)| left_to_return(line) > 0) {
            let pieces = TextField {
                id: &["return-", &index.to_string()].concat(),
                name: &line.sku,
                label: &t::return_pieces(locale, &left_to_return(line).to_string(), &line.full_name()),
                hint: "",
                mistake: if typed.is_wrong(line) { t::return_wrong(locale) } else { "" },
                value: typed.typed(&line.sku),
                attributes: "type='text' inputmode='numeric'",
            };
            pieces.add(out);
        }
        let mistake = reason_mistake(typed, locale).unwrap_or_default();
        markup!(out, "<div class='field'><label class='field__label' for='reason'>" (t::return_reason(locale))
            "</label><p class='field__error' id='reason-error'>" (mistake)
            "</p><textarea class='field__input' id='reason' name='reason' rows='3' maxlength='500' "
            "aria-describedby='reason-error' aria-invalid='" (if mistake.is_empty() { "false" } else { "true" }) "'>"
            (typed.reason) "</textarea></div><p class='actions'><button class='button' type='submit'>"
            (t::return_send(locale)) "</button></p></form></details>");
    }
    out.raw("</section>");
}

/// What is wrong with what was typed, and where.
pub(super) fn mistake(sent: &SentBack, locale: Locale) -> Vec<(&'static str, String)> {
    match reason_mistake(sent, locale) {
        None => vec![("return-title", t::return_wrong(locale).to_owned())],
        Some(mistake) => vec![("reason", mistake)],
    }
}

fn reason_mistake(sent: &SentBack, locale: Locale) -> Option<String> {
    Some(match sent.reason_mistake()? {
        OrderMistake::HiddenCharacter(letter) => {
            let found = t::return_reason_hidden(locale, &code_point(letter));
            [&found, " ", remote::hidden_how(locale)].concat()
        }
        _ => t::return_reason_wrong(locale).to_owned(),
    })
}
