//! Runs Typst with our templates and fonts, and without access to anything else.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::{LazyHash, Scalar},
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use typst_render::RenderOptions;
use unicode_normalization::UnicodeNormalization as _;

use crate::{BranchPoster, Design, Document, ShareImage, ShopDocument, TemplateData, blocks::blocks};

/// The fallback fonts, which cover every character that can be printed.
const FALLBACK: [&[u8]; 2] =
    [include_bytes!("../fonts/noto-sans-regular.woff2"), include_bytes!("../fonts/noto-sans-bold.woff2")];
/// The display font, as the site serves it.
const DISPLAY: &[u8] = include_bytes!("../../../public/display.woff2");
const TEXT: [&[u8]; 2] =
    [include_bytes!("../fonts/public-sans-regular.ttf"), include_bytes!("../fonts/public-sans-bold.ttf")];

const BRANCH_POSTER: &str = "/branch-poster.typ";
const SHARE_IMAGE: &str = "/share-image.typ";
const SHOP_DOCUMENT: &str = "/shop-document.typ";

/// The templates, by their path in Typst.
const TEMPLATES: [(&str, &str); 5] = [
    (BRANCH_POSTER, include_str!("../templates/branch-poster.typ")),
    (SHARE_IMAGE, include_str!("../templates/share-image.typ")),
    (SHOP_DOCUMENT, include_str!("../templates/shop-document.typ")),
    ("/poster.typ", include_str!("../templates/poster.typ")),
    ("/text.typ", include_str!("../templates/text.typ")),
];

/// The resources that all documents share. Cheap to create; a server creates one when it
/// starts.
pub struct Typesetter {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    /// The first one is the regular fallback font.
    fonts: Vec<Font>,
    sources: Vec<Source>,
    data: FileId,
}

/// A printed document.
#[derive(Clone, Debug)]
pub struct PrintedDocument {
    /// The PDF. The same document gives the same bytes.
    pub pdf: Vec<u8>,
    /// The number of pages.
    pub pages: usize,
    /// The characters that no font has, without duplicates and in code point order: question
    /// marks replace them.
    pub missing: Vec<char>,
}

/// Why a document could not be printed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PrintError(String);

impl Default for Typesetter {
    fn default() -> Self {
        let [regular, bold] = FALLBACK;
        let decompressed = [regular, bold, DISPLAY]
            .map(|face| Bytes::new(wuff::decompress_woff2(face).expect("these faces are WOFF2")));
        let fonts: Vec<Font> = decompressed
            .into_iter()
            .chain(TEXT.map(Bytes::new))
            .map(|face| Font::new(face, 0).expect("the faces that are compiled in can be read"))
            .collect();
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources: TEMPLATES.map(|(path, text)| Source::new(file_id(path), text.to_owned())).into(),
            data: file_id("/data.json"),
        }
    }
}

impl Typesetter {
    /// Prints a document. This takes some milliseconds of CPU time, so do not call it on an
    /// async thread.
    pub fn print(&self, document: &Document<'_>) -> Result<PrintedDocument, PrintError> {
        let data = TemplateData {
            lang: document.language,
            title: document.title.to_owned(),
            summary: document.summary.to_owned(),
            author: document.author.to_owned(),
            kicker: document.kicker.to_owned(),
            footer: document.footer.to_owned(),
            blocks: blocks(document.markdown, document.origin),
        };
        let template = match document.design {
            Design::Poster => "/poster.typ",
            Design::Text => "/text.typ",
        };
        self.typeset(template, &data, |compiled| {
            pdf(compiled, document.language, document.title, document.published)
        })
    }

    /// Prints a branch's poster: one page, about 10 milliseconds.
    pub fn print_poster(&self, poster: &BranchPoster<'_>) -> Result<PrintedDocument, PrintError> {
        self.typeset(BRANCH_POSTER, poster, |compiled| {
            pdf(compiled, poster.lang, poster.headline, poster.created_on)
        })
    }

    /// Prints a document of the shop. It contains text that people typed, so a character that
    /// no font has is replaced with a question mark and reported.
    pub fn print_shop_document(&self, document: &ShopDocument) -> Result<PrintedDocument, PrintError> {
        let (data, missing) = self.data(document)?;
        let printed = self.typeset_data(SHOP_DOCUMENT, data, |compiled| {
            pdf(compiled, document.lang, &document.title, document.created_on)
        })?;
        Ok(PrintedDocument { missing: missing.into_iter().collect(), ..printed })
    }

