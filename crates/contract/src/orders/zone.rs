//! The delivery zone of an order, which decides the delivery cost.

use serde::{Deserialize, Serialize};

use crate::postcode::Postcode;

/// A part of the country to which carriers charge the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Zone {
    /// Great Britain except the Highlands and islands; also British Forces Post.
    Mainland,
    /// The Scottish Highlands and islands, the Isles of Scilly, Northern Ireland.
    Remote,
    /// The Isle of Man and the Channel Islands.
    CrownDependency,
}

impl Zone {
    /// All zones.
    pub const ALL: [Self; 3] = [Self::Mainland, Self::Remote, Self::CrownDependency];

    /// The zone of a postcode.
    pub fn of(postcode: &Postcode) -> Self {
        let number = |outcode: &str, area: &str| -> u32 {
            let digits: String = outcode[area.len()..].chars().take_while(char::is_ascii_digit).collect();
            digits.parse().unwrap_or_default()
        };
        let Postcode::Local { area, outcode, .. } = postcode else {
            return match postcode.area() {
                "IM" | "JE" | "GY" => Self::CrownDependency,
                _ => Self::Mainland,
            };
        };
        let number = number(outcode, area);
        match area.as_str() {
            "IM" | "JE" | "GY" => Self::CrownDependency,
            "BT" | "HS" | "ZE" | "IV" | "KW" => Self::Remote,
            "KA" if matches!(number, 27 | 28) => Self::Remote,
            "PA" if matches!(number, 20..=78) => Self::Remote,
            "PH" if matches!(number, 17..=26 | 30..=44 | 49 | 50) => Self::Remote,
            "TR" if matches!(number, 21..=25) => Self::Remote,
            _ => Self::Mainland,
        }
    }
}
