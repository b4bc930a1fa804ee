//! Checks whether the page is still as the server rendered it. A browser's translation, an
//! extension or a proxy may have changed it, and the app cannot hydrate a document that it
//! does not know.

/// Whether the document has as many nodes as the server has counted.
pub(crate) fn is_as_rendered(body: &web_sys::HtmlElement) -> bool {
    const ELEMENTS_AND_COMMENTS: u32 = 1 | 128;
    let expected = body.get_attribute("data-rendered").and_then(|count| count.parse::<usize>().ok());
    let document = body.owner_document();
    let walker = document
        .and_then(|document| document.create_tree_walker_with_what_to_show(body, ELEMENTS_AND_COMMENTS).ok());
    let Some((expected, walker)) = expected.zip(walker) else { return false };
    let mut count = 0;
    while let Ok(Some(_)) = walker.next_node() {
        count += 1;
    }
    // The server counts before it adds the script with the page's data to the body.
    count == expected + 1
}
