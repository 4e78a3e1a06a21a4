//! A change drawn up over an order: what it would cost, who would serve it, in words. Nothing is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{Ctx, Error, FulfilmentId, PlaceId, Result, SkuId, Text, Time};
use channels::View;
use db::Reader;
use orders::{
    CHANGE_EMPTY, CHANGE_NOTHING, CHANGE_UNKNOWN_SKU, Changed, ChangedGoods, ChangedWay, DeliveryAddress,
    FulfilmentChoice, Line, Order, Part, PlannedFulfilment, Wanted, changed_goods,
};
use places::Book;
use stock::HoldLine;

use super::OrderWish;
use super::policy::{ChangePrices, Scope};
use crate::Flows;
use crate::cart::{Skus, check_lines, merged, ships};
use crate::channel::seen;
use crate::code::{CodeVerdict, known};
use crate::error::NO_COLLECT;
use crate::made_of::{There, hold_lines};
use crate::reject::{counted_lines, rejected_by};
use crate::reprice::as_cart;
use crate::sources::{self, Ask, Goal, Sourced, Wish};

/// What is asked for, priced: what needs no transaction.
pub(crate) struct Asked {
    pub(crate) scope: Scope,
    goods: Option<ChangedGoods>,
    choice: Option<FulfilmentChoice>,
    /// What became of the promotion code of the order.
    pub(crate) code: Option<CodeVerdict>,
}

/// How an order goes to its customer.
fn choice_of(order: &Order) -> Option<FulfilmentChoice> {
    as_cart(order).choice
}

impl Flows {
    /// Prices what is asked for. What does not change keeps what was agreed on: another address, or another store
    /// to collect from, costs nothing else.
    ///
    /// # Errors
    /// `order.change_nothing`, `order.change_empty`, `order.change_unknown_sku`, `cart.*`, `input.invalid`.
    pub(crate) async fn change_asked(&self, order: &Order, wish: &OrderWish, now: Time) -> Result<Asked> {
        let choice = wish
            .fulfilment
            .clone()
            .filter(|choice| choice_of(order).as_ref() != Some(choice));
        let before = order.wanted();
        let lines = match &wish.lines {
            Some(lines) => {
                let wanted: Vec<Wanted> = lines.iter().copied().filter(|line| line.quantity != 0).collect();
                if wanted.is_empty() {
                    return Err(Error::new(&CHANGE_EMPTY));
                }
                merged(wanted)?
            }
            None => before.clone(),
        };
        let quantity =
            |of: &[Wanted], sku: SkuId| of.iter().find(|w| w.sku_id == sku).map_or(0, |w| w.quantity);
        let is_other =
            lines.len() != before.len() || lines.iter().any(|l| quantity(&before, l.sku_id) != l.quantity);
        let is_other_method = choice
            .as_ref()
            .is_some_and(|choice| choice.method() != order.head.method);
        let scope = Scope {
            goods: is_other,
            way: choice.is_some(),
        };
        if !scope.goods && !scope.way {
            return Err(Error::new(&CHANGE_NOTHING));
        }
        let mut asked = Asked {
            scope,
            goods: None,
            choice,
            code: None,
        };
        if is_other || is_other_method {
            let grown: Vec<Wanted> = lines
                .iter()
                .copied()
                .filter(|line| line.quantity > quantity(&before, line.sku_id))
                .collect();
            (asked.goods, asked.code) = self.goods_asked(order, lines, &grown, &asked.choice, now).await?;
        }
        Ok(asked)
    }

