//! A list of SKUs and quantities that somebody pastes or uploads: CSV as
//! spreadsheets write it, or as people type it.

use contract::{
    orders::{MOST_LINES, MOST_PIECES, OrderLine},
    text::plain,
};

/// What is wrong with a line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PastedMistake {
    /// It has no SKU, or more than two fields.
    Form,
    /// The second field is no number of pieces.
    Quantity,
    /// There are more lines than an order may have.
    TooMany,
}

/// What a list says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pasted {
    /// The lines that can be read; pieces of the same SKU are added up.
    pub(super) lines: Vec<OrderLine>,
    /// The others: the number of each from 1, what it says, and what is wrong.
    pub(super) failed: Vec<(usize, String, PastedMistake)>,
}

impl Pasted {
    /// Reads a list. A line is a SKU and a number with a comma, a semicolon, a tab or
    /// spaces between them, each in quotes or not; a first line that names the columns and empty
    /// lines are passed over.
    pub(super) fn read(text: &str) -> Self {
        let mut read = Self::default();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let is_full = read.lines.len() == MOST_LINES;
            match understand(line) {
                Ok(line) => match read.lines.iter_mut().find(|own| own.sku == line.sku) {
                    Some(own) => own.quantity = (own.quantity + line.quantity).min(MOST_PIECES),
                    None if is_full => {
                        read.failed.push((index + 1, written(&line), PastedMistake::TooMany));
                    }
                    None => read.lines.push(line),
                },
                Err(PastedMistake::Quantity) if index == 0 && is_heading(line) => {}
                Err(mistake) => read.failed.push((index + 1, line.trim().to_owned(), mistake)),
            }
        }
        read
    }
}

/// A line as it is read again.
pub(super) fn written(line: &OrderLine) -> String {
    [&*line.sku, ",", &line.quantity.to_string()].concat()
}

fn understand(line: &str) -> Result<OrderLine, PastedMistake> {
    let separator = [';', ',', '\t'].into_iter().find(|separator| line.contains(*separator));
    // A SKU is ASCII: there is nothing to be normalised.
    let cleaned = |field| plain(unquoted(field), str::to_owned);
    let fields: Vec<String> = match separator {
        Some(separator) => line.split(separator).map(cleaned).filter(|field| !field.is_empty()).collect(),
        None => line.split_whitespace().map(cleaned).collect(),
    };
    let [sku, quantity] = fields.as_slice() else { return Err(PastedMistake::Form) };
    let quantity = quantity.parse().ok().filter(|quantity| (1..=MOST_PIECES).contains(quantity));
    let quantity = quantity.ok_or(PastedMistake::Quantity)?;
    Ok(OrderLine { sku: sku.to_ascii_uppercase(), quantity })
}

/// Whether a line names the columns.
fn is_heading(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    ["sku", "code", "item", "cod", "eitem"]
        .iter()
        .any(|word| unquoted(&line).trim_start_matches('"').starts_with(word))
}

fn unquoted(field: &str) -> &str {
    field.trim().trim_matches('"').trim()
}

/// The lines of a link such as `?add=HEART-MUG-RED-EN:12,WEEK-BADGE:400`.
pub(super) fn from_link(query: &str) -> Vec<OrderLine> {
    let pairs = contract::pairs(query).filter(|(name, _)| name == "add");
    let text: Vec<String> = pairs.map(|(_, value)| value.replace(',', "\n").replace(':', ",")).collect();
    Pasted::read(&text.join("\n")).lines
}

#[cfg(test)]
mod tests {
    use contract::orders::OrderLine;

    use super::{Pasted, PastedMistake, from_link};

    fn line(sku: &str, quantity: u32) -> OrderLine {
        OrderLine { sku: sku.to_owned(), quantity }
    }

    #[test]
    fn a_list_is_read_as_spreadsheets_and_people_write_it() {
        let text = "\u{feff}SKU,Quantity\r\nMUG-RED,12\r\n\"BADGE\";\"400\"\r\nmug-red\t3\n\nTEE-M 4\n";
        let read = Pasted::read(text);
        assert_eq!(read.failed, []);
        assert_eq!(read.lines, [line("MUG-RED", 15), line("BADGE", 400), line("TEE-M", 4)]);
        let read = Pasted::read("MUG\u{2011}RED\u{200b},\u{a0}12\nTEE–M\u{a0}4");
        assert_eq!(read.failed, []);
        assert_eq!(read.lines, [line("MUG-RED", 12), line("TEE-M", 4)]);
    }

    #[test]
    fn what_cannot_be_read_is_reported_with_its_number() {
        let read = Pasted::read("MUG,few");
        assert_eq!(read.failed, [(1, "MUG,few".to_owned(), PastedMistake::Quantity)]);
        let read = Pasted::read("MUG,1\nMUG\nMUG,many\nMUG,0\nMUG,1,2\n=1+1,2\n");
        let numbers: Vec<(usize, PastedMistake)> =
            read.failed.iter().map(|(number, _, mistake)| (*number, *mistake)).collect();
        use PastedMistake::{Form, Quantity};
        assert_eq!(numbers, [(2, Form), (3, Quantity), (4, Quantity), (5, Form)]);
        // What looks like a formula is a SKU that the shop will not know.
        assert_eq!(read.lines, [line("MUG", 1), line("=1+1", 2)]);
    }

    #[test]
    fn a_link_names_skus_and_numbers() {
        assert_eq!(from_link("?add=MUG:12,BADGE%3A400&x=1"), [line("MUG", 12), line("BADGE", 400)]);
        assert_eq!(from_link("?add=MUG"), []);
        assert_eq!(from_link(""), []);
    }
}