    /// Renders the preview image of a page, as a PNG of 1,200 by 630 pixels: about 50
    /// milliseconds.
    pub fn draw_share_image(&self, image: &ShareImage<'_>) -> Result<Vec<u8>, PrintError> {
        self.typeset(SHARE_IMAGE, image, |compiled| {
            let page =
                compiled.pages().first().ok_or_else(|| PrintError("the image has no page".to_owned()))?;
            let options = RenderOptions { pixel_per_pt: Scalar::new(1.0), render_bleed: false };
            typst_render::render(page, &options).encode_png().map_err(|error| PrintError(error.to_string()))
        })
    }

    /// Typesets a template with its data, which may only have characters that a font has, and
    /// converts the result.
    fn typeset<T>(
        &self,
        template: &'static str,
        data: &impl Serialize,
        make: impl FnOnce(&PagedDocument) -> Result<T, PrintError>,
    ) -> Result<T, PrintError> {
        let (data, missing) = self.data(data)?;
        match missing.first() {
            Some(letter) => Err(PrintError(format!("no face has the letter “{letter}”"))),
            None => self.typeset_data(template, data, make),
        }
    }

    fn typeset_data<T>(
        &self,
        template: &'static str,
        data: String,
        make: impl FnOnce(&PagedDocument) -> Result<T, PrintError>,
    ) -> Result<T, PrintError> {
        let job = Job { typesetter: self, main: file_id(template), data: Bytes::from_string(data) };
        let compiled = typst::compile::<PagedDocument>(&job);
        // For example a font family that does not exist, which Typst would replace with
        // another.
        let result = if compiled.warnings.is_empty() {
            compiled.output.map_err(|errors| to_print_error(&errors)).and_then(|compiled| make(&compiled))
        } else {
            Err(to_print_error(&compiled.warnings))
        };
        // Typst caches its results for the next document, megabytes for a page. Clearing the
        // cache is safe while others compile: they recompute what they still need.
        typst::comemo::evict(0);
        result
    }

    /// The data for a template, and the characters in it that no font has.
    fn data(&self, data: &impl Serialize) -> Result<(String, BTreeSet<char>), PrintError> {
        let mut data = serde_json::to_value(data).map_err(|error| PrintError(error.to_string()))?;
        let mut missing = BTreeSet::new();
        self.prepare(&mut data, &mut missing);
        Ok((data.to_string(), missing))
    }

