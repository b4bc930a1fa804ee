//! Checks and minifies the style sheets: those that every page needs as one file, the others
//! separately, because a document only includes those of its page.

use std::fs;

use anyhow::{Context as _, anyhow};
use lightningcss::{
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions, StyleSheet},
};

use crate::command::root;

/// The styles for every page, in the order in which they are joined. All other files are
/// parts, in alphabetical order; `routes.rs` of the app lists those of each page.
const COMMON: [&str; 6] = ["layers", "tokens", "base", "frame", "controls", "print"];

/// All of `style/`.
pub(crate) struct Styles {
    pub(crate) common: String,
    /// The parts, with the names of their files.
    pub(crate) parts: Vec<(String, String)>,
}

impl Styles {
    /// All parts joined.
    pub(crate) fn joined_parts(&self) -> String {
        self.parts.iter().map(|(_, style)| style.as_str()).collect()
    }
}

/// Reads and minifies `style/`.
pub(crate) fn read() -> anyhow::Result<Styles> {
    let folder = root().join("style");
    let minified = |name: &str| -> anyhow::Result<String> {
        let source =
            fs::read_to_string(folder.join(format!("{name}.css"))).with_context(|| name.to_owned())?;
        let mut sheet = StyleSheet::parse(&source, ParserOptions::default())
            .map_err(|error| anyhow!("style/{name}.css: {error}"))?;
        sheet.minify(MinifyOptions::default()).map_err(|error| anyhow!("style/{name}.css: {error}"))?;
        let printed = sheet.to_css(PrinterOptions { minify: true, ..PrinterOptions::default() })?;
        Ok(printed.code)
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "css") {
            names.push(path.file_stem().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    names.retain(|name| !COMMON.contains(&name.as_str()));
    names.sort();
    let common = COMMON.into_iter().map(minified).collect::<anyhow::Result<String>>()?;
    let parts = names.into_iter().map(|name| minified(&name).map(|style| (name, style)));
    Ok(Styles { common, parts: parts.collect::<anyhow::Result<_>>()? })
}
