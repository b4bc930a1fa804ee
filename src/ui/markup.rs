//! HTML as text, for parts of a page that hold no control of their own.
//!
//! A `view!` becomes code that builds, takes over and updates each element; for
//! a list of products that code weighs several times what the list says, and 24
//! cards are made faster from one text. So such parts are written once, by a
//! function for server and browser, and put into an element by `inner_html`.
//! Only what stands in the source as a literal is markup, and what the server has
//! sanitised; everything else is escaped.

use super::picture::pictures_path;

/// HTML that grows.
#[derive(Default)]
pub(crate) struct Markup(String);

impl Markup {
    /// Adds markup.
    pub(crate) fn raw(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Adds a text, or the value of an attribute in quotes.
    pub(crate) fn text(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                _ => self.0.push(letter),
            }
        }
    }

    /// Adds HTML that the server made safe when it read the content.
    pub(crate) fn sanitised(&mut self, html: &str) {
        self.0.push_str(html);
    }

    /// Adds the drawing with this name; see [`super::Picture`].
    pub(crate) fn picture(&mut self, name: &str, class: &'static str) {
        let path = pictures_path();
        markup!(self, "<svg class='" (class) "' aria-hidden='true' focusable='false'><use href='" (path) "#" (name)
            "'></use></svg>");
    }

    /// Adds the middle of the drawing with this name, as seen from nearby. It is
    /// cut by its own frame: an enlarged one would lie over its neighbours.
    pub(crate) fn picture_detail(&mut self, name: &str, class: &'static str) {
        let path = pictures_path();
        markup!(self, "<svg class='" (class) "' viewBox='40 40 80 80' aria-hidden='true' focusable='false'><use href='"
            (path) "#" (name) "' width='160' height='160'></use></svg>");
    }

    /// The HTML.
    pub(crate) fn html(self) -> String {
        self.0
    }
}

/// Adds to a [`Markup`]: literals as markup, expressions in parentheses as text.
macro_rules! markup {
    ($out:ident $(,)?) => {};
    ($out:ident, $raw:literal $($rest:tt)*) => {
        $out.raw($raw);
        $crate::ui::markup!($out, $($rest)*);
    };
    ($out:ident, ($text:expr) $($rest:tt)*) => {
        $out.text($text.as_ref());
        $crate::ui::markup!($out, $($rest)*);
    };
}
pub(crate) use markup;

#[cfg(test)]
mod tests {
    use super::Markup;

    #[test]
    fn only_literals_are_markup() {
        let mut out = Markup::default();
        let hostile = "'\"><script>&amp;".to_owned();
        markup!(out, "<b title='" (hostile) "'>" ("Tŷ") "</b>");
        assert_eq!(out.html(), "<b title='&#39;&quot;&gt;&lt;script&gt;&amp;amp;'>Tŷ</b>");
    }
}
