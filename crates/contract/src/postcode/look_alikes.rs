//! Letters and digits that look alike.

/// Codes in the format of a postcode that look like this one.
pub(super) fn other_readings(code: &str) -> Vec<String> {
    let mut readings = Vec::new();
    // A word without any digit is not a postcode, whatever its letters look like.
    if !code.bytes().any(|byte| byte.is_ascii_digit()) {
        return readings;
    }
    for [area, district] in [[1, 1], [1, 2], [2, 1], [2, 2]] {
        let outcode = area + district;
        // If the area has only digits, it is missing.
        let has_area = code.bytes().take(area).any(|byte| byte.is_ascii_uppercase());
        if !has_area || !(outcode..=outcode + 3).contains(&code.len()) {
            continue;
        }
        let mut starts = vec![String::new()];
        for (at, character) in code.chars().enumerate() {
            // `SW1A` and `SK22` are both first halves.
            let is_either = at == area + 1 && at < outcode;
            let mut meant = Vec::new();
            if at == area || at == outcode || is_either {
                meant.extend(as_digit(character));
            }
            if at < area || is_either {
                meant.extend(as_letters(character));
            } else if at > outcode && character.is_ascii_uppercase() {
                meant.push(character);
            }
            starts = starts
                .iter()
                .flat_map(|start| meant.iter().map(move |meant| format!("{start}{meant}")))
                .collect();
        }
        readings.append(&mut starts);
    }
    readings
}

/// The digit that a character is or, if it is a letter, looks like.
pub(super) fn as_digit(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        'S' => Some('5'),
        'Z' => Some('2'),
        _ => None,
    }
}

/// The letter that a character is or, if it is a digit, the letters that it looks like.
fn as_letters(character: char) -> impl Iterator<Item = char> {
    let letters = match character {
        'A'..='Z' => [Some(character), None],
        '0' => [Some('O'), None],
        '1' => [Some('I'), Some('L')],
        '5' => [Some('S'), None],
        '2' => [Some('Z'), None],
        _ => [None, None],
    };
    letters.into_iter().flatten()
}
