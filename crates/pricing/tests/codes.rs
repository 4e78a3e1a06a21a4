//! Typed codes: kept with an order like stock, never more than there are, on each engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use base::{Ctx, Error, MemberId, OrderId, PromotionId, Result, Text};
use catalog::Catalog;
use db::testing::{TestDb, each_engine};
use db::{Reader, Tx};
use pricing::{
    Audience, CODE_FOR_MEMBERS, CODE_USED_BY_MEMBER, CODE_USED_MORE, CODE_USED_UP, Effect, Goods, Pricing,
    Promotion, PromotionIn, TYPED_CODE_TAKEN, TypedCode, ValidPromotion,
};

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, catalog::MIGRATIONS, pricing::MIGRATIONS];
const CODE: &str = "SPRING10";
/// How long an order waits for its money.
const WAIT: Duration = Duration::from_secs(900);

fn system() -> Ctx {
    Ctx::system("test")
}

fn with_code(code: &str, typed: &str, max_uses: Option<i64>, per_member: Option<i64>) -> ValidPromotion {
    let typed_code = TypedCode {
        code: typed.into(),
        max_uses,
        max_uses_per_member: per_member,
    };
    promotion(code, Some(typed_code))
}

fn promotion(code: &str, typed_code: Option<TypedCode>) -> ValidPromotion {
    let promotion = PromotionIn {
        code: code.into(),
        name: Text::new("春季九折", "Spring"),
        audience: Audience::default(),
        goods: Goods::default(),
        min_quantity: 0,
        min_amount_minor: 0,
        effect: Effect::PercentOff { basis_points: 1_000 },
        currency: None,
        priority: 0,
        group: None,
        stackable: true,
        typed_code,
        valid_from: None,
        valid_until: None,
        active: true,
    };
    ValidPromotion::try_from(promotion).unwrap()
}

struct Desk<'a> {
    t: &'a TestDb,
    pricing: Pricing,
    promotion: Promotion,
}

impl<'a> Desk<'a> {
    async fn open(t: &'a TestDb, max_uses: Option<i64>, per_member: Option<i64>) -> Self {
        let pricing = Pricing::new(t.db.clone(), Catalog::new(t.db.clone()));
        let new = with_code("spring", "spring10", max_uses, per_member);
        let promotion = pricing.promotion_create(&system(), new).await.unwrap();
        Self {
            t,
            pricing,
            promotion,
        }
    }

    async fn take(&self, order: OrderId, member: Option<MemberId>) -> Result<()> {
        let id = self.promotion.id;
        let unit = async move |tx: &Tx| {
            let until = tx.now().after(WAIT);
            pricing::code_take_in(tx, id, CODE, order, member, Some(until)).await
        };
        self.t.db.write_guarded(unit).await
    }

    async fn confirm(&self, order: OrderId) -> bool {
        let unit = async move |tx: &Tx| pricing::code_confirm_in(tx, order).await;
        self.t.db.write_guarded(unit).await.unwrap()
    }

    async fn release(&self, order: OrderId) {
        let unit = async move |tx: &Tx| pricing::code_release_in(tx, order).await;
        self.t.db.write_guarded(unit).await.unwrap();
    }

    async fn left(&self, member: Option<MemberId>) -> (Option<i64>, Option<i64>) {
        let id: PromotionId = self.promotion.id;
        let read = async move |r: &Reader| pricing::code_standing_in(r, id, member).await;
        let standing = self.t.db.read(read).await.unwrap();
        (standing.left, standing.left_for_member)
    }

    async fn uses(&self) -> i64 {
        let read = self.pricing.promotion_get(&system(), self.promotion.id).await;
        read.unwrap().code_uses
    }
}

#[test]
fn a_hundred_orders_at_once_use_ten_uses_ten_times() {
    each_engine(SETS, async |t| {
        let desk = Desk::open(&t, Some(10), None).await;
        let tries = (0..100).map(|_| desk.take(OrderId::new(), None));
        let outcomes: Vec<Result<(), Error>> = futures_util::future::join_all(tries).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 10);
        for refused in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            assert!(refused.is(&CODE_USED_UP), "{refused:?}");
        }
        assert_eq!((desk.uses().await, desk.left(None).await), (10, (Some(0), None)));
    });
}

