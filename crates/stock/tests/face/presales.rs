//! Selling what is not there yet, each case by its name, on each engine.

use std::time::Duration;

use base::{Result, Time};
use db::{Reader, Tx};
use futures_util::future::join_all;
use stock::{
    ClaimLine, ClaimRequest, HOLD_LAPSED, HoldState, INSUFFICIENT, Key, PresaleMode, PresaleOffer,
    SUPPLY_PROMISED, SupplyArrival, SupplyChange, SupplyQuantity, SupplyState, UNTRACKED,
};

use crate::common::{refused, system};
use crate::floor::{Floor, floors};

impl Floor {
    async fn sold_ahead(&self, cap: i64) {
        let (stock, mode) = (&self.w.stock, PresaleMode::Backorder);
        stock.presale_set(&system(), self.serum, mode, cap).await.unwrap();
    }

    async fn claim(&self, owner: &str, ahead: i64, expires_at: Option<Time>) -> Result<()> {
        let line = ClaimLine {
            sku_id: self.serum,
            now: 0,
            ahead,
        };
        self.claim_of(owner, vec![line], false, expires_at).await
    }

    async fn claim_of(
        &self,
        owner: &str,
        lines: Vec<ClaimLine>,
        whole: bool,
        expires_at: Option<Time>,
    ) -> Result<()> {
        let request = ClaimRequest {
            owner: owner.into(),
            document: format!("order of {owner}"),
            place_id: self.hubin,
            lines,
            whole,
            expires_at,
            leave: stock::Leave::default(),
        };
        self.w
            .unit(async move |stock, tx, ctx| stock.claim_place_in(tx, ctx, &request).await)
            .await
    }

    /// Pieces that have come for each owner, in the order they are told.
    async fn come(&self) -> Vec<(String, i64)> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.w.stock.claims_come(after, 1).await.unwrap();
            after = page.last().cloned();
            if after.is_none() {
                break;
            }
            all.extend(page);
        }
        assert_eq!(all, self.w.stock.claims_come(None, 100).await.unwrap());
        let mut out = Vec::new();
        for come in all {
            let owner = come.owner.clone();
            let take = async move |stock: &stock::Stock, tx: &Tx, _: &base::Ctx| {
                let next = format!("{owner}+");
                stock.claim_take_in(tx, &owner, &next).await
            };
            let hold = self.w.unit(take).await.unwrap().unwrap();
            assert_eq!(hold.state, HoldState::Confirmed);
            out.push((come.owner, hold.outstanding().map(|line| line.quantity).sum()));
        }
        out
    }

    async fn offer(&self) -> Option<PresaleOffer> {
        let (stock, sku) = (self.w.stock.clone(), self.serum);
        let read = async move |r: &Reader| stock.presale_offers_in(r, &[sku]).await;
        self.w.t.db.read(read).await.unwrap().pop()
    }

    async fn told(&self, owner: &str) -> Vec<Option<Time>> {
        let document = format!("order of {owner}");
        let tell = async move |stock: &stock::Stock, tx: &Tx, _: &base::Ctx| {
            stock.claims_tell_in(tx, &document).await
        };
        let news = self.w.unit(tell).await.unwrap();
        news.into_iter().map(|news| news.due_at).collect()
    }

    fn serum_here(&self) -> Key {
        Key::new(self.serum, self.hubin)
    }
}

fn both(now: i64, ahead: i64, f: &Floor) -> Vec<ClaimLine> {
    vec![ClaimLine {
        sku_id: f.serum,
        now,
        ahead,
    }]
}

#[test]
fn nothing_is_sold_ahead_unless_somebody_said_so() {
    floors(async |f: Floor| {
        f.expect("PO-1", f.hubin, 3, &[(f.serum, 10)]).await.unwrap();
        let said = f.w.stock.presale_get(&system(), f.serum).await.unwrap();
        assert_eq!((said.mode, said.cap), (PresaleMode::Off, 0));
        assert!(f.offer().await.is_none());
        refused(f.claim("a", 1, None).await, &INSUFFICIENT);
        let mode = PresaleMode::PreOrder;
        refused(
            f.w.stock.presale_set(&system(), f.wrapping, mode, 5).await,
            &UNTRACKED,
        );
        f.sold_ahead(4).await;
        let offer = f.offer().await.unwrap();
        assert_eq!(
            (offer.left, offer.places.len(), offer.places[0].coming[0].1),
            (4, 1, 10)
        );
        f.claim("a", 3, None).await.unwrap();
        refused(f.claim("b", 2, None).await, &INSUFFICIENT);
        f.claim("c", 1, None).await.unwrap();
        assert!(f.offer().await.is_none());
        // A lower cap takes nothing away from anybody.
        f.sold_ahead(1).await;
        assert_eq!(
            f.w.stock.presale_get(&system(), f.serum).await.unwrap().claimed,
            4
        );
        refused(f.claim("d", 1, None).await, &INSUFFICIENT);
    });
}

#[test]
fn sixty_at_once_get_what_the_cap_leaves_or_what_is_due_whichever_is_less() {
    for (cap, due, won) in [(25, 200, 25), (200, 17, 17)] {
        floors(async |f: Floor| {
            f.expect("PO-1", f.hubin, 3, &[(f.serum, due)]).await.unwrap();
            f.sold_ahead(cap).await;
            let all = join_all((0..60).map(|n| {
                let (owner, f) = (format!("buyer-{n}"), &f);
                async move { f.claim(&owner, 1, None).await }
            }));
            let mut got = 0;
            for answer in all.await {
                match answer {
                    Ok(()) => got += 1,
                    Err(error) => drop(refused::<()>(Err(error), &INSUFFICIENT)),
                }
            }
            assert_eq!(got, won);
            let said = f.w.stock.presale_get(&system(), f.serum).await.unwrap();
            assert_eq!(said.claimed, won);
        });
    }
}

