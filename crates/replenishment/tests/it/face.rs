//! Runs, proposals and decisions.

use std::time::Duration;

use base::{Ctx, Locale, RequestId};
use replenishment::{Accept, NOT_OPEN, ProposalState, RUN_BUSY, Reason, RunState, Said, Subject};
use stock::{MovementKind, SupplyArrival, TransferFilter};

use crate::town::{Town, system, towns};

/// The east sells four a day and has five left, the warehouse has plenty.
async fn short_in_the_east(town: &Town) {
    town.sold(town.east, 1..101, 4, 5).await;
    town.sold(town.warehouse, 1..2, 0, 500).await;
}

#[test]
fn who_runs_out_is_supplied_by_the_warehouse_and_not_twice() {
    towns(async |town| {
        short_in_the_east(&town).await;
        let run = town.ran().await;
        assert_eq!((run.state, run.skus_done, run.proposals), (RunState::Done, 1, 1));
        let open = town.open().await;
        let wish = &open[0];
        assert_eq!(
            (wish.place_id, wish.from_place_id),
            (town.east, Some(town.warehouse))
        );
        assert!((wish.rate - 4.0).abs() < 0.1 && wish.available == 5, "{wish:?}");
        assert_eq!(wish.quantity, wish.order_up_to - 5);
        assert!(wish.lasts_days.is_some_and(|days| days < 1.5));

        let why = town
            .replenishment
            .proposal_get(&system(), wish.id)
            .await
            .unwrap()
            .why;
        assert_eq!((why.position.on_hand, why.giver_free), (5, Some(500)));
        assert_eq!(why.history.iter().flatten().sum::<i64>(), 400);
        assert!(why.ahead[0].left < why.ahead[0].left_with + 1.0 && why.ahead.len() >= 28);

        let taken = Accept {
            id: wish.id,
            quantity: Some(30),
        };
        let accepted = town
            .replenishment
            .proposal_accept(&system(), vec![taken])
            .await
            .unwrap();
        let size = base::PageSize::new(None).unwrap();
        let transfers = town
            .stock
            .transfer_list(&system(), TransferFilter::default(), None, size)
            .await
            .unwrap();
        assert_eq!(
            (transfers.items[0].id, transfers.items[0].requested),
            (accepted.transfer_ids[0], 30)
        );
        let again = town
            .replenishment
            .proposal_accept(&system(), vec![taken])
            .await
            .unwrap_err();
        assert!(again.is(&NOT_OPEN), "{again:?}");

        // What was asked for is counted on.
        assert_eq!(town.ran().await.proposals, 0);
        assert_eq!(town.in_state(ProposalState::Accepted).await[0].accepted, Some(30));
    });
}

#[test]
fn what_is_ordered_is_counted_on_until_it_comes() {
    towns(async |town| {
        // The warehouse itself sells ten a day, over the web, and has eight left.
        town.sold(town.warehouse, 1..101, 10, 8).await;
        town.ran().await;
        let open = town.open().await;
        assert_eq!((open[0].place_id, open[0].from_place_id), (town.warehouse, None));
        let ordered = open[0].quantity;
        let taken = Accept {
            id: open[0].id,
            quantity: None,
        };
        let accepted = town
            .replenishment
            .proposal_accept(&system(), vec![taken])
            .await
            .unwrap();
        assert_eq!((accepted.supply_ids.len(), accepted.transfer_ids.len()), (1, 0));
        assert_eq!(town.ran().await.proposals, 0);

        // It comes, and is sold within the day: what is there is little again, and nothing is on its way.
        let (supply, all) = (accepted.supply_ids[0], SupplyArrival::default());
        town.stock.supply_receive(&system(), supply, all).await.unwrap();
        assert_eq!(town.ran().await.proposals, 0);
        town.moved(town.warehouse, MovementKind::Sale, -ordered, 0).await;
        assert_eq!(town.ran().await.proposals, 1);
    });
}

#[test]
fn an_empty_shelf_is_no_lack_of_demand() {
    towns(async |town| {
        short_in_the_east(&town).await;
        // The west sold as much, and has had nothing for a month.
        town.sold(town.west, 31..101, 4, 0).await;
        town.ran().await;
        let open = town.open().await;
        let west = open.iter().find(|wish| wish.place_id == town.west).unwrap();
        assert!((west.rate - 4.0).abs() < 0.1, "{west:?}");
        assert_eq!(open[0].place_id, town.west, "who has nothing comes first");
    });
}

#[test]
fn a_dismissed_proposal_is_not_made_again_for_a_while() {
    towns(async |town| {
        short_in_the_east(&town).await;
        town.ran().await;
        let wish = town.open().await.remove(0);
        let (note, quiet_days) = (Some("换季".to_owned()), 1);
        let dismissed = town
            .replenishment
            .proposal_dismiss(&system(), wish.id, Reason::PhasingOut, note, quiet_days)
            .await
            .unwrap();
        assert_eq!(dismissed.summary.state, ProposalState::Dismissed);
        assert_eq!(town.ran().await.proposals, 0);
        town.t.clock.advance(Duration::from_secs(25 * 3_600));
        assert_eq!(town.ran().await.proposals, 1);
    });
}

#[test]
fn what_is_said_holds() {
    towns(async |town| {
        short_in_the_east(&town).await;
        let say = async |subject: Subject, said: Said| {
            town.replenishment
                .setting_put(&system(), subject, said)
                .await
                .unwrap();
        };
        say(
            Subject::Transfers,
            Said {
                pack: Some(24),
                ..Said::default()
            },
        )
        .await;
        town.ran().await;
        let first = town.open().await.remove(0);
        assert_eq!(first.quantity % 24, 0);
        let here = Subject::SkuAt {
            sku_id: town.sku,
            place_id: town.east,
        };
        say(
            here.clone(),
            Said {
                capacity: Some(20),
                pack: Some(1),
                ..Said::default()
            },
        )
        .await;
        town.ran().await;
        assert_eq!(town.open().await[0].quantity, 15);
        say(here, Said::default()).await;
        let left = town
            .replenishment
            .setting_list(&system(), &base::PageQuery::default())
            .await
            .unwrap();
        assert_eq!(left.items.len(), 1);
    });
}

#[test]
fn one_run_at_a_time_and_once_a_day() {
    towns(async |town| {
        assert!(
            !town.replenishment.run_due().await.unwrap(),
            "there is nothing to look at"
        );
        short_in_the_east(&town).await;
        assert!(town.replenishment.run_due().await.unwrap());
        let busy = town.replenishment.run_start(&system()).await.unwrap_err();
        assert!(busy.is(&RUN_BUSY), "{busy:?}");
        let mut runner = jobs::Runner::new(town.t.db.clone());
        town.replenishment.register(&mut runner);
        assert_eq!(runner.step().await.unwrap(), 2);
        assert_eq!(town.open().await.len(), 1);
        assert!(!town.replenishment.run_due().await.unwrap());
        town.t.clock.advance(Duration::from_secs(86_400));
        assert!(town.replenishment.run_due().await.unwrap());
        // Its node is gone; a quarter of an hour later somebody else may try.
        town.t.clock.advance(Duration::from_secs(900));
        assert_eq!(town.ran().await.proposals, 1);
    });
}

#[test]
fn a_visitor_is_refused() {
    towns(async |town| {
        let visitor = Ctx::anonymous(Locale::En, RequestId("test".into()));
        let refused = town.replenishment.run_start(&visitor).await.unwrap_err();
        assert_eq!(refused.code(), "access.unauthenticated");
        let refused = town
            .replenishment
            .proposal_accept(&visitor, Vec::new())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "access.unauthenticated");
    });
}
