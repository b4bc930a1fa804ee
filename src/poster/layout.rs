//! Lays out the text of a poster: as large as it fits, in lines filled from the left.
//! Measurements are thousandths of the poster's width, and the same in the PDF's template
//! (`branch-poster.typ`).

/// The width and height of a poster.
pub(super) const WIDTH: f64 = 1000.0;
pub(super) const HEIGHT: f64 = 1414.0;
/// The left and top of the text area.
pub(super) const LEFT: f64 = 80.0;
pub(super) const TOP: f64 = 290.0;
/// Its width and height.
const TEXT_AREA: [f64; 2] = [840.0, 814.0];

/// The kind of paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParagraphKind {
    Headline,
    Words,
    Fact,
}

impl ParagraphKind {
    /// Its font size at scale 1, and its line height as a multiple of the size.
    const fn measures(self) -> (f64, f64) {
        match self {
            Self::Headline => (170.0, 1.0),
            Self::Words => (52.0, 1.25),
            Self::Fact => (64.0, 1.1),
        }
    }
}

/// A paragraph: its words, each with its width at size 1.
pub(super) struct Paragraph {
    pub(super) kind: ParagraphKind,
    pub(super) words: Vec<(String, f64)>,
}

/// A positioned line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) kind: ParagraphKind,
    pub(super) text: String,
    pub(super) size: f64,
    /// The baseline, from the top of the poster.
    pub(super) baseline: f64,
}

/// Lays out paragraphs at the largest scale that fits; `space` is the width of a space at size
/// 1.
pub(super) fn lay_out(paragraphs: &[Paragraph], space: f64) -> Vec<Line> {
    let scales = (0..=70).map(|step| 1.6 - 0.02 * f64::from(step));
    let mut lines = Vec::new();
    for scale in scales {
        let height;
        (lines, height) = lay_out_at(scale, paragraphs, space);
        let is_too_wide = |paragraph: &Paragraph| {
            let size = paragraph.kind.measures().0 * scale;
            paragraph.words.iter().any(|(_, width)| width * size > TEXT_AREA[0])
        };
        if height <= TEXT_AREA[1] && !paragraphs.iter().any(is_too_wide) {
            break;
        }
    }
    lines
}

fn lay_out_at(scale: f64, paragraphs: &[Paragraph], space: f64) -> (Vec<Line>, f64) {
    let mut lines = Vec::new();
    let mut top = 0.0;
    let mut before = None;
    for Paragraph { kind, words } in paragraphs {
        if let Some(before) = before {
            top += if before == *kind { 16.0 } else { 48.0 } * scale;
        }
        before = Some(*kind);
        let (size, line_height) = kind.measures();
        let size = size * scale;
        for (index, text) in break_lines(words, space, TEXT_AREA[0] / size).into_iter().enumerate() {
            if index > 0 {
                top += size * (line_height - 1.0);
            }
            lines.push(Line { kind: *kind, text, size, baseline: TOP + top + 0.8 * size });
            top += size;
        }
    }
    (lines, top)
}

/// Breaks words into lines no wider than `room`; a longer word gets its own line.
fn break_lines(words: &[(String, f64)], space: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut filled = 0.0;
    for (word, width) in words {
        match lines.last_mut() {
            Some(line) if filled + space + width <= room => {
                line.push(' ');
                line.push_str(word);
                filled += space + width;
            }
            _ => {
                lines.push(word.clone());
                filled = *width;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{HEIGHT, LEFT, Line, Paragraph, ParagraphKind, TEXT_AREA, TOP, WIDTH, lay_out};

    /// Each letter is half as wide as it is high.
    fn paragraph(kind: ParagraphKind, text: &str) -> Paragraph {
        let width = |word: &str| f64::from(u32::try_from(word.chars().count()).expect("few")) * 0.5;
        Paragraph { kind, words: text.split(' ').map(|word| (word.to_owned(), width(word))).collect() }
    }

    fn width(line: &Line) -> f64 {
        f64::from(u32::try_from(line.text.chars().count()).expect("few")) * 0.5 * line.size
    }

    #[test]
    fn text_shrinks_until_it_fits() {
        let few = lay_out(&[paragraph(ParagraphKind::Headline, "Come and talk")], 0.5);
        let texts: Vec<&str> = few.iter().map(|line| line.text.as_str()).collect();
        // Three lines of 170 fit at a scale of 1.58.
        assert_eq!(texts, ["Come", "and", "talk"]);
        assert!((few[0].size - 170.0 * 1.58).abs() < 0.01, "{few:?}");
        let long = "words ".repeat(50);
        let cases = [
            vec![
                paragraph(ParagraphKind::Headline, &"Headline ".repeat(6)),
                paragraph(ParagraphKind::Words, long.trim()),
            ],
            vec![paragraph(ParagraphKind::Headline, "Unpronounceablecompoundedwordwithoutend")],
            (0..9).map(|_| paragraph(ParagraphKind::Fact, "Thursday, 12.30pm, canteen")).collect(),
        ];
        for paragraphs in cases {
            let lines = lay_out(&paragraphs, 0.5);
            let last = lines.last().expect("a line");
            assert!(last.baseline <= TOP + TEXT_AREA[1], "{lines:?}");
            assert!(last.baseline < HEIGHT - 250.0, "{lines:?}");
            assert!(lines.iter().all(|line| LEFT + width(line) <= WIDTH - LEFT), "{lines:?}");
            assert!(lines[0].size < 170.0, "{lines:?}");
        }
    }
}
