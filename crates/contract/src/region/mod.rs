//! The regions that a contact belongs to.

mod table;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use table::{PostcodeMatch, RegionTable};

/// A contact's region: a region of the federation, a separate federation, or the national
/// office.
///
/// Serialised as its slug; the postcode table uses its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// North East and Cumbria.
    #[serde(alias = "NOR")]
    Northern,
    /// North West.
    #[serde(alias = "NW")]
    NorthWest,
    /// Yorkshire and the Humber.
    #[serde(alias = "YH")]
    YorkshireAndTheHumber,
    /// Midlands.
    #[serde(alias = "MID")]
    Midlands,
    /// London, South East and East.
    #[serde(alias = "LESE")]
    LondonSouthEastAndEast,
    /// South West.
    #[serde(alias = "SW")]
    SouthWest,
    /// Wales.
    #[serde(alias = "WAL")]
    Wales,
    /// Scotland, which has its own federation.
    #[serde(alias = "SCO")]
    Scotland,
    /// Northern Ireland, which has its own federation.
    #[serde(alias = "NI")]
    NorthernIreland,
    /// The national office: for postcodes outside all regions.
    #[serde(alias = "CI", alias = "IOM")]
    National,
}

impl Region {
    /// All regions, in list order.
    pub const ALL: [Self; 10] = [
        Self::Northern,
        Self::NorthWest,
        Self::YorkshireAndTheHumber,
        Self::Midlands,
        Self::LondonSouthEastAndEast,
        Self::SouthWest,
        Self::Wales,
        Self::Scotland,
        Self::NorthernIreland,
        Self::National,
    ];

    /// `regions` without duplicates, in alphabetical order of their slugs.
    pub fn in_order(regions: &[Self]) -> Vec<Self> {
        const BY_SLUG: [Region; 10] = [
            Region::LondonSouthEastAndEast,
            Region::Midlands,
            Region::National,
            Region::NorthWest,
            Region::Northern,
            Region::NorthernIreland,
            Region::Scotland,
            Region::SouthWest,
            Region::Wales,
            Region::YorkshireAndTheHumber,
        ];
        BY_SLUG.into_iter().filter(|region| regions.contains(region)).collect()
    }

    /// The region's slug.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Northern => "northern",
            Self::NorthWest => "north-west",
            Self::YorkshireAndTheHumber => "yorkshire-and-the-humber",
            Self::Midlands => "midlands",
            Self::LondonSouthEastAndEast => "london-south-east-and-east",
            Self::SouthWest => "south-west",
            Self::Wales => "wales",
            Self::Scotland => "scotland",
            Self::NorthernIreland => "northern-ireland",
            Self::National => "national",
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// The error for a slug that belongs to no region.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownRegion;

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(slug: &str) -> Result<Self, UnknownRegion> {
        Self::ALL.into_iter().find(|region| region.slug() == slug).ok_or(UnknownRegion)
    }
}

#[cfg(test)]
mod tests {
    use super::Region;

    #[test]
    fn a_region_is_read_by_its_slug_and_its_code() {
        for region in Region::ALL {
            assert_eq!(region.slug().parse(), Ok(region));
            let slug = format!("\"{region}\"");
            assert_eq!(serde_json::to_string(&region).expect("a string"), slug);
            assert_eq!(serde_json::from_str::<Region>(&slug).expect("a region"), region);
        }
        assert!("atlantis".parse::<Region>().is_err());
        let mut by_slug = Region::ALL;
        by_slug.sort_by_key(|region| region.slug());
        assert_eq!(Region::in_order(&Region::ALL), by_slug);
    }
}
