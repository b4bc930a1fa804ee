//! Converts a document's Markdown to the few kinds of blocks that templates support.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde::Serialize;

/// A block of text.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Block {
    Heading {
        /// From 1, not counting the title.
        level: u8,
        text: String,
    },
    Paragraph {
        runs: Vec<Run>,
    },
    /// An unordered list.
    List {
        items: Vec<Vec<Run>>,
    },
    /// An ordered list.
    Steps {
        items: Vec<Vec<Run>>,
    },
}

/// A run of text with the same formatting.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Run {
    Text { text: String },
    Strong { text: String },
    Link { text: String, url: String },
}

/// The blocks of a Markdown text. Site-relative URLs become absolute; other links that are not
/// web, email or phone links become plain text. Anything that blocks and runs cannot represent
/// (HTML, images, tables) is left out.
pub(crate) fn blocks(markdown: &str, origin: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut runs: Vec<Run> = Vec::new();
    // The items of the current list, and whether it is ordered; a nested list continues it.
    let mut list: Option<(bool, Vec<Vec<Run>>)> = None;
    let mut depth = 0;
    let (mut strong, mut url) = (false, None);
    let mut last_level = 0;
    for event in Parser::new_ext(markdown, Options::empty()) {
        match event {
            Event::Start(Tag::List(first)) => {
                depth += 1;
                if depth == 1 {
                    list = Some((first.is_some(), Vec::new()));
                } else if let Some((_, items)) = &mut list {
                    items.push(std::mem::take(&mut runs));
                }
            }
            Event::End(TagEnd::List(_)) => {
                depth -= 1;
                if depth == 0
                    && let Some((ordered, mut items)) = list.take()
                {
                    items.retain(|item| !item.is_empty());
                    blocks.push(if ordered { Block::Steps { items } } else { Block::List { items } });
                }
            }
            Event::End(TagEnd::Item) => {
                if let Some((_, items)) = &mut list {
                    items.push(std::mem::take(&mut runs));
                }
            }
            Event::End(TagEnd::Heading(level)) => {
                let text: String = std::mem::take(&mut runs).into_iter().map(Run::into_text).collect();
                // The document's own headings start at level 2. A skipped level would leave a
                // gap in the PDF's outline.
                let level = (level_number(level).max(2) - 1).min(last_level + 1);
                last_level = level;
                if !text.is_empty() {
                    blocks.push(Block::Heading { level, text });
                }
            }
            Event::End(TagEnd::Paragraph) if depth == 0 && !runs.is_empty() => {
                blocks.push(Block::Paragraph { runs: std::mem::take(&mut runs) });
            }
            Event::Start(Tag::Strong) => strong = true,
            Event::End(TagEnd::Strong) => strong = false,
            Event::Start(Tag::Link { dest_url, .. }) => url = absolute_url(&dest_url, origin),
            Event::End(TagEnd::Link) => url = None,
            Event::Text(text) | Event::Code(text) => {
                let text = text.into_string();
                runs.push(match (&url, strong) {
                    (Some(url), _) => Run::Link { text, url: url.clone() },
                    (None, true) => Run::Strong { text },
                    (None, false) => Run::Text { text },
                });
            }
            Event::SoftBreak | Event::HardBreak => runs.push(Run::Text { text: " ".to_owned() }),
            _ => {}
        }
    }
    blocks
}

impl Run {
    fn into_text(self) -> String {
        match self {
            Self::Text { text } | Self::Strong { text } | Self::Link { text, .. } => text,
        }
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// An absolute URL for print.
fn absolute_url(url: &str, origin: &str) -> Option<String> {
    if url.starts_with('/') && !url[1..].starts_with(['/', '\\']) {
        return Some([origin, url].concat());
    }
    ["https://", "mailto:", "tel:"].iter().any(|scheme| url.starts_with(scheme)).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Block, Run, blocks};

    fn text(text: &str) -> Run {
        Run::Text { text: text.to_owned() }
    }

    #[test]
    fn markdown_becomes_blocks() {
        let found =
            blocks("## Ffôn\n\nRing **now**,\nor [join](/join).\n\n- a\n- b\n\n1. c", "https://week.example");
        let link = Run::Link { text: "join".to_owned(), url: "https://week.example/join".to_owned() };
        assert_eq!(
            found,
            [
                Block::Heading { level: 1, text: "Ffôn".to_owned() },
                Block::Paragraph {
                    runs: vec![
                        text("Ring "),
                        Run::Strong { text: "now".to_owned() },
                        text(","),
                        text(" "),
                        text("or "),
                        link,
                        text(".")
                    ]
                },
                Block::List { items: vec![vec![text("a")], vec![text("b")]] },
                Block::Steps { items: vec![vec![text("c")]] },
            ]
        );
    }

    #[test]
    fn unsafe_links_become_text_and_heading_levels_have_no_gap() {
        let found = blocks("#### Deep\n\n[x](javascript:alert(1)) [y](//evil.example)\n\n##### Deeper", "");
        let levels: Vec<u8> = found
            .iter()
            .filter_map(|block| match block {
                Block::Heading { level, .. } => Some(*level),
                _ => None,
            })
            .collect();
        assert_eq!(levels, [1, 2]);
        assert!(!format!("{found:?}").contains("Link"));
    }
}
