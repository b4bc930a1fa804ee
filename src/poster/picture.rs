//! The poster as an image, on a canvas and as a file.

use contract::{Locale, poster::Poster};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement};

use super::drawing::{PosterExtras, draw};
use crate::{
    api,
    i18n::{frame, poster as t},
    routes::Route,
    ui::canvas::DRAWN_FACE,
};

/// The width of the saved image, in pixels: 212 per inch on A4.
pub(super) const PICTURE_WIDTH: u32 = 1754;

/// Draws a poster of this `width` in pixels; none if the browser cannot.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand pixels")]
pub(super) fn paint(
    canvas: &HtmlCanvasElement,
    width: f64,
    poster: &Poster,
    join_address: &str,
    locale: Locale,
) -> Option<()> {
    let pixels = width.round() as u32;
    canvas.set_width(pixels);
    canvas.set_height(pixels * 1414 / 1000);
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let styles = window().get_computed_style(&document().document_element()?).ok()??;
    let face = styles.get_property_value("--font-display").unwrap_or_default();
    let face = [DRAWN_FACE, ", ", face.trim()].concat();
    let address = poster.address().unwrap_or_else(|| join_address.to_owned());
    let extras = PosterExtras {
        face: &face,
        example: t::headline_example(locale),
        address: &address,
        footer: frame::site_name(locale),
    };
    draw(&context, f64::from(pixels), poster, &extras)
}

/// The site's own origin, which may differ from the one that the browser requested. The server
/// provides it as context while it renders a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicOrigin(pub String);

/// The URL of the page on joining. Call it in the body of a page's component: only a rendered
/// page knows the site's own origin, and after client-side navigation it is the current one.
pub(super) fn join_address(locale: Locale) -> String {
    let origin = match api::from_server() {
        Some(PublicOrigin(origin)) => origin,
        None => location().origin().unwrap_or_default(),
    };
    [&*origin, &Route::Join.href(locale)].concat()
}

/// Saves the poster as an image, large enough to be printed; none if the browser cannot.
pub(super) fn save(poster: &Poster, join_address: &str, locale: Locale) -> Option<()> {
    let canvas = document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    paint(&canvas, f64::from(PICTURE_WIDTH), poster, join_address, locale)?;
    // A browser that blocks reading a canvas returns an empty image.
    let address = canvas.to_data_url().ok().filter(|address| address.starts_with("data:image/png"))?;
    let link = document().create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    link.set_href(&address);
    link.set_download("poster.png");
    // Not part of the page, because the router would handle the click.
    link.click();
    Some(())
}