    /// Normalises all texts (NFC), because fonts have “é” rather than “e” and a combining
    /// mark, and replaces characters that no font has.
    fn prepare(&self, data: &mut Value, missing: &mut BTreeSet<char>) {
        match data {
            Value::String(text) => {
                let printed = text.as_str().nfc().map(|letter| {
                    if self.can_print(letter) {
                        return letter;
                    }
                    missing.insert(letter);
                    '?'
                });
                *text = printed.collect();
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.prepare(value, missing)),
            Value::Object(fields) => fields.values_mut().for_each(|value| self.prepare(value, missing)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Whether a character can be printed; Typst needs no font for these spaces.
    fn can_print(&self, letter: char) -> bool {
        matches!(letter, '\t' | '\n' | '\r') || self.fonts[0].info().coverage.contains(u32::from(letter))
    }
}

fn pdf(
    compiled: &PagedDocument,
    language: &str,
    title: &str,
    created_on: Date,
) -> Result<PrintedDocument, PrintError> {
    let options = PdfOptions {
        ident: Smart::Custom(format!("{language}/{title}")),
        creator: Smart::Custom(Some("Campaign Hub".to_owned())),
        timestamp: to_datetime(created_on).map(Timestamp::new_utc),
        page_ranges: None,
        // A document that does not conform is an error.
        standards: PdfStandards::new(&[PdfStandard::Ua_1]).expect("one standard contradicts no other"),
        tagged: true,
        pretty: false,
    };
    let pdf = typst_pdf::pdf(compiled, &options).map_err(|errors| to_print_error(&errors))?;
    Ok(PrintedDocument { pdf, pages: compiled.pages().len(), missing: Vec::new() })
}

/// File identifiers are never freed, so they are only made from paths in the code.
fn file_id(path: &'static str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).expect("a plain path")).intern()
}

fn to_datetime(day: Date) -> Option<Datetime> {
    let [month, day_of_month] = [day.month(), day.day()].map(i8::unsigned_abs);
    Datetime::from_ymd_hms(day.year().into(), month, day_of_month, 0, 0, 0)
}

fn to_print_error(errors: &[SourceDiagnostic]) -> PrintError {
    PrintError(errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; "))
}

/// A single document: its template, and the only file that it can read.
struct Job<'a> {
    typesetter: &'a Typesetter,
    main: FileId,
    data: Bytes,
}

impl World for Job<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.typesetter.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.typesetter.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = self.typesetter.sources.iter().find(|source| source.id() == id);
        found.cloned().ok_or_else(|| FileError::Other(Some("not compiled in".into())))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.typesetter.data {
            return Ok(self.data.clone());
        }
        Err(FileError::Other(Some("not compiled in".into())))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.typesetter.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use lopdf::{Dictionary, Document as Pdf, Object, content::Content};

    use super::{PrintedDocument, Typesetter};
    use crate::{BranchPoster, Design, Document, ShopDocument};

    const MARKDOWN: &str = "Ŵy a dŵr: # $ * _ [ ] <a> @b \\\\ #panic(\"no\")\n\n## Camau\n\n1. Un\n2. **Dau**\n\n\
        [Ymuno](/cy/join)";

    fn document(design: Design) -> Document<'static> {
        Document {
            design,
            language: "cy",
            title: "Calon #sys.version *nid trwm*",
            summary: "Crynodeb",
            author: "Y ffederasiwn",
            kicker: "Taflen",
            footer: "week.example",
            markdown: MARKDOWN,
            origin: "https://week.example",
            published: date(2026, 11, 22),
        }
    }

    fn shop_document(to: &[&str]) -> ShopDocument {
        ShopDocument {
            lang: "cy",
            title: "Anfoneb".to_owned(),
            summary: "Archeb".to_owned(),
            author: "Y siop".to_owned(),
            seller: vec!["Y siop".to_owned(), "1 Stryd".to_owned()],
            to_title: "I".to_owned(),
            to: to.iter().map(|&line| line.to_owned()).collect(),
            facts_title: "Manylion".to_owned(),
            facts: vec![("Rhif".to_owned(), "H27".to_owned())],
            lines_title: "Llinellau".to_owned(),
            columns: vec!["Eitem".to_owned(), "Sawl un".to_owned()],
            rows: (0..60).map(|row| vec![format!("Mwg {row}"), "1".to_owned()]).collect(),
            sums: vec![("Cyfanswm".to_owned(), "£60".to_owned())],
            total: 0,
            notes: vec!["Diolch".to_owned()],
            footer: "Y siop".to_owned(),
            created_on: date(2026, 11, 22),
        }
    }

    fn poster<'a>(headline: &'a str, lines: Vec<&'a str>, facts: Vec<&'a str>) -> BranchPoster<'a> {
        BranchPoster {
            lang: "cy",
            headline,
            lines,
            facts,
            branch: "Cangen Leeds",
            summary: "Poster",
            author: "Cangen Leeds",
            address: "https://branch.example/x",
            address_shown: "branch.example/x",
            footer: "Calon",
            code_shows: "Cod QR",
            code_size: 25,
            code: &[[0, 0, 7], [2, 3, 4]],
            paper: "a4",
            look: "bold",
            created_on: date(2026, 11, 22),
        }
    }

    /// The font sizes of a page's texts, in drawing order.
    fn sizes(pdf: &Pdf) -> Vec<f32> {
        let content = pdf.get_page_content(pdf.get_pages()[&1]);
        let content = Content::decode(&content).expect("a content");
        let faces = content.operations.iter().filter(|operation| operation.operator == "Tf");
        faces.map(|face| face.operands[1].as_float().expect("a size")).collect()
    }

    fn print(document: &Document<'_>) -> (PrintedDocument, Pdf) {
        let printed = Typesetter::default().print(document).expect("a document");
        let pdf = Pdf::load_mem(&printed.pdf).expect("a PDF");
        (printed, pdf)
    }

    /// Every kind of tag below an element of the structure.
    fn tags(pdf: &Pdf, element: &Dictionary, found: &mut Vec<String>) {
        if let Ok(Object::Name(kind)) = element.get(b"S") {
            found.push(String::from_utf8_lossy(kind).into_owned());
        }
        let children = element.get(b"K").and_then(|children| pdf.dereference(children));
        let children = match children {
            Ok((_, Object::Array(children))) => children.clone(),
            Ok((_, child)) => vec![child.clone()],
            Err(_) => Vec::new(),
        };
        for child in children {
            if let Ok((_, Object::Dictionary(child))) = pdf.dereference(&child) {
                tags(pdf, child, found);
            }
        }
    }

    #[test]
    fn documents_are_tagged_with_title_and_language() {
        for design in [Design::Poster, Design::Text] {
            let markdown = "## Un\n\nDau [tri](/cy)\n\n- pedwar";
            let title = "Calon #sys.version *nid trwm*";
            let (printed, pdf) = print(&Document { title, markdown, ..document(design) });
            assert_eq!((printed.pages, pdf.get_pages().len()), (1, 1), "{design:?}");
            let root = pdf.catalog().expect("a catalogue");
            let language = lopdf::decode_text_string(root.get(b"Lang").expect("a language")).expect("a text");
            assert_eq!(language, "cy-GB");
            let marked = pdf.get_dict_in_dict(root, b"MarkInfo").expect("marks").get(b"Marked");
            assert!(marked.and_then(Object::as_bool).expect("whether it is tagged"));
            let info = pdf.trailer.get(b"Info").and_then(Object::as_reference).expect("information");
            let info = pdf.get_dictionary(info).expect("information");
            let title = lopdf::decode_text_string(info.get(b"Title").expect("a title")).expect("a text");
            assert_eq!(title, "Calon #sys.version *nid trwm*");
            let metadata = root.get(b"Metadata").and_then(Object::as_reference).expect("metadata");
            let metadata = pdf.get_object(metadata).and_then(Object::as_stream).expect("metadata");
            let metadata = metadata.get_plain_content().unwrap_or_else(|_| metadata.content.clone());
            assert!(String::from_utf8_lossy(&metadata).contains("<pdfuaid:part>1"), "PDF/UA-1");
            let mut found = Vec::new();
            tags(&pdf, pdf.get_dict_in_dict(root, b"StructTreeRoot").expect("a structure"), &mut found);
            for kind in ["H1", "P", "L", "LI", "Link"] {
                assert!(found.iter().any(|tag| tag == kind), "{design:?} has {kind}: {found:?}");
            }
        }
    }

    #[test]
    fn shop_documents_are_tagged_with_any_input() {
        let document = shop_document(&["Cangen 🎉 #panic()"]);
        let printed = Typesetter::default().print_shop_document(&document).expect("a document");
        let pdf = Pdf::load_mem(&printed.pdf).expect("a PDF");
        assert!(printed.pages > 1, "a long table goes on");
        let mut found = Vec::new();
        let root = pdf.catalog().expect("a catalogue");
        tags(&pdf, pdf.get_dict_in_dict(root, b"StructTreeRoot").expect("a structure"), &mut found);
        for kind in ["H1", "P", "Table", "TR", "TH", "TD"] {
            assert!(found.iter().any(|tag| tag == kind), "{kind}: {found:?}");
        }
        let nothing = ShopDocument { rows: Vec::new(), sums: Vec::new(), to: Vec::new(), ..document };
        assert!(Typesetter::default().print_shop_document(&nothing).is_ok());
    }

    #[test]
    fn european_and_vietnamese_names_are_printed_in_any_normal_form() {
        let typed = [
            // With combining marks.
            "Sia\u{302}n Rene\u{301}e Mu\u{308}ller",
            "Nguye\u{302}\u{303}n",
            "Ionuț",
            "Олена",
            "Ελένη",
        ];
        let printed = Typesetter::default().print_shop_document(&shop_document(&typed)).expect("a document");
        assert!(printed.missing.is_empty(), "{:?}", printed.missing);
        let pdf = Pdf::load_mem(&printed.pdf).expect("a PDF");
        // There are also spaces where the font changes.
        let text: String = pdf.extract_text(&[1]).expect("a text").split_whitespace().collect();
        for name in ["SiânRenéeMüller", "Nguyễn", "Ionuț", "Олена", "Ελένη"] {
            assert!(text.contains(name), "{name}: {text}");
        }
    }

    #[test]
    fn missing_characters_are_reported_once_in_order() {
        let printed = Typesetter::default()
            .print_shop_document(&shop_document(&["🎉 Cangen 🎉", "漢\u{1}"]))
            .expect("a document");
        assert_eq!(printed.missing, ['\u{1}', '漢', '🎉']);
    }

    #[test]
    fn fallback_font_covers_the_other_fonts_in_both_weights() {
        let typesetter = Typesetter::default();
        for face in &typesetter.fonts {
            let letters = face.info().coverage.iter().filter_map(char::from_u32);
            let lacking: Vec<char> = letters.filter(|&letter| !typesetter.can_print(letter)).collect();
            assert!(lacking.is_empty(), "{}: {lacking:?}", face.info().family);
        }
        let [regular, bold] = [0, 1].map(|face| &typesetter.fonts[face].info().coverage);
        assert!(regular.iter().eq(bold.iter()));
    }

    #[test]
    fn poster_text_fills_the_page() {
        let full = "WWWWWWWWW ".repeat(30);
        let [headline, words, fact] = [60, 300, 80].map(|length| full[..length].trim_end());
        let cases: [(BranchPoster<'_>, f32, f32); 6] = [
            (poster("Dewch", vec![], vec![]), 46.0, 1.6),
            (poster("Dewch i siarad", vec![], vec![]), 46.0, 1.58),
            (poster("Come and talk", vec!["Bring your questions."], vec!["7pm", "The canteen"]), 46.0, 1.28),
            (poster("Unpronounceablecompoundedwordwithoutend", vec![], vec![]), 46.0, 0.24),
            (BranchPoster { branch: fact, ..poster(headline, vec![words], vec![fact, fact]) }, 10.0, 0.4),
            // No scale fits so many lines.
            (poster("W", vec!["W"; 150], vec![]), 46.0, 0.2),
        ];
        for (poster, branch, scale) in cases {
            let printed = Typesetter::default().print_poster(&poster).expect("a poster");
            assert_eq!(printed.pages, 1);
            let sizes = sizes(&Pdf::load_mem(&printed.pdf).expect("a PDF"));
            // A thousandth of the width of A4, in points.
            let unit: f32 = 0.21 / 0.0254 * 0.072;
            let found = [sizes[0] / unit, sizes[1] / unit / 170.0];
            assert!((found[0] - branch).abs() < 0.01, "{}: {found:?}", poster.headline);
            assert!((found[1] - scale).abs() < 0.001, "{}: {found:?}", poster.headline);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn printing_dense_posters_does_not_leak_memory() {
        let megabytes = || {
            let status = std::fs::read_to_string("/proc/self/status").expect("a status");
            let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
            resident.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") / 1024
        };
        let typesetter = Typesetter::default();
        let print = |number: usize| {
            let headline = format!("{}{number}", "W ".repeat(29));
            let dense = BranchPoster { paper: "a3", ..poster(&headline, vec!["W"; 150], vec![]) };
            typesetter.print_poster(&dense).expect("a poster");
        };
        print(0);
        let before = megabytes();
        (1..=10).for_each(print);
        let after = megabytes();
        // Other tests print at the same time.
        assert!(after < before + 100, "{before} MB have become {after}");
    }

    #[test]
    fn printing_is_deterministic() {
        let typesetter = Typesetter::default();
        let [one, other] =
            [(); 2].map(|()| typesetter.print(&document(Design::Text)).expect("a document").pdf);
        assert_eq!(one, other);
        let poster = poster("Dewch", vec!["Bring your questions."], vec!["7pm"]);
        let [one, other] = [(); 2].map(|()| typesetter.print_poster(&poster).expect("a poster").pdf);
        assert_eq!(one, other);
    }

    #[test]
    fn missing_character_is_named_in_the_error() {
        let markdown = "A 🎉";
        let error = Typesetter::default().print(&Document { markdown, ..document(Design::Text) });
        assert_eq!(error.expect_err("no such letter").to_string(), "no face has the letter “🎉”");
    }
}
