//! All products as a list needs them, in memory: made once for every version of
//! the content, brought up to date with every change of the stock.
//!
//! A list is asked for with every letter that somebody types, and shows beside
//! each filter how many products it would leave. From tables both would cost
//! more the more products there are; from sets of bits (`bits.rs`) it is hardly
//! measurable. Whatever a list does not need stays in the database.

use std::sync::Arc;

use contract::{
    Locale,
    campaign::CampaignText,
    shop::{FEW, Facet, FacetCounts, ProductSummary, Search, Sort},
    term::{Term, TermCount},
    time::Date,
};

use super::{
    IN_STOCK, LocalShop, Offer, Part, ShopFacts, UNION_MADE, WELSH,
    range::{ListedVariant, ProductRecord, Range},
};
use crate::{
    bits::Bits,
    cache::Shows,
    campaign::CampaignFacts,
    paging::Paging,
    store::{Kind, Record, Store, StoreError, Versions},
    versioned::Versioned,
};

/// How many filters at once pages are kept for.
const COMMON_FILTERS: usize = 2;

/// The catalogue as it was last made.
#[derive(Default)]
pub(crate) struct CatalogueCache(Versioned<Catalogue>);

impl CatalogueCache {
    /// The catalogue as the database has it now.
    pub(crate) async fn get(&self, store: &Store) -> Result<Arc<Catalogue>, StoreError> {
        let versions = store.versions().await?;
        // One that somebody has made later will do: a change must not be noted under an
        // earlier version.
        let is_current = |catalogue: &Catalogue| {
            catalogue.versions.content == versions.content && catalogue.versions.stock >= versions.stock
        };
        let make = async |last: Option<Arc<Catalogue>>| match last {
            Some(last) if last.versions.content == versions.content => last.restocked(store, versions).await,
            _ => Catalogue::make(store, versions).await,
        };
        self.0.get(is_current, make).await
    }
}

/// All products, and how many there are of each variant.
pub(crate) struct Catalogue {
    versions: Versions,
    range: Arc<Range>,
    week_starts_on: Option<Date>,
    /// By the bits of the variants.
    stock: Vec<u32>,
    in_stock: Bits,
    /// For each product the version of the stock at which what is told of it changed last.
    told_since: Vec<i64>,
    /// The same of which variants are in stock.
    in_stock_since: i64,
}

/// What a search finds.
pub(super) struct Found {
    pub(super) total: u32,
    /// The products of the page that was asked for.
    pub(super) products: Vec<ProductSummary>,
    /// The slug of the last of them, where more follow.
    pub(super) next: Option<String>,
    pub(super) facets: Vec<FacetCounts>,
}

impl Catalogue {
    async fn make(store: &Store, versions: Versions) -> Result<Self, StoreError> {
        let mut shop = Vec::new();
        let mut facts = ShopFacts::default();
        let mut products: Vec<Vec<ProductRecord>> = Vec::new();
        for locale in Locale::ALL {
            let record: Option<Record<ShopFacts, LocalShop>> =
                store.list(Kind::Shop, locale).await?.into_iter().next();
            let record = record.map(|record| (record.facts, record.text)).unwrap_or_default();
            facts = record.0;
            shop.push(record.1);
            products.push(store.list(Kind::Product, locale).await?);
        }
        let campaign: Option<Record<CampaignFacts, CampaignText>> =
            store.latest(Kind::Campaign, Locale::En).await?;
        let [english, welsh] = <[_; 2]>::try_from(products).unwrap_or_default();
        let shop = <[_; 2]>::try_from(shop).unwrap_or_default();
        let range = Range::new(shop, facts, english, welsh);
        let mut catalogue = Self {
            versions,
            stock: vec![0; range.layout.bits()],
            in_stock: range.layout.none(),
            told_since: vec![versions.stock; range.products.len()],
            in_stock_since: versions.stock,
            range: Arc::new(range),
            week_starts_on: campaign.map(|campaign| campaign.facts.starts_on),
        };
        catalogue.take_stock(&store.stock_after(-1).await?);
        Ok(catalogue)
    }

