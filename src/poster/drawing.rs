//! Draws a poster on a canvas. Its colours are those of the printed poster, independent of the
//! page's palette; the measurements and colours are the same in the PDF's template.

use contract::poster::{Look, Poster, shown_address};
use web_sys::{CanvasRenderingContext2d, Path2d};

use super::{
    layout::{HEIGHT, LEFT, Paragraph, ParagraphKind, WIDTH, lay_out},
    qr_code::QrCode,
};
use crate::ui::canvas::HEART;

const HEART_RED: &str = "#d81e3a";
const AUBERGINE: &str = "#2b0f28";
/// The height of the strip at the bottom, and the size of the QR code in it.
const STRIP: f64 = 250.0;
const CODE: f64 = 190.0;

/// The content of a poster in addition to the typed text.
pub(super) struct PosterExtras<'a> {
    /// The font family.
    pub(super) face: &'a str,
    /// A paler placeholder, shown while there is no headline.
    pub(super) example: &'a str,
    /// The URL in the QR code.
    pub(super) address: &'a str,
    /// The footer.
    pub(super) footer: &'a str,
}

/// Draws a poster of this `width` in pixels; none if the browser cannot.
pub(super) fn draw(
    context: &CanvasRenderingContext2d,
    width: f64,
    poster: &Poster,
    extras: &PosterExtras<'_>,
) -> Option<()> {
    let bold = poster.look == Look::Bold;
    let [ground, ink, accent, strip] = if bold {
        ["#4a1942", "#fff6e6", "#ffd659", "#ffd659"]
    } else {
        ["#fff", AUBERGINE, "#a10c2b", "#fff"]
    };
    let fill = |colour: &str| context.set_fill_style_str(colour);
    let font = |size: f64| context.set_font(&["800 ", &size.to_string(), "px ", extras.face].concat());
    let text_width = |text: &str| context.measure_text(text).map_or(0.0, |measured| measured.width());
    context.set_transform(width / WIDTH, 0.0, 0.0, width / WIDTH, 0.0, 0.0).ok()?;

    fill(ground);
    context.fill_rect(0.0, 0.0, WIDTH, HEIGHT);
    fill(if bold { strip } else { AUBERGINE });
    context.fill_rect(0.0, HEIGHT - STRIP, WIDTH, STRIP);
    fill(strip);
    context.fill_rect(0.0, HEIGHT - STRIP + 6.0, WIDTH, STRIP);

    context.save();
    context.translate(72.0, 72.0).ok()?;
    context.scale(1.6, 1.6).ok()?;
    fill(HEART_RED);
    context.fill_with_path_2d(&Path2d::new_with_path_string(HEART).ok()?);
    context.restore();

    // Draws a line of text at the largest size that fits.
    let one_line = |text: &str, room: f64, largest: f64, [x, y]: [f64; 2]| {
        font(largest);
        font((largest * room / text_width(text).max(room)).floor());
        context.fill_text(text, x, y).ok()
    };
    fill(ink);
    one_line(&poster.branch, 660.0, 46.0, [260.0, 169.0])?;

    // Widths are proportional to the size: they are measured once, at a size without rounding.
    font(100.0);
    let measure = |word: &str| (word.to_owned(), text_width(word) / 100.0);
    let paragraph = |kind: ParagraphKind, text: &str| Paragraph {
        kind,
        words: text.split_whitespace().map(measure).collect(),
    };
    let headline = &*poster.headline;
    let shown = if headline.is_empty() { extras.example } else { headline };
    let mut paragraphs = vec![paragraph(ParagraphKind::Headline, shown)];
    paragraphs.extend(poster.lines().map(|line| paragraph(ParagraphKind::Words, line)));
    paragraphs.extend(poster.facts().map(|fact| paragraph(ParagraphKind::Fact, fact)));
    for line in lay_out(&paragraphs, text_width(" ") / 100.0) {
        fill(if line.kind == ParagraphKind::Fact { accent } else { ink });
        font(line.size);
        let example = headline.is_empty() && line.kind == ParagraphKind::Headline;
        context.set_global_alpha(if example { 0.55 } else { 1.0 });
        context.fill_text(&line.text, LEFT, line.baseline).ok()?;
    }
    context.set_global_alpha(1.0);

    fill(AUBERGINE);
    one_line(shown_address(extras.address), 600.0, 44.0, [LEFT, HEIGHT - 145.0])?;
    one_line(extras.footer, 600.0, 36.0, [LEFT, HEIGHT - 83.0])?;
    if let Some(code) = QrCode::of(extras.address) {
        draw_code(context, &code);
    }
    Some(())
}

fn draw_code(context: &CanvasRenderingContext2d, code: &QrCode) {
    let (left, top) = (WIDTH - LEFT - CODE, HEIGHT - 30.0 - CODE);
    context.set_fill_style_str("#fff");
    context.fill_rect(left, top, CODE, CODE);
    context.set_fill_style_str("#000");
    let size = f64::from(u32::try_from(code.size).unwrap_or_default());
    // A QR code needs four modules of white around it.
    let module = CODE / (size + 8.0);
    for run in &code.runs {
        let [column, row, length] = run.map(|at| f64::from(u32::try_from(at).unwrap_or_default()) * module);
        context.fill_rect(left + 4.0 * module + column, top + 4.0 * module + row, length, module);
    }
}
