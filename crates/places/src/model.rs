//! What a place is.

use base::{Error, PlaceId, Result, Text, Time, codes};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error;
use crate::geo::Point;
use crate::hours::{OpenHours, Opening, SpecialDay, are_clean, ready_at, zone};

/// What sort of place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// People walk in.
    Store,
    /// Goods only.
    Warehouse,
    /// A store without customers, for local delivery.
    DarkStore,
    /// Parcels are collected here.
    PickupPoint,
}

impl PlaceKind {
    /// The form stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Warehouse => "warehouse",
            Self::DarkStore => "dark_store",
            Self::PickupPoint => "pickup_point",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        match text {
            "store" => Ok(Self::Store),
            "warehouse" => Ok(Self::Warehouse),
            "dark_store" => Ok(Self::DarkStore),
            "pickup_point" => Ok(Self::PickupPoint),
            other => Err(Error::internal(format!("\"{other}\" is not a kind of place"))),
        }
    }
}

/// What a place does for customers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Orders are collected here.
    Collect,
    /// Parcels leave from here.
    Ship,
    /// Returns are taken here.
    Return,
    /// Couriers deliver nearby from here.
    DeliverLocal,
}

impl Service {
    /// The form stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Collect => "collect",
            Self::Ship => "ship",
            Self::Return => "return",
            Self::DeliverLocal => "deliver_local",
        }
    }
}

/// Where a place is, for people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// ISO 3166-1 alpha-2.
    #[schema(pattern = "^[A-Z]{2}$")]
    pub country: String,
    /// Province or state.
    pub province: Text,
    /// City.
    pub city: Text,
    /// District, where there is one.
    #[serde(default)]
    pub district: Option<Text>,
    /// Street and number.
    pub line: Text,
    /// Postcode.
    #[serde(default)]
    #[schema(max_length = 16)]
    pub postcode: Option<String>,
}

/// A place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// Its identifier.
    pub id: PlaceId,
    /// The chain's own code, unique.
    pub code: String,
    /// What sort of place.
    pub kind: PlaceKind,
    /// Its name.
    pub name: Text,
    /// The chain's region it belongs to.
    pub region: String,
    /// Where it is, for people.
    pub address: Address,
    /// Degrees north (WGS 84).
    pub latitude: f64,
    /// Degrees east (WGS 84).
    pub longitude: f64,
    /// IANA time zone name.
    pub timezone: String,
    /// Sales area.
    pub area_m2: Option<f64>,
    /// For customers.
    pub phone: Option<String>,
    /// When it is open in an ordinary week; empty means always.
    pub hours: Vec<OpenHours>,
    /// Days with hours of their own: holidays and exceptions.
    pub special_days: Vec<SpecialDay>,
    /// What it does for customers.
    pub services: Vec<Service>,
    /// How long an order takes to get ready, in minutes of opening.
    pub prep_minutes: u32,
    /// The most orders it takes on in a day; absent means no limit.
    pub daily_order_capacity: Option<u32>,
    /// Whether it trades.
    pub active: bool,
    /// Raised by one at every change.
    pub version: i64,
}

/// What people decide about a place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceIn {
    /// The chain's own code, unique.
    #[schema(min_length = 1, max_length = 64)]
    pub code: String,
    /// What sort of place.
    pub kind: PlaceKind,
    /// Its name.
    pub name: Text,
    /// The chain's region it belongs to.
    #[schema(max_length = 64)]
    pub region: String,
    /// Where it is, for people.
    pub address: Address,
    /// Degrees north (WGS 84).
    #[schema(minimum = -90, maximum = 90)]
    pub latitude: f64,
    /// Degrees east (WGS 84).
    #[schema(minimum = -180, maximum = 180)]
    pub longitude: f64,
    /// IANA time zone name.
    #[schema(example = "Asia/Shanghai")]
    pub timezone: String,
    /// Sales area.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub area_m2: Option<f64>,
    /// For customers.
    #[serde(default)]
    #[schema(max_length = 32)]
    pub phone: Option<String>,
    /// When it is open in an ordinary week; empty means always.
    #[serde(default)]
    #[schema(max_items = 56)]
    pub hours: Vec<OpenHours>,
    /// Days with hours of their own: holidays and exceptions.
    #[serde(default)]
    #[schema(max_items = 400)]
    pub special_days: Vec<SpecialDay>,
    /// What it does for customers.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub services: Vec<Service>,
    /// How long an order takes to get ready, in minutes of opening.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10_080)]
    pub prep_minutes: u32,
    /// The most orders it takes on in a day; absent means no limit.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub daily_order_capacity: Option<u32>,
    /// Whether it trades.
    #[serde(default = "yes")]
    pub active: bool,
}

