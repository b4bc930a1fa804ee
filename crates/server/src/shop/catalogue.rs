//! All products for lists, in memory: rebuilt for each version of the content, updated with
//! each change of the stock.
//!
//! A list is requested with every letter that someone types, and shows the number of products
//! for each filter. With database queries, the cost of both would grow with the number of
//! products; with bit sets (`bit_set.rs`) it is negligible. Data that lists do not need stays in
//! the database.

use std::sync::Arc;

use contract::{
    Locale,
    campaign::CampaignText,
    shop::{Facet, FacetCounts, LOW_STOCK, ProductSummary, Search, Sort},
    term::{Term, TermCount},
    time::Date,
};

use super::{
    IN_STOCK, LocalShop, Offer, Part, ShopFacts, UNION_MADE, WELSH,
    product_index::{ListedVariant, ProductIndex, ProductRecord},
};
use crate::{
    bit_set::BitSet,
    cache::Shows,
    campaign::CampaignFacts,
    paging::Paging,
    store::{Kind, Record, Store, StoreError, Versions},
    versioned::Versioned,
};

/// The maximum number of filters of a search whose page is cached.
const COMMON_FILTERS: usize = 2;

/// A cache of the current catalogue.
#[derive(Default)]
pub(crate) struct CatalogueCache(Versioned<Catalogue>);

impl CatalogueCache {
    /// The current catalogue.
    pub(crate) async fn get(&self, store: &Store) -> Result<Arc<Catalogue>, StoreError> {
        let versions = store.versions().await?;
        // A newer one is fine too: a change must not be recorded under an earlier version.
        let is_current = |catalogue: &Catalogue| {
            catalogue.versions.content == versions.content && catalogue.versions.stock >= versions.stock
        };
        let make = async |last: Option<Arc<Catalogue>>| match last {
            Some(last) if last.versions.content == versions.content => {
                last.with_current_stock(store, versions).await
            }
            _ => Catalogue::make(store, versions).await,
        };
        self.0.get(is_current, make).await
    }
}

/// All products, with the stock of each variant.
pub(crate) struct Catalogue {
    versions: Versions,
    index: Arc<ProductIndex>,
    week_starts_on: Option<Date>,
    /// Indexed by the variants' bits.
    stock: Vec<u32>,
    in_stock: BitSet,
    /// For each product, the version of the stock at which the stock shown for it last
    /// changed.
    stock_shown_since: Vec<i64>,
    /// The version of the stock at which the set of variants in stock last changed.
    in_stock_since: i64,
}