    async fn goods_asked(
        &self,
        order: &Order,
        lines: Vec<Wanted>,
        grown: &[Wanted],
        choice: &Option<FulfilmentChoice>,
        now: Time,
    ) -> Result<(Option<ChangedGoods>, Option<CodeVerdict>)> {
        let mut skus = self.skus(&lines).await?;
        check_lines(grown, &skus, Some(order.head.currency))?;
        let gone = lines.iter().find(|line| !skus.contains_key(&line.sku_id));
        if let Some(gone) = gone {
            let line = order.lines.iter().find(|line| line.sku_id == gone.sku_id);
            let name = line.map(|line| line.snapshot.name.zh.clone()).unwrap_or_default();
            return Err(Error::new(&CHANGE_UNKNOWN_SKU).with("name", name));
        }
        let at = match self.changes.prices {
            ChangePrices::Today => now,
            ChangePrices::AsPlaced => {
                as_bought(order, &mut skus);
                order.head.placed_at
            }
        };
        let mut cart = as_cart(order);
        cart.lines = lines;
        if let Some(choice) = choice {
            cart.choice = Some(choice.clone());
        }
        // A code whose promotion is gone since does nothing.
        let book = self.parts.pricing.book().await?;
        cart.promotion_code = cart.promotion_code.filter(|code| known(&book, code).is_ok());
        // The buyer's price is theirs, whoever asks.
        let buyer = Ctx::system("orders.change");
        let priced = self.priced(&buyer, &cart, &skus, at, false).await?;
        let planned = order
            .head
            .plan
            .promotion_code
            .clone()
            .filter(|_| priced.code.as_ref().and_then(CodeVerdict::planned).is_some());
        let goods = changed_goods(
            order,
            &priced.lines,
            priced.amounts,
            priced.shipping_steps,
            planned,
        );
        Ok((Some(goods), priced.code))
    }

    /// Draws a change up over an order that stands as it did when it was priced.
    ///
    /// # Errors
    /// `stock.insufficient` with what lacks, `checkout.no_collect`.
    pub(crate) async fn change_draw_in(
        &self,
        r: &Reader,
        book: &Book,
        order: &Order,
        asked: &Asked,
    ) -> Result<Changed> {
        let way = match &asked.choice {
            Some(choice) => {
                let view = self.view_in(r, order.head.channel).await?;
                Some(way(book, choice, &view)?)
            }
            None => None,
        };
        let mut changed = Changed {
            over: order.wanted_pieces(),
            goods: asked.goods.clone(),
            way,
            sources: Vec::new(),
            anew: false,
            why: None,
        };
        let after = changed.over(order)?;
        let own = self.own_in(r, order).await?;
        let sourced = if goes_elsewhere(order, &after) {
            changed.anew = true;
            self.sourced_anew_in(r, book, &after, &own).await?
        } else {
            let more = asked
                .goods
                .as_ref()
                .map(|goods| goods.more.as_slice())
                .unwrap_or_default();
            match more.is_empty() {
                true => Sourced::default(),
                false => self.sourced_on_top_in(r, book, order, &after, more).await?,
            }
        };
        if changed.anew && order.head.method == after.head.method && is_served_so(order, &sourced) {
            // The same places serve the same pieces; only the address is another.
            changed.anew = false;
            return Ok(changed);
        }
        changed.why = sourced.why.clone();
        changed.sources = sourced
            .sources
            .into_iter()
            .map(|source| PlannedFulfilment {
                id: FulfilmentId::new(),
                why_text: sourced.why.as_ref().and_then(|why| why.plainly(source.place_id)),
                place_id: source.place_id,
                place_name: source.place_name,
                parts: source.parts,
                promised_at: source.promised_at,
            })
            .collect();
        Ok(changed)
    }

    /// The counted pieces an order keeps already.
    pub(crate) async fn own_in(&self, r: &Reader, order: &Order) -> Result<Vec<HoldLine>> {
        let mut own = Vec::new();
        for fulfilment in order.fulfilments.iter().filter(|f| f.state.holds_stock()) {
            own.extend(self.held_in(r, order, fulfilment).await?);
        }
        Ok(own)
    }

    async fn sourced_anew_in(
        &self,
        r: &Reader,
        book: &Book,
        after: &Order,
        own: &[HoldLine],
    ) -> Result<Sourced> {
        let asks = self.asks_in(r, after, &after.wanted_pieces()).await?;
        let view = self.view_in(r, after.head.channel).await?;
        match (&after.head.address, after.head.place_id) {
            (Some(address), _) => {
                let wish = Wish {
                    rejected: &rejected_by(after),
                    own,
                    ..Wish::new(&asks, Goal::Parcel(address), &view)
                };
                self.delivery_in(r, book, wish).await
            }
            (None, Some(place)) => collected_at(book, place, &asks, r.now(), &view),
            (None, None) => Err(Error::internal("an order that goes nowhere")),
        }
    }

