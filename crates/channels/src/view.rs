//! How a channel sees what is there: no clock, no I/O.

use std::collections::HashMap;
use std::sync::Arc;

use base::{Channel, PlaceId, SkuId};
use places::Place;

use crate::model::{ChannelTerms, SellsFrom, Terms};

/// How every channel sees what is there.
#[derive(Clone, Debug)]
pub struct Views(Vec<Arc<View>>);

impl Views {
    /// By the terms that are in force. A channel of which nothing was said sees everything.
    pub(crate) fn new(said: &[ChannelTerms]) -> Self {
        let view = |channel| {
            let said = said.iter().find(|said| said.channel == channel);
            Arc::new(View::new(said.map(|said| said.terms.clone()).unwrap_or_default()))
        };
        Self(Channel::ALL.into_iter().map(view).collect())
    }

    /// How one channel sees it.
    #[must_use]
    pub fn of(&self, channel: Channel) -> Arc<View> {
        let at = Channel::ALL.iter().position(|one| *one == channel);
        at.and_then(|at| self.0.get(at))
            .map_or_else(Arc::default, Arc::clone)
    }
}

/// How a channel sees what is there. The default sees everything.
#[derive(Clone, Debug, Default)]
pub struct View {
    terms: Terms,
    by_place: HashMap<PlaceId, i64>,
    by_sku: HashMap<SkuId, i64>,
    exact: HashMap<(SkuId, PlaceId), i64>,
    leaves_anything: bool,
}

impl View {
    /// By terms, whether or not they are in force.
    #[must_use]
    pub fn new(terms: Terms) -> Self {
        let by_place: HashMap<PlaceId, i64> = terms
            .place_buffers
            .iter()
            .map(|said| (said.place_id, said.pieces))
            .collect();
        let (mut by_sku, mut exact) = (HashMap::new(), HashMap::new());
        for said in &terms.sku_buffers {
            match said.place_id {
                Some(place) => exact.insert((said.sku_id, place), said.pieces),
                None => by_sku.insert(said.sku_id, said.pieces),
            };
        }
        let mut all = by_place.values().chain(by_sku.values()).chain(exact.values());
        let leaves_anything = terms.buffer > 0 || all.any(|pieces| *pieces > 0);
        Self {
            terms,
            by_place,
            by_sku,
            exact,
            leaves_anything,
        }
    }

    /// Whether it sells from everywhere, and everything.
    #[must_use]
    pub fn sees_all(&self) -> bool {
        self.terms.sells_from == SellsFrom::All && !self.leaves_anything
    }

    /// Whether it leaves pieces anywhere.
    #[must_use]
    pub const fn leaves_anything(&self) -> bool {
        self.leaves_anything
    }

    /// Whether it sells from a place.
    #[must_use]
    pub fn sells_from(&self, place: &Place) -> bool {
        match &self.terms.sells_from {
            SellsFrom::All => true,
            SellsFrom::Named { place_ids } => place_ids.contains(&place.id),
            SellsFrom::Matching {
                kinds,
                regions,
                services,
                except_place_ids,
            } => {
                (kinds.is_empty() || kinds.contains(&place.kind))
                    && (regions.is_empty() || regions.contains(&place.region))
                    && services.iter().all(|service| place.offers(*service))
                    && !except_place_ids.contains(&place.id)
            }
        }
    }

    /// Pieces of a SKU it leaves at a place.
    #[must_use]
    pub fn leaves(&self, sku: SkuId, place: PlaceId) -> i64 {
        if !self.leaves_anything {
            return 0;
        }
        let exact = self.exact.get(&(sku, place));
        let said = exact.or_else(|| self.by_sku.get(&sku));
        let said = said.or_else(|| self.by_place.get(&place));
        said.copied().unwrap_or(self.terms.buffer)
    }

    /// How many pieces of a SKU it sees at a place that has so many to sell.
    #[must_use]
    pub fn sees(&self, sku: SkuId, place: &Place, available: i64) -> i64 {
        if !self.sells_from(place) {
            return 0;
        }
        available.saturating_sub(self.leaves(sku, place.id)).max(0)
    }
}

#[cfg(test)]
mod tests {
    use places::{PlaceKind, Service};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::model::{PlaceBuffer, SkuBuffer};

