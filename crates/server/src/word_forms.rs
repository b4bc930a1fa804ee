//! Word forms for search, in English and in Welsh: which words are forms of one another, and
//! which are stop words.
//!
//! Every word has base forms: its singular, its plain verb or, in Welsh, its form before
//! mutation. The spelling alone often leaves several (`gam` is `cam` or `gam`), so all of them
//! are kept, and two words are forms of one another if they share one. A base form need not be
//! a real word: one that nobody writes matches nothing.
//!
//! Words are in lower case and without accents here. There is deliberately no dictionary, no
//! conjugation of Welsh verbs, and no synonyms.

use contract::Locale;

/// The minimum length of a base form.
const SHORTEST: usize = 3;

/// Common words of English questions.
const ENGLISH_STOP_WORDS: &str = "\
    a about all am an and any anything are as at be been being but by can cant could did do does \
    doesnt doing dont for from get go got had has have having he her here him his how i id if im \
    in is isnt it its ive just like looking may me might much must my need of on or our please \
    shall she should so some something than that the their them then there theres these they \
    theyre this those to too us want was we were what whats when where wheres which who whom whos \
    whose why will with would you your youre yours";

/// The same in Welsh, including mutated forms and those typed without an apostrophe.
const WELSH_STOP_WORDS: &str = "\
    a ac ach ag ai alla allaf allwch am angen ar at ba beth ble bod bu bwy bydd byddaf byddai \
    byddwch byddwn cael cewch chael chi chwi dan ddim dim dros drwy dw dwi dy dych dyma dyna e ef \
    ei eich ein eisiau er eu faint fe fel felly fi fod fwy fy fydd fyddai ga gael gaf gai gall \
    galla gallaf gallai gallwch gallwn gan gen gennych ger gwneud gyda heb hefyd hi hon honno hun \
    hwn hwnnw hyd hyn hynny i ich im ir isio iw lle mae maen maer mai mewn mi mod mor mwy na nac \
    nad nag neu nhw ni nid o oedd oes ohono ond or os pa pam pan pryd pwy rhaid roedd rwy rwyf \
    rwyn rydw rydwi rydych rydym rydyn sawl sut sy sydd syn ti trwy wedi wedyn wneud wrth wyf wyt \
    y ydi ydw ydy ydych ydym ydyn ydynt ym yma yn yna yng yno yr yw";

/// Irregular forms, with their base forms.
const ENGLISH_IRREGULAR: &[(&str, &str)] = &[
    ("bought", "buy"),
    ("children", "child"),
    ("chosen", "choose"),
    ("held", "hold"),
    ("leaves", "leaf"),
    ("men", "man"),
    ("met", "meet"),
    ("paid", "pay"),
    ("people", "person"),
    ("taught", "teach"),
    ("women", "woman"),
    ("written", "write"),
    ("wrote", "write"),
];

/// Words that only look like a form of another word.
const ENGLISH_PLAIN: &[&str] = &["evening", "news"];

/// Irregular plurals, with their singulars.
const WELSH_IRREGULAR: &[(&str, &str)] = &[
    ("athrawon", "athro"),
    ("blynyddoedd", "blwyddyn"),
    ("brodyr", "brawd"),
    ("cardiau", "cerdyn"),
    ("ceir", "car"),
    ("chwiorydd", "chwaer"),
    ("cylchgronau", "cylchgrawn"),
    ("cynhyrchion", "cynnyrch"),
    ("dwylo", "llaw"),
    ("gwledydd", "gwlad"),
    ("gyrwyr", "gyrrwr"),
    ("merched", "merch"),
    ("oriau", "awr"),
    ("plant", "plentyn"),
    ("pobl", "person"),
    ("tai", "ty"),
];

/// Plural endings, each with the minimum number of letters before it: shorter words that end
/// like this are mostly not plurals.
const WELSH_PLURALS: &[(&str, usize)] = &[
    ("iaid", 3),
    ("iau", 3),
    ("au", 3),
    ("ion", 3),
    ("oedd", 3),
    ("ydd", 4),
    ("on", 4),
    ("i", 4),
    ("ys", 4),
    ("od", 5),
];

