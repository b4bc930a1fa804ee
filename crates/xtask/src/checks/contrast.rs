//! The contrast of every pair of colours that `style/tokens.css` lists, in every palette and in
//! print, by WCAG's formula.

use std::{collections::BTreeMap, fs};

use anyhow::Context as _;

use crate::command::root;

type Palette = BTreeMap<String, String>;

/// Every pair with too little contrast, and every palette that contradicts another.
pub(crate) fn breaches() -> anyhow::Result<Vec<String>> {
    let source = fs::read_to_string(root().join("style/tokens.css"))?;
    let standard = palette(&source, ":root {")?;
    let dark = palette(after(&source, "@media screen and (prefers-color-scheme: dark) {")?, ":root {")?;
    let high = palette(&source, ":root[data-contrast=\"high\"] {")?;
    let unscripted = palette(&source, ":root:not([data-contrast]) {")?;
    let forced = palette(&source, ":root:root {")?;
    let print = palette(after(&source, "@media print {")?, ":root {")?;
    let mut breaches = Vec::new();
    if high != unscripted {
        breaches.push("style/tokens.css: high contrast differs where no script runs".to_owned());
    }
    for (stronger, what) in [(&high, "high contrast"), (&forced, "forced colours")] {
        for name in dark.keys().filter(|name| !stronger.contains_key(*name)) {
            breaches.push(format!("style/tokens.css: {what} leaves --{name} of the dark palette"));
        }
    }
    let [dark, print] = [dark, print].map(|own| {
        let mut all = standard.clone();
        all.extend(own);
        all
    });
    for pair in source.lines().filter_map(|line| line.trim().strip_prefix("@pair ")) {
        let pair = pair.trim_end_matches("*/").trim();
        let [one, other, use_] = pair.split(' ').collect::<Vec<_>>()[..] else {
            breaches.push(format!("style/tokens.css: @pair {pair} is not two colours and a use"));
            continue;
        };
        for (mode, palette, minimum) in [
            ("standard", &standard, minimum(use_, false)),
            ("dark", &dark, minimum(use_, false)),
            ("high contrast", &high, minimum(use_, true)),
            ("print", &print, minimum(use_, false)),
        ] {
            let minimum = minimum.with_context(|| format!("@pair {pair}: a use is text, large or edge"))?;
            let colour = |name: &str| {
                palette
                    .get(name)
                    .and_then(|hex| luminance(hex))
                    .with_context(|| format!("@pair {pair}: no colour --{name}, {mode}"))
            };
            let ratio = ratio(colour(one)?, colour(other)?);
            if ratio < minimum {
                breaches.push(format!(
                    "style/tokens.css: {one} on {other} is {ratio:.2}:1 in {mode}, not {minimum}:1"
                ));
            }
        }
    }
    Ok(breaches)
}

fn minimum(use_: &str, high: bool) -> Option<f64> {
    match (use_, high) {
        ("text", false) => Some(4.5),
        ("text" | "large", true) => Some(7.0),
        ("large", false) | ("edge", _) => Some(3.0),
        _ => None,
    }
}

/// What follows `opening`.
fn after<'a>(source: &'a str, opening: &str) -> anyhow::Result<&'a str> {
    let (_, rest) =
        source.split_once(opening).with_context(|| format!("style/tokens.css has no {opening}"))?;
    Ok(rest)
}

/// The custom properties in the block that starts with `opening`.
fn palette(source: &str, opening: &str) -> anyhow::Result<Palette> {
    let (block, _) = after(source, opening)?.split_once('}').context("a block ends")?;
    let declarations =
        block.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": "));
    Ok(declarations.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// Relative luminance of `#rrggbb`, 0 to 1.
fn luminance(hex: &str) -> Option<f64> {
    let digits = hex.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).ok()?) / 255.0;
        Some(if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

fn ratio(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::{luminance, ratio};

    #[test]
    fn the_formula_agrees_with_known_ratios() {
        let of = |one, other| ratio(luminance(one).expect("a colour"), luminance(other).expect("a colour"));
        assert!((of("#000000", "#ffffff") - 21.0).abs() < 0.001);
        assert!((of("#767676", "#ffffff") - 4.54).abs() < 0.01);
    }
}
