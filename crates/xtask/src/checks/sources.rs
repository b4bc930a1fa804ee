//! Checks what the files of each layer may contain.

use std::{fs, path::Path};

use walkdir::WalkDir;

use super::rust_text::Code;
use crate::command::root;

/// The files that find elements in the document. Others have a `NodeRef`.
const QUERIES: [&str; 4] = [
    // The head is not the app's; the focus, its position and the links of a page can be those of
    // any component, and announcements come from timers, which have no component.
    "src/a11y/navigation.rs",
    // Input that was made before there were components.
    "src/early_input.rs",
    // After a panic no component changes any more.
    "src/frame/mod.rs",
    // Moves the focus to what another component has just shown.
    "src/ui/focus.rs",
];
/// The files that set the HTML of an element. Others have `view!`.
const INNER_HTML: [&str; 14] = [
    // Markdown of the content, which the server has sanitised.
    "src/campaign/focus.rs",
    "src/campaign/past_years_page.rs",
    "src/courses/course_page.rs",
    "src/documents/document_page.rs",
    "src/events/event_page.rs",
    "src/news/item_page.rs",
    "src/page/text_page.rs",
    "src/support/support_page.rs",
    "src/take_part/checklist.rs",
    "src/take_part/role_page.rs",
    "src/unions/union_page.rs",
    "src/videos/card.rs",
    // Empties the document before the app is mounted.
    "src/start.rs",
    // Leptos does not escape the content of a textarea, so this file does.
    "src/ui/field.rs",
];

/// A source file.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

/// Every violation, as `path:line: message`.
pub(super) fn breaches(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for Source { path, text } in sources {
        for (line, text) in (1..).zip(text.lines()) {
            for what in line_breaches(path, text) {
                breaches.push(format!("{path}:{line}: {what}"));
            }
        }
        if path.starts_with("src/") && path.ends_with(".rs") {
            for (line, what) in view_breaches(path, text) {
                breaches.push(format!("{path}:{line}: {what}"));
            }
        }
    }
    breaches
}

/// The sources that have rules.
pub(super) fn read() -> anyhow::Result<Vec<Source>> {
    let root = root();
    let mut sources = Vec::new();
    for folder in ["src", "style", "crates/contract/src", "crates/server/src"] {
        for entry in WalkDir::new(root.join(folder)).sort_by_file_name() {
            let entry = entry?;
            let path = entry.path();
            if path.extension().is_some_and(|ending| ending == "rs" || ending == "css") {
                let name = path.strip_prefix(&root)?.to_string_lossy().into_owned();
                sources.push(Source { path: name, text: fs::read_to_string(path)? });
            }
        }
    }
    let pictures = fs::read_to_string(root.join("public/pictures.svg"))?;
    sources.push(Source { path: "public/pictures.svg".to_owned(), text: pictures });
    Ok(sources)
}

fn line_breaches(path: &str, line: &str) -> Vec<String> {
    let code = line.trim_start();
    if code.starts_with("//") || code.starts_with('*') || code.starts_with("/*") {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    let mut breach = |broken: bool, what: &str| {
        if broken {
            breaches.push(what.to_owned());
        }
    };
    breach(
        code.contains("sqlx") && !path.starts_with("crates/server/src/store/"),
        "only the store names sqlx",
    );
    breach(code.contains("gloo_net") && path != "src/api.rs", "only src/api.rs names gloo-net");
    breach(
        code.contains("StatusCode::from_u16(problem") && path != "crates/server/src/error.rs",
        "only error.rs turns an error into a status",
    );
    let fetches = ["api::resource", "api::fetch", "api::send"].iter().any(|name| code.contains(name));
    breach(fetches && path.starts_with("src/ui/"), "ui never fetches");
    let view_style = code.contains(" style=") || code.contains("style:");
    breach(view_style && path.starts_with("src/"), "a rendered element has no style attribute");
    breach(names_colour(path, code), "colours are only in style/tokens.css");
    breaches
}

/// What the app changes in the document other than by `view!`, each with its line.
fn view_breaches(path: &str, source: &str) -> Vec<(usize, &'static str)> {
    let code = Code::of(source);
    let mut breaches = Vec::new();
    for (line, text) in (1..).zip(code.text.lines()) {
        let names = |all: &[&str]| all.iter().any(|name| text.contains(name));
        let is_query = names(&["query_selector", "get_element_by_id", "get_elements_by_", ".closest("]);
        if is_query && !QUERIES.contains(&path) {
            breaches.push((line, "only files of a list find elements in the document"));
        }
        let sets_html = names(&["inner_html", "outer_html", "insert_adjacent_html"]);
        if sets_html && !INNER_HTML.contains(&path) {
            breaches.push((line, "only files of a list set the HTML of an element"));
        }
    }
    let tags = code.strings.iter().filter(|(_, text)| has_tag(text));
    breaches.extend(tags.map(|(line, _)| (*line, "HTML is written in view!, not in strings")));
    breaches
}

/// Whether a text has an HTML tag.
fn has_tag(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| {
        let name = rest.strip_prefix('/').unwrap_or(rest);
        name.starts_with(|letter: char| letter.is_ascii_lowercase())
    })
}

