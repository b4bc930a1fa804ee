//! A variant's details for an order.

use std::collections::HashMap;

use contract::{orders::price::PricingLine, shop::PriceBreak};

use super::Part;

/// A variant's details for an order.
pub(crate) struct Offer<'a> {
    /// The product's slug.
    pub(crate) product: &'a str,
    /// The names of the product and the variant, and the picture in its colour.
    pub(crate) name: &'a str,
    pub(crate) variant: &'a str,
    pub(crate) picture: &'a str,
    pub(crate) colour: Option<&'a str>,
    /// The maximum quantity of the product per order, and per branch in all its orders.
    pub(crate) cap: Option<u32>,
    pub(crate) branch_cap: Option<u32>,
    /// How many working days it takes to make, where it is made to order.
    pub(crate) made_to_order_days: Option<u32>,
    pub(crate) price_pence: u32,
    pub(super) vat_percent: u32,
    pub(super) weight_grams: u32,
    pub(super) breaks: &'a [PriceBreak],
    /// Its parts, if it is a bundle.
    pub(super) parts: &'a [Part],
}

impl<'a> Offer<'a> {
    /// What this quantity takes from the stock: its own items, or the parts of a bundle.
    pub(crate) fn takes(&self, sku: &str, quantity: u32) -> Vec<(String, u32)> {
        if self.parts.is_empty() {
            return vec![(sku.to_owned(), quantity)];
        }
        let part = |part: &Part| (part.sku.clone(), part.count.saturating_mul(quantity));
        self.parts.iter().map(part).collect()
    }

    /// The quantity that can be sold with this stock of each variant.
    pub(crate) fn left_in(&self, stock: &HashMap<String, u32>, sku: &str) -> u32 {
        let makes = |(sku, count): (String, u32)| stock.get(&sku).copied().unwrap_or_default() / count.max(1);
        self.takes(sku, 1).into_iter().map(makes).min().unwrap_or_default()
    }

    /// A line of this quantity.
    pub(crate) fn ordered(&self, quantity: u32) -> PricingLine<'a> {
        PricingLine {
            product: self.product,
            quantity,
            price_pence: self.price_pence,
            vat_percent: self.vat_percent,
            weight_grams: self.weight_grams,
            breaks: self.breaks,
        }
    }
}
