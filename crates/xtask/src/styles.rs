//! Joins the style sheets into one, checks them and makes them small.

use std::fs;

use anyhow::anyhow;
use lightningcss::{
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions, StyleSheet},
};

use crate::command::root;

/// All of `style/`, `layers.css` first, the others by name.
pub(crate) fn joined() -> anyhow::Result<String> {
    let mut files: Vec<_> = fs::read_dir(root().join("style"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "css"));
    files.sort_by_key(|path| (path.file_name().is_none_or(|name| name != "layers.css"), path.clone()));
    let sources = files.iter().map(fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
    let source = sources.join("\n");
    let mut sheet =
        StyleSheet::parse(&source, ParserOptions::default()).map_err(|error| anyhow!("style/: {error}"))?;
    sheet.minify(MinifyOptions::default()).map_err(|error| anyhow!("style/: {error}"))?;
    let printed = sheet.to_css(PrinterOptions { minify: true, ..PrinterOptions::default() })?;
    Ok(printed.code)
}
