//! The products from the content, indexed for lists; rebuilt for each version of the content.

use std::{cmp::Reverse, collections::HashMap};

use contract::{
    Locale,
    shop::{Facet, PriceBreak, ProductText, Sort},
};

use super::{LocalShop, Part, ProductFacts, ShopFacts, VariantFacts, collation::sort_key};
use crate::{
    bit_set::{BitSet, Layout},
    store::Record,
    word_index::WordIndex,
};

/// The products from the content.
pub(super) struct ProductIndex {
    pub(super) shop: [LocalShop; 2],
    pub(super) facts: ShopFacts,
    /// Sorted by the number of variants, most first.
    pub(super) products: Vec<ListedProduct>,
    pub(super) by_slug: HashMap<String, usize>,
    pub(super) by_sku: HashMap<String, usize>,
    /// The details of each variant for orders.
    pub(super) variants: HashMap<String, ListedVariant>,
    pub(super) layout: Layout,
    pub(super) all_variants: BitSet,
    /// The variants with each value of the filters, except [`Facet::Only`].
    pub(super) values: [HashMap<String, BitSet>; 4],
    pub(super) welsh: BitSet,
    pub(super) union_made: BitSet,
    /// The words of all product texts, for each language.
    pub(super) words: [WordIndex; 2],
    /// The words of product names.
    pub(super) names: [WordIndex; 2],
    /// The indices of the products in each [`Sort`] order, for each language.
    pub(super) orders: [[Vec<usize>; 4]; 2],
}

/// A product in lists.
pub(super) struct ListedProduct {
    pub(super) slug: String,
    pub(super) names: [String; 2],
    pub(super) category: String,
    pub(super) picture: String,
    pub(super) colour: Option<String>,
    pub(super) from_pence: u32,
    pub(super) to_pence: u32,
    pub(super) union_made: bool,
    pub(super) welsh: bool,
    pub(super) variants: usize,
    pub(super) vat_percent: u32,
    pub(super) weight_grams: u32,
    pub(super) cap: Option<u32>,
    pub(super) branch_cap: Option<u32>,
    pub(super) made_to_order_days: Option<u32>,
    pub(super) breaks: Vec<PriceBreak>,
}

/// A variant in orders.
pub(super) struct ListedVariant {
    /// The index of its product.
    pub(super) product: usize,
    pub(super) price_pence: u32,
    /// Its colour, size and language, if it has them.
    pub(super) axes: [Option<String>; 3],
    /// Its parts, if it is a bundle.
    pub(super) parts: Vec<Part>,
    /// What distinguishes it, in each language; empty if it is the only one.
    pub(super) names: [String; 2],
}

/// A product from the database, in one language.
pub(super) type ProductRecord = Record<ProductFacts, ProductText>;

impl ProductIndex {
    pub(super) fn new(
        shop: [LocalShop; 2],
        facts: ShopFacts,
        english: Vec<ProductRecord>,
        welsh: Vec<ProductRecord>,
    ) -> Self {
        // The database returns both in the same order.
        let mut pairs: Vec<(ProductRecord, ProductRecord)> = english.into_iter().zip(welsh).collect();
        pairs.sort_by_key(|(record, _)| Reverse(record.facts.variants.len()));
        let counts: Vec<usize> = pairs.iter().map(|(record, _)| record.facts.variants.len()).collect();
        let layout = Layout::new(&counts);
        let mut product_index = Self {
            products: pairs.iter().map(|(english, welsh)| ListedProduct::new(english, welsh)).collect(),
            by_slug: pairs
                .iter()
                .enumerate()
                .map(|(index, (record, _))| (record.slug.clone(), index))
                .collect(),
            by_sku: HashMap::new(),
            variants: HashMap::new(),
            all_variants: layout.empty(),
            values: Default::default(),
            welsh: layout.empty(),
            union_made: layout.empty(),
            words: Locale::ALL.map(|locale| {
                let texts: Vec<String> = pairs
                    .iter()
                    .map(|(english, welsh)| {
                        let record = if locale == Locale::En { english } else { welsh };
                        search_text(record, &shop[locale as usize])
                    })
                    .collect();
                WordIndex::new(locale, texts.iter().map(String::as_str), &layout.empty_products())
            }),
            names: Locale::ALL.map(|locale| {
                let names = pairs.iter().map(|(english, welsh)| match locale {
                    Locale::En => english.text.name.as_str(),
                    Locale::Cy => welsh.text.name.as_str(),
                });
                WordIndex::new(locale, names, &layout.empty_products())
            }),
            orders: Default::default(),
            shop,
            facts,
            layout,
        };
        for (index, (record, _)) in pairs.iter().enumerate() {
            product_index.add_variants(index, &record.facts);
        }
        let positions: Vec<u32> = pairs.iter().map(|(record, _)| record.facts.place).collect();
        product_index.orders =
            Locale::ALL.map(|locale| Sort::ALL.map(|sort| product_index.sorted(sort, locale, &positions)));
        product_index
    }

