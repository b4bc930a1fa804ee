//! Checks the imports between the modules of the app: there are no cycles, and a feature only
//! imports another to show part of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque, btree_map::Entry};

use super::{rust_text::Code, sources::Source};

/// Folders of `src/` that every feature may use; all others are features.
const SHARED: [&str; 4] = ["a11y", "i18n", "ui", "frame"];
/// The features whose components another feature shows on its pages.
const EMBEDS: [(&str, &[&str]); 6] = [
    ("campaign", &["contacts", "events", "news", "shop"]),
    ("checkout", &["basket"]),
    ("events", &["videos"]),
    ("page", &["device"]),
    ("shop", &["basket"]),
    ("unions", &["courses", "events", "news", "videos"]),
];

/// Every violation, as `path:line: message`.
pub(super) fn breaches(sources: &[Source]) -> Vec<String> {
    let modules = modules(sources);
    let mut breaches = Vec::new();
    // The modules that each imports, by file and by folder.
    let (mut files, mut folders) = (Graph::new(), Graph::new());
    for (name, module) in &modules {
        for import in &module.imports {
            let Some(target) = target(&modules, &import.path) else { continue };
            let [own, other] = [name.as_str(), &target].map(folder);
            let imported = folder(&import.path);
            if module.path.matches('/').count() > 1 && is_foreign_feature(&modules, own, imported) {
                let line = import.line;
                breaches.push(format!("{}:{line}: {own} imports the feature {imported}", module.path));
            }
            if own != other {
                folders.entry(own.to_owned()).or_default().insert(other.to_owned());
            }
            if *name != target {
                files.entry(name.clone()).or_default().insert(target);
            }
        }
    }
    breaches.extend(cycles(&files).iter().map(|cycle| format!("src/: modules import each other: {cycle}")));
    breaches.extend(cycles(&folders).iter().map(|cycle| format!("src/: folders import each other: {cycle}")));
    breaches
}

/// A file of the app.
#[derive(Default)]
struct Module {
    path: String,
    imports: Vec<Import>,
    /// Names that it re-exports, each with the path of what they stand for.
    exports: BTreeMap<String, String>,
}

/// A path of the app that a module names, from the root: `basket::store::Basket`.
struct Import {
    line: usize,
    path: String,
}

type Modules = BTreeMap<String, Module>;

/// The modules of the app by their paths.
fn modules(sources: &[Source]) -> Modules {
    let files = sources.iter().filter_map(|source| Some((module_name(&source.path)?, source)));
    let mut modules: Modules = files
        .clone()
        .map(|(name, source)| (name, Module { path: source.path.clone(), ..Module::default() }))
        .collect();
    for (name, source) in files {
        let code = Code::of(&source.text);
        for path in paths(&code.text) {
            let Some(found) = resolve(&modules, &name, &path.names) else { continue };
            let Some(module) = modules.get_mut(&name) else { continue };
            if path.is_export {
                module.exports.insert(path.alias.to_owned(), found);
            } else {
                module.imports.push(Import { line: path.line, path: found });
            }
        }
        // The components that the table of pages names are imported by what it generates.
        if name == "routes"
            && let Some(parts) = modules.get_mut("parts")
        {
            let components =
                source.text.lines().filter_map(|line| line.split_once("\" => ")?.1.strip_suffix(','));
            parts.imports.extend(components.map(|path| Import { line: 1, path: path.to_owned() }));
        }
    }
    modules
}

/// The module of a file: `basket::store` for `src/basket/store.rs`.
fn module_name(path: &str) -> Option<String> {
    let name = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let name = name.strip_suffix("/mod").unwrap_or(name).replace('/', "::");
    (!["lib", "main"].contains(&&*name) && !name.ends_with("::tests")).then_some(name)
}

/// The first name of a path.
fn folder(path: &str) -> &str {
    path.split("::").next().unwrap_or_default()
}

fn is_foreign_feature(modules: &Modules, own: &str, other: &str) -> bool {
    let is_feature =
        modules.get(other).is_some_and(|module| module.path.ends_with("/mod.rs")) && !SHARED.contains(&other);
    let is_embedded = EMBEDS.iter().any(|(feature, embedded)| *feature == own && embedded.contains(&other));
    is_feature && other != own && !is_embedded
}

/// A path in a module's code.
struct Path<'a> {
    line: usize,
    names: Vec<&'a str>,
    /// The name that an import gives it.
    alias: &'a str,
    is_export: bool,
}

