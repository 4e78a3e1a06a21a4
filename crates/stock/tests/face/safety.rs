//! What is kept back from sale, on each engine.

use base::codes;
use futures_util::future::join_all;
use stock::{INSUFFICIENT, Key, SafetyStock, UNTRACKED};

use crate::common::{refused, system};
use crate::floor::{Floor, colleague, floors};

fn said(key: Key, safety_stock: Option<i64>) -> SafetyStock {
    SafetyStock {
        sku_id: key.sku_id,
        place_id: key.place_id,
        safety_stock,
    }
}

impl Floor {
    /// What is kept back, whether it was said of this balance, and what can be promised.
    async fn kept_back(&self, key: Key) -> (i64, bool, i64) {
        let level = self.w.level(key).await;
        (level.safety_stock, level.safety_stock_own, level.available)
    }
}

#[test]
fn a_place_keeps_back_of_everything_and_more_or_less_of_some() {
    floors(async |f: Floor| {
        let stock = &f.w.stock;
        let serum = f.stocked(f.serum, f.hubin, 10).await;
        let lipstick = f.stocked(f.lipstick, f.hubin, 10).await;
        let elsewhere = f.stocked(f.serum, f.warehouse, 10).await;
        let levels = stock
            .safety_stock_set(&system(), vec![said(serum, Some(3))])
            .await
            .unwrap();
        assert_eq!((levels.len(), levels[0].available), (1, 7));
        stock.safety_default_set(&system(), f.hubin, 1).await.unwrap();
        assert_eq!(f.kept_back(serum).await, (3, true, 7));
        assert_eq!(f.kept_back(lipstick).await, (1, false, 9));
        assert_eq!(f.kept_back(elsewhere).await, (0, false, 10));
        // What comes later keeps back as much, and nothing can be promised of it.
        let perfume = f.stocked(f.perfume, f.hubin, 1).await;
        assert_eq!(f.kept_back(perfume).await, (1, false, 0));
        refused(f.w.hold("o", &[(perfume, 1)], None).await, &INSUFFICIENT);
        // Zero is said, too; null follows the place again.
        let items = vec![said(lipstick, Some(0)), said(serum, None)];
        stock.safety_stock_set(&system(), items).await.unwrap();
        assert_eq!(f.kept_back(lipstick).await, (0, true, 10));
        assert_eq!(f.kept_back(serum).await, (1, false, 9));
        stock.safety_default_set(&system(), f.hubin, 5).await.unwrap();
        assert_eq!(f.kept_back(lipstick).await, (0, true, 10));
        assert_eq!(f.kept_back(serum).await, (5, false, 5));
        // What was promised before stays promised.
        f.w.hold("early", &[(serum, 5)], None).await.unwrap();
        let items = vec![said(serum, Some(9))];
        stock.safety_stock_set(&system(), items).await.unwrap();
        let level = f.w.level(serum).await;
        assert_eq!((level.reserved, level.available, level.shortfall), (5, 0, 0));
        let places = stock.safety_default_list(&system()).await.unwrap();
        assert_eq!((places.len(), places[0].safety_stock), (1, 5));
        assert!(
            stock
                .safety_default_list(&colleague(&[f.wulin]))
                .await
                .unwrap()
                .is_empty()
        );
        f.w.adds_up().await;
    });
}

#[test]
fn figures_that_cannot_be_meant_change_nothing() {
    floors(async |f: Floor| {
        let stock = &f.w.stock;
        let serum = f.stocked(f.serum, f.hubin, 10).await;
        let wrapping = Key::new(f.wrapping, f.hubin);
        let set = async |items: Vec<SafetyStock>| stock.safety_stock_set(&system(), items).await;
        refused(set(Vec::new()).await, &codes::INVALID_INPUT);
        refused(set(vec![said(serum, Some(-1))]).await, &codes::INVALID_INPUT);
        let twice = vec![said(serum, Some(1)), said(serum, Some(2))];
        refused(set(twice).await, &codes::INVALID_INPUT);
        let both = vec![said(serum, Some(1)), said(wrapping, Some(1))];
        refused(set(both).await, &UNTRACKED);
        let other = stock
            .safety_stock_set(&colleague(&[f.wulin]), vec![said(serum, Some(1))])
            .await;
        refused(other, &codes::FORBIDDEN);
        let place = stock.safety_default_set(&colleague(&[f.wulin]), f.hubin, 1).await;
        refused(place, &codes::FORBIDDEN);
        assert_eq!(f.kept_back(serum).await, (0, false, 10));
    });
}

#[test]
fn what_is_kept_back_in_the_middle_of_a_rush_is_kept_back_from_whoever_comes_later() {
    floors(async |f: Floor| {
        let serum = f.stocked(f.serum, f.hubin, 20).await;
        let holds = join_all((0..30).map(|n| {
            let (owner, w) = (format!("o{n}"), &f.w);
            async move { w.hold(&owner, &[(serum, 1)], None).await.is_ok() }
        }));
        let set = async {
            let stock = &f.w.stock;
            stock.safety_default_set(&system(), f.hubin, 6).await.unwrap();
            stock
                .safety_stock_set(&system(), vec![said(serum, Some(8))])
                .await
                .unwrap();
        };
        let (held, ()) = tokio::join!(holds, set);
        let held = held.iter().filter(|won| **won).count() as i64;
        let level = f.w.level(serum).await;
        assert!((12..=20).contains(&held), "{held}");
        assert_eq!(
            (level.reserved, level.available, level.safety_stock),
            (held, 0, 8)
        );
        f.w.adds_up().await;
    });
}
