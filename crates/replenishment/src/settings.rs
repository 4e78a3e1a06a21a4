//! What people say holds, and what follows for an article at a place.

use base::{Error, PlaceId, Result, SkuId, Time, codes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{SUPPLIER_OF_ARTICLES, SUPPLIES_ITSELF};
use crate::rules::plan::{Measure, Terms};

/// Characters of a supplier's name.
const SUPPLIER_MAX: usize = 80;

/// What something is said about, from the general to the particular: what is said of the later ones counts more.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ReplenishmentSubject)]
pub enum Subject {
    /// Goods that come from places of our own.
    Transfers,
    /// Goods that come from suppliers.
    Purchases,
    /// A place.
    Place {
        /// Which.
        place_id: PlaceId,
    },
    /// A supplier.
    Supplier {
        /// Its name.
        #[schema(min_length = 1, max_length = 80)]
        name: String,
    },
    /// An article.
    Sku {
        /// Which.
        sku_id: SkuId,
    },
    /// An article at a place.
    SkuAt {
        /// Which.
        sku_id: SkuId,
        /// Where.
        place_id: PlaceId,
    },
}

impl Subject {
    /// The form it is found by.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Transfers => "transfers".to_owned(),
            Self::Purchases => "purchases".to_owned(),
            Self::Place { place_id } => place_id.to_string(),
            Self::Supplier { name } => format!("supplier:{name}"),
            Self::Sku { sku_id } => sku_id.to_string(),
            Self::SkuAt { sku_id, place_id } => format!("{sku_id}@{place_id}"),
        }
    }

    pub(crate) fn parse(key: &str) -> Result<Self> {
        Ok(match (key, key.split_once('@'), key.split_once(':')) {
            ("transfers", ..) => Self::Transfers,
            ("purchases", ..) => Self::Purchases,
            (_, _, Some(("supplier", name))) => Self::Supplier {
                name: name.to_owned(),
            },
            (_, Some((sku, place)), _) => Self::SkuAt {
                sku_id: sku.parse()?,
                place_id: place.parse()?,
            },
            _ if key.starts_with("plc_") => Self::Place {
                place_id: key.parse()?,
            },
            _ => Self::Sku { sku_id: key.parse()? },
        })
    }

    /// The article it is about.
    #[must_use]
    pub const fn sku(&self) -> Option<SkuId> {
        match self {
            Self::Sku { sku_id } | Self::SkuAt { sku_id, .. } => Some(*sku_id),
            _ => None,
        }
    }

    /// The place it is about.
    #[must_use]
    pub const fn place(&self) -> Option<PlaceId> {
        match self {
            Self::Place { place_id } | Self::SkuAt { place_id, .. } => Some(*place_id),
            _ => None,
        }
    }
}

/// Where goods come from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ReplenishmentSource)]
pub enum Source {
    /// From the nearest warehouse; from the supplier where there is none. What holds when nobody says anything.
    Nearest,
    /// From the supplier of the goods.
    Supplier,
    /// From a place.
    Place {
        /// Which.
        place_id: PlaceId,
    },
}

/// What is said; what is absent follows from what is said in general.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReplenishmentSaid)]
pub struct Said {
    /// What the target is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// The target, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 50, maximum = 99.99)]
    pub service_percent: Option<f64>,
    /// Days from sending for goods until they are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 180)]
    pub lead_days: Option<i64>,
    /// Standard deviation of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 60)]
    pub lead_sd_days: Option<f64>,
    /// Every so many days somebody looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 60)]
    pub review_days: Option<i64>,
    /// What is sent for lasts so many days beyond what must be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 180)]
    pub cover_days: Option<i64>,
    /// Pieces come in packs of so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000)]
    pub pack: Option<i64>,
    /// At least so many are sent for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub minimum: Option<i64>,
    /// At least so many stand there, for show.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub display: Option<i64>,
    /// No more than so many have room.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub capacity: Option<i64>,
    /// Where the goods come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Who supplies the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 80)]
    pub supplier: Option<String>,
}

/// Something that was said.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplenishmentSetting)]
pub struct Setting {
    /// About what.
    pub subject: Subject,
    /// What.
    pub said: Said,
    /// By whom.
    pub actor: String,
    /// When.
    pub set_at: Time,
}

