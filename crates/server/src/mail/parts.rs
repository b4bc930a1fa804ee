//! The parts of an email, written as plain text and as HTML.

use campaign_hub::i18n::mail as t;
use contract::Locale;

/// A part of an email.
pub(super) enum Part {
    Text(String),
    /// A link, shown as its URL.
    Link(String),
    List(Vec<String>),
    /// A code to enter on the site.
    Code(String),
}

/// The parts as plain text.
pub(super) fn plain(parts: &[Part], locale: Locale) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) | Part::Link(text) => text.clone(),
        Part::Code(code) => format!("    {code}"),
        Part::List(items) => items.iter().map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n"),
    };
    let mut paragraphs: Vec<String> = parts.iter().map(part).collect();
    paragraphs.push(["-- \n", t::signature(locale), "\n", t::signature_note(locale)].concat());
    paragraphs.join("\n\n")
}

/// The parts as an HTML document.
pub(super) fn html(subject: &str, parts: &[Part], locale: Locale) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => format!("<p>{}</p>", escape(text)),
        Part::Link(link) => format!("<p><a href=\"{0}\">{0}</a></p>", escape(link)),
        Part::Code(code) => format!("<p style=\"font:700 1.5em monospace\">{}</p>", escape(code)),
        Part::List(items) => {
            let items = items.iter().map(|item| format!("<li>{}</li>", escape(item)));
            format!("<ul>{}</ul>", items.collect::<String>())
        }
    };
    format!(
        "<!doctype html><html lang=\"{locale}\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body style=\"max-width:36em;font:1em/1.5 sans-serif\">{body}<hr><p>{signature}<br>{note}</p></body></html>",
        title = escape(subject),
        body = parts.iter().map(part).collect::<String>(),
        signature = t::signature(locale),
        note = t::signature_note(locale),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
