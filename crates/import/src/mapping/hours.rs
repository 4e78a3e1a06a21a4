//! Opening hours as shops write them, and the time zones of US states.

/// One day's opening hours. Closing after midnight is written as an hour smaller than opening.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpenHours {
    /// ISO weekday, Monday is 1.
    pub weekday: u8,
    /// Minutes after midnight.
    pub opens: u16,
    /// Minutes after midnight.
    pub closes: u16,
}

impl OpenHours {
    /// Opening and closing as `HH:MM`.
    #[must_use]
    pub fn written(self) -> (String, String) {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        (clock(self.opens), clock(self.closes))
    }
}

const WEEKDAYS: [(&str, &str); 7] = [
    ("mon", "周一"),
    ("tue", "周二"),
    ("wed", "周三"),
    ("thu", "周四"),
    ("fri", "周五"),
    ("sat", "周六"),
    ("sun", "周日"),
];

/// Reads `Mon: 10-9:30; Tue: 10:00-21:30; Sun: closed`. Where no hour is above twelve and nothing says am
/// or pm, opening is in the morning and closing in the evening, as on a US shop's door.
#[must_use]
pub(super) fn parse(text: &str) -> Option<Vec<OpenHours>> {
    let mut days = Vec::new();
    for part in text.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        let (day, range) = part.split_once([':', '：'])?;
        let day = day.trim().to_lowercase();
        let at = WEEKDAYS
            .iter()
            .position(|(en, zh)| day.starts_with(en) || day == *zh)?;
        let range = range.trim().to_lowercase();
        if range == "closed" || range == "休息" {
            continue;
        }
        let (opens, closes) = range.split_once(['-', '–', '~'])?;
        let (opens, _) = clock(opens)?;
        let (mut closes, marked) = clock(closes)?;
        if !marked && closes <= 12 * 60 && closes <= opens {
            closes += 12 * 60;
        }
        days.push(OpenHours {
            weekday: u8::try_from(at + 1).ok()?,
            opens,
            closes: closes % (24 * 60),
        });
    }
    (!days.is_empty()).then_some(days)
}

/// Minutes after midnight, and whether am or pm was written.
fn clock(text: &str) -> Option<(u16, bool)> {
    let text = text.trim();
    let (digits, add) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(rest), _) => (rest.trim(), Some(0)),
        (_, Some(rest)) => (rest.trim(), Some(12)),
        _ => (text, None),
    };
    let (hour, minute) = digits.split_once(':').unwrap_or((digits, "0"));
    let (hour, minute): (u16, u16) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    if hour > 24 || minute > 59 {
        return None;
    }
    let hour = match add {
        Some(add) => hour % 12 + add,
        None => hour,
    };
    Some(((hour * 60 + minute) % (24 * 60), add.is_some()))
}

const EAST: &str = "America/New_York";
const CENTRAL: &str = "America/Chicago";
const MOUNTAIN: &str = "America/Denver";
const PACIFIC: &str = "America/Los_Angeles";

/// The zone of a US state. States with two zones are split along a meridian near the boundary; without a
/// longitude, the zone most people live in.
#[must_use]
pub(super) fn us_zone(state: &str, longitude: Option<f64>) -> Option<&'static str> {
    let split = |west: &'static str, meridian: f64, east: &'static str, usual: &'static str| match longitude {
        Some(longitude) if longitude < meridian => west,
        Some(_) => east,
        None => usual,
    };
    Some(match state.to_uppercase().as_str() {
        "CT" | "DC" | "DE" | "GA" | "MA" | "MD" | "ME" | "NC" | "NH" | "NJ" | "NY" | "OH" | "PA" | "RI"
        | "SC" | "VA" | "VT" | "WV" => EAST,
        "AL" | "AR" | "IA" | "IL" | "LA" | "MN" | "MO" | "MS" | "OK" | "WI" => CENTRAL,
        "CO" | "MT" | "NM" | "UT" | "WY" => MOUNTAIN,
        "CA" | "NV" | "WA" => PACIFIC,
        "AZ" => "America/Phoenix",
        "AK" => "America/Anchorage",
        "HI" => "Pacific/Honolulu",
        "PR" => "America/Puerto_Rico",
        "FL" => split(CENTRAL, -85.0, EAST, EAST),
        "IN" => split(
            CENTRAL,
            -86.8,
            "America/Indiana/Indianapolis",
            "America/Indiana/Indianapolis",
        ),
        "KY" => split(CENTRAL, -86.0, EAST, EAST),
        "MI" => split(CENTRAL, -87.6, "America/Detroit", "America/Detroit"),
        "TN" => split(CENTRAL, -85.2, EAST, CENTRAL),
        "TX" => split(MOUNTAIN, -104.9, CENTRAL, CENTRAL),
        "KS" => split(MOUNTAIN, -101.5, CENTRAL, CENTRAL),
        "NE" => split(MOUNTAIN, -101.0, CENTRAL, CENTRAL),
        "ND" => split(MOUNTAIN, -101.0, CENTRAL, CENTRAL),
        "SD" => split(MOUNTAIN, -100.3, CENTRAL, CENTRAL),
        "ID" => split(PACIFIC, -117.05, "America/Boise", "America/Boise"),
        "OR" => split(PACIFIC, -117.5, "America/Boise", PACIFIC),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn first(text: &str) -> (String, String) {
        parse(text).unwrap()[0].written()
    }

    #[test]
    fn evening_is_understood() {
        assert_eq!(first("Mon: 10-9:30"), ("10:00".into(), "21:30".into()));
        assert_eq!(first("Sun: 11-7"), ("11:00".into(), "19:00".into()));
        assert_eq!(first("周一：10:00-22:00"), ("10:00".into(), "22:00".into()));
        assert_eq!(first("Thurs: 9am-9pm"), ("09:00".into(), "21:00".into()));
        assert_eq!(first("Fri: 10-12"), ("10:00".into(), "12:00".into()));
        assert_eq!(parse("Mon: 9-9; Sun: closed").unwrap().len(), 1);
        assert_eq!(parse("Mon 9 to 9"), None);
    }

    #[test]
    fn states_with_two_zones() {
        assert_eq!(us_zone("TX", Some(-106.4)), Some(MOUNTAIN));
        assert_eq!(us_zone("tx", Some(-95.0)), Some(CENTRAL));
        assert_eq!(us_zone("XX", None), None);
    }

    proptest! {
        #[test]
        fn rubbish_never_panics(text in ".*") {
            let _ = parse(&text);
        }
    }
}
