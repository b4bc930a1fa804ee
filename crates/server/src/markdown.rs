//! Markdown of the content files to HTML that is safe to put on a page.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// What a text may be made of. Headings start at level 2, below the page's own.
const TAGS: [&str; 14] =
    ["p", "h2", "h3", "h4", "ul", "ol", "li", "a", "em", "strong", "blockquote", "code", "br", "hr"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes([("a", HashSet::from(["href"]))].into())
        .url_schemes(HashSet::from(["https", "mailto", "tel"]))
        .url_relative(UrlRelative::Custom(Box::new(own_address)))
        .link_rel(Some("noopener noreferrer"));
    builder
});

/// Keeps addresses of the site itself, and no address that starts with two
/// slashes, which would lead to another host.
fn own_address(address: &str) -> Option<std::borrow::Cow<'_, str>> {
    let own = address.starts_with('#')
        || (address.starts_with('/')
            && !address[1..].starts_with(['/', '\\'])
            && !address.contains(['\n', '\t']));
    own.then_some(address.into())
}

/// The HTML of a Markdown text.
pub(crate) fn render(markdown: &str) -> String {
    let mut unsafe_html = String::new();
    html::push_html(&mut unsafe_html, Parser::new_ext(markdown, Options::empty()));
    CLEANER.clean(&unsafe_html).to_string()
}

/// The headings of level 2 of a Markdown text.
pub(crate) fn headings(markdown: &str) -> Vec<String> {
    let mut headings = Vec::new();
    let mut current: Option<String> = None;
    for event in Parser::new_ext(markdown, Options::empty()) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => current = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => headings.extend(current.take()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut current {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    headings
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn text_links_and_lists_survive() {
        assert_eq!(
            render("## Ffôn\n\n- [ring](tel:02920180123)\n- **write**"),
            "<h2>Ffôn</h2>\n<ul>\n<li><a href=\"tel:02920180123\" rel=\"noopener noreferrer\">ring</a></li>\n<li><strong>write</strong></li>\n</ul>\n"
        );
        assert!(render("[join](/join#now)").contains("href=\"/join#now\""));
    }

    #[test]
    fn nothing_that_could_run_or_lead_astray_survives() {
        for hostile in [
            "<script>alert(1)</script>",
            "<style>*{display:none}</style>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt&#58;alert(1))",
            "[x](//evil.example)",
            "<a href=\"/\\evil.example\">x</a>",
            "[x](data:text/html,x)",
            "<a href=\"http://evil.example\" target=_blank onclick=x>x</a>",
            "<iframe src=/></iframe><form action=//evil.example><input>",
            "<h2 style=\"color:red\" class=x id=main>x</h2>",
            "<svg><animate onbegin=alert(1)>",
            "<h1>x</h1>",
        ] {
            let html = render(hostile).to_lowercase();
            for sign in [
                "script", "style", "<img", "on", "evil", "data:", "<iframe", "<form", "<svg", "<h1", "class",
                "id=",
            ] {
                let found = html.replace("rel=\"noopener noreferrer\"", "").contains(sign);
                assert!(!found, "{sign} in {html} of {hostile}");
            }
        }
    }
}
