//! Renders the pictures that have to be PNG: touch icons and share pictures.

use std::{fs, path::Path};

use anyhow::Context as _;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

use crate::command::root;

/// Renders all of them into `folder`.
pub(crate) fn render(folder: &Path) -> anyhow::Result<()> {
    for size in [180, 192, 512] {
        public("icon.svg", size, size, &folder.join(format!("icon-{size}.png")))?;
    }
    for locale in ["en", "cy"] {
        public(&format!("share-{locale}.svg"), 1200, 630, &folder.join(format!("share-{locale}.png")))?;
    }
    products(&folder.join("share"))
}

/// A share picture for each picture of a product, in the colours of the standard palette: any
/// product in the content can have a page.
fn products(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let read = |path: &str| fs::read_to_string(root().join(path)).with_context(|| path.to_owned());
    let tokens = read("style/tokens.css")?;
    let colour = |name: &str| -> anyhow::Result<String> {
        let (_, rest) = tokens
            .split_once(&format!("--{name}: "))
            .with_context(|| format!("tokens.css has no --{name}"))?;
        Ok(rest.split(';').next().unwrap_or_default().to_owned())
    };
    let [ground, banner, trim] = [colour("notice")?, colour("banner")?, colour("trim")?];
    for symbol in read("public/pictures.svg")?.split("<symbol id=\"").skip(1) {
        let (name, rest) = symbol.split_once('"').context("a symbol has a name")?;
        if !name.starts_with("product-") {
            continue;
        }
        let (_, drawing) = rest.split_once('>').context("a symbol is an element")?;
        let (drawing, _) = drawing.split_once("</symbol>").context("a symbol ends")?;
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 630\" width=\"1200\" height=\"630\">\
             <path fill=\"{ground}\" d=\"M0 0h1200v630H0Z\"/><path fill=\"{banner}\" d=\"M0 540q300 50 600 0t600 0v90H0Z\"/>\
             <path fill=\"none\" stroke=\"{trim}\" stroke-width=\"14\" d=\"M0 540q300 50 600 0t600 0\"/>\
             <g transform=\"translate(320 -5) scale(3.5)\">{}</g></svg>",
            plain_colours(drawing, &colour)?
        );
        png(svg.as_bytes(), name, 1200, 630, &folder.join(format!("{name}.png")))?;
    }
    Ok(())
}

/// The picture with every `var(--name)` and `var(--name,var(--default))` replaced with the
/// colour itself.
fn plain_colours(drawing: &str, colour: &impl Fn(&str) -> anyhow::Result<String>) -> anyhow::Result<String> {
    let mut parts = drawing.split("var(--");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // Replaces a product's own colour with its default, which comes next.
        if let Some((_, "")) = part.split_once(',') {
            continue;
        }
        let (name, rest) = part.split_once(')').context("a variable ends")?;
        plain.push_str(&colour(name)?);
        plain.push_str(rest.strip_prefix(')').unwrap_or(rest));
    }
    Ok(plain)
}

fn public(source: &str, width: u32, height: u32, target: &Path) -> anyhow::Result<()> {
    let svg = fs::read(root().join("public").join(source)).with_context(|| source.to_owned())?;
    png(&svg, source, width, height, target)
}

fn png(svg: &[u8], source: &str, width: u32, height: u32, target: &Path) -> anyhow::Result<()> {
    let tree = Tree::from_data(svg, &Options::default()).with_context(|| source.to_owned())?;
    let mut pixels = Pixmap::new(width, height).context("a picture has a size")?;
    let [across, down] = [(width, tree.size().width()), (height, tree.size().height())]
        .map(|(wanted, drawn)| wanted as f32 / drawn);
    resvg::render(&tree, Transform::from_scale(across, down), &mut pixels.as_mut());
    pixels.save_png(target)?;
    Ok(())
}