#[test]
fn one_member_in_twenty_tabs_uses_it_twice() {
    each_engine(SETS, async |t| {
        let desk = Desk::open(&t, Some(100), Some(2)).await;
        let me = MemberId::new();
        let tries = (0..20).map(|_| desk.take(OrderId::new(), Some(me)));
        let outcomes: Vec<Result<(), Error>> = futures_util::future::join_all(tries).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 2);
        for refused in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            assert!(refused.is(&CODE_USED_BY_MEMBER), "{refused:?}");
        }
        // What was refused has taken nothing from the others.
        assert_eq!(desk.left(Some(me)).await, (Some(98), Some(0)));
        assert_eq!(desk.left(Some(MemberId::new())).await, (Some(98), Some(2)));
        let guest = desk.take(OrderId::new(), None).await.unwrap_err();
        assert!(guest.is(&CODE_FOR_MEMBERS));
        assert_eq!(desk.uses().await, 2);
    });
}

#[test]
fn a_use_that_ran_out_is_free_at_that_instant() {
    each_engine(SETS, async |t| {
        let desk = Desk::open(&t, Some(1), Some(1)).await;
        let (slow, quick, me) = (OrderId::new(), OrderId::new(), MemberId::new());
        desk.take(slow, Some(me)).await.unwrap();
        t.clock.advance(WAIT - Duration::from_micros(1));
        assert!(desk.take(quick, Some(me)).await.unwrap_err().is(&CODE_USED_UP));
        t.clock.advance(Duration::from_micros(1));
        assert_eq!(
            desk.left(Some(me)).await,
            (Some(1), Some(1)),
            "no sweeper came by"
        );
        desk.take(quick, Some(me)).await.unwrap();
        assert!(!desk.confirm(slow).await, "paid too late: it went to another");
        assert!(desk.confirm(quick).await);
        t.clock.advance(WAIT * 2);
        assert_eq!(
            desk.left(Some(me)).await,
            (Some(0), Some(0)),
            "what is paid stays used"
        );
        assert_eq!(desk.uses().await, 1);
    });
}

#[test]
fn given_up_twice_it_is_free_once_and_paid_late_it_is_counted_anew() {
    each_engine(SETS, async |t| {
        let desk = Desk::open(&t, Some(2), None).await;
        let (first, second) = (OrderId::new(), OrderId::new());
        desk.take(first, None).await.unwrap();
        desk.take(second, None).await.unwrap();
        desk.release(first).await;
        desk.release(first).await;
        assert_eq!(desk.left(None).await, (Some(1), None));
        assert!(desk.confirm(first).await, "there is one left for it");
        assert!(desk.confirm(first).await, "told twice");
        assert_eq!(desk.uses().await, 2);
        desk.release(first).await;
        assert_eq!(desk.uses().await, 1, "paid and cancelled");
        assert!(desk.confirm(OrderId::new()).await, "an order without a code");
    });
}

#[test]
fn a_code_taken_away_for_a_while_still_knows_its_uses() {
    each_engine(SETS, async |t| {
        let desk = Desk::open(&t, Some(2), None).await;
        let (first, second) = (OrderId::new(), OrderId::new());
        desk.take(first, None).await.unwrap();
        desk.take(second, None).await.unwrap();
        let change = async |new| {
            desk.pricing
                .promotion_change(&system(), desk.promotion.id, None, new)
                .await
        };
        let at_most = |uses| with_code("spring", CODE, Some(uses), None);
        change(promotion("spring", None)).await.unwrap();
        assert!(change(at_most(1)).await.unwrap_err().is(&CODE_USED_MORE));
        desk.release(first).await;
        assert_eq!(change(at_most(1)).await.unwrap().code_uses, 1);
        assert!(desk.take(first, None).await.unwrap_err().is(&CODE_USED_UP));
        desk.release(second).await;
        assert_eq!((desk.uses().await, desk.left(None).await), (0, (Some(1), None)));
    });
}

#[test]
fn a_code_is_one_promotions_and_its_limit_never_below_its_uses() {
    each_engine(SETS, async |t| {
        let desk = Desk::open(&t, None, None).await;
        let other = with_code("other", " Spring10 ", None, None);
        let taken = desk.pricing.promotion_create(&system(), other).await.unwrap_err();
        assert!(taken.is(&TYPED_CODE_TAKEN));
        for _ in 0..3 {
            desk.take(OrderId::new(), None).await.unwrap();
        }
        let change = async |max_uses| {
            let new = with_code("spring", "SPRING10", max_uses, None);
            desk.pricing
                .promotion_change(&system(), desk.promotion.id, None, new)
                .await
        };
        assert!(change(Some(2)).await.unwrap_err().is(&CODE_USED_MORE));
        assert_eq!(change(Some(3)).await.unwrap().code_uses, 3);
        assert!(
            desk.take(OrderId::new(), None)
                .await
                .unwrap_err()
                .is(&CODE_USED_UP)
        );
        desk.pricing
            .promotion_remove(&system(), desk.promotion.id, None)
            .await
            .unwrap();
        assert_eq!(desk.left(None).await, (Some(0), None));
    });
}