    /// A place as it is sent.
    fn place(kind: &str, region: &str, services: &[&str]) -> Place {
        let text = json!({"zh": "店", "en": "Store"});
        serde_json::from_value(json!({
            "id": PlaceId::new(), "code": "p", "kind": kind, "name": text, "region": region,
            "address": {"country": "CN", "province": text, "city": text, "line": text},
            "latitude": 30.0, "longitude": 120.0, "timezone": "Asia/Shanghai", "area_m2": null, "phone": null,
            "hours": [], "special_days": [], "services": services, "prep_minutes": 0,
            "daily_order_capacity": null, "active": true, "version": 1,
        }))
        .unwrap()
    }

    fn matching(kinds: Vec<PlaceKind>, regions: Vec<String>, services: Vec<Service>) -> View {
        View::new(Terms {
            sells_from: SellsFrom::Matching {
                kinds,
                regions,
                services,
                except_place_ids: Vec::new(),
            },
            ..Terms::default()
        })
    }

    #[test]
    fn a_channel_of_which_nothing_was_said_sees_everything() {
        let (view, store) = (Views::new(&[]).of(Channel::Web), place("store", "east", &[]));
        assert!(view.sees_all());
        assert_eq!(view.sees(SkuId::new(), &store, 7), 7);
    }

    #[test]
    fn a_channel_sells_from_the_places_named_or_those_like_it() {
        let store = place("store", "east", &["collect", "ship"]);
        let dock = place("warehouse", "east", &["ship"]);
        let named = View::new(Terms {
            sells_from: SellsFrom::Named {
                place_ids: vec![store.id],
            },
            ..Terms::default()
        });
        assert!(named.sells_from(&store) && !named.sells_from(&dock) && !named.sees_all());
        let all = matching(vec![], vec![], vec![]);
        assert!(all.sells_from(&store) && all.sells_from(&dock));
        let warehouses = matching(vec![PlaceKind::Warehouse], vec![], vec![]);
        assert!(!warehouses.sells_from(&store) && warehouses.sells_from(&dock));
        let west = matching(vec![], vec!["west".to_owned()], vec![]);
        assert!(!west.sells_from(&store) && !west.sells_from(&dock));
        let both = matching(vec![], vec![], vec![Service::Ship, Service::Collect]);
        assert!(both.sells_from(&store) && !both.sells_from(&dock));
    }

    #[test]
    fn a_place_that_is_excepted_is_not_sold_from() {
        let store = place("store", "east", &[]);
        let view = View::new(Terms {
            sells_from: SellsFrom::Matching {
                kinds: vec![PlaceKind::Store],
                regions: vec![],
                services: vec![],
                except_place_ids: vec![store.id],
            },
            ..Terms::default()
        });
        assert_eq!(view.sees(SkuId::new(), &store, 9), 0);
    }

    #[test]
    fn the_most_exact_buffer_counts() {
        let (here, there) = (place("store", "east", &[]), place("store", "east", &[]));
        let (serum, cream) = (SkuId::new(), SkuId::new());
        let sku_buffer = |sku_id, place_id, pieces| SkuBuffer {
            sku_id,
            place_id,
            pieces,
        };
        let view = View::new(Terms {
            buffer: 1,
            place_buffers: vec![PlaceBuffer {
                place_id: here.id,
                pieces: 2,
            }],
            sku_buffers: vec![sku_buffer(serum, None, 3), sku_buffer(serum, Some(here.id), 0)],
            ..Terms::default()
        });
        assert_eq!(view.sees(serum, &here, 10), 10);
        assert_eq!(view.sees(serum, &there, 10), 7);
        assert_eq!(view.sees(cream, &here, 10), 8);
        assert_eq!(view.sees(cream, &there, 10), 9);
        assert_eq!(view.sees(cream, &here, 1), 0);
    }

    proptest! {
        #[test]
        fn never_more_is_seen_than_is_there(available in -5_i64..1_000, buffer in 0_i64..1_000) {
            let view = View::new(Terms { buffer, ..Terms::default() });
            let seen = view.sees(SkuId::new(), &place("store", "east", &[]), available);
            prop_assert!(seen >= 0 && seen <= available.max(0));
            prop_assert!(seen == 0 || available - seen == buffer);
        }
    }
}
