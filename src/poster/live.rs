//! Shows the poster while somebody types, says what is wrong before anything is
//! sent, and saves the picture.

use std::{cell::Cell, rc::Rc};

use contract::{
    Locale,
    poster::{Look, Paper, Poster, PosterField},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    CanvasRenderingContext2d, Element, HtmlAnchorElement, HtmlCanvasElement, HtmlInputElement,
    HtmlTextAreaElement,
};

use super::{
    drawing::{Around, draw},
    told::mistakes,
};
use crate::{
    a11y::navigation,
    i18n::{frame, poster as t, use_locale},
    routes::Route,
    ui::{
        Markup, error_list,
        live::{DRAWN_FACE, find, listen, load_drawn_face, write},
        nfc,
    },
};

/// How wide the saved picture is, in pixels: 212 for an inch of A4.
const PICTURE_WIDTH: u32 = 1754;

pub(super) fn live() {
    let locale = use_locale();
    let Some(form) = find(".poster__form") else { return };
    let waiting = Rc::new(Cell::new(false));
    let redraw = move || {
        if !waiting.replace(true) {
            let waiting = Rc::clone(&waiting);
            request_animation_frame(move || {
                waiting.set(false);
                preview(locale);
            });
        }
    };
    redraw();
    let arrived = redraw.clone();
    spawn_local(async move {
        load_drawn_face().await;
        arrived();
    });
    listen(&form, "input", move |_| redraw());
    listen(&form, "submit", move |event| {
        if checked(locale) {
            write(".poster__status", t::printing(locale));
        } else {
            event.prevent_default();
        }
    });
    if let Some(button) = find("[data-picture]") {
        listen(&button, "click", move |_| {
            if checked(locale) {
                let saved = save(locale).is_some();
                write(".poster__status", if saved { t::saved(locale) } else { t::not_saved(locale) });
            }
        });
    }
}

fn typed() -> Poster {
    let value = |name: &str| {
        let field = find(&["#", name].concat());
        let text = field.as_ref().and_then(Element::dyn_ref::<HtmlTextAreaElement>).map(|area| area.value());
        let line =
            || field.as_ref().and_then(Element::dyn_ref::<HtmlInputElement>).map(|input| input.value());
        text.or_else(line).unwrap_or_default()
    };
    let chosen = |value: &str| find(&["[type=radio][value=", value, "]:checked"].concat()).is_some();
    let [headline, words, time, place, branch, link] = PosterField::ALL.map(|field| value(field.name()));
    let look = if chosen(Look::Light.value()) { Look::Light } else { Look::Bold };
    let paper = if chosen(Paper::A3.value()) { Paper::A3 } else { Paper::A4 };
    Poster { headline, words, time, place, branch, link, paper, look }.cleaned(nfc)
}

/// Says what is wrong with the words; whether nothing is.
fn checked(locale: Locale) -> bool {
    let wrong = mistakes(locale, &typed());
    for field in PosterField::ALL {
        let name = field.name();
        let text = wrong.iter().find(|(field, _)| *field == name).map(|(_, text)| text.as_str());
        write(&["#", name, "-error"].concat(), text.unwrap_or_default());
        if let Some(input) = find(&["#", name].concat()) {
            _ = input.set_attribute("aria-invalid", if text.is_some() { "true" } else { "false" });
        }
    }
    write(".poster__status", "");
    let mut out = Markup::default();
    if !wrong.is_empty() {
        error_list(&mut out, &wrong, locale);
    }
    if let Some(place) = find(".poster__mistakes") {
        place.set_inner_html(&out.html());
    }
    if !wrong.is_empty() {
        navigation::settle("error-summary");
    }
    wrong.is_empty()
}

/// Draws what is typed, as wide as the page shows it.
fn preview(locale: Locale) {
    if let Some(canvas) = find(".poster__canvas").and_then(|canvas| canvas.dyn_into().ok()) {
        let canvas: HtmlCanvasElement = canvas;
        let shown = canvas.get_bounding_client_rect().width() * window().device_pixel_ratio();
        paint(&canvas, shown.clamp(200.0, f64::from(PICTURE_WIDTH)), locale);
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand pixels")]
fn paint(canvas: &HtmlCanvasElement, width: f64, locale: Locale) -> Option<()> {
    let wide = width.round() as u32;
    canvas.set_width(wide);
    canvas.set_height(wide * 1414 / 1000);
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let styles = window().get_computed_style(&document().document_element()?).ok()??;
    let face = styles.get_property_value("--font-display").unwrap_or_default();
    let face = [DRAWN_FACE, ", ", face.trim()].concat();
    let poster = typed();
    let address = poster.address().unwrap_or_else(|| join_address(locale));
    let around = Around {
        face: &face,
        example: t::headline_example(locale),
        address: &address,
        footer: frame::site_name(locale),
    };
    draw(&context, f64::from(wide), &poster, &around)
}

/// The page on joining, at the site's own address, which is not always the one
/// that the browser has asked.
fn join_address(locale: Locale) -> String {
    let own = find("link[rel=canonical]").and_then(|link| link.get_attribute("href")).unwrap_or_default();
    let origin = own.strip_suffix(&Route::PosterMaker.href(locale)).unwrap_or_default();
    [origin, &Route::Join.href(locale)].concat()
}

/// Saves the poster as a picture, large enough to be printed.
fn save(locale: Locale) -> Option<()> {
    let canvas = document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    paint(&canvas, f64::from(PICTURE_WIDTH), locale)?;
    // A browser that hides what is drawn gives an empty picture.
    let address = canvas.to_data_url().ok().filter(|address| address.starts_with("data:image/png"))?;
    let link = document().create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    link.set_href(&address);
    link.set_download("poster.png");
    // Not in the page: the router would take it for a way to go.
    link.click();
    Some(())
}