    /// The same products with the stock as it is now.
    async fn restocked(&self, store: &Store, versions: Versions) -> Result<Self, StoreError> {
        let mut catalogue = Self {
            versions,
            range: Arc::clone(&self.range),
            week_starts_on: self.week_starts_on,
            stock: self.stock.clone(),
            in_stock: self.in_stock.clone(),
            told_since: self.told_since.clone(),
            in_stock_since: self.in_stock_since,
        };
        catalogue.take_stock(&store.stock_after(self.versions.stock).await?);
        for (product, since) in catalogue.told_since.iter_mut().enumerate() {
            let mut bits = (0..self.range.products[product].variants)
                .map(|variant| self.range.layout.bit(product, variant));
            if bits.any(|bit| few(self.stock[bit]) != few(catalogue.stock[bit])) {
                *since = versions.stock;
            }
        }
        if catalogue.in_stock != self.in_stock {
            catalogue.in_stock_since = versions.stock;
        }
        Ok(catalogue)
    }

    fn take_stock(&mut self, changes: &[(String, u32)]) {
        for (sku, stock) in changes {
            self.set_stock(sku, *stock);
        }
        // There are as many of a bundle as its scarcest part makes.
        let range = Arc::clone(&self.range);
        for (sku, variant) in range.variants.iter().filter(|(_, variant)| !variant.parts.is_empty()) {
            let makes = |part: &Part| self.stock_of(&part.sku) / part.count.max(1);
            let stock = variant.parts.iter().map(makes).min().unwrap_or_default();
            self.set_stock(sku, stock);
        }
    }

    fn set_stock(&mut self, sku: &str, stock: u32) {
        let Some(&bit) = self.range.by_sku.get(sku) else { return };
        self.stock[bit] = stock;
        if stock > 0 { self.in_stock.insert(bit) } else { self.in_stock.remove(bit) }
    }

    fn stock_of(&self, sku: &str) -> u32 {
        self.range.by_sku.get(sku).map_or(0, |&bit| self.stock[bit])
    }

    /// The shop's words in a language.
    pub(super) fn shop(&self, locale: Locale) -> &LocalShop {
        &self.range.shop[locale as usize]
    }

    /// What the shop's file says in every language alike.
    pub(crate) fn facts(&self) -> &ShopFacts {
        &self.range.facts
    }

    /// The products' names in addresses, in the order of the shop.
    pub(crate) fn slugs(&self) -> impl Iterator<Item = &str> {
        let order = &self.range.orders[0][Sort::Featured as usize];
        order.iter().map(|&product| self.range.products[product].slug.as_str())
    }

    /// Whether there is a product with this slug.
    pub(crate) fn has(&self, slug: &str) -> bool {
        self.range.by_slug.contains_key(slug)
    }

    /// Whether what a page of this version of the stock shows is still so.
    pub(crate) fn shows_same(&self, shows: &Shows, version: i64) -> bool {
        let told_since = |slug: &String| {
            self.range.by_slug.get(slug).map_or(self.versions.stock, |&product| self.told_since[product])
        };
        (!shows.in_stock || self.in_stock_since <= version)
            && shows.products.iter().all(|slug| told_since(slug) <= version)
    }

    /// Whether a product has a variant with this colour, size and language, where they are
    /// given.
    pub(crate) fn has_variant(&self, slug: &str, wanted: &[Option<String>; 3]) -> bool {
        let Some(&product) = self.range.by_slug.get(slug) else { return false };
        let has = |variant: &ListedVariant| {
            let mut axes = variant.axes.iter().zip(wanted);
            variant.product == product && axes.all(|(own, wanted)| wanted.is_none() || own == wanted)
        };
        self.range.variants.values().any(has)
    }