/// Plural endings that replace an ending of the singular.
const WELSH_CHANGED_PLURALS: &[(&str, &[&str])] =
    &[("wyr", &["wr", "iwr", "ydd"]), ("feydd", &["fa"]), ("tai", &["ty"]), ("os", &["o"])];

/// Mutated initials of two or three letters, with their radicals; longer ones first.
const WELSH_MUTATED: &[(&str, &str)] = &[
    ("ngh", "c"),
    ("mh", "p"),
    ("nh", "t"),
    ("ch", "c"),
    ("ph", "p"),
    ("th", "t"),
    ("ng", "g"),
    ("dd", "d"),
];

/// Single letters that may be mutated initials, with their radicals.
const WELSH_PERHAPS_MUTATED: &[(&str, &str)] = &[
    ("g", "c"),
    ("b", "p"),
    ("d", "t"),
    ("f", "b"),
    ("f", "m"),
    ("l", "ll"),
    ("r", "rh"),
    ("m", "b"),
    ("n", "d"),
];

/// The letters that can start a word whose `g` was dropped by mutation.
const WELSH_AFTER_G: [char; 9] = ['a', 'e', 'i', 'o', 'u', 'w', 'y', 'l', 'r'];

const VOWELS: [char; 7] = ['a', 'e', 'i', 'o', 'u', 'w', 'y'];

/// Whether a word is ignored if the search has other words.
pub(crate) fn is_stop_word(locale: Locale, word: &str) -> bool {
    let stop_words = match locale {
        Locale::En => ENGLISH_STOP_WORDS,
        Locale::Cy => WELSH_STOP_WORDS,
    };
    stop_words.split_whitespace().any(|known| known == word)
}

/// The base forms of a word, itself first.
pub(crate) fn base_forms(locale: Locale, word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    // Numbers, codes and words of other languages have no forms.
    if !word.bytes().all(|letter| letter.is_ascii_lowercase()) || is_stop_word(locale, word) {
        return forms;
    }
    match locale {
        Locale::En => add_english(word, &mut forms),
        Locale::Cy => add_welsh(word, &mut forms),
    }
    forms
}

fn add(form: String, forms: &mut Vec<String>) {
    if form.len() >= SHORTEST && !forms.contains(&form) {
        forms.push(form);
    }
}

fn add_english(word: &str, forms: &mut Vec<String>) {
    if ENGLISH_PLAIN.contains(&word) {
        return;
    }
    if let Some(stem) = word.strip_suffix("ies") {
        add([stem, "y"].concat(), forms);
    }
    if let Some(stem) = word.strip_suffix("es")
        && ["s", "x", "z", "ch", "sh", "o"].into_iter().any(|end| stem.ends_with(end))
    {
        add(stem.to_owned(), forms);
    }
    if let Some(stem) = word.strip_suffix('s')
        && !stem.ends_with(['s', 'u', 'i'])
    {
        add(stem.to_owned(), forms);
    }
    for form in forms.clone() {
        add_irregular(&form, ENGLISH_IRREGULAR, forms);
    }
    for form in forms.clone() {
        add_english_verb(&form, forms);
    }
}

/// Adds the base forms of a verb or a noun derived from one, without its ending.
fn add_english_verb(word: &str, forms: &mut Vec<String>) {
    if ENGLISH_PLAIN.contains(&word) {
        return;
    }
    for ending in ["ing", "ed"] {
        let Some(stem) = word.strip_suffix(ending) else { continue };
        // Excludes `string` and `bed`.
        if stem.len() < SHORTEST || !stem.contains(VOWELS) {
            continue;
        }
        add(stem.to_owned(), forms);
        add([stem, "e"].concat(), forms);
        if let [.., one, other] = stem.as_bytes()
            && one == other
        {
            add(stem[..stem.len() - 1].to_owned(), forms);
        }
    }
    if let Some(stem) = word.strip_suffix("ied") {
        add([stem, "y"].concat(), forms);
    }
    if let Some(stem) = word.strip_suffix("ment") {
        add(stem.to_owned(), forms);
    }
}