    /// Who serves pieces on top: for a parcel one of the places that serve it already, where one has them all.
    async fn sourced_on_top_in(
        &self,
        r: &Reader,
        book: &Book,
        order: &Order,
        after: &Order,
        more: &[Part],
    ) -> Result<Sourced> {
        let asks = self.asks_in(r, after, more).await?;
        let view = self.view_in(r, after.head.channel).await?;
        let Some(address) = &after.head.address else {
            let place = after
                .head
                .place_id
                .ok_or_else(|| Error::internal("an order that goes nowhere"))?;
            return collected_at(book, place, &asks, r.now(), &view);
        };
        let there = self
            .parts
            .stock
            .availability_in(r, &sources::counted(&asks))
            .await?;
        let there = There::new(&seen(there, &view, book));
        let rejected = rejected_by(order);
        let serving = order.fulfilments.iter().filter(|f| f.state.holds_stock());
        let serving = serving.filter(|f| !rejected.contains(&f.place_id));
        for place_id in serving.map(|f| f.place_id) {
            let has = |ask: &Ask| {
                hold_lines(&ask.takes, place_id, ask.quantity)
                    .all(|l| there.at(l.sku_id, place_id) >= l.quantity)
            };
            let Some(place) = book.get(place_id).filter(|place| place.active && ships(place)) else {
                continue;
            };
            if asks.iter().all(has) {
                return sources::at_one(place, &asks, r.now());
            }
        }
        let wish = Wish {
            rejected: &rejected,
            ..Wish::new(&asks, Goal::Parcel(address), &view)
        };
        self.delivery_in(r, book, wish).await
    }

    /// What a change takes of the stock beyond what its order keeps.
    pub(crate) async fn change_takes_in(
        &self,
        r: &Reader,
        after: &Order,
        changed: &Changed,
        own: &[HoldLine],
    ) -> Result<Vec<HoldLine>> {
        let mut wanted: BTreeMap<(SkuId, PlaceId), i64> = BTreeMap::new();
        for source in &changed.sources {
            for line in self.source_lines_in(r, after, source).await? {
                *wanted.entry((line.sku_id, line.place_id)).or_default() += line.quantity;
            }
        }
        if changed.anew {
            for line in own {
                if let Some(wanted) = wanted.get_mut(&(line.sku_id, line.place_id)) {
                    *wanted -= line.quantity;
                }
            }
        }
        let more = wanted.into_iter().filter(|(_, quantity)| *quantity > 0);
        Ok(more
            .map(|((sku, place), quantity)| HoldLine::new(sku, place, quantity))
            .collect())
    }

    /// The counted pieces a place takes on.
    pub(crate) async fn source_lines_in(
        &self,
        r: &Reader,
        after: &Order,
        source: &PlannedFulfilment,
    ) -> Result<Vec<HoldLine>> {
        let asks = self.asks_in(r, after, &source.parts).await?;
        let at = sources::Source {
            place_id: source.place_id,
            place_name: source.place_name.clone(),
            parts: source.parts.clone(),
            promised_at: source.promised_at,
            day: None,
        };
        Ok(counted_lines(&asks, &at))
    }

    /// Refuses what is not there now; for looking ahead only, since a hold is what counts.
    pub(crate) async fn is_there_in(
        &self,
        r: &Reader,
        book: &Book,
        order: &Order,
        takes: &[HoldLine],
    ) -> Result<()> {
        let skus: Vec<SkuId> = takes.iter().map(|line| line.sku_id).collect();
        let view = self.view_in(r, order.head.channel).await?;
        let there = self.parts.stock.availability_in(r, &skus).await?;
        let there = There::new(&seen(there, &view, book));
        let short = takes.iter().find(|l| there.at(l.sku_id, l.place_id) < l.quantity);
        let Some(short) = short else { return Ok(()) };
        Err(Error::new(&stock::INSUFFICIENT)
            .with("sku_id", short.sku_id.to_string())
            .with("place_id", short.place_id.to_string())
            .with("wanted", short.quantity)
            .with("available", there.at(short.sku_id, short.place_id).max(0)))
    }
}

