//! Checks the dependencies between layers and features by reading the sources.

use std::{fs, path::Path};

use walkdir::WalkDir;

use crate::command::root;

/// Folders of `src/` that every feature may use; all others are features.
const SHARED: [&str; 4] = ["a11y", "i18n", "ui", "frame"];
/// The features whose components another feature shows on its pages; there are no cycles.
const EMBEDS: [(&str, &[&str]); 6] = [
    ("campaign", &["contacts", "events", "news", "shop"]),
    ("checkout", &["basket"]),
    ("events", &["videos"]),
    ("page", &["device"]),
    ("shop", &["basket"]),
    ("unions", &["courses", "events", "news", "videos"]),
];

/// A source file.
struct Source {
    path: String,
    text: String,
}

/// Every violation, as `path:line: message`.
pub(crate) fn breaches() -> anyhow::Result<Vec<String>> {
    let sources = sources()?;
    let mut breaches = Vec::new();
    for source in &sources {
        // Names in lists imported from the contract or from the feature's own modules are not
        // features.
        let mut of_others = false;
        for (line, text) in (1..).zip(source.text.lines()) {
            of_others = starts_other_list(text) || (of_others && text.trim() != "};");
            if of_others {
                continue;
            }
            for what in line_breaches(&source.path, text) {
                breaches.push(format!("{}:{line}: {what}", source.path));
            }
        }
    }
    Ok(breaches)
}

/// Whether a line starts a list of imports from outside the app's features.
fn starts_other_list(line: &str) -> bool {
    matches!(line.trim(), "use contract::{" | "use super::{")
}

fn sources() -> anyhow::Result<Vec<Source>> {
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
    breach(code.contains("api::resource(") && path.starts_with("src/ui/"), "ui never fetches");
    let view_style = code.contains(" style=") || code.contains("style:");
    breach(view_style && path.starts_with("src/"), "a rendered element has no style attribute");
    breach(names_colour(path, code), "colours stand in style/tokens.css alone");
    if let Some(feature) = feature(path)
        && let Some(other) = imported_feature(code, feature)
    {
        breach(true, &format!("the feature {feature} imports the feature {other}"));
    }
    breaches
}

/// The feature of a source file.
fn feature(path: &str) -> Option<&str> {
    let (folder, _) = path.strip_prefix("src/")?.split_once('/')?;
    (!SHARED.contains(&folder)).then_some(folder)
}

/// The other feature that a line imports from: `crate::support::…`, or a line `support::…,`
/// within a list of imports.
fn imported_feature<'a>(code: &'a str, own: &str) -> Option<&'a str> {
    let imported = code.split_once("crate::").map_or(code, |(_, rest)| rest);
    let (name, _) = imported.split_once("::")?;
    let named =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let feature = named
        && root().join("src").join(name).is_dir()
        && !SHARED.contains(&name)
        && !EMBEDS.iter().any(|(feature, embedded)| *feature == own && embedded.contains(&name));
    (feature && name != own).then_some(name)
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
    use super::{line_breaches, starts_other_list};

    #[test]
    fn each_rule_finds_its_breach() {
        for (path, line) in [
            ("crates/server/src/campaign.rs", "use sqlx::Row;"),
            ("src/ui/remote.rs", "use gloo_net::http::Request;"),
            ("src/ui/remote.rs", "let data = api::resource(x);"),
            ("src/campaign/hero.rs", "<p style=\"color:red\">"),
            ("src/campaign/hero.rs", "use crate::support::SupportPage;"),
            ("src/campaign/hero.rs", "    crate::page::load()"),
            ("src/campaign/hero.rs", "    support::SupportPage,"),
            ("src/videos/card.rs", "    events::EventCards,"),
            ("style/frame.css", "  color: #fff;"),
            ("style/frame.css", "  color: rgb(0 0 0);"),
            ("public/pictures.svg", "<path fill=\"#c00000\"/>"),
        ] {
            assert_eq!(line_breaches(path, line).len(), 1, "{path}: {line}");
        }
    }

    #[test]
    fn lists_of_the_contract_are_told_from_those_of_the_app() {
        assert!(starts_other_list("    use contract::{"));
        assert!(starts_other_list("use super::{"));
        for line in ["use crate::{", "use contract::Locale;", "use contract::{Locale, orders::Order};"] {
            assert!(!starts_other_list(line), "{line}");
        }
    }

    #[test]
    fn what_is_allowed_is_left_alone() {
        for (path, line) in [
            ("crates/server/src/store/mod.rs", "use sqlx::Row;"),
            ("src/page/text_page.rs", "    device::DeviceStorage,"),
            ("src/page/text_page.rs", "use crate::ui::Head;"),
            ("src/page/text_page.rs", "use crate::{"),
            ("src/campaign/hero.rs", "use contract::campaign::Week;"),
            ("style/frame.css", "  color: var(--ink);"),
            ("style/tokens.css", "  --ink: #2b0f28;"),
            ("public/pictures.svg", "<use href=\"#heart\"/>"),
            ("crates/server/src/campaign.rs", "// sqlx is not named here"),
        ] {
            assert!(line_breaches(path, line).is_empty(), "{path}: {line}");
        }
    }
}
