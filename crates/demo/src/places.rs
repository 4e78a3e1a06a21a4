//! Opens stores and warehouses.

use base::Text;

use crate::calendar::{Calendar, Seconds};
use crate::chain::{Address, Place, PlaceKind};
use crate::data::Both;
use crate::data::cities::{CITIES, CityRow};
use crate::data::stores::{STORES, StoreRow, WAREHOUSES, WarehouseRow};
use crate::ids::Ids;
use crate::rng::Rng;

/// Weekdays and Sunday, Friday and Saturday.
const MALL_HOURS: [(&str, &str); 2] = [("10:00", "22:00"), ("10:00", "22:30")];
const WAREHOUSE_HOURS: (&str, &str) = ("07:00", "23:00");
/// Days before the first day of history on which the books of all places open.
const BOOKS_OPEN_DAYS_BEFORE: i64 = 2;

/// The text of a table entry.
pub(crate) fn text(both: Both) -> Text {
    Text::new(both.0, both.1)
}

/// Stores in the order of the table, further ones in further neighbourhoods of the same
/// cities, then the warehouses.
pub(crate) fn open(seed: u64, calendar: &Calendar, stores: usize) -> Vec<Place> {
    let mut ids = Ids::new(seed, "places");
    let mut rng = Rng::stream(seed, "places.details");
    let opened_at = calendar.moment(0, 9 * 3_600).plus_days(-BOOKS_OPEN_DAYS_BEFORE);
    let mut places: Vec<Place> = (0..stores)
        .map(|index| {
            let row = &STORES[index % STORES.len()];
            let branch = index / STORES.len();
            store(index, branch, row, stores, &mut rng)
        })
        .chain(
            WAREHOUSES
                .iter()
                .enumerate()
                .map(|(index, row)| warehouse(stores + index, row)),
        )
        .collect();
    for place in &mut places {
        place.opened_at = opened_at;
        place.id = ids.at(opened_at);
    }
    places
}

/// The stores of a chain.
pub(crate) fn stores(places: &[Place]) -> &[Place] {
    &places[..places.len() - WAREHOUSES.len()]
}

fn city_at(key: &str) -> (usize, &'static CityRow) {
    let index = CITIES.iter().position(|city| city.key == key).unwrap_or(0);
    (index, &CITIES[index])
}

fn store(index: usize, branch: usize, row: &StoreRow, stores: usize, rng: &mut Rng) -> Place {
    // A chain larger than the table opens further branches, in the same spots first and
    // from the third round on in cities that have none yet.
    let (city_index, city) = if branch < 2 {
        city_at(row.city)
    } else {
        further_city(index)
    };
    let (suffix_zh, suffix_en) = match branch {
        0 => (String::new(), String::new()),
        1 => ("二".to_owned(), " II".to_owned()),
        _ => (format!("第 {} ", index + 1), format!(" No. {}", index + 1)),
    };
    let step = f64::from(u32::try_from(branch).unwrap_or(0));
    let at_home = branch < 2;
    let (spot, district, line, position) = if at_home {
        (row.spot, row.district, row.line, row.position)
    } else {
        (
            ("中心", "Centre"),
            ("中心城区", "City Centre"),
            ("人民路 1 号 1 层", "Level 1, 1 Renmin Road"),
            city.position,
        )
    };
    let weekday = MALL_HOURS[0];
    let late = MALL_HOURS[1];
    Place {
        id: base::Id::from_uuid(uuid::Uuid::nil()),
        code: format!("{}-{:03}", city_code(city), index + 1),
        kind: PlaceKind::Store,
        name: Text::new(
            format!("{}{}{suffix_zh}店", short_city(city), spot.0),
            format!("{} {}{suffix_en}", city.name.1, spot.1),
        ),
        region: city.region,
        city: city_index,
        address: Address {
            province: text(city.province),
            city: text(city.name),
            district: text(district),
            line: text(line),
            postcode: city.postcode.to_owned(),
        },
        latitude: position.0 + step * 0.0173,
        longitude: position.1 - step * 0.0119,
        area_m2: row.area_m2,
        // Numbers that begin with a zero after the dialling code are not given out.
        phone: format!("{}-0{:07}", city.dialling, 100_000 + index),
        hours: [weekday, weekday, weekday, weekday, late, late, weekday],
        services: services(index, rng),
        prep_minutes: if index == 0 {
            40
        } else {
            [30, 40, 40, 45, 60][rng.index(5)]
        },
        daily_orders: 20 + row.area_m2 / 2,
        pull: u64::from(row.pull) * u64::from(city.pull),
        supplied_by: supplier(city.region, stores),
        opened_at: base::Time::from_seconds(0),
    }
}