fn add_welsh(word: &str, forms: &mut Vec<String>) {
    for radical in radicals(word) {
        add_singulars(&radical, forms);
        add(radical, forms);
    }
}

/// The possible radicals of a word with a mutated initial, itself first.
fn radicals(word: &str) -> Vec<String> {
    let mut radicals = vec![word.to_owned()];
    // These are not mutations.
    if ["ff", "ll", "rh"].into_iter().any(|letter| word.starts_with(letter)) {
        return radicals;
    }
    for &(mutated, radical) in WELSH_MUTATED {
        if let Some(rest) = word.strip_prefix(mutated) {
            add([radical, rest].concat(), &mut radicals);
            return radicals;
        }
    }
    for &(mutated, radical) in WELSH_PERHAPS_MUTATED {
        if let Some(rest) = word.strip_prefix(mutated) {
            add([radical, rest].concat(), &mut radicals);
        }
    }
    if word.starts_with(WELSH_AFTER_G) {
        add(["g", word].concat(), &mut radicals);
    }
    // Not a mutation, but just as common: `ei hundeb`.
    if let Some(rest) = word.strip_prefix('h')
        && rest.starts_with(VOWELS)
    {
        add(rest.to_owned(), &mut radicals);
    }
    radicals
}

/// Adds the possible singulars of a Welsh plural.
fn add_singulars(plural: &str, forms: &mut Vec<String>) {
    add_irregular(plural, WELSH_IRREGULAR, forms);
    for &(ending, before) in WELSH_PLURALS {
        let Some(mut stem) = plural.strip_suffix(ending) else { continue };
        if stem.len() < before {
            continue;
        }
        add(stem.to_owned(), forms);
        // `calonnau`, `calon`
        if stem.ends_with("nn") || stem.ends_with("rr") {
            stem = &stem[..stem.len() - 1];
            add(stem.to_owned(), forms);
        }
        // `cyrsiau`, `cwrs`
        if let Some(vowel) = stem.rfind(VOWELS)
            && stem[vowel..].starts_with('y')
        {
            add([&stem[..vowel], "w", &stem[vowel + 1..]].concat(), forms);
        }
        // `teithiau`, `taith`
        if let Some(vowels) = stem.rfind("ei") {
            add([&stem[..vowels], "ai", &stem[vowels + 2..]].concat(), forms);
        }
        // `canghennau`, `cangen`
        if stem.contains("ngh") {
            add(stem.replace("ngh", "ng"), forms);
        }
    }
    for &(ending, singulars) in WELSH_CHANGED_PLURALS {
        let Some(stem) = plural.strip_suffix(ending) else { continue };
        if stem.len() >= SHORTEST {
            singulars.iter().for_each(|singular| add([stem, *singular].concat(), forms));
        }
    }
}

fn add_irregular(word: &str, irregular: &[(&str, &str)], forms: &mut Vec<String>) {
    if let Some((_, base)) = irregular.iter().find(|(form, _)| *form == word) {
        forms.push((*base).to_owned());
    }
}

#[cfg(test)]
mod tests {
    use contract::Locale::{self, Cy, En};

    use super::{base_forms, is_stop_word};

    fn are_forms(locale: Locale, one: &str, other: &str) -> bool {
        let others = base_forms(locale, other);
        base_forms(locale, one).iter().any(|form| others.contains(form))
    }

    #[test]
    fn english_plurals_and_verb_endings_are_forms_of_one_word() {
        for (one, other) in [
            ("mug", "mugs"),
            ("box", "boxes"),
            ("branches", "branch"),
            ("rally", "rallies"),
            ("childrens", "child"),
            ("people", "person"),
            ("organise", "organising"),
            ("organised", "organising"),
            ("stopping", "stops"),
            ("carried", "carry"),
            ("meetings", "meet"),
            ("paid", "pay"),
            ("harassed", "harassment"),
        ] {
            assert!(are_forms(En, one, other), "{one} and {other}");
        }
    }

