//! Many lines at once: what was pasted or stands in a file is put into the basket.

use std::{cell::Cell, rc::Rc};

use contract::{
    Locale,
    orders::{MOST_LINES, MOST_PIECES},
};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use super::{
    kept::{self, List},
    pasted::{Pasted, PastedMistake, written},
    pricing::Pricing,
};
use crate::{
    i18n::basket as t,
    ui::{
        Markup,
        live::{find, listen, put},
        markup,
    },
};

/// What became of a list.
struct Outcome {
    added: u32,
    /// What could not be read; its lines are those that the shop does not know.
    failed: Pasted,
    /// The lines that this browser does not keep.
    unkept: Vec<String>,
}

/// Brings the form to life.
pub(super) fn live(pricing: &Pricing, locale: Locale) {
    let Some(form) = find(".many") else { return };
    let (pricing, busy) = (pricing.clone(), Rc::new(Cell::new(false)));
    listen(&form, "submit", move |event| {
        event.prevent_default();
        // Pressed twice, it is added once.
        if busy.replace(true) {
            return;
        }
        let (pricing, busy) = (pricing.clone(), Rc::clone(&busy));
        spawn_local(async move {
            add(&pricing, locale).await;
            busy.set(false);
        });
    });
}

/// Adds what was pasted and what is in the file that was chosen.
async fn add(pricing: &Pricing, locale: Locale) {
    let typed = typed();
    let mut text = typed.clone();
    let file = find("#many-file").and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    if let Some(file) = file.and_then(|input| input.files()?.get(0))
        && let Ok(read) = JsFuture::from(file.text()).await
    {
        text = [&text, "\n", &read.as_string().unwrap_or_default()].concat();
    }
    let mut outcome = Outcome { added: 0, failed: Pasted::read(&text), unkept: Vec::new() };
    match pricing.of(outcome.failed.lines.clone(), String::new()).await {
        Some(Ok(priced)) => {
            for line in &outcome.failed.lines {
                if priced.unknown.contains(&line.sku) {
                    continue;
                }
                if kept::change(List::Basket, &line.sku, i64::from(line.quantity)) {
                    outcome.added += 1;
                } else {
                    outcome.unkept.push(written(line));
                }
            }
            outcome.failed.lines.retain(|line| priced.unknown.contains(&line.sku));
        }
        Some(Err(_)) => {
            if pricing.stands() {
                let mut out = Markup::default();
                markup!(out, "<p>" (t::no_prices_hint(locale)) "</p>");
                put(".many__report", &out.html());
            }
            return;
        }
        None => {}
    }
    if pricing.stands() {
        put(".many__report", &report(&outcome, locale));
        keep_failed(&outcome, &typed);
    }
}

/// What was added, and what was not and why.
fn report(outcome: &Outcome, locale: Locale) -> String {
    let Outcome { added, failed: Pasted { lines: unknown, failed }, unkept } = outcome;
    let mut out = Markup::default();
    let wrong = unknown.len() + failed.len();
    if *added == 0 && wrong + unkept.len() == 0 {
        markup!(out, "<p>" (t::many_nothing(locale)) "</p>");
        return out.html();
    }
    if unkept.is_empty() {
        markup!(out, "<p>" (t::many_added(locale, *added)) "</p>");
    } else {
        markup!(out, "<p>" (t::not_kept(locale)) "</p>");
    }
    if wrong > 0 {
        markup!(out, "<p>" (t::many_failed(locale, u32::try_from(wrong).unwrap_or(u32::MAX))) "</p><ul>");
        for (number, line, mistake) in failed {
            let why = match mistake {
                PastedMistake::Form => t::many_form(locale).to_owned(),
                PastedMistake::Quantity => t::pieces_wrong(locale, &MOST_PIECES.to_string()),
                PastedMistake::TooMany => t::many_too_many(locale, &MOST_LINES.to_string()),
            };
            markup!(out, "<li>" (t::many_line(locale, &number.to_string())) " <b>" (line) "</b>: " (why) "</li>");
        }
        for line in unknown {
            markup!(out, "<li>" (t::unknown(locale, &line.sku)) "</li>");
        }
        out.raw("</ul>");
    }
    out.html()
}

/// Leaves in the field what still has to be put right, and what was typed meanwhile.
fn keep_failed(outcome: &Outcome, read: &str) {
    let failed = outcome.failed.failed.iter().map(|(_, line, _)| line.clone());
    let unknown = outcome.failed.lines.iter().map(written);
    let mut left: Vec<String> = outcome.unkept.iter().cloned().chain(failed).chain(unknown).collect();
    if let Some(area) = find("#many-list").and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) {
        let now = area.value();
        if now != read {
            left.push(now.strip_prefix(read).unwrap_or(&now).trim().to_owned());
        }
        area.set_value(&left.join("\n"));
    }
    if let Some(file) = find("#many-file").and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        file.set_value("");
    }
}

fn typed() -> String {
    let area = find("#many-list").and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
    area.map(|area| area.value()).unwrap_or_default()
}
