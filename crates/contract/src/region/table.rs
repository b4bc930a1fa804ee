//! Looks up the regions of a full or partial postcode.
//!
//! It runs in the browser, so that a postcode need not leave the device, and on the server,
//! for forms without JavaScript and for other clients.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Region;
use crate::postcode::{Outcodes, Postcode, PostcodeError};

/// The region of every UK postcode, in four levels of exceptions: a unit's entry overrides its
/// sector's, which overrides its outcode's, which overrides its area's.
///
/// Source: `public/postcode-regions.json`; its attribution is on the contact page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RegionTable {
    /// By postcode area, which has one or two letters.
    areas: BTreeMap<String, Region>,
    /// The districts in use of each area, separated by spaces: `1A 1P 2 3`.
    districts: BTreeMap<String, String>,
    /// By outcode, such as `SK22`.
    outcodes: BTreeMap<String, Region>,
    /// By outcode, space and first digit of the inward code, such as `CH4 0`.
    sectors: BTreeMap<String, Region>,
    /// By full postcode without its space, such as `BB186JH`.
    units: BTreeMap<String, Region>,
}

/// The result of a look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostcodeMatch {
    /// The postcode as it was understood.
    pub postcode: Postcode,
    /// The slugs of the regions that it touches, in alphabetical order; more than one if what
    /// was typed is ambiguous.
    pub regions: Vec<Region>,
}

impl RegionTable {
    /// The regions that `typed` touches.
    ///
    /// # Errors
    ///
    /// If `typed` is not a full or partial postcode: which part is wrong.
    pub fn look_up(&self, typed: &str) -> Result<PostcodeMatch, PostcodeError> {
        let postcode = Postcode::parse(typed, self)?;
        let regions = match &postcode {
            Postcode::NonGeographic { .. } => vec![Region::National],
            Postcode::Area(area) => self.touched_by_area(area),
            Postcode::Local { area, outcode, inward } => match &outcode[area.len()..] {
                district if self.has(area, district) => self.touched(area, outcode, inward),
                start => self.touched_by_start(area, start),
            },
        };
        Ok(PostcodeMatch { postcode, regions: Region::in_order(&regions) })
    }

    fn districts(&self, area: &str) -> impl Iterator<Item = &str> {
        self.districts.get(area).into_iter().flat_map(|districts| districts.split(' '))
    }

    /// The regions of all outcodes with this prefix.
    fn touched_by_start(&self, area: &str, start: &str) -> Vec<Region> {
        let whole = self.districts(area).filter(|district| district.starts_with(start));
        whole.flat_map(|district| self.touched(area, &[area, district].concat(), "")).collect()
    }

    /// The regions of an outcode with none, some or all of the inward code.
    fn touched(&self, area: &str, outcode: &str, inward: &str) -> Vec<Region> {
        let typed_unit = [outcode, inward].concat();
        if inward.len() == 3
            && let Some(region) = self.units.get(&typed_unit)
        {
            return vec![*region];
        }
        let outcode_region = self.outcodes.get(outcode).or_else(|| self.areas.get(area));
        let sector = inward.get(..1).map(|digit| [outcode, " ", digit].concat());
        let sector_region = sector.and_then(|sector| self.sectors.get(&sector));
        let mut regions: Vec<Region> = sector_region.or(outcode_region).copied().into_iter().collect();
        if inward.len() < 3 {
            let units = starting_with(&self.units, &typed_unit);
            regions
                .extend(units.filter(|(unit, _)| unit.len() == outcode.len() + 3).map(|(_, region)| region));
        }
        if inward.is_empty() {
            let prefix = [outcode, " "].concat();
            regions.extend(starting_with(&self.sectors, &prefix).map(|(_, region)| region));
        }
        regions
    }

    fn touched_by_area(&self, area: &str) -> Vec<Region> {
        let of_area = |tier| {
            starting_with(tier, area)
                .filter(|(key, _)| key.as_bytes().get(area.len()).is_some_and(u8::is_ascii_digit))
                .map(|(_, region)| region)
        };
        let mut regions: Vec<Region> = self.areas.get(area).copied().into_iter().collect();
        for tier in [&self.outcodes, &self.sectors, &self.units] {
            regions.extend(of_area(tier));
        }
        regions
    }
}