/// What was bought costs what the catalogue asked when it was bought.
fn as_bought(order: &Order, skus: &mut Skus) {
    for line in order.lines.iter().filter(|line| line.wanted() > 0) {
        let asked = line
            .snapshot
            .price
            .as_ref()
            .map_or(line.unit_price, |price| price.list_price);
        if let Some(sku) = skus.get_mut(&line.sku_id) {
            let mut then = (**sku).clone();
            then.price.amount_minor = asked;
            *sku = Arc::new(then);
        }
    }
}

fn way(book: &Book, choice: &FulfilmentChoice, view: &View) -> Result<ChangedWay> {
    Ok(match choice {
        FulfilmentChoice::Delivery { address } => ChangedWay {
            method: choice.method(),
            address: Some(address.clone()),
            place_id: None,
            place_name: None,
        },
        FulfilmentChoice::Collect { place_id } => {
            let place = book
                .get(*place_id)
                .ok_or_else(|| Error::new(&NO_COLLECT).with("place", place_id.to_string()))?;
            sources::may_collect(place, view)?;
            ChangedWay {
                method: choice.method(),
                address: None,
                place_id: Some(place.id),
                place_name: Some(place.name.clone()),
            }
        }
    })
}

fn collected_at(book: &Book, place: PlaceId, asks: &[Ask], now: Time, view: &View) -> Result<Sourced> {
    let unknown = || Error::new(&NO_COLLECT).with("place", place.to_string());
    sources::collect(book.get(place).ok_or_else(unknown)?, asks, now, view)
}

/// Whether the goods go where other places may be the right ones: another way, another store, another city.
fn goes_elsewhere(before: &Order, after: &Order) -> bool {
    let town = |address: &DeliveryAddress| (address.province.clone(), address.city.clone());
    before.head.method != after.head.method
        || before.head.address.as_ref().map(town) != after.head.address.as_ref().map(town)
        || (after.head.address.is_none() && before.head.place_id != after.head.place_id)
}

/// Whether the places that serve an order serve just this.
fn is_served_so(order: &Order, sourced: &Sourced) -> bool {
    let sorted = |parts: &[Part]| {
        let mut parts: Vec<_> = parts.iter().map(|p| (p.order_line_id, p.quantity)).collect();
        parts.sort_unstable();
        parts
    };
    let live = order.fulfilments.iter().filter(|f| f.state.is_live());
    let mut now: Vec<_> = live.map(|f| (f.place_id, sorted(&f.parts))).collect();
    let mut then: Vec<_> = sourced
        .sources
        .iter()
        .map(|s| (s.place_id, sorted(&s.parts)))
        .collect();
    now.sort_unstable();
    then.sort_unstable();
    now == then
}

/// A change in words.
pub(crate) fn in_words(order: &Order, changed: &Changed) -> Text {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    let before = |line: &Line| {
        order
            .lines
            .iter()
            .find(|was| was.id == line.id)
            .map_or(0, Line::wanted)
    };
    let lines = changed
        .goods
        .as_ref()
        .map(|goods| goods.lines.as_slice())
        .unwrap_or_default();
    for line in lines {
        let (was, now, name) = (before(line), line.wanted(), &line.snapshot.name);
        match (was, now) {
            (was, now) if was == now => {}
            (0, now) => {
                zh.push(format!("加 {} ×{now}", name.zh));
                en.push(format!("{} ×{now} added", name.en));
            }
            (was, 0) => {
                zh.push(format!("去掉 {} ×{was}", name.zh));
                en.push(format!("{} ×{was} taken out", name.en));
            }
            (was, now) => {
                zh.push(format!("{} 由 {was} 件改为 {now} 件", name.zh));
                en.push(format!("{} ×{now} instead of ×{was}", name.en));
            }
        }
    }
    if let Some(way) = &changed.way {
        match (&way.place_name, order.head.method == way.method) {
            (Some(place), _) => {
                zh.push(format!("改到{}自取", place.zh));
                en.push(format!("collected at {}", place.en));
            }
            (None, true) => {
                zh.push("改收货地址".to_owned());
                en.push("another address".to_owned());
            }
            (None, false) => {
                zh.push("改为送货上门".to_owned());
                en.push("delivered to an address".to_owned());
            }
        }
    }
    Text::new(zh.join("，"), en.join(", "))
}
