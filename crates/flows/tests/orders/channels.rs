//! Channels share one stock truth, and each leaves what it was told to leave.

use std::time::Duration;

use base::{CartId, PlaceId, Result};
use channels::{PlaceBuffer, SellsFrom, Terms, ValidTerms};
use flows::{CartNew, NO_COLLECT, OrderOut, PaymentMethod, SourcingTry};
use futures_util::future::join_all;
use orders::{Channel, Contact, FulfilmentChoice, OrderState, Wanted};
use places::PlaceKind;
use stock::INSUFFICIENT;

use crate::world::{World, each_world, guest, system};

impl World {
    async fn terms(&self, channel: Channel, terms: Terms) {
        let terms = ValidTerms::try_from(terms).unwrap();
        self.flows
            .channels()
            .channel_replace(&system(), channel, None, terms, None)
            .await
            .unwrap();
    }

    async fn sells_from(&self, channel: Channel, place_ids: &[PlaceId]) {
        let sells_from = SellsFrom::Named {
            place_ids: place_ids.to_vec(),
        };
        let terms = Terms {
            sells_from,
            ..Terms::default()
        };
        self.terms(channel, terms).await;
    }

    async fn channel_leaves(&self, channel: Channel, buffer: i64) {
        let terms = Terms {
            buffer,
            ..Terms::default()
        };
        self.terms(channel, terms).await;
    }

    async fn cart_by(&self, channel: Channel, serums: i64, choice: FulfilmentChoice) -> CartId {
        let new = CartNew {
            channel,
            lines: vec![Wanted {
                sku_id: self.serum,
                quantity: serums,
            }],
            fulfilment: Some(choice),
            contact: Some(Contact {
                name: "韩梅梅".into(),
                phone: "13900139000".into(),
            }),
        };
        self.flows.cart_create(&guest(), new).await.unwrap().id
    }

    async fn order_by(&self, channel: Channel, serums: i64, choice: FulfilmentChoice) -> Result<OrderOut> {
        let cart = self.cart_by(channel, serums, choice).await;
        self.flows
            .cart_checkout(&guest(), cart, PaymentMethod::Sandbox)
            .await
    }

    /// What shoppers of a channel are told: everywhere, and at the places that ship.
    async fn told_in(&self, channel: Option<Channel>) -> (i64, i64) {
        let seen = self
            .flows
            .availability(vec![self.serum], None, false, channel)
            .await
            .unwrap();
        (seen.items[0].total, seen.items[0].online)
    }
}

#[test]
fn what_one_channel_sells_of_a_place_it_shares_the_other_cannot_sell_again() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 10).await;
        w.receive(w.serum, w.wulin, 5).await;
        w.sells_from(Channel::Web, &[w.hubin, w.wulin]).await;
        w.sells_from(Channel::App, &[w.wulin]).await;
        assert_eq!(w.told_in(Some(Channel::Web)).await, (15, 15));
        assert_eq!(w.told_in(Some(Channel::App)).await, (5, 5));
        w.order_by(Channel::Web, 15, World::to_hangzhou()).await.unwrap();
        assert_eq!(w.told_in(Some(Channel::App)).await, (0, 0));
        let refused = w.order_by(Channel::App, 1, World::collect_at(w.wulin)).await;
        assert!(refused.unwrap_err().is(&INSUFFICIENT));
        w.books_balance().await;
    });
}

#[test]
fn a_channel_sells_from_its_places_only() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        w.receive(w.serum, w.warehouse, 2).await;
        let matching = SellsFrom::Matching {
            kinds: vec![PlaceKind::Warehouse],
            regions: vec!["east".into()],
            services: Vec::new(),
            except_place_ids: Vec::new(),
        };
        w.terms(
            Channel::Marketplace,
            Terms {
                sells_from: matching,
                ..Terms::default()
            },
        )
        .await;
        let refused = w.order_by(Channel::Marketplace, 3, World::to_hangzhou()).await;
        let refused = refused.unwrap_err();
        assert!(refused.is(&INSUFFICIENT));
        assert_eq!(refused.facts()["available"], 2);
        let refused = w
            .order_by(Channel::Marketplace, 1, World::collect_at(w.hubin))
            .await;
        assert!(refused.unwrap_err().is(&NO_COLLECT));
        let order = w
            .order_by(Channel::Marketplace, 2, World::to_hangzhou())
            .await
            .unwrap();
        let order = w.pay(&order).await.unwrap();
        assert_eq!(order.fulfilments[0].place_id, w.warehouse);
        let why = w.see(order.id).await.fulfilments[0].why.clone().unwrap();
        let hubin = why.candidates.iter().find(|c| c.place_id == w.hubin).unwrap();
        assert_eq!(hubin.reason.as_deref(), Some("not_sold_from"));
        assert_eq!(w.told_in(Some(Channel::Web)).await, (9, 9), "others sell on");
        let tried = SourcingTry {
            lines: vec![Wanted {
                sku_id: w.serum,
                quantity: 1,
            }],
            choice: World::to_hangzhou(),
            rules: None,
            channel: Some(Channel::Marketplace),
        };
        let tried = w.flows.sourcing_try(&system(), tried).await.unwrap();
        assert!(tried.places.is_empty(), "the warehouse has no more");
    });
}

