//! Generates products, news and events, to measure lists and searches with many entries.

use contract::{
    Locale,
    events::EventText,
    news::NewsText,
    shop::{PriceBreak, ProductText, SizeMeasures},
    time::Date,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::{
    events::{EventFacts, LocalEvent},
    news::{LocalNews, NewsFacts},
    shop::{ProductFacts, VariantFacts},
    store::{Kind, NewRecord, NewText, NewVariant, SEEDED},
};

/// A kind of product: category, picture, English and Welsh name, price in pence, weight in
/// grams, number of sizes.
type Model = (&'static str, &'static str, &'static str, &'static str, u32, u32, usize);

const MODELS: [Model; 8] = [
    ("pens", "product-pen", "ballpoint pen", "beiro", 65, 12, 0),
    ("pens", "product-pencil", "pencil", "pensil", 40, 6, 0),
    ("mugs", "product-mug", "mug", "mwg", 750, 340, 0),
    ("t-shirts", "product-tee", "T-shirt", "crys-T", 1200, 180, 7),
    ("badges", "product-badge", "button badge", "bathodyn", 80, 9, 0),
    ("lanyards-and-bags", "product-tote", "cotton bag", "bag cotwm", 450, 120, 0),
    ("lanyards-and-bags", "product-lanyard", "lanyard", "llinyn gwddf", 250, 30, 0),
    ("posters-and-flags", "product-poster", "poster", "poster", 200, 60, 0),
];
const MOTIFS: [(&str, &str); 12] = [
    ("Heart", "Calon"),
    ("Solidarity", "Undod"),
    ("Stronger together", "Cryfach gyda’n gilydd"),
    ("Steward", "Stiward"),
    ("Safety rep", "Cynrychiolydd diogelwch"),
    ("Picket", "Piced"),
    ("Branch", "Cangen"),
    ("Banner", "Baner"),
    ("Rally", "Rali"),
    ("Night shift", "Shifft nos"),
    ("Apprentice", "Prentis"),
    ("Fair pay", "Cyflog teg"),
];
const COLOURS: [&str; 7] = ["red", "plum", "green", "yellow", "blue", "white", "black"];
const SIZES: [&str; 7] = ["xs", "s", "m", "l", "xl", "2xl", "3xl"];
const LANGUAGES: [&str; 3] = ["en", "cy", "both"];

/// Generated products, the same on every run.
pub fn products(count: u32) -> Vec<NewRecord> {
    (0..count).map(product).collect()
}

fn product(index: u32) -> NewRecord {
    let mut random = Random(u64::from(index));
    let (category, picture, english, welsh, price, weight_grams, sizes) = random.pick(&MODELS);
    let (motif, motif_welsh) = random.pick(&MOTIFS);
    let colours = 1 + random.below(3);
    let slug = format!("{SEEDED}{index:05}");
    let price = price + 5 * random.below(40) as u32;
    let first = random.below(COLOURS.len());
    let language = random.pick(&LANGUAGES);
    let mut variants = Vec::new();
    let mut stocks = Vec::new();
    for colour in 0..colours {
        // A product without sizes still has one variant per colour.
        for (step, size) in SIZES.iter().take(sizes.max(1)).enumerate() {
            let sku = format!("{slug}-{colour}{step}").to_uppercase();
            let stock = random.pick(&[0, 3, 40, 200, 1500]);
            stocks.push(NewVariant { sku: sku.clone(), stock, bundled: 1 });
            variants.push(VariantFacts {
                sku,
                price_pence: price + if step > 4 { 100 } else { 0 },
                colour: Some(COLOURS[(first + colour) % COLOURS.len()].to_owned()),
                size: (sizes > 0).then(|| (*size).to_owned()),
                language: Some(language.to_owned()),
                parts: Vec::new(),
            });
        }
    }
    let facts = ProductFacts {
        place: 10_000 + index,
        category: category.to_owned(),
        union_made: random.below(3) > 0,
        vat_percent: 20,
        weight_grams,
        cap: None,
        branch_cap: None,
        made_to_order_days: None,
        pictures: vec![picture.to_owned()],
        breaks: vec![PriceBreak { from: 50, less_pence: price / 10 }],
        size_chart: (SIZES.iter().take(sizes).zip(0..))
            .map(|(size, step)| SizeMeasures {
                size: (*size).to_owned(),
                chest_cm: 88 + 6 * step,
                length_cm: 66 + 2 * step,
            })
            .collect(),
        variants,
    };
    let text = |name: String, summary: &str, details: &str, materials: &str, origin: &str| ProductText {
        name,
        summary: summary.to_owned(),
        details: details.to_owned(),
        materials: materials.to_owned(),
        origin: origin.to_owned(),
    };
    let number = index + 1;
    let texts = [
        text(
            format!("{motif} {english} {number}"),
            "A made-up product, to measure the shop with.",
            "It cannot be ordered.",
            "None",
            "None",
        ),
        text(
            format!("{motif_welsh}: {welsh} {number}"),
            "Cynnyrch dychmygol, i fesur y siop.",
            "Nid oes modd ei archebu.",
            "Dim",
            "Dim",
        ),
    ];
    NewRecord { variants: stocks, ..record(Kind::Product, slug, &facts, &texts) }
}

/// Generated news items, the same on every run.
pub fn news(count: u32) -> Vec<NewRecord> {
    (0..count).map(news_item).collect()
}

fn news_item(index: u32) -> NewRecord {
    let mut random = Random(u64::from(index));
    let (motif, motif_welsh) = random.pick(&MOTIFS);
    let facts = NewsFacts {
        published_at: FIRST_DAY - SignedDuration::from_hours(7 * i64::from(index)),
        reviewed_on: Date::new(2026, 11, 1).expect("a real date"),
        union: random.pick(&UNIONS).to_owned(),
        tags: vec![random.pick(&TAGS).to_owned()],
        picture: "talk".to_owned(),
    };
    let text = |title: String, standfirst: &str| LocalNews {
        title,
        standfirst: standfirst.to_owned(),
        text: NewsText {
            caption: String::new(),
            credit: String::new(),
            html: format!("<p>{standfirst}</p>"),
        },
    };
    let number = index + 1;
    let texts = [
        text(format!("{motif}: news {number}"), "A made-up item, to measure the lists with."),
        text(format!("{motif_welsh}: newyddion {number}"), "Eitem ddychmygol, i fesur y rhestrau."),
    ];
    record(Kind::News, format!("{SEEDED}news-{index:05}"), &facts, &texts)
}

/// Generated events, most of them past, the same on every run.
pub fn events(count: u32) -> Vec<NewRecord> {
    (0..count).map(event).collect()
}

fn event(index: u32) -> NewRecord {
    let mut random = Random(u64::from(index));
    let (motif, motif_welsh) = random.pick(&MOTIFS);
    let starts_at = FIRST_DAY + SignedDuration::from_hours(5 * (2000 - i64::from(index)));
    let facts = EventFacts {
        starts_at,
        ends_at: starts_at + SignedDuration::from_hours(2),
        all_day: false,
        updated_at: FIRST_DAY,
        kind: random.pick(&["call", "webinar", "seminar", "action"]).to_owned(),
        union: random.pick(&UNIONS).to_owned(),
        video: None,
        cancelled: false,
        recorded: false,
    };
    let text = |title: String, summary: &str| LocalEvent {
        title,
        summary: summary.to_owned(),
        place: "Online".to_owned(),
        text: EventText {
            speakers: Vec::new(),
            access: Vec::new(),
            html: String::new(),
            cancelled: None,
            recording: None,
        },
    };
    let number = index + 1;
    let texts = [
        text(format!("{motif}: event {number}"), "A made-up event, to measure the lists with."),
        text(format!("{motif_welsh}: digwyddiad {number}"), "Digwyddiad dychmygol, i fesur y rhestrau."),
    ];
    record(Kind::Event, format!("{SEEDED}event-{index:05}"), &facts, &texts)
}

/// Generated news is before this date, generated events before and after it.
const FIRST_DAY: Timestamp = Timestamp::constant(1_793_520_000, 0);
const UNIONS: [&str; 4] = ["federation", "physiotherapists", "radiographers", "public-service"];
const TAGS: [&str; 5] = ["news", "event", "campaign", "health-and-safety", "learning"];

fn record<F: Serialize, T: Serialize>(kind: Kind, slug: String, facts: &F, texts: &[T; 2]) -> NewRecord {
    let json = |value: serde_json::Result<String>| value.expect("content types have string keys only");
    let text = |(locale, text)| NewText { locale, body: json(serde_json::to_string(text)) };
    NewRecord {
        kind,
        slug,
        time: None,
        facts: json(serde_json::to_string(facts)),
        texts: Locale::ALL.into_iter().zip(texts).map(text).collect(),
        variants: Vec::new(),
    }
}

/// A pseudo-random number generator with a fixed sequence (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}
