//! The prices that this browser showed in the basket, to point out changes at the next visit.

use contract::orders::PricedBasket;

use crate::storage::Area;

/// The name under which they are stored: `SKU:750 …`.
const KEY: &str = "shown-prices";

/// Unit prices before discounts, in pence, by SKU.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ShownPrices(Vec<(String, u32)>);

impl ShownPrices {
    pub(super) fn read() -> Self {
        Self::parse(&Area::Local.get(KEY).unwrap_or_default())
    }

    /// Stores the prices shown now.
    pub(super) fn store(priced: &PricedBasket) {
        let prices = priced.lines.iter().map(|line| (line.sku.clone(), line.price_pence));
        Area::Local.set(KEY, Some(&Self(prices.collect()).stored()));
    }

    /// The price shown earlier, if it differs from the current one.
    pub(super) fn changed(&self, sku: &str, now: u32) -> Option<u32> {
        let shown = self.0.iter().find(|(known, _)| known == sku);
        shown.map(|(_, pence)| *pence).filter(|pence| *pence != now)
    }

    pub(super) fn parse(stored: &str) -> Self {
        let pairs = stored.split(' ').filter_map(|pair| pair.split_once(':'));
        Self(pairs.filter_map(|(sku, pence)| Some((sku.to_owned(), pence.parse().ok()?))).collect())
    }

    fn stored(&self) -> String {
        let pairs = self.0.iter().map(|(sku, pence)| [sku, ":", &pence.to_string()].concat());
        pairs.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::ShownPrices;

    #[test]
    fn stored_prices_round_trip() {
        let prices = ShownPrices::parse("MUG:750 BADGE:60 half: :5");
        assert_eq!(prices.stored(), "MUG:750 BADGE:60 :5");
        assert_eq!(prices.changed("MUG", 800), Some(750));
        assert_eq!(prices.changed("MUG", 750), None);
        assert_eq!(prices.changed("TEE", 750), None);
    }
}
