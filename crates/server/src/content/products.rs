//! Product files, which may only use terms from the shop's file, and must not share a SKU.

use std::collections::{HashMap, HashSet};

use contract::shop::{Facet, PriceBreak, ProductText, SizeMeasures};
use serde::Deserialize;

use super::{ContentError, file::File, kinds::record, shop::Shop};
use crate::{
    shop::{Part, ProductFacts, VariantFacts},
    store::{Kind, NewRecord, NewVariant},
};

/// The VAT rates that exist, in per cent.
const VAT_RATES: [u32; 3] = [0, 5, 20];

/// The products read so far.
pub(super) struct Products<'a> {
    shop: &'a Shop,
    /// The file of each SKU.
    skus: HashMap<String, String>,
    /// The SKUs with their own stock.
    stocked: HashSet<String>,
    /// The parts of bundles, each with the error to report if it has no stock.
    parts: Vec<(Part, ContentError)>,
}

#[derive(Deserialize)]
struct ProductFile {
    place: u32,
    category: String,
    union_made: bool,
    vat_percent: u32,
    weight_grams: u32,
    cap: Option<u32>,
    branch_cap: Option<u32>,
    made_to_order_days: Option<u32>,
    pictures: Vec<String>,
    #[serde(default)]
    breaks: Vec<PriceBreak>,
    #[serde(default)]
    size_chart: Vec<SizeMeasures>,
    variants: Vec<VariantEntry>,
    en: ProductText,
    cy: ProductText,
}

#[derive(Deserialize)]
struct VariantEntry {
    sku: String,
    price_pence: u32,
    /// The initial stock, when the shop first loads the product; a bundle has none of its own.
    stock: Option<u32>,
    /// The parts of a bundle.
    #[serde(default)]
    parts: Vec<Part>,
    colour: Option<String>,
    size: Option<String>,
    language: Option<String>,
}

impl<'a> Products<'a> {
    /// No products yet; they are checked against the shop's file.
    pub(super) fn of(shop: &'a Shop) -> Self {
        Self { shop, skus: HashMap::new(), stocked: HashSet::new(), parts: Vec::new() }
    }

    /// Checks that are only possible once every product was read: records in each variant how
    /// many of it a bundle takes, and reports parts of bundles that do not exist.
    pub(super) fn bundle(self, records: &mut [NewRecord]) -> Vec<ContentError> {
        let Self { stocked, parts, .. } = self;
        for variant in records.iter_mut().flat_map(|record| &mut record.variants) {
            let own = parts.iter().filter(|(part, _)| part.sku == variant.sku);
            variant.bundled = own.map(|(part, _)| part.count).max().unwrap_or(1);
        }
        parts.into_iter().filter(|(part, _)| !stocked.contains(&part.sku)).map(|(_, error)| error).collect()
    }

    /// Parses a product's file.
    pub(super) fn read(&mut self, file: &File) -> Result<NewRecord, Vec<ContentError>> {
        let product: ProductFile = file.parse()?;
        let error = |field: &str, message: &str| Err(vec![file.error(field, message)]);
        if !VAT_RATES.contains(&product.vat_percent) {
            return error("vat_percent", "expected 0, 5 or 20");
        }
        if product.pictures.is_empty() {
            return error("pictures", "a product needs at least one picture");
        }
        self.check_words(file, &product)?;
        if product.weight_grams > self.shop.heaviest_grams && self.shop.words.is_some() {
            return error("weight_grams", "heavier than the shop’s delivery rates allow");
        }
        let prices = product.variants.iter().map(|variant| variant.price_pence);
        let Some(cheapest) = prices.min() else {
            return error("variants", "a product needs at least one variant");
        };
        if (cheapest == 0) != product.cap.is_some() {
            return error("cap", "free products, and only those, need a limit per order");
        }
        if product.branch_cap.map_or(product.cap.is_some(), |most| product.cap.is_none_or(|cap| most < cap)) {
            return error(
                "branch_cap",
                "free products need a limit per branch, at least as large as the limit per order",
            );
        }
        let mut before = PriceBreak { from: 1, less_pence: 0 };
        for (index, step) in product.breaks.iter().enumerate() {
            if step.from <= before.from || step.less_pence <= before.less_pence || step.less_pence >= cheapest
            {
                let field = format!("breaks.{index}");
                return error(
                    &field,
                    "each discount must need a larger quantity and take off more than the last, \
                     but less than the full price",
                );
            }
            before = *step;
        }
        self.check_variants(file, &product.variants)?;
        let ProductFile {
            place,
            category,
            union_made,
            vat_percent,
            weight_grams,
            cap,
            branch_cap,
            made_to_order_days,
            pictures,
            breaks,
            size_chart,
            variants,
            en,
            cy,
        } = product;
        let stocks = variants
            .iter()
            .filter_map(|entry| Some(NewVariant { sku: entry.sku.clone(), stock: entry.stock?, bundled: 1 }))
            .collect();
        let variants = variants
            .into_iter()
            .map(|VariantEntry { sku, price_pence, colour, size, language, parts, .. }| VariantFacts {
                sku,
                price_pence,
                colour,
                size,
                language,
                parts,
            })
            .collect();
        let facts = ProductFacts {
            place,
            category,
            union_made,
            vat_percent,
            weight_grams,
            cap,
            branch_cap,
            made_to_order_days,
            pictures,
            breaks,
            size_chart,
            variants,
        };
        Ok(NewRecord { variants: stocks, ..record(Kind::Product, file, &facts, [&en, &cy]) })
    }

