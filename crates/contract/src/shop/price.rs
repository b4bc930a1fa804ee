//! Prices and what is in them, in whole pence.

use serde::{Deserialize, Serialize};

/// What prices are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Pounds sterling, of 100 pence.
    Gbp,
}

/// A number of pieces from which each of them is cheaper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceBreak {
    /// The smallest number of pieces, counted over all variants of the product.
    pub from: u32,
    /// How much less each piece costs, VAT included.
    pub less_pence: u32,
}

/// The VAT in a price that includes it, in pence: `percent / (100 + percent)` of
/// the price, halves rounded up.
pub fn vat_in(price_pence: u32, percent: u32) -> u32 {
    let (price, percent) = (u64::from(price_pence), u64::from(percent));
    let whole = 100 + percent;
    let vat = (2 * price * percent + whole) / (2 * whole);
    u32::try_from(vat).expect("VAT is less than the price that includes it")
}

#[cfg(test)]
mod tests {
    use super::vat_in;

    #[test]
    fn vat_is_the_fraction_of_a_price_that_includes_it() {
        assert_eq!(vat_in(750, 20), 125);
        assert_eq!(vat_in(65, 20), 11, "10.83");
        assert_eq!(vat_in(3, 20), 1, "a half is rounded up");
        assert_eq!(vat_in(1200, 0), 0);
        assert_eq!(vat_in(u32::MAX, 20), 715_827_883);
        for pence in 0..20_000 {
            let net = pence - vat_in(pence, 20);
            assert!((net * 120).abs_diff(pence * 100) <= 60, "{pence}");
        }
    }
}
