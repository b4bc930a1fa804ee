//! Reads Rust source without its comments, literals and unit tests.

/// The code of a source file.
pub(super) struct Code {
    /// The source with a space for each comment and literal; lines keep their numbers.
    pub(super) text: String,
    /// The string literals with their quotes, each with the line that it starts on.
    pub(super) strings: Vec<(usize, String)>,
}

impl Code {
    /// The code of a file, up to its unit tests.
    pub(super) fn of(source: &str) -> Self {
        let mut rest = source.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let mut code = Self { text: String::new(), strings: Vec::new() };
        let mut line = 1;
        while let Some(first) = rest.chars().next() {
            let length = skipped_length(rest, first);
            if length == 0 {
                code.text.push(first);
                line += usize::from(first == '\n');
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let (skipped, after) = rest.split_at(length);
            if first == '"' {
                code.strings.push((line, skipped.to_owned()));
            }
            let breaks = skipped.matches('\n').count();
            code.text.push(' ');
            code.text.push_str(&"\n".repeat(breaks));
            line += breaks;
            rest = after;
        }
        code
    }
}

/// The length of the comment or literal at the start of a text, whose first character is
/// `first`; 0 if there is none. Raw strings are treated like ordinary ones.
fn skipped_length(text: &str, first: char) -> usize {
    let to_end = |end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
    match first {
        '/' if text.starts_with("//") => text.find('\n').unwrap_or(text.len()),
        '/' if text.starts_with("/*") => to_end("*/"),
        '"' => {
            let mut is_escaped = false;
            for (at, letter) in text.char_indices().skip(1) {
                match letter {
                    _ if is_escaped => is_escaped = false,
                    '\\' => is_escaped = true,
                    '"' => return at + 1,
                    _ => {}
                }
            }
            text.len()
        }
        '\'' if text[1..].starts_with('\\') => {
            let after = text.get(3..).and_then(|rest| rest.find('\''));
            after.map_or(text.len(), |at| at + 4)
        }
        // Otherwise it is a lifetime.
        '\'' => {
            let mut letters = text[1..].chars();
            let letter = letters.next().filter(|_| letters.next() == Some('\''));
            letter.map_or(0, |letter| letter.len_utf8() + 2)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn comments_literals_and_tests_are_left_out() {
        let source =
            "a // \"b\n/* c\n*/ d::<'e>('\"', '\\'', \"f \\\" // g\nh\") i\n\n#[cfg(test)]\nmod tests {}";
        let code = Code::of(source);
        assert_eq!(code.text, "a  \n \n d::<'e>( ,  ,  \n) i\n");
        assert_eq!(code.strings, [(3, "\"f \\\" // g\nh\"".to_owned())]);
    }
}
