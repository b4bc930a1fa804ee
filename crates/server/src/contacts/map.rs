//! The map of the regions, drawn from hexagons, with the outline of each region as one path.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use contract::{
    contacts::{RegionMap, RegionShape},
    region::Region,
};
use serde::Deserialize;

/// One hexagon per 16 km, pointy top: Source: Office for National Statistics
/// licensed under the Open Government Licence v.3.0; the contact page shows
/// the whole attribution.
const HEXAGONS: &str = include_str!("region-hexes.json");

/// The drawing's units in half a hexagon's width and a quarter of its height:
/// whole numbers near √3 : 1, so that the path needs no fractions.
const HALF_WIDTH: i32 = 7;
const QUARTER_HEIGHT: i32 = 4;

/// Room around the map for the stroke of its outlines.
const MARGIN: i32 = 6;

#[derive(Deserialize)]
struct HexagonMap {
    hexes: Vec<Hexagon>,
}

/// A hexagon by its axial coordinates; `r` grows to the north.
#[derive(Clone, Copy, Deserialize)]
struct Hexagon {
    q: i32,
    r: i32,
    region: Region,
}

/// A corner or centre, in half widths to the east and quarter heights to the south.
type Point = (i32, i32);

/// The corners around a centre, clockwise from the top.
const CORNERS: [Point; 6] = [(0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1)];

/// The neighbour behind the edge that starts at the corner of the same index,
/// as a step in `q` and `r`.
const NEIGHBOURS: [(i32, i32); 6] = [(0, 1), (1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1)];

/// The map; it is drawn once.
pub(super) fn region_map() -> &'static RegionMap {
    static MAP: LazyLock<RegionMap> = LazyLock::new(|| {
        let map: HexagonMap = serde_json::from_str(HEXAGONS).expect("the map of hexagons is readable");
        draw(&map.hexes)
    });
    &MAP
}

fn draw(hexagons: &[Hexagon]) -> RegionMap {
    let corners =
        || hexagons.iter().flat_map(|hexagon| CORNERS.map(|corner| around(centre(*hexagon), corner)));
    let bounds = |axis: fn(Point) -> i32| {
        let values = corners().map(axis);
        (values.clone().min().unwrap_or_default(), values.max().unwrap_or_default())
    };
    let ((west, east), (north, south)) = (bounds(|point| point.0), bounds(|point| point.1));
    let place = |(x, y): Point| [(x - west) * HALF_WIDTH + MARGIN, (y - north) * QUARTER_HEIGHT + MARGIN];
    let mut regions: BTreeMap<Region, BTreeSet<(i32, i32)>> = BTreeMap::new();
    for hexagon in hexagons {
        regions.entry(hexagon.region).or_default().insert((hexagon.q, hexagon.r));
    }
    let mut shapes: Vec<RegionShape> = regions
        .into_iter()
        .map(|(region, cells)| RegionShape {
            region,
            path: outline(&cells, place),
            label: place(roomiest(&cells)).map(|value| value.unsigned_abs()),
        })
        .collect();
    shapes.sort_by_key(|shape| shape.label[1]);
    RegionMap {
        width: ((east - west) * HALF_WIDTH + 2 * MARGIN).unsigned_abs(),
        height: ((south - north) * QUARTER_HEIGHT + 2 * MARGIN).unsigned_abs(),
        shapes,
    }
}

fn centre(hexagon: Hexagon) -> Point {
    centre_of((hexagon.q, hexagon.r))
}

const fn centre_of((q, r): (i32, i32)) -> Point {
    (2 * q + r, -3 * r)
}

const fn around((x, y): Point, corner: Point) -> Point {
    (x + corner.0, y + corner.1)
}

/// The edges between these cells and all others, joined into closed lines. Three hexagons meet
/// at a corner, so at most one line passes through it.
fn outline(cells: &BTreeSet<(i32, i32)>, place: impl Fn(Point) -> [i32; 2]) -> String {
    let mut next: BTreeMap<Point, Point> = BTreeMap::new();
    for cell in cells {
        for (index, step) in NEIGHBOURS.iter().enumerate() {
            if !cells.contains(&(cell.0 + step.0, cell.1 + step.1)) {
                let corner = |index: usize| around(centre_of(*cell), CORNERS[index % 6]);
                next.insert(corner(index), corner(index + 1));
            }
        }
    }
    let mut path = String::new();
    while let Some((start, mut point)) = next.pop_first() {
        let [x, y] = place(start);
        path.push_str(&format!("M{x} {y}"));
        let mut from = place(start);
        while point != start {
            let to = place(point);
            let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
            path.push_str(&if dx == 0 { format!("v{dy}") } else { format!("l{dx} {dy}") });
            from = to;
            point = next.remove(&point).expect("outlines are closed");
        }
        path.push('z');
    }
    path
}

/// The centre of the cell that is farthest from any cell outside the region.
fn roomiest(cells: &BTreeSet<(i32, i32)>) -> Point {
    let mut inner = cells.clone();
    loop {
        let within: BTreeSet<(i32, i32)> = inner
            .iter()
            .copied()
            .filter(|cell| NEIGHBOURS.iter().all(|step| inner.contains(&(cell.0 + step.0, cell.1 + step.1))))
            .collect();
        if within.is_empty() {
            break;
        }
        inner = within;
    }
    // If there are several, the one in the middle.
    let sum = inner.iter().map(|cell| centre_of(*cell)).fold((0, 0), around);
    let count = i32::try_from(inner.len()).unwrap_or(1).max(1);
    let middle = (sum.0 / count, sum.1 / count);
    let distance = |cell: &(i32, i32)| {
        let (x, y) = centre_of(*cell);
        (x - middle.0).pow(2) * 3 + (y - middle.1).pow(2)
    };
    inner.iter().min_by_key(|cell| distance(cell)).map(|cell| centre_of(*cell)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contract::region::Region;

    use super::{outline, region_map};

    #[test]
    fn one_hexagon_has_six_edges() {
        let path = outline(&BTreeSet::from([(0, 0)]), |(x, y)| [x, y]);
        assert_eq!(path, "M-1 -1l1 -1l1 1v2l-1 1l-1 -1z");
    }

    #[test]
    fn hole_is_a_separate_outline() {
        let ring = BTreeSet::from(super::NEIGHBOURS);
        assert_eq!(outline(&ring, |(x, y)| [x, y]).matches('M').count(), 2);
    }

    #[test]
    fn map_contains_every_region_except_the_national_office() {
        let map = region_map();
        let drawn: BTreeSet<Region> = map.shapes.iter().map(|shape| shape.region).collect();
        assert_eq!(drawn, Region::ALL.into_iter().filter(|region| *region != Region::National).collect());
        assert!(map.height > map.width);
        for shape in &map.shapes {
            let [x, y] = shape.label;
            assert!(x < map.width && y < map.height, "{:?}", shape.region);
        }
        // Scotland is farthest north, the South West farthest south.
        assert_eq!(map.shapes.first().map(|shape| shape.region), Some(Region::Scotland));
        assert_eq!(map.shapes.last().map(|shape| shape.region), Some(Region::SouthWest));
        let bytes: usize = map.shapes.iter().map(|shape| shape.path.len()).sum();
        assert!(bytes < 15 * 1024, "{bytes} bytes of outlines before compression");
    }
}
