//! The image for activists, in the colours and the font of the page.

use contract::Locale;
use leptos::prelude::window;
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Path2d};

use crate::{
    i18n::{frame, take_part as t},
    ui::canvas::{DRAWN_FACE, HEART},
};

/// Draws the image, and returns it as a data URL; none if the browser cannot.
pub(super) fn draw(canvas: &HtmlCanvasElement, locale: Locale) -> Option<String> {
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let styles = window().get_computed_style(canvas).ok()??;
    let token = |name: &str| styles.get_property_value(name).unwrap_or_default();
    let fill = |name: &str| context.set_fill_style_str(token(name).trim());
    let width = f64::from(canvas.width());
    fill("--banner");
    context.fill_rect(0.0, 0.0, width, width);
    fill("--trim");
    context.fill_rect(0.0, width - 36.0, width, 36.0);
    context.save();
    context.translate(width / 2.0 - 210.0, 110.0).ok()?;
    context.scale(4.2, 4.2).ok()?;
    fill("--draw-red");
    context.fill_with_path_2d(&Path2d::new_with_path_string(HEART).ok()?);
    context.restore();
    context.set_text_align("center");
    fill("--on-banner");
    let face = token("--font-display");
    let line = |text: &str, size: u32, y: f64| {
        context.set_font(&["800 ", &size.to_string(), "px ", DRAWN_FACE, ", ", face.trim()].concat());
        // Text that does not fit is condensed.
        context.fill_text_with_max_width(text, width / 2.0, y, width - 120.0).ok()
    };
    line(t::picture_line(locale), 128, 700.0)?;
    line(frame::site_name(locale), 72, 830.0)?;
    line(&window().location().host().unwrap_or_default(), 40, 940.0)?;
    // A browser that blocks reading a canvas returns an empty image.
    canvas.to_data_url().ok().filter(|address| address.starts_with("data:image/png"))
}