const fn yes() -> bool {
    true
}

impl Place {
    /// The place with these details.
    #[must_use]
    pub fn new(id: PlaceId, details: ValidPlace, version: i64) -> Self {
        let ValidPlace(d) = details;
        Self {
            id,
            code: d.code,
            kind: d.kind,
            name: d.name,
            region: d.region,
            address: d.address,
            latitude: d.latitude,
            longitude: d.longitude,
            timezone: d.timezone,
            area_m2: d.area_m2,
            phone: d.phone,
            hours: d.hours,
            special_days: d.special_days,
            services: d.services,
            prep_minutes: d.prep_minutes,
            daily_order_capacity: d.daily_order_capacity,
            active: d.active,
            version,
        }
    }

    /// What people decided about it, to be changed and decided again.
    #[must_use]
    pub fn details(&self) -> PlaceIn {
        let d = self.clone();
        PlaceIn {
            code: d.code,
            kind: d.kind,
            name: d.name,
            region: d.region,
            address: d.address,
            latitude: d.latitude,
            longitude: d.longitude,
            timezone: d.timezone,
            area_m2: d.area_m2,
            phone: d.phone,
            hours: d.hours,
            special_days: d.special_days,
            services: d.services,
            prep_minutes: d.prep_minutes,
            daily_order_capacity: d.daily_order_capacity,
            active: d.active,
        }
    }

    /// Where it is, for distances.
    #[must_use]
    pub const fn point(&self) -> Point {
        Point {
            latitude: self.latitude,
            longitude: self.longitude,
        }
    }

    /// Whether it offers a service.
    #[must_use]
    pub fn offers(&self, service: Service) -> bool {
        self.services.contains(&service)
    }

    /// When an order begun now can be collected here; see [`ready_at`].
    ///
    /// # Errors
    /// `places.unknown_timezone`, which validation has ruled out.
    pub fn ready_at(&self, now: Time) -> Result<Option<Time>> {
        ready_at(
            now,
            self.prep_minutes,
            &self.hours,
            &self.special_days,
            &self.timezone,
        )
    }

    /// The text its search box looks in.
    pub(crate) fn search_text(&self) -> String {
        let address = &self.address;
        let district = address.district.clone().unwrap_or_default();
        let parts = [
            &self.code,
            &self.name.zh,
            &self.name.en,
            &address.province.zh,
            &address.province.en,
            &address.city.zh,
            &address.city.en,
            &district.zh,
            &district.en,
            &address.line.zh,
            &address.line.en,
        ];
        let mut out = String::new();
        for part in parts {
            out.push_str(part);
            out.push(' ');
        }
        out.push_str(&text::pinyin_keys(&self.name.zh).join(" "));
        text::normalize(&out)
    }
}

/// Details that hold together.
#[derive(Clone, PartialEq, Debug)]
pub struct ValidPlace(PlaceIn);

impl ValidPlace {
    /// The details.
    #[must_use]
    pub const fn details(&self) -> &PlaceIn {
        &self.0
    }

    /// Details read from our own table, which took them only when they were valid.
    pub(crate) const fn stored(details: PlaceIn) -> Self {
        Self(details)
    }
}

impl TryFrom<PlaceIn> for ValidPlace {
    type Error = Error;

