//! Prices and VAT, in whole pence.

use serde::{Deserialize, Serialize};

/// What prices are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Pounds sterling, of 100 pence.
    Gbp,
}

/// A price break: the quantity from which the unit price is lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceBreak {
    /// The smallest quantity for it, counted over all variants of the product.
    pub from: u32,
    /// The reduction of the unit price, VAT included.
    pub less_pence: u32,
}

/// The VAT in an amount that includes it, in pence: `percent / (100 + percent)` of the amount,
/// halves rounded up.
pub fn vat_in(gross_pence: u64, percent: u32) -> u64 {
    let percent = u64::from(percent);
    let whole = 100 + percent;
    (2 * gross_pence * percent + whole) / (2 * whole)
}

#[cfg(test)]
mod tests {
    use super::vat_in;

    #[test]
    fn vat_is_extracted_from_gross_prices() {
        assert_eq!(vat_in(750, 20), 125);
        assert_eq!(vat_in(65, 20), 11, "10.83");
        assert_eq!(vat_in(3, 20), 1, "a half is rounded up");
        assert_eq!(vat_in(1200, 0), 0);
        assert_eq!(vat_in(1_000_000_000_000, 20), 166_666_666_667);
        for pence in 0..20_000 {
            let net = pence - vat_in(pence, 20);
            assert!((net * 120).abs_diff(pence * 100) <= 60, "{pence}");
        }
    }
}