#[test]
fn a_channel_leaves_its_buffer_and_others_may_have_it() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        w.channel_leaves(Channel::Web, 2).await;
        assert_eq!(w.told_in(Some(Channel::Web)).await, (3, 3));
        assert_eq!(w.told_in(None).await, (5, 5));
        let cart = w.cart_by(Channel::Web, 4, World::collect_at(w.hubin)).await;
        let seen = w.flows.cart_get(&guest(), cart).await.unwrap();
        assert_eq!(seen.lines[0].available, Some(3));
        for way in [World::collect_at(w.hubin), World::to_hangzhou()] {
            let refused = w.order_by(Channel::Web, 4, way).await.unwrap_err();
            assert!(refused.is(&INSUFFICIENT));
            assert_eq!(refused.facts()["available"], 3);
        }
        w.order_by(Channel::Web, 3, World::collect_at(w.hubin))
            .await
            .unwrap();
        let refused = w.order_by(Channel::Web, 1, World::to_hangzhou()).await;
        assert!(refused.unwrap_err().is(&INSUFFICIENT));
        w.order_by(Channel::Store, 2, World::collect_at(w.hubin))
            .await
            .unwrap();
        assert_eq!(w.level(w.serum, w.hubin).await, (5, 5, 0, 0));
    });
}

#[test]
fn a_rush_stops_at_the_buffer_and_a_rush_of_two_channels_at_what_there_is() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 12).await;
        w.channel_leaves(Channel::Web, 5).await;
        let rush = async |channel, buyers: usize| {
            let carts =
                join_all((0..buyers).map(|_| w.cart_by(channel, 1, World::collect_at(w.hubin)))).await;
            let visitor = guest();
            let tries = carts
                .iter()
                .map(|cart| w.flows.cart_checkout(&visitor, *cart, PaymentMethod::Sandbox));
            let outcomes: Vec<Result<OrderOut>> = join_all(tries).await;
            let refused: Vec<_> = outcomes.iter().filter_map(|o| o.as_ref().err()).collect();
            assert!(refused.iter().all(|e| e.is(&INSUFFICIENT)), "{refused:?}");
            outcomes.len() - refused.len()
        };
        assert_eq!(rush(Channel::Web, 20).await, 7);
        assert_eq!(w.level(w.serum, w.hubin).await, (12, 7, 0, 5));
        let both = futures_util::future::join(rush(Channel::Web, 10), rush(Channel::App, 10)).await;
        assert_eq!(both, (0, 5));
        w.books_balance().await;
    });
}

#[test]
fn whoever_pays_late_is_not_served_from_the_buffer() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        w.channel_leaves(Channel::Web, 3).await;
        let late = w
            .order_by(Channel::Web, 2, World::collect_at(w.hubin))
            .await
            .unwrap();
        w.t.clock.advance(flows::HOLD_TTL + Duration::from_secs(1));
        w.order_by(Channel::App, 1, World::collect_at(w.hubin))
            .await
            .unwrap();
        // Four are left, three of them for others.
        let paid = w.pay(&late).await.unwrap();
        assert_eq!(paid.state, OrderState::NeedsDecision);
        assert_eq!(w.level(w.serum, w.hubin).await.3, 4);
    });
}

#[test]
fn whoever_pays_late_is_served_while_there_is_more_than_the_buffer() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        w.channel_leaves(Channel::Web, 3).await;
        let late = w
            .order_by(Channel::Web, 2, World::collect_at(w.hubin))
            .await
            .unwrap();
        w.t.clock.advance(flows::HOLD_TTL + Duration::from_secs(1));
        let paid = w.pay(&late).await.unwrap();
        assert_eq!(paid.state, OrderState::Allocated);
        assert_eq!(w.level(w.serum, w.hubin).await.3, 3);
    });
}

#[test]
fn what_a_channel_sees_can_be_looked_at_before_it_holds() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        w.receive(w.serum, w.warehouse, 4).await;
        let terms = Terms {
            place_buffers: vec![PlaceBuffer {
                place_id: w.hubin,
                pieces: 9,
            }],
            buffer: 1,
            ..Terms::default()
        };
        let seen = w
            .flows
            .channel_preview(&system(), Channel::Pos, w.serum, Some(terms))
            .await
            .unwrap();
        assert_eq!((seen.available, seen.total, seen.online), (9, 3, 3));
        let hubin = seen.places.iter().find(|at| at.place_id == w.hubin).unwrap();
        assert_eq!((hubin.available, hubin.sees, hubin.sells_from), (5, 0, true));
        let seen = w
            .flows
            .channel_preview(&system(), Channel::Pos, w.serum, None)
            .await
            .unwrap();
        assert_eq!(seen.total, 9, "nothing was put into force");
    });
}