fn names_colour(path: &str, code: &str) -> bool {
    let looked_at = (path.starts_with("style/") && path != "style/tokens.css")
        || Path::new(path).extension().is_some_and(|e| e == "svg");
    if !looked_at {
        return false;
    }
    let hex = code.split('#').skip(1).any(|rest| {
        let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        matches!(digits, 3 | 4 | 6 | 8)
            && !rest[digits..].starts_with(|c: char| c.is_alphanumeric() || c == '-')
    });
    let function = ["rgb(", "rgba(", "hsl(", "hwb(", "lab(", "lch(", "oklch(", "color("]
        .iter()
        .any(|name| code.contains(name));
    hex || function
}

#[cfg(test)]
mod tests {
    use super::{line_breaches, view_breaches};

    #[test]
    fn each_rule_finds_its_breach() {
        for (path, line) in [
            ("crates/server/src/campaign.rs", "use sqlx::Row;"),
            ("src/ui/remote.rs", "use gloo_net::http::Request;"),
            ("src/ui/remote.rs", "let data = api::resource(x);"),
            ("src/ui/remote.rs", "let data = api::fetch(&x).await;"),
            ("src/ui/remote.rs", "api::send_text(&path, text, None).await"),
            ("src/campaign/hero.rs", "<p style=\"color:red\">"),
            ("style/frame.css", "  color: #fff;"),
            ("style/frame.css", "  color: rgb(0 0 0);"),
            ("public/pictures.svg", "<path fill=\"#c00000\"/>"),
        ] {
            assert_eq!(line_breaches(path, line).len(), 1, "{path}: {line}");
        }
    }

    #[test]
    fn html_and_queries_are_only_where_they_are_listed() {
        for line in [
            "document().query_selector(SELECTOR)",
            "document().query_selector_all(SELECTOR)",
            "document().get_element_by_id(&id)",
            "document().get_elements_by_tag_name(NAME)",
            "link.closest(SELECTOR)",
            "<div inner_html=text></div>",
            "body.set_inner_html(text)",
            "row.insert_adjacent_html(PLACE, text)",
            "[\"<b>\", text].concat()",
            "format!(\"{text}</p>\")",
        ] {
            let source = ["fn page() {\n", line, "\n}"].concat();
            let found = view_breaches("src/campaign/hero.rs", &source);
            assert!(matches!(found[..], [(2, _)]), "{line}: {found:?}");
        }
        for line in [
            "view! { <b class=\"tag\">{text}</b> \" \" <i>{text}</i> }",
            "text.replace('<', \"&lt;\")",
            "let (one, other) = (\"1 < 2\", \"</\");",
            "// document().query_selector(\"b\")",
        ] {
            assert!(view_breaches("src/campaign/hero.rs", line).is_empty(), "{line}");
        }
        assert!(view_breaches("src/ui/focus.rs", "document().get_element_by_id(&id)").is_empty());
        assert!(view_breaches("src/ui/field.rs", "inner_html=escaped(&text)").is_empty());
    }

    #[test]
    fn what_is_allowed_is_left_alone() {
        for (path, line) in [
            ("crates/server/src/store/mod.rs", "use sqlx::Row;"),
            ("style/frame.css", "  color: var(--ink);"),
            ("style/tokens.css", "  --ink: #2b0f28;"),
            ("public/pictures.svg", "<use href=\"#heart\"/>"),
            ("crates/server/src/campaign.rs", "// sqlx is not named here"),
        ] {
            assert!(line_breaches(path, line).is_empty(), "{path}: {line}");
        }
    }
}
