//! Renders the Markdown of content files to safe HTML.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// The allowed elements. Headings start at level 2, below the page's own.
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

/// Keeps URLs of this site, except those that start with two slashes, which would lead to
/// another host.
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
    use super::{TAGS, render};

    #[test]
    fn text_links_and_lists_are_kept() {
        assert_eq!(
            render("## Ffôn\n\n- [ring](tel:02920180123)\n- **write**"),
            "<h2>Ffôn</h2>\n<ul>\n<li><a href=\"tel:02920180123\" rel=\"noopener noreferrer\">ring</a></li>\n<li><strong>write</strong></li>\n</ul>\n"
        );
        assert!(render("[join](/join#now)").contains("href=\"/join#now\""));
    }

    /// Attacks in Markdown or HTML.
    const HOSTILE: [&str; 36] = [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<style>*{display:none}</style>",
        "<link rel=stylesheet href=//evil.example>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/pixel.png)",
        "![x](javascript:alert(1))",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](vbscript:msgbox)",
        "[x](data:text/html,x)",
        "[x](data:image/svg+xml;base64,PHN2Zz4=)",
        "[x](//evil.example)",
        "[x](/\\evil.example)",
        "[x](http://evil.example)",
        "[x](ftp://evil.example)",
        "[x](file:///etc/passwd)",
        "[x](blob:https://evil.example/1)",
        "<a href=\"/\\evil.example\">x</a>",
        "<a href=\"http://evil.example\" target=_blank onclick=x>x</a>",
        "<a href=\" javascript:alert(1)\">x</a>",
        "<a href=\"&#x6A;avascript:alert(1)\">x</a>",
        "<https:evil.example> <javascript:alert(1)>",
        "<iframe src=/></iframe>",
        "<form action=//evil.example><input name=x><button formaction=javascript:x>x</button></form>",
        "<object data=x></object><embed src=x><applet code=x>",
        "<meta http-equiv=refresh content=0;url=//evil.example><base href=//evil.example>",
        "<h2 style=\"color:red\" class=x id=main>x</h2>",
        "<h1>x</h1>",
        "<svg><animate onbegin=alert(1)></svg>",
        "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        "<template><script>x</script></template><noscript><p title=\"</noscript><img src=x onerror=x>\">",
        "<video><source onerror=alert(1)></video><audio src=x onerror=x><details ontoggle=x open>",
    ];

    /// Places where an attack could be inserted.
    const PLACES: [(&str, &str); 7] = [
        ("", ""),
        ("text ", " text"),
        ("> ", ""),
        ("- a\n- ", "\n- b"),
        ("## ", ""),
        ("**", "**"),
        ("[a](/b) ", "\n\n[c]: javascript:x\n\n[c] [d][c]"),
    ];

    #[test]
    fn scripts_and_unsafe_links_are_removed() {
        let mut cases = 0;
        for hostile in HOSTILE {
            for (before, after) in PLACES {
                let html = render(&[before, hostile, after].concat());
                for element in html.split('<').skip(1) {
                    let (tag, text) = element.split_once('>').expect("a tag that ends");
                    assert!(!text.contains('>'), "{html} of {hostile}");
                    let tag = tag.trim_start_matches('/');
                    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
                    assert!(TAGS.contains(&name), "<{name}> in {html} of {hostile}");
                    let link = attributes.strip_prefix("href=\"").and_then(|rest| rest.split_once('"'));
                    let (href, rest) = match link {
                        Some((href, rest)) => (href, rest),
                        None => ("#", attributes),
                    };
                    let rest = rest.trim();
                    assert!(rest.is_empty() || rest == "rel=\"noopener noreferrer\"", "{html} of {hostile}");
                    let own =
                        href.starts_with('#') || href.starts_with('/') && !href[1..].starts_with(['/', '\\']);
                    let safe = ["https:", "mailto:", "tel:"].iter().any(|scheme| href.starts_with(scheme));
                    assert!(own || safe, "{href} in {html} of {hostile}");
                }
                cases += 1;
            }
        }
        assert!(cases >= 200, "{cases} hostile texts");
    }
}