impl Outcodes for RegionTable {
    fn has_area(&self, area: &str) -> bool {
        self.areas.contains_key(area)
    }

    fn has(&self, area: &str, district: &str) -> bool {
        self.districts(area).any(|known| known == district)
    }

    fn has_start(&self, area: &str, district: &str) -> bool {
        self.districts(area).any(|known| known.starts_with(district))
    }
}

/// The entries whose key starts with `prefix`.
fn starting_with<'t>(
    tier: &'t BTreeMap<String, Region>,
    prefix: &'t str,
) -> impl Iterator<Item = (&'t str, Region)> {
    tier.range::<str, _>((std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded))
        .take_while(move |(key, _)| key.starts_with(prefix))
        .map(|(key, region)| (key.as_str(), *region))
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        env,
        time::{Duration, Instant},
    };

    use super::{Region, RegionTable};
    use crate::postcode::{Postcode, PostcodeError};

    const JSON: &str = include_str!("../../../../public/postcode-regions.json");

    fn table() -> RegionTable {
        serde_json::from_str(JSON).expect("the table is readable")
    }

    /// The levels as in the file, for checks that do not use the look-up.
    fn tiers() -> BTreeMap<String, BTreeMap<String, Region>> {
        let mut table: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(JSON).expect("the table is readable");
        table.remove("districts");
        let tier = |tier| serde_json::from_value(tier).expect("a tier");
        table.into_iter().map(|(name, own)| (name, tier(own))).collect()
    }

    /// Every outcode in use, as in the file.
    fn outcodes() -> BTreeSet<String> {
        let districts = |(area, districts): (&String, &String)| {
            districts.split(' ').map(|district| format!("{area}{district}")).collect::<Vec<String>>()
        };
        table().districts.iter().flat_map(districts).collect()
    }

    fn slugs(typed: &str) -> Result<Vec<&'static str>, PostcodeError> {
        Ok(table().look_up(typed)?.regions.into_iter().map(Region::slug).collect())
    }

    #[test]
    fn every_entry_of_the_table_is_looked_up() {
        let (table, tiers) = (table(), tiers());
        let only = |typed: &str| table.look_up(typed).expect(typed).regions;
        for (unit, region) in &tiers["units"] {
            assert_eq!(only(unit), [*region], "{unit}");
        }
        let mut sectors = 0;
        for (sector, region) in &tiers["sectors"] {
            // A unit of the sector that has no exception.
            let unit = (b'A'..=b'Z')
                .filter(|letter| !b"CIKMOV".contains(letter))
                .map(|letter| format!("{sector}{0}{0}", char::from(letter)))
                .find(|unit| !tiers["units"].contains_key(&unit.replace(' ', "")))
                .expect("a unit that is no exception");
            assert_eq!(only(&unit), [*region], "{unit}");
            assert!(only(sector).contains(region), "{sector}");
            sectors += 1;
        }
        assert_eq!((tiers["units"].len(), sectors), (3855, 33));
        for tier in ["areas", "outcodes"] {
            for (key, region) in &tiers[tier] {
                assert!(only(key).contains(region), "{key}");
            }
        }
    }

    /// Counted by the rule as it is put down for the data, without the look-up:
    /// outcodes and areas that lie in more than one region.
    #[test]
    fn border_outcodes_and_areas_return_all_their_regions() {
        let (table, tiers) = (table(), tiers());
        let mut outcodes: BTreeMap<String, Vec<Region>> = BTreeMap::new();
        let mut areas: BTreeMap<String, Vec<Region>> = BTreeMap::new();
        let letters = |key: &str| key.chars().take_while(char::is_ascii_alphabetic).collect::<String>();
        for (area, region) in &tiers["areas"] {
            areas.entry(area.clone()).or_default().push(*region);
        }
        for (outcode, region) in &tiers["outcodes"] {
            areas.entry(letters(outcode)).or_default().push(*region);
        }
        let exceptions = tiers["sectors"]
            .iter()
            .map(|(sector, region)| (sector.split(' ').next().unwrap_or_default(), region))
            .chain(tiers["units"].iter().map(|(unit, region)| (&unit[..unit.len() - 3], region)));
        for (outcode, region) in exceptions {
            areas.entry(letters(outcode)).or_default().push(*region);
            let base = tiers["outcodes"].get(outcode).unwrap_or_else(|| &tiers["areas"][&letters(outcode)]);
            let touched = outcodes.entry(outcode.to_owned()).or_insert_with(|| vec![*base]);
            touched.push(*region);
        }
        let mut open = [0, 0];
        for (index, keys) in [outcodes, areas].into_iter().enumerate() {
            for (key, mut regions) in keys {
                regions.sort_by_key(|region| region.slug());
                regions.dedup();
                open[index] += usize::from(regions.len() > 1);
                assert_eq!(table.look_up(&key).expect(&key).regions, regions, "{key}");
            }
        }
        assert_eq!(open, [115, 32]);
    }

    #[test]
    fn unknown_outcodes_are_errors() {
        let (table, known) = (table(), outcodes());
        assert_eq!(known.len(), 2977);
        for typed in ["SK99 1AA", "SK24 1AA", "SO1 1AA", "EC1 1AA", "M98 1AA"] {
            let outcode = typed.split(' ').next().expect("a first half").to_owned();
            assert_eq!(slugs(typed), Err(PostcodeError::UnknownOutcode(outcode)), "{typed}");
        }
        // Z was typed for 2: SK22 lies on a border, SK2 does not.
        assert_eq!(slugs("SK2Z 1AA"), Ok(vec!["midlands"]));
        assert_eq!(slugs("SWIA 1AA"), Ok(vec!["london-south-east-and-east"]));
        let seconds = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".chars();
        let districts: Vec<String> = ('0'..='9')
            .flat_map(|first| {
                let longer = seconds.clone().map(move |second| format!("{first}{second}"));
                longer.chain([first.to_string()]).collect::<Vec<_>>()
            })
            .collect();
        for area in table.areas.keys() {
            for district in &districts {
                let Ok(found) = table.look_up(&format!("{area}{district} 1AA")) else { continue };
                let Postcode::Local { outcode, .. } = found.postcode else { panic!("{area}{district}") };
                assert!(known.contains(&outcode), "{area}{district} is read as {outcode}");
            }
        }
    }

    #[test]
    fn outcode_prefixes_return_the_regions_of_all_matches() {
        assert_eq!(slugs("SW1"), Ok(vec!["london-south-east-and-east"]));
        assert_eq!(slugs("EC1"), Ok(vec!["london-south-east-and-east"]));
        let table = table();
        let all = ["SO14", "SO15", "SO16", "SO17", "SO18", "SO19"];
        let regions: Vec<Region> =
            all.iter().flat_map(|outcode| table.look_up(outcode).expect(outcode).regions).collect();
        assert_eq!(table.look_up("SO1").expect("a start").regions, Region::in_order(&regions));
    }

    #[test]
    fn full_postcodes_in_border_outcodes_have_one_region() {
        assert_eq!(slugs("SK22"), Ok(vec!["midlands", "north-west"]));
        assert_eq!(slugs("sk22 1aa"), Ok(vec!["midlands"]));
        assert_eq!(slugs("CH4"), Ok(vec!["north-west", "wales"]));
        assert_eq!(slugs("CH4 0"), Ok(vec!["wales"]));
    }

    #[test]
    fn postcodes_outside_all_regions_return_the_national_office() {
        for typed in ["GIR 0AA", "gir oaa", "BFPO 1", "bfpo", "BFPO 5678", "BF1", "BF1 2AX", "BX1 1LT", "BX"]
        {
            assert_eq!(slugs(typed), Ok(vec!["national"]), "{typed}");
        }
        for typed in ["JE2 3XX", "GY1", "IM1 1AA", "JE"] {
            assert_eq!(slugs(typed), Ok(vec!["national"]), "{typed}");
        }
        assert_eq!(slugs("EH1 1AA"), Ok(vec!["scotland"]));
        assert_eq!(slugs("BT1 1AA"), Ok(vec!["northern-ireland"]));
    }

    #[test]
    fn random_text_never_panics_and_valid_postcodes_match_the_table() {
        let (table, tiers, known) = (table(), tiers(), outcodes());
        let outcodes: Vec<&str> = known.iter().map(String::as_str).collect();
        let mut random = Random(0x5eed_cafe);
        // `cargo xtask stress` asks for more, and for the time of each.
        let long_form: Option<u32> = env::var("STRESS_TEXTS").ok().and_then(|count| count.parse().ok());
        let mut well_formed = 0;
        for _ in 0..long_form.unwrap_or(20_000) {
            let typed = random.text(&outcodes);
            let started = Instant::now();
            let answer = table.look_up(&typed);
            let took = started.elapsed();
            assert!(long_form.is_none() || took < Duration::from_millis(1), "{typed:?} took {took:?}");
            let Ok(found) = answer else { continue };
            assert!(!found.regions.is_empty(), "{typed:?}");
            if let Some(expected) = by_tiers(&tiers, &known, &typed) {
                assert_eq!(found.regions, [expected], "{typed:?}");
                well_formed += 1;
            }
        }
        assert!(well_formed > 2_000, "{well_formed} of the random texts were whole postcodes");
    }

    /// The region of a whole postcode with one of these first halves by the four
    /// tiers, read straight off.
    fn by_tiers(
        tiers: &BTreeMap<String, BTreeMap<String, Region>>,
        outcodes: &BTreeSet<String>,
        typed: &str,
    ) -> Option<Region> {
        let code: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        let code = code.to_ascii_uppercase();
        let (outcode, inward) = code.split_at_checked(code.len().checked_sub(3)?)?;
        let area: String = outcode.chars().take_while(char::is_ascii_alphabetic).collect();
        let inward_bytes = inward.as_bytes();
        let whole = outcodes.contains(outcode)
            && inward_bytes[0].is_ascii_digit()
            && inward_bytes[1..].iter().all(|byte| byte.is_ascii_uppercase() && !b"CIKMOV".contains(byte));
        if !whole {
            return None;
        }
        let sector = format!("{outcode} {}", &inward[..1]);
        let found = tiers["units"]
            .get(&code)
            .or_else(|| tiers["sectors"].get(&sector))
            .or_else(|| tiers["outcodes"].get(outcode))
            .or_else(|| tiers["areas"].get(&area));
        found.copied()
    }

    /// A small generator of repeatable texts, half of them shaped like a
    /// postcode.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % limit
        }

        fn of(&mut self, alphabet: &str) -> char {
            let index = usize::try_from(self.below(alphabet.chars().count() as u64)).expect("small");
            alphabet.chars().nth(index).expect("within the alphabet")
        }

        fn text(&mut self, outcodes: &[&str]) -> String {
            const ANY: &str = "ABCMNOPSWabksz0123456789O0 .-/ŵ漢\u{301}\u{0}🙂İß";
            if self.below(2) == 0 {
                let length = self.below(10);
                return (0..length).map(|_| self.of(ANY)).collect();
            }
            // As many have a first half that is in use as have any other.
            if self.below(2) == 0 {
                let outcode = outcodes[usize::try_from(self.below(outcodes.len() as u64)).expect("small")];
                return [outcode, " ", &self.fill("1BB")].concat();
            }
            let shapes = ["A1 1BB", "A11 1BB", "AA1 1BB", "AA11 1BB", "AA1A 1BB", "A1A1BB", "AA11BB"];
            let shape = shapes[usize::try_from(self.below(7)).expect("small")];
            self.fill(shape)
        }

        fn fill(&mut self, shape: &str) -> String {
            const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
            let fill = |c| match c {
                'A' => self.of(LETTERS),
                'B' => self.of("ABDEFGHJLNPQRSTUWXYZ"),
                '1' => self.of("0123456789"),
                other => other,
            };
            shape.chars().map(fill).collect()
        }
    }
}
