use contract::orders::{MAX_LINES, OrderLine};

use super::{InvalidLine, LineError, ParsedList, parse_link};

fn line(sku: &str, quantity: u32) -> OrderLine {
    OrderLine { sku: sku.to_owned(), quantity }
}

/// The lines of a list without errors.
fn lines(text: &str) -> Vec<OrderLine> {
    let list = ParsedList::parse(text);
    assert_eq!(list.invalid, [], "{text}");
    list.lines
}

/// The line numbers and errors of lines that cannot be parsed.
fn errors(text: &str) -> Vec<(usize, LineError)> {
    ParsedList::parse(text).invalid.iter().map(|line| (line.number, line.error)).collect()
}

#[test]
fn lists_from_spreadsheets_and_typed_lists_are_parsed() {
    let text = "\u{feff}SKU,Quantity\r\nMUG-RED,12\r\n\"BADGE\";\"400\"\r\nmug-red\t3\n\nTEE-M 4\n";
    assert_eq!(lines(text), [line("MUG-RED", 15), line("BADGE", 400), line("TEE-M", 4)]);
    let text = "MUG\u{2011}RED\u{200b},\u{a0}12\nTEE–M\u{a0}4";
    assert_eq!(lines(text), [line("MUG-RED", 12), line("TEE-M", 4)]);
    assert_eq!(lines("MUG,1\rTEE,2"), [line("MUG", 1), line("TEE", 2)]);
    assert_eq!(lines(""), []);
    // A formula is treated as an unknown product code.
    assert_eq!(lines("=1+1,2"), [line("=1+1", 2)]);
}

#[test]
fn invalid_lines_are_reported_with_their_line_number() {
    let list = ParsedList::parse("MUG,few");
    let expected = InvalidLine { number: 1, text: "MUG,few".to_owned(), error: LineError::InvalidQuantity };
    assert_eq!(list.invalid, [expected]);
    use LineError::{Ambiguous, InvalidQuantity};
    let text = "MUG,1\nMUG\nMUG,many\nMUG,0\nMUG,1,2\nTEE,2\n";
    assert_eq!(errors(text), [(2, Ambiguous), (3, InvalidQuantity), (4, InvalidQuantity), (5, Ambiguous)]);
    assert_eq!(ParsedList::parse(text).lines, [line("MUG", 1), line("TEE", 2)]);
    assert_eq!(errors("SKU,Quantity\nMUG,12\nHEART-MUG-RED-CY;many\n"), [(3, InvalidQuantity)]);
}

#[test]
fn quoted_fields_may_contain_separators_and_line_breaks() {
    assert_eq!(lines("\"MUG\",\"12\""), [line("MUG", 12)]);
    assert_eq!(lines("MUG,\"Mug, red; \"\"hearty\"\"\",12"), [line("MUG", 12)]);
    assert_eq!(lines("MUG,\"Mug,\nred\",12\nTEE,4"), [line("MUG", 12), line("TEE", 4)]);
    // Line breaks in quotes count towards the line number.
    assert_eq!(errors("MUG,\"Mug,\nred\",12\nTEE,few"), [(3, LineError::InvalidQuantity)]);
    let list = ParsedList::parse("MUG,\"Mug,\nred\",few\nTEE,4");
    assert_eq!(list.invalid[0].text, "MUG,\"Mug,\nred\",few");
    assert_eq!(list.lines, [line("TEE", 4)]);
    // An unclosed quote includes everything that follows, so none of it is ordered.
    let list = ParsedList::parse("TEE,4\n\"MUG,12\nPIN,5");
    assert_eq!((list.lines, list.invalid.len()), (vec![line("TEE", 4)], 1));
    assert_eq!(list.invalid[0].text, "\"MUG,12\nPIN,5");
}

#[test]
fn a_thousands_separator_is_not_a_field_separator() {
    for text in
        ["MUG,\"1,000\"", "MUG;1,000", "MUG\t1,000", "MUG 1,000", "MUG;\"1,000\"", "\"MUG\" \"1,000\""]
    {
        assert_eq!(lines(text), [line("MUG", 1000)], "{text}");
    }
    // It is unclear which number is the quantity.
    assert_eq!(errors("MUG,1,000"), [(1, LineError::Ambiguous)]);
    assert_eq!(errors("MUG;1,5"), [(1, LineError::InvalidQuantity)]);
}