/// Every store lets people collect and return; most ship, some deliver nearby.
fn services(index: usize, rng: &mut Rng) -> Vec<&'static str> {
    let mut services = vec!["collect", "return"];
    if index < 8 || rng.per_mille(650) {
        services.push("ship");
    }
    if index < 4 || rng.per_mille(400) {
        services.push("deliver_local");
    }
    services
}

fn warehouse(index: usize, row: &WarehouseRow) -> Place {
    let (city_index, city) = city_at(row.city);
    Place {
        id: base::Id::from_uuid(uuid::Uuid::nil()),
        code: row.code.to_owned(),
        kind: PlaceKind::Warehouse,
        name: text(row.name),
        region: city.region,
        city: city_index,
        address: Address {
            province: text(city.province),
            city: text(city.name),
            district: text(row.district),
            line: text(row.line),
            postcode: city.postcode.to_owned(),
        },
        latitude: row.position.0,
        longitude: row.position.1,
        area_m2: row.area_m2,
        phone: format!("{}-0{:07}", city.dialling, 900_000 + index),
        hours: [WAREHOUSE_HOURS; 7],
        services: vec!["ship", "return"],
        prep_minutes: 120,
        daily_orders: 4_000,
        pull: 0,
        supplied_by: index,
        opened_at: base::Time::from_seconds(0),
    }
}

fn supplier(region: &str, stores: usize) -> usize {
    stores
        + WAREHOUSES
            .iter()
            .position(|row| row.serves.contains(&region))
            .unwrap_or(0)
}

fn further_city(index: usize) -> (usize, &'static CityRow) {
    let city = index % CITIES.len();
    (city, &CITIES[city])
}

/// Two or more letters of the city's pinyin, as on dispatch labels.
fn city_code(city: &CityRow) -> String {
    match city.key {
        "hangzhou" => "HZ".to_owned(),
        "shanghai" => "SH".to_owned(),
        "beijing" => "BJ".to_owned(),
        key => key.chars().take(3).collect::<String>().to_uppercase(),
    }
}

fn short_city(city: &CityRow) -> &'static str {
    city.name.0.trim_end_matches('市')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Good enough inside a city at 30 degrees north.
    fn metres_between(a: &Place, b: &Place) -> f64 {
        (111_200.0 * (a.latitude - b.latitude)).hypot(96_300.0 * (a.longitude - b.longitude))
    }

    #[test]
    fn the_stories_stores_stand_where_the_stories_say() {
        let calendar = Calendar::new(base::Time::from_seconds(1_795_000_000), 183);
        let places = open(7, &calendar, 50);
        assert_eq!(places.len(), 53);
        assert_eq!(places[0].name.zh, "杭州湖滨店");
        let metres = metres_between(&places[0], &places[1]);
        assert!((850.0..950.0).contains(&metres), "{metres} m");
        assert_eq!(places[places[0].supplied_by].code, "WH-EAST");
        assert_eq!(places[0].prep_minutes, 40);
    }

    #[test]
    fn a_chain_of_any_size_has_unique_codes_names_and_spots() {
        let calendar = Calendar::new(base::Time::from_seconds(1_795_000_000), 183);
        let places = open(7, &calendar, 300);
        let unique = |key: &dyn Fn(&Place) -> String| {
            places
                .iter()
                .map(key)
                .collect::<std::collections::BTreeSet<_>>()
                .len()
        };
        assert_eq!(unique(&|place| place.code.clone()), places.len());
        assert_eq!(unique(&|place| place.id.to_string()), places.len());
        assert!(places.iter().all(|place| (-90.0..90.0).contains(&place.latitude)));
    }
}