    /// Whether a search asks for nothing but filters that there are, and for few of them
    /// at once: of other searches there is no end.
    pub(super) fn is_common(&self, search: &Search) -> bool {
        let known = |(facet, value): &(Facet, String)| match self.range.values.get(*facet as usize) {
            Some(values) => values.contains_key(value),
            None => self.only(value).is_some(),
        };
        search.text.is_empty() && search.chosen.len() <= COMMON_FILTERS && search.chosen.iter().all(known)
    }

    /// What an order needs to know of a variant, with its names in a language.
    pub(crate) fn offer(&self, sku: &str, locale: Locale) -> Option<Offer<'_>> {
        let variant = self.range.variants.get(sku)?;
        let product = &self.range.products[variant.product];
        Some(Offer {
            product: &product.slug,
            name: &product.names[locale as usize],
            variant: &variant.names[locale as usize],
            picture: &product.picture,
            colour: variant.axes[0].as_deref(),
            cap: product.cap,
            branch_cap: product.branch_cap,
            made_to_order_days: product.made_to_order_days,
            price_pence: variant.price_pence,
            vat_percent: product.vat_percent,
            weight_grams: product.weight_grams,
            breaks: &product.breaks,
            parts: &variant.parts,
        })
    }

    /// The names of the ways of sending.
    pub(crate) fn ways(&self, locale: Locale) -> &[String] {
        &self.range.shop[locale as usize].delivery
    }

    /// The day on which the week starts; none while no campaign is loaded.
    pub(crate) fn week_starts_on(&self) -> Option<Date> {
        self.week_starts_on
    }

    /// How many are left of a variant, where those are few.
    pub(super) fn left(&self, sku: &str) -> Option<u32> {
        few(self.stock_of(sku))
    }

    /// The first so many products of the shop that can be had.
    pub(crate) fn shelf(&self, locale: Locale, count: usize) -> Vec<ProductSummary> {
        let order = &self.range.orders[0][Sort::Featured as usize];
        let summaries = order.iter().map(|&product| self.summary(product, locale));
        summaries.filter(|product| product.left != Some(0)).take(count).collect()
    }

    /// Products that go with this one: up to three of its category, and others
    /// up to four.
    pub(super) fn related(&self, slug: &str, locale: Locale) -> Vec<ProductSummary> {
        let range = &*self.range;
        let Some(&own) = range.by_slug.get(slug) else { return Vec::new() };
        let alike = |product: usize| range.products[product].category == range.products[own].category;
        let order = range.orders[0][Sort::Featured as usize].iter().copied();
        let others = order.filter(|&product| product != own);
        let same = others.clone().filter(|&product| alike(product)).take(3);
        let rest = others.filter(|&product| !alike(product));
        same.chain(rest).take(4).map(|product| self.summary(product, locale)).collect()
    }

    /// What a search finds: a page of the products, and how many there would be
    /// with each filter. None where the page starts after a product that there
    /// is not.
    pub(super) fn find(&self, search: &Search, locale: Locale, paging: &Paging) -> Option<Found> {
        let range = &*self.range;
        let masks = self.masks(search, locale);
        let products = range.layout.products(&masks[Facet::Only as usize]);
        let total = products.count();
        // Who looks for a poster means what is called one, before flags that
        // share the category; another order that was asked for is kept.
        let named = (search.sort == Sort::Featured)
            .then(|| range.names[locale as usize].find_best(&search.text, &range.layout.no_product()))
            .flatten();
        let is_named = |product: usize| named.as_ref().is_some_and(|named| named.has(product));
        let turns: &[bool] = if named.is_some() { &[true, false] } else { &[false] };
        let order = range.order(search.sort, locale);
        let ordered = turns
            .iter()
            .flat_map(|turn| order.iter().copied().filter(move |&product| is_named(product) == *turn));
        let found = |product: &usize| products.has(*product);
        let limit = paging.limit;
        let mut page: Vec<usize> = match &paging.cursor {
            None => ordered.filter(found).skip(paging.skipped()).take(limit + 1).collect(),
            Some(slug) => {
                // Whether the search finds it or not.
                let last = *range.by_slug.get(slug)?;
                let rest = ordered.skip_while(|&product| product != last).skip(1);
                rest.filter(found).take(limit + 1).collect()
            }
        };
        let more = page.len() > limit;
        page.truncate(limit);
        let last = page.last().filter(|_| more);
        Some(Found {
            total,
            next: last.map(|&product| range.products[product].slug.clone()),
            products: page.into_iter().map(|product| self.summary(product, locale)).collect(),
            facets: self.facets(&masks, locale),
        })
    }

    /// For each facet the variants that the rest of the search leaves. What is
    /// chosen of one facet widens it, so its own values do not count there, but
    /// for [`Facet::Only`], whose values narrow: its mask is the whole search.
    fn masks(&self, search: &Search, locale: Locale) -> [Bits; 5] {
        let range = &*self.range;
        let mut base = range.every.clone();
        let none = range.layout.no_product();
        if let Some(products) = range.words[locale as usize].find_best(&search.text, &none) {
            range.layout.keep_products(&mut base, &products);
        }
        let mut chosen: [Option<Bits>; 4] = [const { None }; 4];
        for (facet, value) in &search.chosen {
            match range.values.get(*facet as usize) {
                Some(values) => {
                    let wanted = chosen[*facet as usize].get_or_insert_with(|| range.layout.none());
                    if let Some(variants) = values.get(value) {
                        wanted.add(variants);
                    }
                }
                None => base.keep(self.only(value).unwrap_or(&range.layout.none())),
            }
        }
        Facet::ALL.map(|facet| {
            let mut mask = base.clone();
            for (other, wanted) in chosen.iter().enumerate() {
                if let Some(wanted) = wanted
                    && other != facet as usize
                {
                    mask.keep(wanted);
                }
            }
            mask
        })
    }

    /// The variants with a value of [`Facet::Only`].
    fn only(&self, value: &str) -> Option<&Bits> {
        match value {
            IN_STOCK => Some(&self.in_stock),
            WELSH => Some(&self.range.welsh),
            UNION_MADE => Some(&self.range.union_made),
            _ => None,
        }
    }

    fn facets(&self, masks: &[Bits; 5], locale: Locale) -> Vec<FacetCounts> {
        let range = &*self.range;
        let none = range.layout.none();
        let mut room = range.layout.no_product();
        let mut counts = |facet: Facet, name: &str, terms: &[Term]| {
            let mut count = |term: &Term| {
                let variants = match range.values.get(facet as usize) {
                    Some(values) => values.get(&term.value),
                    None => self.only(&term.value),
                };
                TermCount {
                    value: term.value.clone(),
                    label: term.label.clone(),
                    count: range.layout.count_common(
                        &masks[facet as usize],
                        variants.unwrap_or(&none),
                        &mut room,
                    ),
                }
            };
            FacetCounts {
                name: facet.name().to_owned(),
                label: name.to_owned(),
                values: terms.iter().map(&mut count).collect(),
            }
        };
        let shop = self.shop(locale);
        Facet::ALL.map(|facet| counts(facet, shop.facet(facet).0, shop.facet(facet).1)).into()
    }

    fn summary(&self, product: usize, locale: Locale) -> ProductSummary {
        let listed = &self.range.products[product];
        let bits = (0..listed.variants).map(|variant| self.range.layout.bit(product, variant));
        let stock = bits.map(|bit| self.stock[bit]).fold(0, u32::saturating_add);
        ProductSummary {
            slug: listed.slug.clone(),
            name: listed.names[locale as usize].clone(),
            picture: listed.picture.clone(),
            colour: listed.colour.clone(),
            from_pence: listed.from_pence,
            to_pence: listed.to_pence,
            left: few(stock),
            union_made: listed.union_made,
            welsh: listed.welsh,
        }
    }
}

/// How many to tell of a stock.
fn few(stock: u32) -> Option<u32> {
    (stock <= FEW).then_some(stock)
}