impl Said {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks what is said about a subject.
    ///
    /// # Errors
    /// `input.invalid` with every field that is wrong.
    pub fn checked(mut self, subject: &Subject) -> Result<Self> {
        self.supplier = self.supplier.map(|name| name.trim().to_owned());
        let mut faults: Option<Error> = None;
        let mut fault = |field: &str, code, facts: &[(&str, serde_json::Value)]| {
            let facts = facts
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect();
            let error = faults.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
            faults = Some(error.and_field(field, code, facts));
        };
        let numbers = [
            ("said.service_percent", self.service_percent, 50.0, 99.99),
            ("said.lead_days", self.lead_days.map(|n| n as f64), 0.0, 180.0),
            ("said.lead_sd_days", self.lead_sd_days, 0.0, 60.0),
            ("said.review_days", self.review_days.map(|n| n as f64), 1.0, 60.0),
            ("said.cover_days", self.cover_days.map(|n| n as f64), 0.0, 180.0),
            ("said.pack", self.pack.map(|n| n as f64), 1.0, 1e5),
            ("said.minimum", self.minimum.map(|n| n as f64), 1.0, 1e6),
            ("said.display", self.display.map(|n| n as f64), 0.0, 1e6),
            ("said.capacity", self.capacity.map(|n| n as f64), 1.0, 1e6),
        ];
        for (field, number, min, max) in numbers {
            if number.is_some_and(|number| !(min..=max).contains(&number)) {
                fault(
                    field,
                    &codes::OUT_OF_RANGE,
                    &[("min", min.into()), ("max", max.into())],
                );
            }
        }
        if let Some(name) = &self.supplier {
            if subject.sku().is_none() {
                fault("said.supplier", &SUPPLIER_OF_ARTICLES, &[]);
            } else if name.is_empty() {
                fault("said.supplier", &codes::REQUIRED, &[]);
            } else if name.chars().count() > SUPPLIER_MAX {
                fault("said.supplier", &codes::TOO_LONG, &[("max", SUPPLIER_MAX.into())]);
            }
        }
        if let (Some(Source::Place { place_id }), Some(place)) = (self.source, subject.place())
            && place_id == place
        {
            fault("said.source.place_id", &SUPPLIES_ITSELF, &[]);
        }
        faults.map_or(Ok(self), Err)
    }
}

/// Everything that was said that may matter to some articles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings(Vec<Setting>);

/// What holds for an article at a place.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Held {
    pub(crate) terms: Terms,
    pub(crate) from: Option<PlaceId>,
    pub(crate) supplier: Option<String>,
}

impl Settings {
    pub(crate) const fn new(settings: Vec<Setting>) -> Self {
        Self(settings)
    }

    fn said(&self, subject: &Subject) -> Option<&Said> {
        self.0
            .iter()
            .find(|setting| setting.subject == *subject)
            .map(|setting| &setting.said)
    }

    /// What holds; `nearest` is the warehouse that supplies the place when nobody says otherwise.
    pub(crate) fn held(&self, sku_id: SkuId, place_id: PlaceId, nearest: Option<PlaceId>) -> Held {
        let of_place = self.said(&Subject::Place { place_id });
        let of_sku = self.said(&Subject::Sku { sku_id });
        let of_both = self.said(&Subject::SkuAt { sku_id, place_id });
        let particular = [of_both, of_sku, of_place];
        let source = particular.iter().flatten().find_map(|said| said.source);
        let from = match source.unwrap_or(Source::Nearest) {
            Source::Nearest => nearest,
            Source::Supplier => None,
            Source::Place { place_id } => Some(place_id),
        }
        .filter(|from| *from != place_id);
        let supplier = particular.iter().flatten().find_map(|said| said.supplier.clone());
        let of_supplier = supplier
            .as_ref()
            .filter(|_| from.is_none())
            .and_then(|name| self.said(&Subject::Supplier { name: name.clone() }));
        let general = if from.is_some() {
            Subject::Transfers
        } else {
            Subject::Purchases
        };
        let order = [of_both, of_sku, of_supplier, of_place, self.said(&general)];
        let heard: Vec<&Said> = order.into_iter().flatten().collect();
        let plain = plain(from.is_some());
        let terms = Terms {
            measure: first(&heard, |said| said.measure).unwrap_or(plain.measure),
            service_percent: first(&heard, |said| said.service_percent).unwrap_or(plain.service_percent),
            lead_days: first(&heard, |said| said.lead_days).unwrap_or(plain.lead_days),
            lead_sd_days: first(&heard, |said| said.lead_sd_days).unwrap_or(plain.lead_sd_days),
            review_days: first(&heard, |said| said.review_days).unwrap_or(plain.review_days),
            cover_days: first(&heard, |said| said.cover_days).unwrap_or(plain.cover_days),
            pack: first(&heard, |said| said.pack).unwrap_or(plain.pack),
            minimum: first(&heard, |said| said.minimum).unwrap_or(plain.minimum),
            display: first(&heard, |said| said.display).unwrap_or(plain.display),
            capacity: first(&heard, |said| said.capacity),
        };
        Held {
            terms,
            from,
            supplier,
        }
    }
}

