//! The price of an order: lines with price breaks, VAT, delivery by weight and zone, and
//! refunds. All amounts are whole pence, and every total is the sum of its parts.

use serde::{Deserialize, Serialize};

use super::{Speed, zone::Zone};
use crate::shop::{PriceBreak, vat_in};

/// The VAT rate, in per cent, for delivering free items.
const STANDARD_RATE: u32 = 20;

/// A line of an order, with its product's price, VAT rate and weight.
#[derive(Clone, Debug)]
pub struct PricingLine<'a> {
    /// The product: price breaks count the quantities of all its variants.
    pub product: &'a str,
    /// The quantity.
    pub quantity: u32,
    /// The unit price before price breaks, VAT included.
    pub price_pence: u32,
    /// The VAT rate, in per cent.
    pub vat_percent: u32,
    /// The unit weight.
    pub weight_grams: u32,
    /// The price breaks, the smallest quantity first.
    pub breaks: &'a [PriceBreak],
}

/// The price of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinePrice {
    /// The unit price after price breaks, VAT included.
    pub unit_pence: u32,
    /// The line's total, VAT included.
    pub total_pence: u64,
    /// The VAT in the total, rounded once, for the line.
    pub vat_pence: u64,
}

/// A VAT rate, and the amount of an order that it applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VatTotal {
    /// The rate, in per cent.
    pub percent: u32,
    /// The total at this rate, VAT included.
    pub gross_pence: u64,
    /// The VAT in it.
    pub vat_pence: u64,
}

/// The price of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderPrice {
    /// Its lines, in their order.
    pub lines: Vec<LinePrice>,
    /// The subtotal of all lines.
    #[serde(rename = "goods_pence")]
    pub subtotal_pence: u64,
    /// The delivery cost.
    pub delivery_pence: u64,
    /// The total to pay.
    pub total_pence: u64,
    /// The VAT in the total, by rate, the highest rate first.
    pub vat: Vec<VatTotal>,
}

/// The price of a delivery method to a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The delivery method: an index into the shop's names for them.
    pub way: usize,
    /// The delivery zone.
    pub zone: Zone,
    /// The maximum weight of a parcel; heavier orders are split into several.
    pub up_to_grams: u32,
    /// The price of a parcel, VAT included.
    pub price_pence: u32,
    /// The maximum number of working days.
    pub working_days: u32,
}