type Tokens<'t, 'a> = &'t [(usize, &'a str)];

/// The imports of a module's code, and the paths that it names with `crate` or `super`.
fn paths(code: &str) -> Vec<Path<'_>> {
    let tokens = tokens(code);
    let mut rest = &tokens[..];
    let mut before = "";
    let mut paths = Vec::new();
    while let Some((&(_, token), after)) = rest.split_first() {
        let starts_path =
            ["crate", "super"].contains(&token) && after.first().is_some_and(|next| next.1 == "::");
        if token == "use" {
            rest = after;
            // After `pub` or `pub(crate)`.
            add_paths(&mut rest, &[], ["pub", ")"].contains(&before), &mut paths);
        } else if starts_path {
            add_paths(&mut rest, &[], false, &mut paths);
        } else {
            rest = after;
        }
        before = token;
    }
    paths
}

/// Takes a path, or a tree of them such as `a::{B, c::{D, E as F}}`, from the tokens.
fn add_paths<'a>(rest: &mut Tokens<'_, 'a>, prefix: &[&'a str], is_export: bool, paths: &mut Vec<Path<'a>>) {
    let mut names = prefix.to_vec();
    while let Some((&(line, token), after)) = rest.split_first() {
        *rest = after;
        if token == "{" {
            while let Some((&(_, token), after)) = rest.split_first() {
                match token {
                    "}" => {
                        *rest = after;
                        return;
                    }
                    "," => *rest = after,
                    _ => add_paths(rest, &names, is_export, paths),
                }
            }
            return;
        }
        names.push(token);
        let alias = match *rest {
            [(_, "::"), after @ ..] => {
                *rest = after;
                continue;
            }
            [(_, "as"), (_, alias), after @ ..] => {
                *rest = after;
                *alias
            }
            _ => token,
        };
        paths.push(Path { line, names, alias, is_export });
        return;
    }
}

