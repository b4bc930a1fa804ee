//! Generates typed functions from the message files, so that a missing translation, a
//! forgotten placeholder or a missing plural form fails the build.
//!
//! `src/i18n/messages/<locale>/<feature>.toml` contains `key = "text"`, or a table of plural
//! forms selected by `count`. `{count}` takes a number, every other `{placeholder}` a text.
//! For example, `days_to_go` in `home.toml` becomes `i18n::home::days_to_go(locale, count)`.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

const MESSAGES: &str = "src/i18n/messages";
/// The languages with their variants of `contract::Locale` and the plural forms that each must
/// have.
const LOCALES: [(&str, &str, &[&str]); 2] =
    [("en", "En", &["one", "other"]), ("cy", "Cy", &["zero", "one", "two", "few", "many", "other"])];

/// A message in one language: a text, or a text for each plural form.
enum Message {
    Plain(String),
    Plural(BTreeMap<String, String>),
}

fn main() {
    if env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // The module splitter needs relocations to know which function uses which.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    println!("cargo::rerun-if-changed={MESSAGES}");
    let mut code = String::new();
    for feature in features() {
        let by_locale = LOCALES.map(|(locale, _, forms)| read(locale, &feature, forms));
        let [english, welsh] = &by_locale;
        for key in welsh.keys() {
            assert!(english.contains_key(key), "{MESSAGES}/en/{feature}.toml lacks {key:?}");
        }
        _ = writeln!(code, "/// Messages of `{feature}.toml`.\npub mod {feature} {{");
        code.push_str("    use contract::Locale;\n");
        for key in english.keys() {
            assert!(welsh.contains_key(key), "{MESSAGES}/cy/{feature}.toml lacks {key:?}");
            write_function(&mut code, &feature, key, &by_locale);
        }
        code.push_str("}\n");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("messages.rs"), code).expect("OUT_DIR is writable");
}

fn features() -> Vec<String> {
    let entries = fs::read_dir(Path::new(MESSAGES).join("en")).expect("the English messages exist");
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.expect("a readable folder").path().file_stem()?.to_str().map(str::to_owned))
        .collect();
    names.sort();
    names
}

fn read(locale: &str, feature: &str, forms: &[&str]) -> BTreeMap<String, Message> {
    let path = format!("{MESSAGES}/{locale}/{feature}.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
    let message = |(key, value)| match value {
        toml::Value::String(text) => (key, Message::Plain(text)),
        toml::Value::Table(table) => {
            let texts: BTreeMap<String, String> = table
                .into_iter()
                .map(|(form, text)| {
                    (form, text.as_str().unwrap_or_else(|| panic!("{path}: {key} is no text")).to_owned())
                })
                .collect();
            let given: Vec<&str> = texts.keys().map(String::as_str).collect();
            let mut wanted = forms.to_vec();
            wanted.sort_unstable();
            assert_eq!(given, wanted, "{path}: the plural forms of {key:?}");
            (key, Message::Plural(texts))
        }
        _ => panic!("{path}: {key:?} is neither a text nor a table of plural forms"),
    };
    table.into_iter().map(message).collect()
}

fn write_function(code: &mut String, feature: &str, key: &str, by_locale: &[BTreeMap<String, Message>; 2]) {
    let [english, welsh] = by_locale.each_ref().map(|messages| &messages[key]);
    let mut arguments = placeholders(english);
    let mut welsh_arguments = placeholders(welsh);
    // A plural form may omit its number ("tomorrow"), so `count` is an argument of every
    // plural message.
    let plural = matches!(english, Message::Plural(_));
    for (arguments, message) in [(&mut arguments, english), (&mut welsh_arguments, welsh)] {
        if matches!(message, Message::Plural(_)) && !arguments.iter().any(|name| name == "count") {
            arguments.push("count".into());
        }
        arguments.sort();
    }
    assert_eq!(arguments, welsh_arguments, "placeholders of {key:?} in {feature}.toml, English and Welsh");
    assert_eq!(
        plural,
        matches!(welsh, Message::Plural(_)),
        "{key:?} in {feature}.toml is plural in one language only"
    );

    let doc = match english {
        Message::Plain(text) => text,
        Message::Plural(forms) => &forms["other"],
    };
    _ = writeln!(code, "    /// {}", doc.replace(['\n', '[', ']', '<', '>'], " "));
    if arguments.is_empty() {
        let [Message::Plain(english), Message::Plain(welsh)] = [english, welsh] else {
            unreachable!("a plural message has an argument")
        };
        _ = writeln!(
            code,
            "    pub const fn {key}(locale: Locale) -> &'static str {{\n        match locale {{\n            Locale::En => {english:?},\n            Locale::Cy => {welsh:?},\n        }}\n    }}"
        );
        return;
    }
    let parameters: String = arguments
        .iter()
        .map(|name| format!(", {name}: {}", if name == "count" { "u32" } else { "&str" }))
        .collect();
    _ = writeln!(code, "    pub fn {key}(locale: Locale{parameters}) -> String {{");
    if [english, welsh].iter().any(|message| placeholders(message).iter().any(|name| name == "count")) {
        code.push_str("        let count_text = count.to_string();\n");
    }
    code.push_str("        match locale {\n");
    for ((_, variant, _), message) in LOCALES.iter().zip([english, welsh]) {
        match message {
            Message::Plain(text) => {
                _ = writeln!(code, "            Locale::{variant} => {},", concatenation(text));
            }
            Message::Plural(forms) => {
                _ = writeln!(
                    code,
                    "            Locale::{variant} => match super::plural::plural(locale, count) {{"
                );
                for (form, text) in forms.iter().filter(|(form, _)| *form != "other") {
                    let form = form[..1].to_uppercase() + &form[1..];
                    _ = writeln!(
                        code,
                        "                super::plural::Plural::{form} => {},",
                        concatenation(text)
                    );
                }
                _ = writeln!(
                    code,
                    "                _ => {},\n            }},",
                    concatenation(&forms["other"])
                );
            }
        }
    }
    code.push_str("        }\n    }\n");
}

fn placeholders(message: &Message) -> Vec<String> {
    let texts: Vec<&String> = match message {
        Message::Plain(text) => vec![text],
        Message::Plural(forms) => forms.values().collect(),
    };
    let mut names = Vec::new();
    for part in texts.iter().flat_map(|text| text.split('{').skip(1)) {
        let (name, _) = part.split_once('}').expect("a placeholder is closed");
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// `"{count} days"` as a Rust expression; joining slices takes less space in the wasm module
/// than `format!`.
fn concatenation(text: &str) -> String {
    let mut parts = Vec::new();
    for (index, part) in text.split('{').enumerate() {
        let rest = if index == 0 {
            part
        } else {
            let (name, rest) = part.split_once('}').expect("a placeholder is closed");
            parts.push(if name == "count" { "count_text.as_str()".to_owned() } else { name.to_owned() });
            rest
        };
        if !rest.is_empty() {
            parts.push(format!("{rest:?}"));
        }
    }
    format!("[{}].concat()", parts.join(", "))
}
