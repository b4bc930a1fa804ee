//! Finds the product code and the quantity among the fields of a row: by a heading, or by what
//! the fields look like.

use contract::orders::{MAX_QUANTITY, OrderLine};

use super::line_error::LineError;

/// The indices of the columns that a heading names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    sku: usize,
    quantity: usize,
}

impl Columns {
    /// The product code first and the quantity second, as in rows without a heading.
    pub(super) const DEFAULT: Self = Self { sku: 0, quantity: 1 };

    /// The columns that these fields name, if they are a heading.
    pub(super) fn in_heading(fields: &[String]) -> Option<Self> {
        let column = |is_named: fn(&str) -> bool| fields.iter().position(|field| is_named(field));
        // A product can have a name as well as a code.
        let sku = column(|field| names(field, CODE, CODE_MODIFIERS)).or_else(|| column(names_product))?;
        let others = fields.iter().enumerate().filter(|(index, _)| *index != sku);
        let quantity = others.into_iter().find(|(_, field)| names_quantity(field))?.0;
        Some(Self { sku, quantity })
    }

    /// Whether these fields name only the product code, which is only allowed in a first row.
    pub(super) fn is_code_named(fields: &[String]) -> bool {
        let is_named = |field: &String| names(field, CODE, CODE_MODIFIERS) || names_product(field);
        fields.iter().any(is_named) && !fields.iter().any(|field| number(field).is_some())
    }

    /// The order line of a row below the heading.
    pub(super) fn line(self, fields: &[String]) -> Result<OrderLine, LineError> {
        let field = |index: usize| fields.get(index).map(String::as_str).unwrap_or_default();
        order_line(field(self.sku), field(self.quantity))
    }
}

/// Words for a product code.
const CODE: &[&str] = &["sku", "skus", "code", "codes", "cod", "god", "chod"];
/// Words that may accompany them.
const CODE_MODIFIERS: &[&str] = &[
    "product",
    "products",
    "item",
    "items",
    "stock",
    "article",
    "part",
    "number",
    "no",
    "y",
    "yr",
    "r",
    "cynnyrch",
    "chynnyrch",
    "gynnyrch",
    "eitem",
    "stoc",
];
/// Words for a product, or its number.
const PRODUCT: &[&str] = &["product", "products", "item", "items", "article", "cynnyrch", "eitem"];
const PRODUCT_MODIFIERS: &[&str] = &["number", "no", "id", "ref", "reference", "rhif", "y", "yr", "r"];
/// Words for a quantity.
const QUANTITY: &[&str] =
    &["quantity", "quantities", "qty", "number", "no", "nifer", "amount", "count", "pieces", "pcs", "units"];
const QUANTITY_MODIFIERS: &[&str] =
    &["of", "items", "order", "ordered", "required", "needed", "wanted", "to", "y", "yr", "o", "eitemau"];

fn names_product(field: &str) -> bool {
    names(field, PRODUCT, PRODUCT_MODIFIERS)
}

fn names_quantity(field: &str) -> bool {
    names(field, QUANTITY, QUANTITY_MODIFIERS)
}

/// Whether a field consists only of these words and has at least one of `main`.
fn names(field: &str, main: &[&str], others: &[&str]) -> bool {
    let field = field.to_lowercase();
    let mut words = field.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut has_main = false;
    let is_known = words.all(|word| {
        let is_main = main.contains(&word);
        has_main |= is_main;
        is_main || others.contains(&word)
    });
    is_known && has_main
}

/// The order line of a row without a heading: a product code and then a quantity, or the
/// quantity immediately before the code, and other columns without numbers.
pub(super) fn guess(fields: &[String]) -> Result<OrderLine, LineError> {
    let filled: Vec<&str> = fields.iter().map(String::as_str).filter(|field| !field.is_empty()).collect();
    let numbers: Vec<usize> = (0..filled.len()).filter(|&index| number(filled[index]).is_some()).collect();
    match (filled.as_slice(), numbers.as_slice()) {
        // A product code may also be a number.
        ([sku, quantity], [_, _]) => order_line(sku, quantity),
        ([_], [_]) => Err(LineError::Ambiguous),
        (_, [quantity]) => order_line(filled[usize::from(*quantity == 0)], filled[*quantity]),
        ([first, ..], []) => match in_words(first) {
            Some(line) => line,
            // A row of several columns with a product code but no quantity.
            None if fields.len() > 1 => Err(LineError::InvalidQuantity),
            None => Err(LineError::Ambiguous),
        },
        _ => Err(LineError::Ambiguous),
    }
}

/// The order line of a row of words: `MUG 12`, `MUG x12`, `12 x MUG`.
pub(super) fn guess_words(text: &str) -> Result<OrderLine, LineError> {
    let words: Vec<String> = words(text).collect();
    if words.len() == 2 { guess(&words) } else { Err(LineError::Ambiguous) }
}

/// The order line in a single field, such as `12 x MUG`.
fn in_words(field: &str) -> Option<Result<OrderLine, LineError>> {
    let words: Vec<String> = words(field).collect();
    let has_number = words.len() == 2 && words.iter().any(|word| number(word).is_some());
    has_number.then(|| guess(&words))
}

/// The words of a text, without quotes and multiplication signs.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split_whitespace().map(|word| word.trim_matches('"'));
    words.filter(|word| !word.is_empty() && !is_times(word)).map(str::to_owned)
}

fn is_times(word: &str) -> bool {
    matches!(word, "x" | "X" | "×" | "*")
}

