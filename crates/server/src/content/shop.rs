//! The shop's file.

use contract::{
    Locale,
    orders::{Zone, price::Rate},
    shop::Account,
    term::Term,
    time::Date,
};
use serde::Deserialize;

use super::{
    ContentError,
    file::File,
    kinds::{check_reachable, record},
};
use crate::{
    shop::{DeliveryFacts, LocalShop, ONLY, PriceBand, Seller, ShopFacts},
    store::{Kind, NewRecord},
};

/// The data that product files are checked against.
#[derive(Default)]
pub(super) struct Shop {
    /// The values of the filters, and the languages; none until the shop's file was parsed.
    pub(super) words: Option<Words>,
    pub(super) heaviest_grams: u32,
}

pub(super) struct Words {
    pub(super) terms: [Vec<Term>; 5],
    pub(super) languages: Vec<Term>,
}

#[derive(Deserialize)]
struct ShopFile {
    order_by: Date,
    telephone: String,
    email: String,
    hours: Both,
    facets: FacetNames,
    category: Vec<Entry>,
    size: Vec<Entry>,
    colour: Vec<Entry>,
    price: Vec<PriceEntry>,
    only: Vec<Entry>,
    language: Vec<Entry>,
    delivery: Vec<DeliveryEntry>,
    account: Account,
    closed: Vec<Date>,
    collection_working_days: u32,
    approval_from_pence: u64,
    seller: Seller,
}

/// The rates of a delivery method, one for each zone that it serves.
fn rates((way, entry): (usize, &DeliveryEntry)) -> Vec<Rate> {
    let mainland = ZoneEntry { price_pence: entry.price_pence, working_days: entry.working_days };
    let zones = [
        (Zone::Mainland, Some(mainland)),
        (Zone::Remote, entry.remote),
        (Zone::CrownDependency, entry.crown_dependency),
    ];
    let rate = |(zone, cost): (Zone, Option<ZoneEntry>)| {
        let ZoneEntry { price_pence, working_days } = cost?;
        Some(Rate { way, zone, up_to_grams: entry.up_to_grams, price_pence, working_days })
    };
    zones.into_iter().filter_map(rate).collect()
}

/// A text in both languages.
#[derive(Deserialize)]
struct Both {
    en: String,
    cy: String,
}

#[derive(Deserialize)]
struct FacetNames {
    category: Both,
    size: Both,
    colour: Both,
    price: Both,
    only: Both,
}

#[derive(Deserialize)]
struct Entry {
    value: String,
    en: String,
    cy: String,
}

#[derive(Deserialize)]
struct PriceEntry {
    value: String,
    from_pence: u32,
    below_pence: Option<u32>,
    en: String,
    cy: String,
}

/// The price and the time of a delivery method to a zone.
#[derive(Clone, Copy, Deserialize)]
struct ZoneEntry {
    price_pence: u32,
    working_days: u32,
}

#[derive(Deserialize)]
struct DeliveryEntry {
    up_to_grams: u32,
    price_pence: u32,
    working_days: u32,
    /// The Highlands and islands, and Northern Ireland.
    remote: Option<ZoneEntry>,
    crown_dependency: Option<ZoneEntry>,
    en: String,
    cy: String,
}

impl Both {
    fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Cy => &self.cy,
        }
    }
}

impl Entry {
    fn term(&self, locale: Locale) -> Term {
        let label = match locale {
            Locale::En => &self.en,
            Locale::Cy => &self.cy,
        };
        Term { value: self.value.clone(), label: label.clone() }
    }
}

impl Shop {
    /// Parses the shop's own file.
    pub(super) fn shop(&mut self, file: &File) -> Result<NewRecord, Vec<ContentError>> {
        let ShopFile {
            order_by,
            telephone,
            email,
            hours,
            facets,
            category,
            size,
            colour,
            price,
            only,
            language,
            delivery,
            account,
            closed,
            collection_working_days,
            approval_from_pence,
            seller,
        } = file.parse()?;
        check_reachable(file, "", &telephone, &email)?;
        let known: Vec<&str> = only.iter().map(|entry| entry.value.as_str()).collect();
        if known != ONLY {
            return Err(vec![
                file.error("only", &format!("expected these values in this order: {}", ONLY.join(", "))),
            ]);
        }
        for (index, band) in price.iter().enumerate() {
            if band.below_pence.is_some_and(|below| below <= band.from_pence) {
                let field = format!("price.{index}.below_pence");
                return Err(vec![file.error(&field, "must be higher than from_pence")]);
            }
        }
        let bands: Vec<Entry> = price
            .iter()
            .map(|band| Entry { value: band.value.clone(), en: band.en.clone(), cy: band.cy.clone() })
            .collect();
        let lists = [&category, &size, &colour, &bands, &only];
        let terms =
            |list: &[Entry], locale| list.iter().map(|entry| entry.term(locale)).collect::<Vec<Term>>();
        let names = [&facets.category, &facets.size, &facets.colour, &facets.price, &facets.only];
        let local = |locale| LocalShop {
            hours: hours.get(locale).to_owned(),
            facets: names.map(|name| name.get(locale).to_owned()),
            terms: lists.map(|list| terms(list, locale)),
            languages: terms(&language, locale),
            delivery: delivery
                .iter()
                .map(|entry| if locale == Locale::En { &entry.en } else { &entry.cy }.clone())
                .collect(),
        };
        let [en, cy] = Locale::ALL.map(local);
        self.words = Some(Words { terms: en.terms.clone(), languages: en.languages.clone() });
        self.heaviest_grams = delivery.iter().map(|entry| entry.up_to_grams).max().unwrap_or_default();
        let facts = ShopFacts {
            order_by: Some(order_by),
            telephone,
            email,
            prices: price
                .into_iter()
                .map(|PriceEntry { value, from_pence, below_pence, .. }| PriceBand {
                    value,
                    from_pence,
                    below_pence,
                })
                .collect(),
            account,
            closed,
            collection_working_days,
            approval_from_pence,
            seller,
            rates: delivery.iter().enumerate().flat_map(rates).collect(),
            delivery: delivery
                .iter()
                .map(|entry| DeliveryFacts { up_to_grams: entry.up_to_grams, price_pence: entry.price_pence })
                .collect(),
        };
        Ok(record(Kind::Shop, file, &facts, [&en, &cy]))
    }
}
