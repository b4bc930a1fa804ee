//! Renders the drawings that have to be PNG: touch icons and share pictures.

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
        png("icon.svg", size, size, &folder.join(format!("icon-{size}.png")))?;
    }
    for locale in ["en", "cy"] {
        png(&format!("share-{locale}.svg"), 1200, 630, &folder.join(format!("share-{locale}.png")))?;
    }
    Ok(())
}

fn png(source: &str, width: u32, height: u32, target: &Path) -> anyhow::Result<()> {
    let svg = fs::read(root().join("public").join(source)).with_context(|| source.to_owned())?;
    let tree = Tree::from_data(&svg, &Options::default()).with_context(|| source.to_owned())?;
    let mut pixels = Pixmap::new(width, height).context("a picture has a size")?;
    let [across, down] = [(width, tree.size().width()), (height, tree.size().height())]
        .map(|(wanted, drawn)| wanted as f32 / drawn);
    resvg::render(&tree, Transform::from_scale(across, down), &mut pixels.as_mut());
    pixels.save_png(target)?;
    Ok(())
}
