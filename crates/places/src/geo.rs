//! Distances on the globe.

use base::{Error, Result, codes};

/// Mean radius of the earth (IUGG), in metres.
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point on the globe, in degrees (WGS 84).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Point {
    /// North is positive.
    pub latitude: f64,
    /// East is positive.
    pub longitude: f64,
}

impl Point {
    /// A point.
    ///
    /// # Errors
    /// `input.invalid` off the globe or not a number.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self> {
        let fault = |field: &str, bound: i64| {
            let facts = [
                ("min".to_owned(), (-bound).into()),
                ("max".to_owned(), bound.into()),
            ];
            Error::new(&codes::INVALID_INPUT).and_field(
                field,
                &codes::OUT_OF_RANGE,
                facts.into_iter().collect(),
            )
        };
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(fault("latitude", 90));
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(fault("longitude", 180));
        }
        Ok(Self { latitude, longitude })
    }

    /// Reads `lat,lon`.
    ///
    /// # Errors
    /// `input.invalid` in any other form.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let malformed = || {
            let facts = [("reason".to_owned(), "lat,lon".into())].into_iter().collect();
            Error::new(&codes::INVALID_INPUT).and_field(field, &codes::MALFORMED, facts)
        };
        let (latitude, longitude) = text.split_once(',').ok_or_else(malformed)?;
        let number = |part: &str| part.trim().parse::<f64>().map_err(|_| malformed());
        Self::new(number(latitude)?, number(longitude)?)
    }
}

/// The great-circle distance in whole metres (haversine: exact to half a percent, stable near zero).
#[must_use]
pub fn distance_m(a: Point, b: Point) -> i64 {
    let (lat_a, lat_b) = (a.latitude.to_radians(), b.latitude.to_radians());
    let half_lat = ((b.latitude - a.latitude).to_radians() / 2.0).sin();
    let half_lon = ((b.longitude - a.longitude).to_radians() / 2.0).sin();
    let chord = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lon * half_lon;
    // Rounding may leave the chord a hair above one at the antipodes. At most 20,015,115 m, so the cast is exact.
    (2.0 * EARTH_RADIUS_M * chord.clamp(0.0, 1.0).sqrt().asin()).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point() -> impl Strategy<Value = Point> {
        (-90.0..=90.0, -180.0..=180.0_f64).prop_map(|(latitude, longitude)| Point { latitude, longitude })
    }

    proptest! {
        #[test]
        fn a_distance_is_a_distance(a in point(), b in point(), c in point()) {
            prop_assert_eq!(distance_m(a, a), 0);
            prop_assert_eq!(distance_m(a, b), distance_m(b, a));
            prop_assert!(distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 2);
            prop_assert!(distance_m(a, b) <= 20_015_116);
        }
    }

    #[test]
    fn shanghai_to_beijing() {
        let shanghai = Point {
            latitude: 31.2304,
            longitude: 121.4737,
        };
        let beijing = Point {
            latitude: 39.9042,
            longitude: 116.4074,
        };
        let metres = distance_m(shanghai, beijing);
        assert!((1_066_000..1_069_000).contains(&metres), "{metres}");
    }

    #[test]
    fn across_the_date_line() {
        let west = Point {
            latitude: 0.0,
            longitude: 179.9,
        };
        let east = Point {
            latitude: 0.0,
            longitude: -179.9,
        };
        assert!(distance_m(west, east) < 23_000);
    }

    #[test]
    fn only_points_on_the_globe() {
        assert!(Point::parse("near", "31.23,121.47").is_ok());
        for bad in ["", "31.23", "91,0", "0,181", "NaN,0", "a,b", "1,2,3"] {
            assert!(Point::parse("near", bad).is_err(), "{bad}");
        }
    }
}