#[test]
fn what_comes_goes_to_who_came_first_and_to_nobody_else() {
    floors(async |f: Floor| {
        let supply = f.expect("PO-1", f.hubin, 3, &[(f.serum, 20)]).await.unwrap();
        f.sold_ahead(100).await;
        f.claim("a", 4, None).await.unwrap();
        f.claim("b", 7, None).await.unwrap();
        f.claim_of("c", both(0, 5, &f), true, None).await.unwrap();
        let (stock, id) = (&f.w.stock, supply.summary.id);
        let some = |quantity| SupplyArrival {
            lines: vec![SupplyQuantity {
                sku_id: f.serum,
                quantity,
            }],
            ..SupplyArrival::default()
        };
        stock.supply_receive(&system(), id, some(6)).await.unwrap();
        assert_eq!(f.w.available(f.serum_here()).await, 0, "others wait for it");
        assert_eq!(f.come().await, [("a".into(), 4), ("b".into(), 2)]);
        // What comes without a document is handed out as well.
        f.w.receive(f.serum_here(), 8).await;
        assert_eq!(f.come().await, [("b".into(), 5)], "who needs all of it waits on");
        stock.supply_receive(&system(), id, some(9)).await.unwrap();
        assert_eq!(f.come().await, [("c".into(), 5)]);
        assert_eq!(f.w.available(f.serum_here()).await, 7);
        assert_eq!(stock.presale_get(&system(), f.serum).await.unwrap().claimed, 0);
        f.w.adds_up().await;
    });
}

#[test]
fn what_slips_is_told_anew_and_what_does_not_come_needs_a_word() {
    floors(async |f: Floor| {
        let supply = f.expect("PO-1", f.hubin, 3, &[(f.serum, 10)]).await.unwrap();
        f.sold_ahead(100).await;
        f.claim("a", 4, None).await.unwrap();
        f.claim("b", 4, None).await.unwrap();
        let (stock, id) = (&f.w.stock, supply.summary.id);
        assert!(stock.claims_untold(10).await.unwrap().is_empty());
        let late = SupplyChange {
            due_at: Some(f.day(9).await),
            ..SupplyChange::default()
        };
        let slipped = stock.supply_change(&system(), id, late).await.unwrap();
        assert_eq!(stock.claims_untold(10).await.unwrap().len(), 2);
        assert_eq!(f.told("a").await, [Some(slipped.summary.due_at)]);
        assert_eq!(stock.claims_untold(10).await.unwrap(), ["order of b"]);
        f.told("b").await;

        let fewer = SupplyChange {
            lines: vec![SupplyQuantity {
                sku_id: f.serum,
                quantity: 5,
            }],
            ..SupplyChange::default()
        };
        refused(
            stock.supply_change(&system(), id, fewer.clone()).await,
            &SUPPLY_PROMISED,
        );
        refused(
            stock.supply_cancel(&system(), id, false, None).await,
            &SUPPLY_PROMISED,
        );
        let meant = SupplyChange {
            overriding: true,
            ..fewer
        };
        stock.supply_change(&system(), id, meant).await.unwrap();
        assert_eq!(f.told("b").await, [None], "who came last is left without");
        assert_eq!(f.told("a").await, [Some(slipped.summary.due_at)]);
        let gone = stock.supply_cancel(&system(), id, true, None).await.unwrap();
        assert_eq!(gone.summary.state, SupplyState::Cancelled);
        assert_eq!(f.told("a").await, [None]);
    });
}

#[test]
fn a_claim_that_runs_out_is_free_from_that_instant_and_may_be_taken_anew() {
    floors(async |f: Floor| {
        f.stocked(f.serum, f.hubin, 2).await;
        f.expect("PO-1", f.hubin, 3, &[(f.serum, 5)]).await.unwrap();
        f.sold_ahead(100).await;
        let now = f.w.t.db.now().await.unwrap();
        let until = Some(now.after(Duration::from_secs(60)));
        f.claim_of("a", both(2, 5, &f), true, until).await.unwrap();
        refused(f.claim("b", 1, None).await, &INSUFFICIENT);
        f.w.t.clock.set(now.after(Duration::from_secs(60)));
        f.claim("b", 1, None).await.unwrap();
        let keep = |document: &'static str| {
            f.w.unit(async move |stock, tx, ctx| stock.claims_keep_in(tx, ctx, document, &|_| 0).await)
        };
        refused(keep("order of a").await, &HOLD_LAPSED);
        let back =
            f.w.unit(async |stock, tx, ctx| stock.claims_release_in(tx, ctx, "order of b").await);
        back.await.unwrap();
        keep("order of a").await.unwrap();
        assert_eq!(
            f.w.stock.presale_get(&system(), f.serum).await.unwrap().claimed,
            5
        );
        refused(f.claim("c", 1, None).await, &INSUFFICIENT);
        f.w.receive(f.serum_here(), 5).await;
        assert_eq!(f.come().await, [("a".into(), 7)]);
        f.w.adds_up().await;
    });
}
