//! Who to contact where you are: the regions' contacts and the look-up that leads to them.

use serde::{Deserialize, Serialize};

use crate::{Endpoint, Locale, query, region::Region, time::Date};

/// Asks for all regions and their map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRegions {
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for ListRegions {
    const PATH: &'static str = "/api/v1/regions";
    type Response = Regions;

    fn path_and_query(&self) -> String {
        query(Self::PATH, &[("locale", self.locale.tag())])
    }
}

/// All regions, and the map that they make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Regions {
    /// In the order in which lists show them.
    pub regions: Vec<RegionSummary>,
    /// The map of those that lie on one.
    pub map: RegionMap,
}

/// A region in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionSummary {
    /// Its name in addresses.
    pub region: Region,
    /// Its name.
    pub name: String,
    /// The office's full name.
    pub office: String,
    /// What it covers, in a few words.
    pub covers: String,
    /// The office's telephone number as people read it.
    pub telephone: String,
}

/// The regions whose name has a word that starts with `typed`, which needs at least two
/// letters. Case is ignored for English letters only, because every name starts with one.
pub fn regions_named(regions: &[RegionSummary], typed: &str) -> Vec<Region> {
    let typed = typed.trim().to_ascii_lowercase();
    if typed.chars().count() < 2 {
        return Vec::new();
    }
    let matches = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.starts_with(&typed) || name.split([' ', '-', ',']).any(|word| word.starts_with(&typed))
    };
    regions.iter().filter(|summary| matches(&summary.name)).map(|summary| summary.region).collect()
}

/// A map of hexagons, each region of them one outline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionMap {
    /// The width in the units of the outlines.
    pub width: u32,
    /// The height in the same units.
    pub height: u32,
    /// North to south.
    pub shapes: Vec<RegionShape>,
}

/// A region on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionShape {
    /// Which region it is.
    pub region: Region,
    /// Its outline as the data of an SVG path.
    pub path: String,
    /// Where a label has most room around it: x and y.
    pub label: [u32; 2],
}

/// Asks for one region's contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindRegion {
    /// The region's slug.
    pub slug: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindRegion {
    const PATH: &'static str = "/api/v1/regions/{region}";
    type Response = Contact;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{region}", &self.slug), &[("locale", self.locale.tag())])
    }
}

/// A region's contact: its office, and the people in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// The region that it is for.
    pub region: Region,
    /// When somebody last checked that all of it is still right.
    pub reviewed_on: Date,
    /// The office's telephone number as people read it, such as
    /// `0161 496 0300`.
    pub telephone: String,
    /// The office's mail address.
    pub email: String,
    /// The texts in the language asked for.
    pub text: ContactText,
    /// Who works there, by role.
    pub people: Vec<ContactPerson>,
    /// Organisers whom unions have in the region.
    pub organisers: Vec<ContactPerson>,
}

/// What a region's contact says, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactText {
    /// The region's name.
    pub name: String,
    /// The office's full name.
    pub office: String,
    /// What the region covers, in a few words.
    pub covers: String,
    /// The office's address, a line each.
    pub address: Vec<String>,
    /// When somebody answers.
    pub hours: String,
    /// The languages in which somebody can answer.
    pub languages: Vec<String>,
    /// What they can help with, a few words each.
    pub helps_with: Vec<String>,
    /// What else a caller should know; where the region is no part of the
    /// federation, that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Somebody to turn to, by role; people's names are not given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactPerson {
    /// The role, with the union where it is a union's organiser.
    pub role: String,
    /// What to turn to them for.
    pub about: String,
    /// The telephone number as people read it.
    pub telephone: String,
    /// The mail address.
    pub email: String,
}

/// Asks which region a postcode belongs to. For other clients only: the app looks postcodes up
/// itself, so that they stay on the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUpRegion {
    /// A postcode or part of one, as it was typed.
    pub postcode: String,
}

impl Endpoint for LookUpRegion {
    const PATH: &'static str = "/api/v1/regions/lookup";
    type Response = RegionLookUp;

    fn path_and_query(&self) -> String {
        query(Self::PATH, &[("postcode", &self.postcode)])
    }
}

/// The regions that a postcode, or part of one, touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionLookUp {
    /// The postcode as it was understood, in the usual writing.
    pub postcode: String,
    /// The regions by slug in alphabetical order; more than one where what was
    /// given leaves it open.
    pub regions: Vec<Region>,
    /// Whether it was a whole postcode.
    pub whole: bool,
}

#[cfg(test)]
mod tests {
    use super::{RegionSummary, regions_named};
    use crate::region::Region;

    #[test]
    fn any_word_of_a_name_will_do() {
        let region = |region, name: &str| RegionSummary {
            region,
            name: name.to_owned(),
            office: String::new(),
            covers: String::new(),
            telephone: String::new(),
        };
        let regions = [region(Region::NorthWest, "Gogledd-orllewin Lloegr"), region(Region::Wales, "Wales")];
        for typed in ["gogledd", "Orllewin", "gogledd-orllewin lloegr"] {
            assert_eq!(regions_named(&regions, typed), [Region::NorthWest], "{typed}");
        }
        assert_eq!(regions_named(&regions, " WALES "), [Region::Wales]);
        assert_eq!(regions_named(&regions, "w"), []);
        assert_eq!(regions_named(&regions, "ales"), []);
    }
}
