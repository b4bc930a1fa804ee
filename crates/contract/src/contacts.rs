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
    /// The regions, in list order.
    pub regions: Vec<RegionSummary>,
    /// The map of the regions that lie on one.
    pub map: RegionMap,
}

/// A region in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionSummary {
    /// Its slug, as used in URLs.
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

/// A map of hexagons, with one outline for each region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionMap {
    /// The width, in the units of the outlines.
    pub width: u32,
    /// The height, in the same units.
    pub height: u32,
    /// The outlines, from north to south.
    pub shapes: Vec<RegionShape>,
}

/// A region on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionShape {
    /// Which region it is.
    pub region: Region,
    /// Its outline, as the data of an SVG path.
    pub path: String,
    /// The x and y coordinates of the point where a label has most space around it.
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

/// A region's contact: its office and its people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// The region that it is for.
    pub region: Region,
    /// When the content was last checked and found to be correct.
    pub reviewed_on: Date,
    /// The office's phone number, formatted for display, such as `0161 496 0300`.
    pub telephone: String,
    /// The office's email address.
    pub email: String,
    /// The texts in the language asked for.
    pub text: ContactText,
    /// Who works there, by role.
    pub people: Vec<ContactPerson>,
    /// Union organisers in the region.
    pub organisers: Vec<ContactPerson>,
}

/// A region's contact details, in one language.
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
    /// When calls are answered.
    pub hours: String,
    /// The languages in which calls are answered.
    pub languages: Vec<String>,
    /// What the office can help with, a few words each.
    pub helps_with: Vec<String>,
    /// Anything else a caller should know, for example that the region is not part of the
    /// federation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Someone to contact, by role; people's names are not published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactPerson {
    /// The role, with the union where it is a union's organiser.
    pub role: String,
    /// What they can help with.
    pub about: String,
    /// The phone number, formatted for display.
    pub telephone: String,
    /// The email address.
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
    /// The postcode as it was understood, in its standard form.
    pub postcode: String,
    /// The slugs of the regions in alphabetical order; more than one if the postcode is
    /// ambiguous.
    pub regions: Vec<Region>,
    /// Whether it was a full postcode.
    pub whole: bool,
}

#[cfg(test)]
mod tests {
    use super::{RegionSummary, regions_named};
    use crate::region::Region;

    #[test]
    fn regions_match_any_word_of_their_name() {
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