    fn add_variants(&mut self, index: usize, facts: &ProductFacts) {
        for (number, variant) in facts.variants.iter().enumerate() {
            let bit = self.layout.bit(index, number);
            self.by_sku.insert(variant.sku.clone(), bit);
            let listed = ListedVariant {
                product: index,
                price_pence: variant.price_pence,
                axes: [variant.colour.clone(), variant.size.clone(), variant.language.clone()],
                parts: variant.parts.clone(),
                names: Locale::ALL.map(|locale| variant.name(&self.shop[locale as usize])),
            };
            self.variants.insert(variant.sku.clone(), listed);
            self.all_variants.insert(bit);
            if facts.union_made {
                self.union_made.insert(bit);
            }
            if variant.is_welsh() {
                self.welsh.insert(bit);
            }
            let price = self.facts.prices.iter().find(|band| band.holds(variant.price_pence));
            let values = [
                Some(&facts.category),
                variant.size.as_ref(),
                variant.colour.as_ref(),
                price.map(|band| &band.value),
            ];
            for (variants_by_value, value) in self.values.iter_mut().zip(values) {
                if let Some(value) = value {
                    variants_by_value.entry(value.clone()).or_insert_with(|| self.layout.empty()).insert(bit);
                }
            }
        }
    }

    fn sorted(&self, sort: Sort, locale: Locale, positions: &[u32]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.products.len()).collect();
        let products = &self.products;
        // Equal products are in the shop's order.
        order.sort_by_key(|&index| (positions[index], &products[index].slug));
        match sort {
            Sort::Featured => {}
            Sort::Cheapest => order.sort_by_key(|&index| products[index].from_pence),
            Sort::Dearest => order.sort_by_key(|&index| Reverse(products[index].from_pence)),
            Sort::Name => {
                order.sort_by_cached_key(|&index| sort_key(locale, &products[index].names[locale as usize]));
            }
        }
        order
    }

    pub(super) fn order(&self, sort: Sort, locale: Locale) -> &[usize] {
        &self.orders[locale as usize][sort as usize]
    }
}

impl ListedProduct {
    pub(super) fn new(english: &ProductRecord, welsh: &ProductRecord) -> Self {
        let facts = &english.facts;
        let prices = facts.variants.iter().map(|variant| variant.price_pence);
        Self {
            slug: english.slug.clone(),
            names: [english.text.name.clone(), welsh.text.name.clone()],
            category: facts.category.clone(),
            picture: facts.pictures.first().cloned().unwrap_or_default(),
            colour: facts.variants.first().and_then(|variant| variant.colour.clone()),
            from_pence: prices.clone().min().unwrap_or_default(),
            to_pence: prices.max().unwrap_or_default(),
            union_made: facts.union_made,
            welsh: facts.variants.iter().any(VariantFacts::is_welsh),
            variants: facts.variants.len(),
            vat_percent: facts.vat_percent,
            weight_grams: facts.weight_grams,
            cap: facts.cap,
            branch_cap: facts.branch_cap,
            made_to_order_days: facts.made_to_order_days,
            breaks: facts.breaks.clone(),
        }
    }
}

/// The text of a product that is searched.
fn search_text(record: &ProductRecord, shop: &LocalShop) -> String {
    let ProductText { name, summary, materials, .. } = &record.text;
    let mut text =
        vec![name.as_str(), summary, materials, shop.label(Facet::Category, &record.facts.category)];
    for variant in &record.facts.variants {
        text.push(&variant.sku);
        text.extend(variant.colour.iter().map(|colour| shop.label(Facet::Colour, colour)));
    }
    text.join(" ")
}