/// The total weight of all lines, in grams.
pub fn weight_grams(lines: &[PricingLine<'_>]) -> u64 {
    lines.iter().map(|line| u64::from(line.quantity) * u64::from(line.weight_grams)).sum()
}

/// The cheapest or the fastest of these rates to a zone for a weight, and the delivery cost;
/// none if nothing is delivered there.
pub fn delivery_rate(rates: &[Rate], zone: Zone, grams: u64, speed: Speed) -> Option<(Rate, u64)> {
    let to_zone = rates.iter().filter(|rate| rate.zone == zone && rate.up_to_grams > 0);
    let costs = to_zone.map(|rate| {
        let parcels = grams.div_ceil(u64::from(rate.up_to_grams)).max(1);
        (*rate, parcels * u64::from(rate.price_pence))
    });
    costs.min_by_key(|(rate, pence)| match speed {
        Speed::Cheapest => (*pence, u64::from(rate.working_days)),
        Speed::Fastest => (u64::from(rate.working_days), *pence),
    })
}

/// Prices an order with this delivery cost.
pub fn price(lines: &[PricingLine<'_>], delivery_pence: u64) -> OrderPrice {
    let quantity = |product: &str| -> u64 {
        let same = lines.iter().filter(|line| line.product == product);
        same.map(|line| u64::from(line.quantity)).sum()
    };
    let priced: Vec<LinePrice> = lines
        .iter()
        .map(|line| {
            let reached = line.breaks.iter().filter(|own| u64::from(own.from) <= quantity(line.product));
            let less = reached.map(|own| own.less_pence).max().unwrap_or_default();
            let unit_pence = line.price_pence.saturating_sub(less);
            let total_pence = u64::from(unit_pence) * u64::from(line.quantity);
            LinePrice { unit_pence, total_pence, vat_pence: vat_in(total_pence, line.vat_percent) }
        })
        .collect();
    let subtotal_pence = priced.iter().map(|line| line.total_pence).sum();
    let mut vat: Vec<VatTotal> = Vec::new();
    for (line, price) in lines.iter().zip(&priced) {
        add(&mut vat, line.vat_percent, price.total_pence, price.vat_pence);
    }
    // Delivery is part of the supply, so its VAT is that of the items, by value.
    for (percent, share) in shares(&vat, subtotal_pence, delivery_pence) {
        add(&mut vat, percent, share, vat_in(share, percent));
    }
    vat.sort_by_key(|own| std::cmp::Reverse(own.percent));
    OrderPrice {
        lines: priced,
        subtotal_pence,
        delivery_pence,
        total_pence: subtotal_pence + delivery_pence,
        vat,
    }
}

fn add(vat: &mut Vec<VatTotal>, percent: u32, gross_pence: u64, vat_pence: u64) {
    match vat.iter_mut().find(|own| own.percent == percent) {
        Some(own) => {
            own.gross_pence += gross_pence;
            own.vat_pence += vat_pence;
        }
        None => vat.push(VatTotal { percent, gross_pence, vat_pence }),
    }
}

/// Divides a cost between VAT rates in proportion to the amount at each; the remainder of
/// rounding down goes to the last rate with an amount.
fn shares(vat: &[VatTotal], subtotal_pence: u64, cost_pence: u64) -> Vec<(u32, u64)> {
    if cost_pence == 0 {
        return Vec::new();
    }
    if subtotal_pence == 0 {
        return vec![(STANDARD_RATE, cost_pence)];
    }
    let part = |own: &VatTotal| {
        let exact = u128::from(cost_pence) * u128::from(own.gross_pence) / u128::from(subtotal_pence);
        u64::try_from(exact).expect("a share is at most the whole")
    };
    let mut shares: Vec<(u32, u64)> = vat.iter().map(|own| (own.percent, part(own))).collect();
    let given: u64 = shares.iter().map(|(_, share)| share).sum();
    if let Some(last) = vat.iter().rposition(|own| own.gross_pence > 0) {
        shares[last].1 += cost_pence - given;
    }
    shares
}

/// The refund for these quantities of each line, after the quantities in `refunded` were
/// refunded earlier. Delivery is refunded too once no items are kept. Items that were not
/// ordered, or were refunded before, are ignored.
pub fn refund(order: &OrderPrice, ordered: &[u32], refunded: &[u32], returned: &[u32]) -> u64 {
    let at = |list: &[u32], index: usize| list.get(index).copied().unwrap_or_default();
    let mut items_pence = 0;
    let (mut kept_before, mut kept) = (false, false);
    for (index, line) in order.lines.iter().enumerate() {
        let left = at(ordered, index).saturating_sub(at(refunded, index));
        let back = at(returned, index).min(left);
        items_pence += u64::from(back) * u64::from(line.unit_pence);
        kept_before |= left > 0;
        kept |= left > back;
    }
    let delivery_pence = if kept_before && !kept { order.delivery_pence } else { 0 };
    items_pence + delivery_pence
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LinePrice, PricingLine, VatTotal, price, refund, vat_in};
    use crate::shop::PriceBreak;

    const BREAKS: [PriceBreak; 2] =
        [PriceBreak { from: 10, less_pence: 100 }, PriceBreak { from: 50, less_pence: 200 }];

    fn tee(quantity: u32) -> PricingLine<'static> {
        let (product, breaks) = ("tee", &BREAKS[..]);
        PricingLine { product, quantity, price_pence: 1200, vat_percent: 20, weight_grams: 180, breaks }
    }

    #[test]
    fn price_breaks_count_all_variants_of_a_product() {
        let order = price(&[tee(4), tee(5), tee(1)], 395);
        assert_eq!(order.lines[0], LinePrice { unit_pence: 1100, total_pence: 4400, vat_pence: 733 });
        assert_eq!((order.subtotal_pence, order.total_pence), (11_000, 11_395));
        assert_eq!(price(&[tee(9)], 0).subtotal_pence, 9 * 1200);
        assert_eq!(price(&[tee(49), tee(1)], 0).subtotal_pence, 50 * 1000);
    }

    #[test]
    fn delivery_has_the_vat_rates_of_the_items() {
        let book =
            PricingLine { product: "leaflets", vat_percent: 0, price_pence: 600, breaks: &[], ..tee(2) };
        let order = price(&[tee(1), book.clone()], 400);
        // Half of the items are at each rate, so half of the delivery cost is.
        let expected = [
            VatTotal { percent: 20, gross_pence: 1400, vat_pence: 200 + 33 },
            VatTotal { percent: 0, gross_pence: 1400, vat_pence: 0 },
        ];
        assert_eq!(order.vat, expected);
        // One penny cannot be divided.
        let penny = price(&[tee(1), book.clone()], 1);
        assert_eq!(penny.vat.iter().map(|vat| vat.gross_pence).sum::<u64>(), penny.total_pence);
        let free = PricingLine { price_pence: 0, ..book };
        assert_eq!(price(&[free], 130).vat.last().map(|vat| vat.vat_pence), Some(0));
        assert_eq!(price(&[PricingLine { price_pence: 0, ..tee(1) }], 130).vat[0].vat_pence, vat_in(130, 20));
    }

    fn orders() -> impl Strategy<Value = Vec<(u32, u32, u32, u32)>> {
        let line = (0u32..3, 1u32..=10_000, 0u32..=500_000, prop::sample::select(vec![0u32, 5, 20]));
        prop::collection::vec(line, 1..=30)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(
            std::env::var("MONEY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
        ))]

        #[test]
        fn order_totals_are_the_sum_of_their_parts(lines in orders(), delivery in 0u64..100_000, back in prop::collection::vec(0u32..12_000, 30)) {
            let names = ["one", "two", "three"];
            let ordered: Vec<PricingLine<'_>> = lines
                .iter()
                .map(|&(product, quantity, price_pence, vat_percent)| PricingLine {
                    product: names[product as usize], quantity, price_pence, vat_percent, weight_grams: 10, breaks: &BREAKS,
                })
                .collect();
            let order = price(&ordered, delivery);
            prop_assert_eq!(order.lines.iter().map(|line| line.total_pence).sum::<u64>(), order.subtotal_pence);
            prop_assert_eq!(order.subtotal_pence + order.delivery_pence, order.total_pence);
            prop_assert_eq!(order.vat.iter().map(|vat| vat.gross_pence).sum::<u64>(), order.total_pence);
            for (line, ordered) in order.lines.iter().zip(&ordered) {
                prop_assert_eq!(line.total_pence, u64::from(line.unit_pence) * u64::from(ordered.quantity));
                prop_assert!(line.unit_pence <= ordered.price_pence && line.vat_pence <= line.total_pence);
            }
            for own in &order.vat {
                let lines = ordered.iter().filter(|line| line.vat_percent == own.percent).count() as u64;
                // Rounded once per line, and once for delivery.
                prop_assert!(own.vat_pence.abs_diff(vat_in(own.gross_pence, own.percent)) <= lines + 1);
            }
            // Refunded in two steps, and then the rest.
            let quantities: Vec<u32> = ordered.iter().map(|line| line.quantity).collect();
            let none = vec![0; quantities.len()];
            let first: Vec<u32> = quantities.iter().zip(&back).map(|(all, back)| *all.min(back)).collect();
            let before = refund(&order, &quantities, &none, &first);
            let rest = refund(&order, &quantities, &first, &quantities);
            prop_assert_eq!(before + rest, order.total_pence);
            prop_assert_eq!(refund(&order, &quantities, &quantities, &quantities), 0);
        }
    }
}