    /// # Errors
    /// `input.invalid` naming every field that is wrong.
    fn try_from(place: PlaceIn) -> Result<Self> {
        let mut faults = Faults::default();
        faults.text("code", &place.code, 1, 64);
        faults.text("name.zh", &place.name.zh, 1, 200);
        faults.text("name.en", &place.name.en, 1, 200);
        faults.text("region", &place.region, 0, 64);
        faults.text("address.line.zh", &place.address.line.zh, 0, 400);
        faults.text("address.line.en", &place.address.line.en, 0, 400);
        let country = place.address.country.as_bytes();
        if country.len() != 2 || !country.iter().all(u8::is_ascii_uppercase) {
            faults.add(
                "address.country",
                &codes::MALFORMED,
                [("reason", "ISO 3166-1 alpha-2".into())],
            );
        }
        if let Some(postcode) = &place.address.postcode {
            faults.text("address.postcode", postcode, 1, 16);
        }
        if let Some(phone) = &place.phone {
            faults.text("phone", phone, 1, 32);
        }
        faults.range("latitude", place.latitude, -90.0, 90.0);
        faults.range("longitude", place.longitude, -180.0, 180.0);
        if let Some(area) = place.area_m2 {
            faults.range("area_m2", area, f64::MIN_POSITIVE, 1_000_000.0);
        }
        faults.range("prep_minutes", f64::from(place.prep_minutes), 0.0, 10_080.0);
        if let Some(capacity) = place.daily_order_capacity {
            faults.range("daily_order_capacity", f64::from(capacity), 0.0, 1_000_000.0);
        }
        if zone(&place.timezone).is_err() {
            faults.add(
                "timezone",
                &error::UNKNOWN_TIMEZONE,
                [("value", place.timezone.as_str().into())],
            );
        }
        check_hours(&place, &mut faults);
        faults.finish()?;
        Ok(Self(place))
    }
}

fn check_hours(place: &PlaceIn, faults: &mut Faults) {
    if place.hours.iter().any(|h| !(1..=7).contains(&h.weekday)) {
        faults.add(
            "hours",
            &codes::OUT_OF_RANGE,
            [("min", 1.into()), ("max", 7.into())],
        );
    }
    for weekday in 1..=7 {
        let of_day = place.hours.iter().filter(|h| h.weekday == weekday);
        if !are_clean(
            of_day
                .map(|h| Opening {
                    opens: h.opens,
                    closes: h.closes,
                })
                .collect(),
        ) {
            faults.add("hours", &error::HOURS_CLASH, []);
        }
    }
    for (at, day) in place.special_days.iter().enumerate() {
        if !are_clean(day.hours.clone()) {
            faults.add(&format!("special_days[{at}].hours"), &error::HOURS_CLASH, []);
        }
    }
}

/// Everything that is wrong with an input, told at once.
#[derive(Default)]
struct Faults(Option<Error>);

impl Faults {
    fn add<const N: usize>(
        &mut self,
        field: &str,
        code: &'static base::ErrorCode,
        facts: [(&str, Value); N],
    ) {
        let facts: Map<String, Value> = facts.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        let error = self.0.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
        self.0 = Some(error.and_field(field, code, facts));
    }

    fn text(&mut self, field: &str, text: &str, min: usize, max: usize) {
        if text.trim().chars().count() < min {
            self.add(field, &codes::REQUIRED, []);
        } else if text.chars().count() > max {
            self.add(field, &codes::TOO_LONG, [("max", max.into())]);
        }
    }

    fn range(&mut self, field: &str, number: f64, min: f64, max: f64) {
        if !(min..=max).contains(&number) {
            self.add(
                field,
                &codes::OUT_OF_RANGE,
                [("min", min.into()), ("max", max.into())],
            );
        }
    }

    fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn place(code: &str) -> PlaceIn {
        PlaceIn {
            code: code.into(),
            kind: PlaceKind::Store,
            name: Text::new("静安大悦城店", "Jing'an Joy City"),
            region: "east".into(),
            address: Address {
                country: "CN".into(),
                province: Text::new("上海市", "Shanghai"),
                city: Text::new("上海市", "Shanghai"),
                district: Some(Text::new("静安区", "Jing'an")),
                line: Text::new("西藏北路166号", "166 North Xizang Road"),
                postcode: None,
            },
            latitude: 31.2433,
            longitude: 121.4722,
            timezone: "Asia/Shanghai".into(),
            area_m2: Some(120.0),
            phone: None,
            hours: Vec::new(),
            special_days: Vec::new(),
            services: vec![Service::Collect, Service::Return],
            prep_minutes: 30,
            daily_order_capacity: None,
            active: true,
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let bad = PlaceIn {
            code: " ".into(),
            latitude: f64::NAN,
            timezone: "Mars/Olympus".into(),
            ..place("S1")
        };
        let error = ValidPlace::try_from(bad).unwrap_err();
        let fields: Vec<_> = error.fields().iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["code", "latitude", "timezone"]);
    }

    #[test]
    fn found_by_name_city_and_sound() {
        let valid = ValidPlace::try_from(place("S1")).unwrap();
        let search = Place::new(PlaceId::new(), valid, 1).search_text();
        for part in ["静安", "joy city", "jingan", "ja", "s1"] {
            assert!(search.contains(part), "{part} in {search}");
        }
    }
}
