use contract::orders::{MAX_LINES, OrderLine};

use super::{FailedLine, Pasted, PastedError, lines_in_link};

fn line(sku: &str, quantity: u32) -> OrderLine {
    OrderLine { sku: sku.to_owned(), quantity }
}

/// The lines of a list without errors.
fn lines(text: &str) -> Vec<OrderLine> {
    let read = Pasted::read(text);
    assert_eq!(read.failed, [], "{text}");
    read.lines
}

/// The line numbers and errors of lines that cannot be parsed.
fn failed(text: &str) -> Vec<(usize, PastedError)> {
    Pasted::read(text).failed.iter().map(|failed| (failed.number, failed.error)).collect()
}

#[test]
fn a_list_is_read_as_spreadsheets_and_people_write_it() {
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
fn lines_that_cannot_be_read_stay_with_their_number() {
    let read = Pasted::read("MUG,few");
    let expected = FailedLine { number: 1, text: "MUG,few".to_owned(), error: PastedError::Quantity };
    assert_eq!(read.failed, [expected]);
    use PastedError::{Form, Quantity};
    let text = "MUG,1\nMUG\nMUG,many\nMUG,0\nMUG,1,2\nTEE,2\n";
    assert_eq!(failed(text), [(2, Form), (3, Quantity), (4, Quantity), (5, Form)]);
    assert_eq!(Pasted::read(text).lines, [line("MUG", 1), line("TEE", 2)]);
    assert_eq!(failed("SKU,Quantity\nMUG,12\nHEART-MUG-RED-CY;many\n"), [(3, Quantity)]);
}

#[test]
fn quotes_hold_separators_and_line_breaks() {
    assert_eq!(lines("\"MUG\",\"12\""), [line("MUG", 12)]);
    assert_eq!(lines("MUG,\"Mug, red; \"\"hearty\"\"\",12"), [line("MUG", 12)]);
    assert_eq!(lines("MUG,\"Mug,\nred\",12\nTEE,4"), [line("MUG", 12), line("TEE", 4)]);
    // Line breaks in quotes count towards the line number.
    assert_eq!(failed("MUG,\"Mug,\nred\",12\nTEE,few"), [(3, PastedError::Quantity)]);
    let read = Pasted::read("MUG,\"Mug,\nred\",few\nTEE,4");
    assert_eq!(read.failed[0].text, "MUG,\"Mug,\nred\",few");
    assert_eq!(read.lines, [line("TEE", 4)]);
    // An unclosed quote includes everything that follows, so none of it is ordered.
    let read = Pasted::read("TEE,4\n\"MUG,12\nPIN,5");
    assert_eq!((read.lines, read.failed.len()), (vec![line("TEE", 4)], 1));
    assert_eq!(read.failed[0].text, "\"MUG,12\nPIN,5");
}

#[test]
fn a_comma_between_thousands_is_none_between_fields() {
    for text in
        ["MUG,\"1,000\"", "MUG;1,000", "MUG\t1,000", "MUG 1,000", "MUG;\"1,000\"", "\"MUG\" \"1,000\""]
    {
        assert_eq!(lines(text), [line("MUG", 1000)], "{text}");
    }
    // It is unclear which number is the quantity.
    assert_eq!(failed("MUG,1,000"), [(1, PastedError::Form)]);
    assert_eq!(failed("MUG;1,5"), [(1, PastedError::Quantity)]);
}

#[test]
fn a_first_line_may_say_what_separates_fields() {
    assert_eq!(lines("sep=;\r\nSKU;Quantity\r\nMUG;12\r\n"), [line("MUG", 12)]);
    assert_eq!(lines("\"sep=;\"\nMUG;Mug, red;12"), [line("MUG", 12)]);
    assert_eq!(lines("SEP=|\nMUG|12"), [line("MUG", 12)]);
    assert_eq!(failed("sep=;\nMUG;few"), [(2, PastedError::Quantity)]);
}

#[test]
fn blank_rows_are_passed_over_and_blank_quantities_are_not() {
    assert_eq!(
        lines("\n  \n,,,\nMUG,12,,\n;;\n\t\t\n\"\",\"\"\nTEE,4\n\n"),
        [line("MUG", 12), line("TEE", 4)]
    );
    assert_eq!(
        failed("MUG,12\n\n,,\nTEE,\nPIN,,\n"),
        [(4, PastedError::Quantity), (5, PastedError::Quantity)]
    );
    assert_eq!(failed("SKU,Description,Quantity\nMUG,Mug,\n"), [(2, PastedError::Quantity)]);
}

#[test]
fn a_heading_says_which_column_is_which_wherever_it_stands() {
    for heading in
        ["SKU,Quantity", "Product code,Qty", "Cynnyrch,Nifer", "\"Cod y cynnyrch\",\"Nifer\"", "SKU,Wanted"]
    {
        assert_eq!(lines(&[heading, "\nMUG,12"].concat()), [line("MUG", 12)], "{heading}");
    }
    assert_eq!(lines("Quantity;Price;Product code\n12;7;MUG\n4;9;TEE"), [line("MUG", 12), line("TEE", 4)]);
    assert_eq!(lines("PIN,3\n\nItem,Product code,Number\n2027,MUG,12"), [line("PIN", 3), line("MUG", 12)]);
    assert_eq!(lines("SKU Quantity\nMUG 12"), [line("MUG", 12)]);
    assert_eq!(lines("MUG,1\nSKU,Quantity\nMUG,2"), [line("MUG", 3)]);
    let read = Pasted::read("Branch order of March\nSKU,Quantity\nMUG,12");
    assert_eq!((read.lines, read.failed.len()), (vec![line("MUG", 12)], 1));
}

#[test]
fn a_heading_in_another_order_stays_with_the_lines_that_need_it() {
    let read = Pasted::read("Price,Quantity,SKU\n7,few,MUG");
    assert_eq!(read.heading.as_deref(), Some("Price,Quantity,SKU"));
    assert_eq!(Pasted::read("SKU,Quantity\nMUG,few").heading, None);
}

#[test]
fn further_columns_are_passed_over() {
    assert_eq!(lines("SKU,Description,Quantity\nMUG,Mug 2027,12"), [line("MUG", 12)]);
    for text in
        ["MUG,Heart mug,12", "MUG,12,for the stall", "MUG;Mug, red;12", "MUG,Mug; red,12", "MUG\tMug\t12\t"]
    {
        assert_eq!(lines(text), [line("MUG", 12)], "{text}");
    }
}

#[test]
fn quantities_may_have_a_sign_for_times() {
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
fn what_is_too_much_is_reported() {
    assert_eq!(failed("MUG,6000\nMUG,4001"), [(2, PastedError::Quantity)]);
    let many: String = (0..=MAX_LINES).map(|number| format!("A-{number},1\n")).collect();
    assert_eq!(failed(&many), [(MAX_LINES + 1, PastedError::TooMany)]);
}

#[test]
fn a_link_names_codes_and_quantities() {
    assert_eq!(lines_in_link("?add=MUG:12,BADGE%3A400&x=1"), [line("MUG", 12), line("BADGE", 400)]);
    assert_eq!(lines_in_link("?add=mug:1&add=MUG:2"), [line("MUG", 3)]);
    for query in ["?add=MUG", "?add=MUG:0", "?add=MUG:many", "?add=:1", ""] {
        assert_eq!(lines_in_link(query), [], "{query}");
    }
}