#[test]
fn a_sep_line_sets_the_field_separator() {
    assert_eq!(lines("sep=;\r\nSKU;Quantity\r\nMUG;12\r\n"), [line("MUG", 12)]);
    assert_eq!(lines("\"sep=;\"\nMUG;Mug, red;12"), [line("MUG", 12)]);
    assert_eq!(lines("SEP=|\nMUG|12"), [line("MUG", 12)]);
    assert_eq!(errors("sep=;\nMUG;few"), [(2, LineError::InvalidQuantity)]);
}

#[test]
fn blank_rows_are_skipped_and_blank_quantities_are_errors() {
    assert_eq!(
        lines("\n  \n,,,\nMUG,12,,\n;;\n\t\t\n\"\",\"\"\nTEE,4\n\n"),
        [line("MUG", 12), line("TEE", 4)]
    );
    assert_eq!(
        errors("MUG,12\n\n,,\nTEE,\nPIN,,\n"),
        [(4, LineError::InvalidQuantity), (5, LineError::InvalidQuantity)]
    );
    assert_eq!(errors("SKU,Description,Quantity\nMUG,Mug,\n"), [(2, LineError::InvalidQuantity)]);
}

#[test]
fn a_heading_sets_the_columns_in_any_row() {
    for heading in
        ["SKU,Quantity", "Product code,Qty", "Cynnyrch,Nifer", "\"Cod y cynnyrch\",\"Nifer\"", "SKU,Wanted"]
    {
        assert_eq!(lines(&[heading, "\nMUG,12"].concat()), [line("MUG", 12)], "{heading}");
    }
    assert_eq!(lines("Quantity;Price;Product code\n12;7;MUG\n4;9;TEE"), [line("MUG", 12), line("TEE", 4)]);
    assert_eq!(lines("PIN,3\n\nItem,Product code,Number\n2027,MUG,12"), [line("PIN", 3), line("MUG", 12)]);
    assert_eq!(lines("SKU Quantity\nMUG 12"), [line("MUG", 12)]);
    assert_eq!(lines("MUG,1\nSKU,Quantity\nMUG,2"), [line("MUG", 3)]);
    let list = ParsedList::parse("Branch order of March\nSKU,Quantity\nMUG,12");
    assert_eq!((list.lines, list.invalid.len()), (vec![line("MUG", 12)], 1));
}

#[test]
fn a_heading_in_another_order_is_kept_for_invalid_lines() {
    let list = ParsedList::parse("Price,Quantity,SKU\n7,few,MUG");
    assert_eq!(list.heading.as_deref(), Some("Price,Quantity,SKU"));
    assert_eq!(ParsedList::parse("SKU,Quantity\nMUG,few").heading, None);
}

#[test]
fn additional_columns_are_ignored() {
    assert_eq!(lines("SKU,Description,Quantity\nMUG,Mug 2027,12"), [line("MUG", 12)]);
    for text in
        ["MUG,Heart mug,12", "MUG,12,for the stall", "MUG;Mug, red;12", "MUG,Mug; red,12", "MUG\tMug\t12\t"]
    {
        assert_eq!(lines(text), [line("MUG", 12)], "{text}");
    }
}

#[test]
fn quantities_may_have_a_multiplication_sign() {
    for text in [
        "MUG x12",
        "MUG,x12",
        "12 x MUG",
        "12x MUG",
        "12 × MUG",
        "MUG × 12",
        "12 x MUG,for the stall",
        "12,MUG",
    ] {
        assert_eq!(lines(text), [line("MUG", 12)], "{text}");
    }
}

#[test]
fn quantities_and_line_counts_above_the_maximum_are_errors() {
    assert_eq!(errors("MUG,6000\nMUG,4001"), [(2, LineError::InvalidQuantity)]);
    let many: String = (0..=MAX_LINES).map(|number| format!("A-{number},1\n")).collect();
    assert_eq!(errors(&many), [(MAX_LINES + 1, LineError::TooManyLines)]);
}

#[test]
fn a_link_contains_product_codes_and_quantities() {
    assert_eq!(parse_link("?add=MUG:12,BADGE%3A400&x=1"), [line("MUG", 12), line("BADGE", 400)]);
    assert_eq!(parse_link("?add=mug:1&add=MUG:2"), [line("MUG", 3)]);
    for query in ["?add=MUG", "?add=MUG:0", "?add=MUG:many", "?add=:1", ""] {
        assert_eq!(parse_link(query), [], "{query}");
    }
}
