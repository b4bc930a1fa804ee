//! The text of a branch's own poster, and its validation.

use serde::{Deserialize, Serialize};

use crate::text::{self, Nfc};

/// A poster as submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Poster {
    /// The headline, which is printed largest; the only required field.
    pub headline: String,
    /// The text below it, in lines.
    pub words: String,
    /// When it happens.
    pub time: String,
    /// Where it happens.
    pub place: String,
    /// The branch that invites.
    pub branch: String,
    /// The URL in the QR code; if empty, the page on joining a union.
    pub link: String,
    /// The paper size.
    pub paper: Paper,
    /// The colour scheme.
    pub look: Look,
}

/// A paper size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paper {
    /// 210 by 297 millimetres.
    #[default]
    A4,
    /// 297 by 420 millimetres.
    A3,
}

impl Paper {
    /// All sizes.
    pub const ALL: [Self; 2] = [Self::A4, Self::A3];

    /// Its value in the form.
    pub const fn value(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::A3 => "a3",
        }
    }
}

/// A poster's colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// Light text on a dark background.
    #[default]
    Bold,
    /// Dark text on white, which saves ink.
    Light,
}

impl Look {
    /// All colour schemes.
    pub const ALL: [Self; 2] = [Self::Bold, Self::Light];

    /// Its value in the form.
    pub const fn value(self) -> &'static str {
        match self {
            Self::Bold => "bold",
            Self::Light => "light",
        }
    }
}

/// A text field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PosterField {
    /// [`Poster::headline`].
    Headline,
    /// [`Poster::words`].
    Words,
    /// [`Poster::time`].
    Time,
    /// [`Poster::place`].
    Place,
    /// [`Poster::branch`].
    Branch,
    /// [`Poster::link`].
    Link,
}

impl PosterField {
    /// All fields, in the order of the form.
    pub const ALL: [Self; 6] =
        [Self::Headline, Self::Words, Self::Time, Self::Place, Self::Branch, Self::Link];

    /// Its name in the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Words => "words",
            Self::Time => "time",
            Self::Place => "place",
            Self::Branch => "branch",
            Self::Link => "link",
        }
    }

    /// The maximum number of characters.
    pub const fn limit(self) -> usize {
        match self {
            Self::Headline => 60,
            Self::Words => 300,
            Self::Time | Self::Place | Self::Branch => 80,
            Self::Link => 150,
        }
    }
}

/// A validation error of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PosterFieldError {
    /// It is required.
    Missing,
    /// It is longer than [`PosterField::limit`].
    TooLong,
    /// The poster's fonts do not have this character.
    UnsupportedCharacter(char),
    /// It is not the URL of a website.
    InvalidAddress,
}

impl Poster {
    /// A copy with cleaned text fields.
    pub fn cleaned(self, nfc: Nfc) -> Self {
        Self {
            headline: text::line(&self.headline, nfc),
            words: text::lines(&self.words, nfc),
            time: text::line(&self.time, nfc),
            place: text::line(&self.place, nfc),
            branch: text::line(&self.branch, nfc),
            link: text::line(&self.link, nfc),
            paper: self.paper,
            look: self.look,
        }
    }

    /// What was typed into a field.
    pub const fn field(&self, field: PosterField) -> &str {
        match field {
            PosterField::Headline => self.headline.as_str(),
            PosterField::Words => self.words.as_str(),
            PosterField::Time => self.time.as_str(),
            PosterField::Place => self.place.as_str(),
            PosterField::Branch => self.branch.as_str(),
            PosterField::Link => self.link.as_str(),
        }
    }

    /// Validation errors once it is [cleaned](Self::cleaned), at most one for each field, in
    /// the order of the form.
    pub fn validation_errors(&self) -> Vec<(PosterField, PosterFieldError)> {
        let error = |field: PosterField| {
            let text = self.field(field).trim();
            // A line break is one character when typed but sent as two.
            let length = text.chars().filter(|letter| *letter != '\r').count();
            if length > field.limit() {
                return Some(PosterFieldError::TooLong);
            }
            match field {
                PosterField::Headline if text.is_empty() => Some(PosterFieldError::Missing),
                PosterField::Link if !text.is_empty() && self.address().is_none() => {
                    Some(PosterFieldError::InvalidAddress)
                }
                _ => {
                    let breaks = field == PosterField::Words;
                    let fits = |letter: char| is_printable(letter) || breaks && matches!(letter, '\r' | '\n');
                    text.chars().find(|letter| !fits(*letter)).map(PosterFieldError::UnsupportedCharacter)
                }
            }
        };
        PosterField::ALL.into_iter().filter_map(|field| Some((field, error(field)?))).collect()
    }