/// The result of a search.
pub(super) struct Found {
    pub(super) total: u32,
    /// The products on the requested page.
    pub(super) products: Vec<ProductSummary>,
    /// The cursor: the slug of the last product, if there are more.
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
        let index = ProductIndex::new(shop, facts, english, welsh);
        let mut catalogue = Self {
            versions,
            stock: vec![0; index.layout.bits()],
            in_stock: index.layout.empty(),
            stock_shown_since: vec![versions.stock; index.products.len()],
            in_stock_since: versions.stock,
            index: Arc::new(index),
            week_starts_on: campaign.map(|campaign| campaign.facts.starts_on),
        };
        catalogue.take_stock(&store.stock_after(-1).await?);
        Ok(catalogue)
    }

    /// The same products with the current stock.
    async fn with_current_stock(&self, store: &Store, versions: Versions) -> Result<Self, StoreError> {
        let mut catalogue = Self {
            versions,
            index: Arc::clone(&self.index),
            week_starts_on: self.week_starts_on,
            stock: self.stock.clone(),
            in_stock: self.in_stock.clone(),
            stock_shown_since: self.stock_shown_since.clone(),
            in_stock_since: self.in_stock_since,
        };
        catalogue.take_stock(&store.stock_after(self.versions.stock).await?);
        for (product, since) in catalogue.stock_shown_since.iter_mut().enumerate() {
            let mut bits = (0..self.index.products[product].variants)
                .map(|variant| self.index.layout.bit(product, variant));
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
        // The stock of a bundle is limited by its scarcest part.
        let index = Arc::clone(&self.index);
        for (sku, variant) in index.variants.iter().filter(|(_, variant)| !variant.parts.is_empty()) {
            let makes = |part: &Part| self.stock_of(&part.sku) / part.count.max(1);
            let stock = variant.parts.iter().map(makes).min().unwrap_or_default();
            self.set_stock(sku, stock);
        }
    }

    fn set_stock(&mut self, sku: &str, stock: u32) {
        let Some(&bit) = self.index.by_sku.get(sku) else { return };
        self.stock[bit] = stock;
        if stock > 0 { self.in_stock.insert(bit) } else { self.in_stock.remove(bit) }
    }

    fn stock_of(&self, sku: &str) -> u32 {
        self.index.by_sku.get(sku).map_or(0, |&bit| self.stock[bit])
    }

    /// The shop's texts in a language.
    pub(super) fn shop(&self, locale: Locale) -> &LocalShop {
        &self.index.shop[locale as usize]
    }

    /// The language-independent fields of the shop's file.
    pub(crate) fn facts(&self) -> &ShopFacts {
        &self.index.facts
    }

    /// The slugs of the products, in the shop's order.
    pub(crate) fn slugs(&self) -> impl Iterator<Item = &str> {
        let order = &self.index.orders[0][Sort::Featured as usize];
        order.iter().map(|&product| self.index.products[product].slug.as_str())
    }

    /// Whether there is a product with this slug.
    pub(crate) fn has(&self, slug: &str) -> bool {
        self.index.by_slug.contains_key(slug)
    }

    /// Whether a page rendered at this version of the stock still shows the same.
    pub(crate) fn shows_same(&self, shows: &Shows, version: i64) -> bool {
        let stock_shown_since = |slug: &String| {
            self.index
                .by_slug
                .get(slug)
                .map_or(self.versions.stock, |&product| self.stock_shown_since[product])
        };
        (!shows.in_stock || self.in_stock_since <= version)
            && shows.products.iter().all(|slug| stock_shown_since(slug) <= version)
    }

    /// Whether a product has a variant with this colour, size and language, as far as they are
    /// given.
    pub(crate) fn has_variant(&self, slug: &str, wanted: &[Option<String>; 3]) -> bool {
        let Some(&product) = self.index.by_slug.get(slug) else { return false };
        let has = |variant: &ListedVariant| {
            let mut axes = variant.axes.iter().zip(wanted);
            variant.product == product && axes.all(|(own, wanted)| wanted.is_none() || own == wanted)
        };
        self.index.variants.values().any(has)
    }

    /// Whether a search uses only known filters, and few of them. There is no limit to other
    /// searches, so their pages are not cached.
    pub(super) fn is_common(&self, search: &Search) -> bool {
        let is_known = |(facet, value): &(Facet, String)| match self.index.values.get(*facet as usize) {
            Some(values) => values.contains_key(value),
            None => self.only(value).is_some(),
        };
        search.text.is_empty() && search.chosen.len() <= COMMON_FILTERS && search.chosen.iter().all(is_known)
    }

    /// The details of a variant for an order, with names in a language.
    pub(crate) fn offer(&self, sku: &str, locale: Locale) -> Option<Offer<'_>> {
        let variant = self.index.variants.get(sku)?;
        let product = &self.index.products[variant.product];
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

    /// The names of the delivery methods.
    pub(crate) fn delivery_methods(&self, locale: Locale) -> &[String] {
        &self.index.shop[locale as usize].delivery
    }

    /// The first day of the campaign week; none if no campaign is loaded.
    pub(crate) fn week_starts_on(&self) -> Option<Date> {
        self.week_starts_on
    }

    /// The quantity in stock of a variant, if it is low.
    pub(super) fn stock_left(&self, sku: &str) -> Option<u32> {
        few(self.stock_of(sku))
    }

    /// The first products in the shop's order that are in stock.
    pub(crate) fn featured(&self, locale: Locale, count: usize) -> Vec<ProductSummary> {
        let order = &self.index.orders[0][Sort::Featured as usize];
        let summaries = order.iter().map(|&product| self.summary(product, locale));
        summaries.filter(|product| product.stock_left != Some(0)).take(count).collect()
    }

    /// Related products: up to three of the same category, and others to make up to four.
    pub(super) fn related(&self, slug: &str, locale: Locale) -> Vec<ProductSummary> {
        let index = &*self.index;
        let Some(&own) = index.by_slug.get(slug) else { return Vec::new() };
        let is_same_category =
            |product: usize| index.products[product].category == index.products[own].category;
        let order = index.orders[0][Sort::Featured as usize].iter().copied();
        let others = order.filter(|&product| product != own);
        let same = others.clone().filter(|&product| is_same_category(product)).take(3);
        let rest = others.filter(|&product| !is_same_category(product));
        same.chain(rest).take(4).map(|product| self.summary(product, locale)).collect()
    }

    /// A page of the products that match a search, and the number of products for each filter.
    /// None if the cursor names an unknown product.
    pub(super) fn find(&self, search: &Search, locale: Locale, paging: &Paging) -> Option<Found> {
        let index = &*self.index;
        let masks = self.masks(search, locale);
        let products = index.layout.products(&masks[Facet::Only as usize]);
        let total = products.count();
        // A search for “poster” should find products with that name before flags in the same
        // category, unless another sort order was chosen.
        let named = (search.sort == Sort::Featured)
            .then(|| index.names[locale as usize].find_best(&search.text, &index.layout.empty_products()))
            .flatten();
        let is_named = |product: usize| named.as_ref().is_some_and(|named| named.contains(product));
        let name_matches: &[bool] = if named.is_some() { &[true, false] } else { &[false] };
        let order = index.order(search.sort, locale);
        let ordered = name_matches.iter().flat_map(|is_name_match| {
            order.iter().copied().filter(move |&product| is_named(product) == *is_name_match)
        });
        let found = |product: &usize| products.contains(*product);
        let limit = paging.limit;
        let mut page: Vec<usize> = match &paging.cursor {
            None => ordered.filter(found).skip(paging.skipped()).take(limit + 1).collect(),
            Some(slug) => {
                // Whether or not the product matches the search.
                let last = *index.by_slug.get(slug)?;
                let rest = ordered.skip_while(|&product| product != last).skip(1);
                rest.filter(found).take(limit + 1).collect()
            }
        };
        let more = page.len() > limit;
        page.truncate(limit);
        let last = page.last().filter(|_| more);
        Some(Found {
            total,
            next: last.map(|&product| index.products[product].slug.clone()),
            products: page.into_iter().map(|product| self.summary(product, locale)).collect(),
            facets: self.facets(&masks, locale),
        })
    }

    /// For each filter, the variants that match the rest of the search. The chosen values of a
    /// filter widen the search, so they do not count for that filter itself, except for
    /// [`Facet::Only`], whose values narrow it: its mask is the whole search.
    fn masks(&self, search: &Search, locale: Locale) -> [BitSet; 5] {
        let index = &*self.index;
        let mut base = index.all_variants.clone();
        let none = index.layout.empty_products();
        if let Some(products) = index.words[locale as usize].find_best(&search.text, &none) {
            index.layout.retain_products(&mut base, &products);
        }
        let mut chosen: [Option<BitSet>; 4] = [const { None }; 4];
        for (facet, value) in &search.chosen {
            match index.values.get(*facet as usize) {
                Some(values) => {
                    let wanted = chosen[*facet as usize].get_or_insert_with(|| index.layout.empty());
                    if let Some(variants) = values.get(value) {
                        wanted.union_with(variants);
                    }
                }
                None => base.intersect_with(self.only(value).unwrap_or(&index.layout.empty())),
            }
        }
        Facet::ALL.map(|facet| {
            let mut mask = base.clone();
            for (other, wanted) in chosen.iter().enumerate() {
                if let Some(wanted) = wanted
                    && other != facet as usize
                {
                    mask.intersect_with(wanted);
                }
            }
            mask
        })
    }

    /// The variants with a value of [`Facet::Only`].
    fn only(&self, value: &str) -> Option<&BitSet> {
        match value {
            IN_STOCK => Some(&self.in_stock),
            WELSH => Some(&self.index.welsh),
            UNION_MADE => Some(&self.index.union_made),
            _ => None,
        }
    }

    fn facets(&self, masks: &[BitSet; 5], locale: Locale) -> Vec<FacetCounts> {
        let index = &*self.index;
        let none = index.layout.empty();
        let mut buffer = index.layout.empty_products();
        let mut counts = |facet: Facet, name: &str, terms: &[Term]| {
            let mut count = |term: &Term| {
                let variants = match index.values.get(facet as usize) {
                    Some(values) => values.get(&term.value),
                    None => self.only(&term.value),
                };
                TermCount {
                    value: term.value.clone(),
                    label: term.label.clone(),
                    count: index.layout.intersection_count(
                        &masks[facet as usize],
                        variants.unwrap_or(&none),
                        &mut buffer,
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
        let listed = &self.index.products[product];
        let bits = (0..listed.variants).map(|variant| self.index.layout.bit(product, variant));
        let stock = bits.map(|bit| self.stock[bit]).fold(0, u32::saturating_add);
        ProductSummary {
            slug: listed.slug.clone(),
            name: listed.names[locale as usize].clone(),
            picture: listed.picture.clone(),
            colour: listed.colour.clone(),
            from_pence: listed.from_pence,
            to_pence: listed.to_pence,
            stock_left: few(stock),
            union_made: listed.union_made,
            welsh: listed.welsh,
        }
    }
}

/// The quantity in stock to show.
fn few(stock: u32) -> Option<u32> {
    (stock <= LOW_STOCK).then_some(stock)
}