fn first<T>(heard: &[&Said], field: impl Fn(&Said) -> Option<T>) -> Option<T> {
    heard.iter().find_map(|said| field(said))
}

/// What holds when nobody has said anything.
fn plain(from_place: bool) -> Terms {
    if from_place {
        return Terms::default();
    }
    Terms {
        lead_days: 14,
        lead_sd_days: 3.0,
        cover_days: 21,
        ..Terms::default()
    }
}

/// What holds when nobody has said anything, in the words of a setting.
#[must_use]
pub fn defaults(from_place: bool) -> Said {
    let plain = plain(from_place);
    Said {
        measure: Some(plain.measure),
        service_percent: Some(plain.service_percent),
        lead_days: Some(plain.lead_days),
        lead_sd_days: Some(plain.lead_sd_days),
        review_days: Some(plain.review_days),
        cover_days: Some(plain.cover_days),
        pack: Some(plain.pack),
        minimum: Some(plain.minimum),
        display: Some(plain.display),
        capacity: None,
        source: None,
        supplier: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(subject: Subject, said: Said) -> Setting {
        let said = said.checked(&subject).unwrap();
        Setting {
            subject,
            said,
            actor: "test".to_owned(),
            set_at: Time::from_seconds(0),
        }
    }

    #[test]
    fn the_particular_goes_before_the_general() {
        let (sku_id, place_id, hub) = (SkuId::new(), PlaceId::new(), PlaceId::new());
        let lead = |days| Said {
            lead_days: Some(days),
            ..Said::default()
        };
        let settings = Settings::new(vec![
            setting(
                Subject::Transfers,
                Said {
                    pack: Some(6),
                    ..lead(2)
                },
            ),
            setting(Subject::Purchases, lead(30)),
            setting(Subject::Place { place_id }, lead(4)),
            setting(
                Subject::Sku { sku_id },
                Said {
                    supplier: Some(" 花田 ".to_owned()),
                    ..Said::default()
                },
            ),
            setting(
                Subject::Supplier {
                    name: "花田".to_owned(),
                },
                lead(21),
            ),
        ]);
        let held = settings.held(sku_id, place_id, Some(hub));
        assert_eq!(
            (held.from, held.terms.lead_days, held.terms.pack),
            (Some(hub), 4, 6)
        );
        let bought = settings.held(sku_id, hub, Some(hub));
        assert_eq!(
            (bought.from, bought.supplier.as_deref(), bought.terms.lead_days),
            (None, Some("花田"), 21)
        );
        assert_eq!(settings.held(SkuId::new(), hub, None).terms.lead_days, 30);
        assert_eq!(
            settings
                .held(SkuId::new(), PlaceId::new(), Some(hub))
                .terms
                .lead_days,
            2
        );
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let place_id = PlaceId::new();
        let itself = Said {
            source: Some(Source::Place { place_id }),
            ..Said::default()
        };
        let wrong = Said {
            pack: Some(0),
            service_percent: Some(100.0),
            supplier: Some("x".to_owned()),
            ..itself
        };
        let refused = wrong.checked(&Subject::Place { place_id }).unwrap_err();
        let fields: Vec<&str> = refused
            .fields()
            .iter()
            .map(|fault| fault.field.as_str())
            .collect();
        assert_eq!(
            fields,
            [
                "said.service_percent",
                "said.pack",
                "said.supplier",
                "said.source.place_id"
            ]
        );
    }

    #[test]
    fn subjects_are_found_by_their_keys() {
        for subject in [
            Subject::Transfers,
            Subject::Purchases,
            Subject::Place {
                place_id: PlaceId::new(),
            },
            Subject::Supplier {
                name: "A@B: C".to_owned(),
            },
            Subject::Sku { sku_id: SkuId::new() },
            Subject::SkuAt {
                sku_id: SkuId::new(),
                place_id: PlaceId::new(),
            },
        ] {
            assert_eq!(Subject::parse(&subject.key()).unwrap(), subject);
        }
    }
}
