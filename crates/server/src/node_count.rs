//! Counts the nodes of a rendered page. The app compares the number with that of the document, to
//! see whether the page is still as the server rendered it.

/// The number of elements and comments in rendered HTML.
pub(crate) fn count_nodes(html: &str) -> usize {
    let mut count = 0;
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        if let Some(comment) = tag.strip_prefix("!--") {
            count += 1;
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let is_start = tag.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '!');
        count += usize::from(is_start);
        rest = after_tag(tag);
        // The content of these elements is text, whatever it looks like.
        for name in ["script", "style", "textarea", "title"] {
            if is_start && tag.strip_prefix(name).is_some_and(|after| after.starts_with([' ', '>'])) {
                rest = rest.split_once(&["</", name].concat()).map_or("", |(_, after)| after);
            }
        }
    }
    count
}

/// The text after a tag; attributes may contain `>`.
fn after_tag(tag: &str) -> &str {
    let mut quote = None;
    for (at, letter) in tag.char_indices() {
        match (quote, letter) {
            (None, '>') => return &tag[at + 1..],
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::count_nodes;

    #[test]
    fn elements_and_comments_are_counted_like_in_a_browser() {
        for (html, count) in [
            ("", 0),
            ("text &lt;p>", 0),
            ("<p>a<br>b</p>", 2),
            ("<!><!-- <p> --><p>a<!></p>", 4),
            ("<a title=\"<b>\" data-x='>\"'>1 > 0</a><i></i>", 2),
            ("<textarea><p></textarea><script>if (a<b) {}</script><svg><path d=\"M0\"/></svg>", 4),
            ("<titlebar></titlebar>", 1),
        ] {
            assert_eq!(count_nodes(html), count, "{html}");
        }
    }
}