    /// The URL for the QR code, with its scheme; none if [`Self::link`] is empty or not the
    /// URL of a website.
    pub fn address(&self) -> Option<String> {
        let typed = self.link.trim();
        let (scheme, rest) = match typed.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => ("https".to_owned(), typed),
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
        let label =
            |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let sound = matches!(scheme.as_str(), "http" | "https")
            && name.contains('.')
            && name.split('.').all(label)
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\'));
        sound.then(|| [&scheme, "://", rest].concat())
    }

    /// The lines of [`Self::words`] that are not empty.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.words.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// The time and the place, if they are given.
    pub fn facts(&self) -> impl Iterator<Item = &str> {
        [&self.time, &self.place].into_iter().map(|fact| fact.trim()).filter(|fact| !fact.is_empty())
    }
}

/// A URL for display, without the parts that every browser adds.
pub fn shown_address(address: &str) -> &str {
    let bare = address.split_once("://").map_or(address, |(_, bare)| bare);
    bare.strip_suffix('/').unwrap_or(bare)
}

/// Whether the poster's fonts have a character: they cover English, Welsh, and the
/// neighbouring languages in the Latin script.
pub const fn is_printable(letter: char) -> bool {
    matches!(
        letter,
        ' '..='~'
            | '\u{a0}'..='\u{131}'
            | '\u{134}'..='\u{148}'
            | '\u{14a}'..='\u{17e}'
            // The circumflex of a letter that was typed as two characters.
            | '\u{302}'
            | '\u{1e80}'..='\u{1e85}'
            | '\u{1ef2}'..='\u{1ef3}'
            | '–' | '—' | '‘' | '’' | '“' | '”' | '•' | '…' | '€'
    )
}

#[cfg(test)]
mod tests {
    use super::{Poster, PosterField, PosterFieldError, is_printable};
    use crate::text::tests::nfc;

    fn poster() -> Poster {
        Poster { headline: "Dewch i siarad".to_owned(), ..Poster::default() }
    }

    #[test]
    fn validation_errors_have_a_field_and_a_reason() {
        assert_eq!(poster().validation_errors(), []);
        assert_eq!(
            Poster::default().validation_errors(),
            [(PosterField::Headline, PosterFieldError::Missing)]
        );
        let words = "One\r\ntwo\nŵŷ – €5".to_owned();
        assert_eq!(Poster { words, ..poster() }.validation_errors(), []);
        let two_lines = Poster { time: "7pm\n8pm".to_owned(), ..poster() };
        assert_eq!(
            two_lines.validation_errors(),
            [(PosterField::Time, PosterFieldError::UnsupportedCharacter('\n'))]
        );
        let wrong = Poster { place: "x".repeat(81), branch: "Us 🎉".to_owned(), ..poster() };
        assert_eq!(
            wrong.validation_errors(),
            [
                (PosterField::Place, PosterFieldError::TooLong),
                (PosterField::Branch, PosterFieldError::UnsupportedCharacter('🎉'))
            ]
        );
    }

    #[test]
    fn typographic_characters_are_cleaned() {
        let typed = Poster {
            headline: "Dewch i\u{a0}siarad\u{200b}".to_owned(),
            words: "Rights\u{2009}at\u{2011}work\r\n\u{feff}Te a chacen".to_owned(),
            place: "Caffi\u{301}, Llawr 1".to_owned(),
            link: "\u{202a}branch.example/talk\u{202c}".to_owned(),
            ..Poster::default()
        };
        assert_eq!(typed.validation_errors().len(), 4);
        let clean = typed.cleaned(nfc);
        assert_eq!(clean.validation_errors(), []);
        assert_eq!(clean.words, "Rights at-work\nTe a chacen");
        assert_eq!(clean.address().as_deref(), Some("https://branch.example/talk"));
        assert!(clean.place.chars().all(is_printable), "{}", clean.place);
    }

    #[test]
    fn only_website_urls_are_accepted() {
        let address = |link: &str| Poster { link: link.to_owned(), ..poster() }.address();
        for (typed, expected) in [
            ("branch.example", "https://branch.example"),
            (" HTTP://branch.example/a?b=c#d ", "http://branch.example/a?b=c#d"),
            ("https://branch.example:8080/", "https://branch.example:8080/"),
        ] {
            assert_eq!(address(typed).as_deref(), Some(expected), "{typed}");
        }
        for typed in [
            "",
            "branch",
            "javascript:alert(1)",
            "javascript://a.example/%0aalert(1)",
            "mailto:a@b.example",
            "data:text/html,x.y",
            "https://",
            "https://user@branch.example",
            "https://a..example",
            "a b.example",
            "https://branch.example/\"",
            "ftp://branch.example",
            "https://branch.example:x",
        ] {
            assert_eq!(address(typed), None, "{typed}");
        }
    }
}