/// Names, `::` and single characters, each with its line.
fn tokens(code: &str) -> Vec<(usize, &str)> {
    let is_other = |letter: char| !letter.is_alphanumeric() && letter != '_';
    let mut tokens = Vec::new();
    for (number, line) in (1..).zip(code.lines()) {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = match rest.find(is_other).unwrap_or(rest.len()) {
                0 if rest.starts_with("::") => 2,
                0 => first.len_utf8(),
                length => length,
            };
            tokens.push((number, &rest[..length]));
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

/// A path from the root; none if it is one of another crate.
fn resolve(modules: &Modules, module: &str, names: &[&str]) -> Option<String> {
    let (first, rest) = names.split_first()?;
    let mut path: Vec<&str> = module.split("::").collect();
    match *first {
        "crate" => path.clear(),
        "super" => _ = path.pop(),
        "self" => {}
        child if modules.contains_key(&[module, "::", child].concat()) => path.push(child),
        _ => return None,
    }
    for name in rest {
        match *name {
            "super" => _ = path.pop(),
            "self" | "*" => {}
            name => path.push(name),
        }
    }
    Some(path.join("::"))
}

/// The module that has what a path stands for; none for the root.
fn target(modules: &Modules, path: &str) -> Option<String> {
    let mut path = path.to_owned();
    loop {
        let mut name = path.as_str();
        while !modules.contains_key(name) {
            name = name.rsplit_once("::")?.0;
        }
        let mut rest = path[name.len()..].splitn(3, "::").skip(1);
        let Some(found) = rest.next().and_then(|item| modules.get(name)?.exports.get(item)) else {
            return Some(name.to_owned());
        };
        path = rest.fold(found.clone(), |path, rest| [&path, "::", rest].concat());
    }
}

/// The modules that each module imports.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// The cycles, one for each group of modules that import each other, as `a → b → a`.
fn cycles(graph: &Graph) -> Vec<String> {
    let mut known = BTreeSet::<&str>::new();
    let mut cycles = Vec::new();
    for start in graph.keys() {
        if known.contains(start.as_str()) {
            continue;
        }
        if let Some(cycle) = cycle_from(graph, start) {
            cycles.push(cycle.join(" → "));
            known.extend(cycle);
        }
    }
    cycles
}

/// The shortest way from a module back to itself.
fn cycle_from<'a>(graph: &'a Graph, start: &'a str) -> Option<Vec<&'a str>> {
    let mut reached_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(module) = queue.pop_front() {
        for next in graph.get(module).into_iter().flatten() {
            if let Entry::Vacant(entry) = reached_from.entry(next) {
                entry.insert(module);
                queue.push_back(next);
            }
        }
    }
    let mut cycle = vec![start];
    let mut at = *reached_from.get(start)?;
    while at != start {
        cycle.push(at);
        at = reached_from[at];
    }
    cycle.push(start);
    cycle.reverse();
    Some(cycle)
}

#[cfg(test)]
mod tests {
    use super::{Source, breaches};

    /// The violations of an app with these files, beside two features and a shared folder.
    fn breaches_in(files: &[(&str, &str)]) -> Vec<String> {
        let folders = ["basket", "shop", "support", "ui"].map(|name| (format!("src/{name}/mod.rs"), ""));
        let folders = folders.iter().map(|(path, text)| (path.as_str(), *text));
        let files =
            folders.filter(|(path, _)| files.iter().all(|file| file.0 != *path)).chain(files.iter().copied());
        let source = |(path, text): (&str, &str)| Source { path: path.to_owned(), text: text.to_owned() };
        breaches(&files.map(source).collect::<Vec<_>>())
    }

    #[test]
    fn features_do_not_import_each_other() {
        for text in [
            "use crate::support::SupportPage;",
            "use crate::{support::SupportPage, ui};",
            "use crate::{\n    ui::{Head, Remote},\n    support::{SupportPage},\n};",
            "use super::super::support::SupportPage;",
            "fn page() { crate::support::page() }",
        ] {
            let found = breaches_in(&[("src/shop/page.rs", text)]);
            assert!(
                matches!(&found[..], [one] if one.ends_with(": shop imports the feature support")),
                "{text}"
            );
        }
        let found = breaches_in(&[("src/ui/page.rs", "\nuse crate::shop::ShopPage;")]);
        assert_eq!(found, ["src/ui/page.rs:2: ui imports the feature shop"]);
    }

    #[test]
    fn other_imports_are_left_alone() {
        for text in [
            "use crate::{basket::AddToBasket, ui::Head};",
            "use contract::support::SupportPage;",
            "use contract::{\n    support::Support,\n};",
            "// use crate::support::SupportPage;",
            "const TEXT: &str = \"crate::support::page\";",
            "\n#[cfg(test)]\nmod tests {\n    use crate::support::SupportPage;\n}",
        ] {
            assert_eq!(breaches_in(&[("src/shop/page.rs", text)]), [""; 0], "{text}");
        }
        assert_eq!(breaches_in(&[("src/app.rs", "use crate::support::SupportPage;")]), [""; 0]);
    }

    #[test]
    fn cycles_of_modules_are_found() {
        let cycle = "src/: modules import each other: shop::card → shop::page → shop::card";
        for (card, page) in [
            ("use super::page::Page;", "use crate::shop::card::Card;"),
            ("use super::{page::Page, stock};", "fn card() { super::card::card() }"),
            ("use super::Page;", "use super::{card as c};"),
        ] {
            let found = breaches_in(&[
                ("src/shop/mod.rs", "mod card;\nmod page;\npub(crate) use page::Page;"),
                ("src/shop/card.rs", card),
                ("src/shop/page.rs", page),
            ]);
            assert_eq!(found, [cycle], "{card} {page}");
        }
        let found = breaches_in(&[
            ("src/shop/mod.rs", "mod card;\nmod page;\nuse card::Card;\npub(crate) use page::Page;"),
            ("src/shop/card.rs", "use crate::ui::Head;"),
            ("src/shop/page.rs", "use super::card::Card;"),
        ]);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn cycles_of_folders_are_found() {
        let found = breaches_in(&[
            ("src/ui/page.rs", "use crate::render::Head;"),
            ("src/render.rs", "use crate::ui::field::Field;"),
            ("src/ui/field.rs", ""),
        ]);
        assert_eq!(found, ["src/: folders import each other: render → ui → render"]);
    }

    #[test]
    fn parts_import_the_pages_of_the_table() {
        let found = breaches_in(&[
            ("src/routes.rs", "Shop at \"/shop\" => shop::ShopPage,"),
            ("src/parts.rs", ""),
            ("src/shop/mod.rs", "mod page;\npub(crate) use page::ShopPage;"),
            ("src/shop/page.rs", "use crate::parts::fetch;"),
        ]);
        let cycles = [
            "modules import each other: parts → shop::page → parts",
            "folders import each other: parts → shop → parts",
        ];
        assert_eq!(found, cycles.map(|cycle| ["src/: ", cycle].concat()));
    }
}