    /// Checks that every term of a product is in the shop's file.
    fn check_words(&self, file: &File, product: &ProductFile) -> Result<(), Vec<ContentError>> {
        let Some(words) = &self.shop.words else { return Ok(()) };
        let terms = |facet: Facet| &words.terms[facet as usize];
        let mut checked = vec![("category".to_owned(), terms(Facet::Category), &product.category)];
        for (index, row) in product.size_chart.iter().enumerate() {
            checked.push((format!("size_chart.{index}.size"), terms(Facet::Size), &row.size));
        }
        for (index, variant) in product.variants.iter().enumerate() {
            let axes = [
                ("colour", terms(Facet::Colour), &variant.colour),
                ("size", terms(Facet::Size), &variant.size),
                ("language", &words.languages, &variant.language),
            ];
            for (name, known, value) in axes {
                checked.extend(value.iter().map(|value| (format!("variants.{index}.{name}"), known, value)));
            }
        }
        for (field, known, value) in checked {
            if !known.iter().any(|term| term.value == *value) {
                let values: Vec<&str> = known.iter().map(|term| term.value.as_str()).collect();
                let message = format!("“{value}” is not a known value. Use one of: {}", values.join(", "));
                return Err(vec![file.error(&field, &message)]);
            }
        }
        Ok(())
    }

    /// Checks that variants differ: by SKU among all products, and by colour, size and
    /// language within a product.
    fn check_variants(&mut self, file: &File, variants: &[VariantEntry]) -> Result<(), Vec<ContentError>> {
        let axes =
            |variant: &VariantEntry| [&variant.colour, &variant.size, &variant.language].map(Clone::clone);
        for (index, variant) in variants.iter().enumerate() {
            let error = |field: &str, message: &str| {
                Err(vec![file.error(&format!("variants.{index}{field}"), message)])
            };
            let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
            if variant.sku.is_empty() || !variant.sku.bytes().all(plain) {
                return error(".sku", "expected capital letters, digits and hyphens, such as MUG-RED");
            }
            if variant.stock.is_some() != variant.parts.is_empty() {
                return error(".stock", "a variant needs either stock or, if it is a bundle, parts");
            }
            if variant.parts.iter().any(|part| part.count == 0) {
                return error(".parts", "each part of a bundle needs a count of at least 1");
            }
            for (place, part) in variant.parts.iter().enumerate() {
                if variant.parts[..place].iter().any(|earlier| earlier.sku == part.sku) {
                    return error(".parts", "list each part of a bundle once, with its count");
                }
                let message = format!("unknown SKU, or SKU without stock of its own: {}", part.sku);
                let error = file.error(&format!("variants.{index}.parts"), &message);
                self.parts.push((part.clone(), error));
            }
            if variant.stock.is_some() {
                self.stocked.insert(variant.sku.clone());
            }
            if let Some(other) = self.skus.insert(variant.sku.clone(), file.name.clone()) {
                return error(".sku", &format!("this SKU is already used in {other}"));
            }
            if variants[..index].iter().any(|other| axes(other) == axes(variant)) {
                return error("", "another variant has the same colour, size and language");
            }
            if axes(variant).map(|axis| axis.is_some()) != axes(&variants[0]).map(|axis| axis.is_some()) {
                return error("", "if one variant has a colour, size or language, all variants need one");
            }
        }
        // Choosing a value of one axis then never clears the choice of another.
        let values = |axis: usize| {
            let mut values: Vec<_> = variants.iter().map(|variant| axes(variant)[axis].clone()).collect();
            values.sort_unstable();
            values.dedup();
            values.len()
        };
        if variants.len() != values(0) * values(1) * values(2) {
            let message = "every combination of colour, size and language needs a variant. \
                           Use stock = 0 if it is not available";
            return Err(vec![file.error("variants", message)]);
        }
        Ok(())
    }
}