    #[test]
    fn welsh_mutations_are_forms_of_one_word() {
        for forms in [
            ["cymru", "gymru", "nghymru", "chymru"],
            ["pen", "ben", "mhen", "phen"],
            ["tref", "dref", "nhref", "thref"],
            ["gwaith", "waith", "ngwaith", "gwaith"],
            ["gorllewin", "orllewin", "ngorllewin", "gorllewin"],
            ["baner", "faner", "maner", "baner"],
            ["dyfais", "ddyfais", "nyfais", "dyfais"],
            ["merch", "ferch", "ferched", "merched"],
            ["llinyn", "linyn", "llinynnau", "linynnau"],
            ["rhestr", "restr", "rhestri", "restri"],
            ["undeb", "hundeb", "undebau", "hundebau"],
        ] {
            for other in forms {
                assert!(are_forms(Cy, forms[0], other), "{} and {other}", forms[0]);
            }
        }
    }

    #[test]
    fn welsh_plurals_are_forms_of_their_singular() {
        for (singular, plural) in [
            ("mwg", "mygiau"),
            ("mwg", "fygiau"),
            ("crys", "crysau"),
            ("poster", "posteri"),
            ("bathodyn", "bathodynnau"),
            ("calon", "chalonnau"),
            ("taflen", "daflenni"),
            ("cerdyn", "gardiau"),
            ("cangen", "changhennau"),
            ("cwrs", "gyrsiau"),
            ("taith", "teithiau"),
            ("cyfraith", "gyfreithiau"),
            ("ffederasiwn", "ffederasiynau"),
            ("swyddog", "swyddogion"),
            ("ysgol", "ysgolion"),
            ("ardal", "ardaloedd"),
            ("cyfarfod", "cyfarfodydd"),
            ("cyfrif", "cyfrifon"),
            ("menyw", "menywod"),
            ("swyddfa", "swyddfeydd"),
            ("ysbyty", "ysbytai"),
            ("gweithiwr", "weithwyr"),
            ("cynrychiolydd", "gynrychiolwyr"),
            ("stiward", "stiwardiaid"),
            ("nyrs", "nyrsys"),
            ("fideo", "fideos"),
            ("blwyddyn", "flynyddoedd"),
        ] {
            assert!(are_forms(Cy, singular, plural), "{singular} and {plural}");
        }
    }

    #[test]
    fn similar_words_are_not_forms_of_one_another() {
        for (one, other) in [
            ("nurse", "nursery"),
            ("new", "news"),
            ("even", "evenings"),
            ("not", "notes"),
            ("str", "string"),
            ("teach", "teacher"),
            ("faner", "baner"),
        ] {
            assert!(!are_forms(En, one, other), "{one} and {other}");
        }
        for (one, other) in [("aelod", "gael"), ("cangen", "angen"), ("mwg", "bag"), ("llaw", "glaw")] {
            assert!(!are_forms(Cy, one, other), "{one} and {other}");
        }
    }

    #[test]
    fn numbers_codes_and_foreign_words_have_no_forms() {
        for word in ["2027s", "a5", "ναός", "os"] {
            assert_eq!(base_forms(Cy, word), [word]);
        }
    }

    #[test]
    fn stop_words_are_recognised() {
        for (locale, word) in [(En, "where"), (En, "whats"), (Cy, "ble"), (Cy, "rwyn"), (Cy, "fod")] {
            assert!(is_stop_word(locale, word), "{word}");
        }
        for (locale, word) in [(En, "mug"), (En, "not"), (Cy, "mwg"), (Cy, "where"), (En, "ble")] {
            assert!(!is_stop_word(locale, word), "{word}");
        }
    }
}