fn order_line(sku: &str, quantity: &str) -> Result<OrderLine, LineError> {
    // A product code never contains a separator: the row was parsed in the wrong way.
    if sku.is_empty() || sku.contains([',', ';', '\t', '\n', '"']) {
        return Err(LineError::Ambiguous);
    }
    let quantity = number(quantity).and_then(|number| u32::try_from(number).ok());
    let quantity = quantity.filter(|quantity| (1..=MAX_QUANTITY).contains(quantity));
    Ok(OrderLine { sku: sku.to_ascii_uppercase(), quantity: quantity.ok_or(LineError::InvalidQuantity)? })
}

/// A whole number as people and spreadsheets write it: `12`, `1,000`, `x12`, `12 x`.
pub(super) fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let times = |letter: char| matches!(letter, 'x' | 'X' | '×' | '*');
    let text = match text.strip_prefix(times) {
        Some(rest) => rest.trim_start(),
        None => text.strip_suffix(times).unwrap_or(text).trim_end(),
    };
    let mut groups = text.split(',');
    let first = groups.next().unwrap_or_default();
    let has_groups = first.len() < text.len();
    let is_grouped = !has_groups || ((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3));
    let is_number = text.starts_with(|letter: char| letter.is_ascii_digit())
        && text.chars().all(|letter| letter.is_ascii_digit() || letter == ',');
    if is_number && is_grouped { text.replace(',', "").parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use contract::orders::OrderLine;

    use super::{Columns, LineError, guess, guess_words, number};

    fn fields(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    fn line(sku: &str, quantity: u32) -> Result<OrderLine, LineError> {
        Ok(OrderLine { sku: sku.to_owned(), quantity })
    }

    #[test]
    fn headings_name_their_columns_in_both_languages() {
        for (heading, sku, quantity) in [
            ("SKU|Quantity", 0, 1),
            ("Product code|Qty", 0, 1),
            ("Product|Product code|Quantity", 1, 2),
            ("Quantity|Code", 1, 0),
            ("Item no.|Description|Number", 0, 2),
            ("Cynnyrch|Nifer", 0, 1),
            ("Cod y cynnyrch|Disgrifiad|Nifer", 0, 2),
            ("Product code (SKU)|Price|Number of items", 0, 2),
        ] {
            let columns = Columns::in_heading(&fields(heading));
            assert_eq!(columns, Some(Columns { sku, quantity }), "{heading}");
        }
        for row in ["MUG|12", "MUG|many", "ITEM-1|Number one", "Description|Quantity", "SKU"] {
            assert_eq!(Columns::in_heading(&fields(row)), None, "{row}");
        }
        assert!(Columns::is_code_named(&fields("SKU|Wanted by us")));
        assert!(!Columns::is_code_named(&fields("SKU|12")));
    }

    #[test]
    fn a_row_below_a_heading_uses_its_columns() {
        let columns = Columns { sku: 1, quantity: 3 };
        assert_eq!(columns.line(&fields("Mug, red|mug|7|12")), line("MUG", 12));
        assert_eq!(columns.line(&fields("Mug, red|mug|7|")), Err(LineError::InvalidQuantity));
        assert_eq!(columns.line(&fields("Mug, red||7|12")), Err(LineError::Ambiguous));
        assert_eq!(columns.line(&fields("mug|12")), Err(LineError::InvalidQuantity));
    }

    #[test]
    fn a_row_without_a_heading_is_parsed_by_its_fields() {
        for (row, expected) in [
            ("MUG|12", line("MUG", 12)),
            ("12|MUG", line("MUG", 12)),
            ("MUG|Heart mug|12", line("MUG", 12)),
            ("MUG|12|for the stall", line("MUG", 12)),
            ("MUG||12|", line("MUG", 12)),
            ("|MUG|12", line("MUG", 12)),
            ("12 x MUG|for the stall", line("MUG", 12)),
            ("501|12", line("501", 12)),
            ("MUG|x12", line("MUG", 12)),
            ("MUG|1,000", line("MUG", 1000)),
            ("MUG|", Err(LineError::InvalidQuantity)),
            ("MUG|Heart mug|", Err(LineError::InvalidQuantity)),
            ("MUG|0", Err(LineError::InvalidQuantity)),
            ("MUG|10001", Err(LineError::InvalidQuantity)),
            ("MUG|-2", Err(LineError::InvalidQuantity)),
            ("MUG|2.5", Err(LineError::InvalidQuantity)),
            ("MUG|12|7", Err(LineError::Ambiguous)),
            ("12", Err(LineError::Ambiguous)),
            ("MUG", Err(LineError::Ambiguous)),
            ("MUG;3|12", Err(LineError::Ambiguous)),
        ] {
            assert_eq!(guess(&fields(row)), expected, "{row}");
        }
        for row in ["MUG 12", "MUG x12", "MUG x 12", "12 x MUG", "12x MUG", "12 × MUG", "\"MUG\" \"12\""] {
            assert_eq!(guess_words(row), line("MUG", 12), "{row}");
        }
        assert_eq!(guess_words("two red mugs"), Err(LineError::Ambiguous));
    }

    #[test]
    fn only_whole_numbers_are_numbers() {
        for (text, expected) in [
            ("12", Some(12)),
            ("012", Some(12)),
            ("1,000", Some(1000)),
            ("1,000,000", Some(1_000_000)),
            ("x12", Some(12)),
            ("12 ×", Some(12)),
            ("1,00", None),
            ("1000,000", None),
            (",100", None),
            ("1,", None),
            ("+12", None),
            ("x", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
