//! The face of selling ahead. The async methods ask for rights; the `*_in` variants do not: the flow that calls has.

use std::collections::{BTreeSet, HashMap};

use base::{Ctx, Error, HoldId, Resource, Result, SkuId, Time};
use db::{Reader, Tx};

use super::model::{AheadOffer, Claim, ClaimNews, ClaimRequest, Come, Presale, PresaleMode, PresaleOffer};
use super::queue::{promises, unclaimed};
use super::store;
use crate::error::{HOLD_ENDED, HOLD_LAPSED, INSUFFICIENT, UNTRACKED, insufficient};
use crate::hands::Hands;
use crate::model::{
    Hold, HoldLine, HoldRequest, Key, Leave, Leaving, QUANTITY_MAX, ValidRequest, out_of_range,
};
use crate::placing::{self, Owners};
use crate::service::Stock;
use crate::supplies::store as supplies;
use crate::{STOCK_PRESELL, STOCK_READ, hold_store, holds};

impl Stock {
    /// Says whether and how many of a SKU are sold before they are there. Claims beyond a lower cap stay.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `stock.untracked`, `input.invalid`.
    pub async fn presale_set(&self, ctx: &Ctx, sku: SkuId, mode: PresaleMode, cap: i64) -> Result<Presale> {
        ctx.require(STOCK_PRESELL, &Resource::Chain)?;
        if !(0..=QUANTITY_MAX).contains(&cap) {
            return Err(out_of_range("cap", 0, QUANTITY_MAX));
        }
        // A kit has no stock of its own, so nothing of it is due.
        if self.must_know(&[sku], []).await?.get(&sku) != Some(&true) {
            return Err(Error::new(&UNTRACKED).with("sku_id", sku.to_string()));
        }
        let actor = ctx.actor.to_string();
        let unit = async move |tx: &Tx| {
            let new = Presale {
                sku_id: sku,
                mode,
                cap,
                claimed: 0,
                actor: Some(actor.clone()),
                set_at: Some(tx.now()),
            };
            store::presale_put(tx, &new).await?;
            said(tx, sku).await
        };
        self.db.write_once(ctx, "presale_set", unit).await
    }

    /// Whether and how many of a SKU are sold before they are there.
    ///
    /// # Errors
    /// `access.*`.
    pub async fn presale_get(&self, ctx: &Ctx, sku: SkuId) -> Result<Presale> {
        ctx.require(STOCK_READ, &Resource::Somewhere)?;
        self.db
            .read(async move |reader: &Reader| said(reader, sku).await)
            .await
    }

    /// What may be sold ahead of SKUs; those that are not sold ahead, or of which no more may be, are left out.
    ///
    /// # Errors
    /// The store's.
    pub async fn presale_offers_in(&self, reader: &Reader, skus: &[SkuId]) -> Result<Vec<PresaleOffer>> {
        let mut said = store::presales(reader, skus).await?;
        said.retain(|sku| sku.mode != PresaleMode::Off && sku.cap > sku.claimed);
        let skus: Vec<SkuId> = said.iter().map(|sku| sku.sku_id).collect();
        if skus.is_empty() {
            return Ok(Vec::new());
        }
        let (free, dues, claimed) = (
            supplies::free(reader, &skus).await?,
            dues_of(reader, &skus).await?,
            store::claimed_at(reader, &skus).await?,
        );
        let offers = said.into_iter().map(|sku| {
            let here = free.iter().filter(|(key, _)| key.sku_id == sku.sku_id);
            let places = here.map(|(key, free)| AheadOffer {
                place_id: key.place_id,
                coming: unclaimed(
                    reader.now(),
                    *free,
                    dues.get(key).cloned().unwrap_or_default(),
                    claimed.get(key).copied().unwrap_or(0),
                ),
            });
            PresaleOffer {
                sku_id: sku.sku_id,
                mode: sku.mode,
                left: sku.cap - sku.claimed,
                places: places.filter(|place| !place.coming.is_empty()).collect(),
            }
        });
        Ok(offers.collect())
    }

    /// Claims pieces that are due, and holds those that are there, all or nothing.
    ///
    /// # Errors
    /// `stock.insufficient`, `input.invalid`.
    pub async fn claim_place_in(&self, tx: &Tx, ctx: &Ctx, request: &ClaimRequest) -> Result<()> {
        let place = request.place_id;
        let mut lines = request.lines.clone();
        lines.sort_by_key(|line| line.sku_id);
        let ahead: Vec<Key> = lines
            .iter()
            .filter(|line| line.ahead > 0)
            .map(|line| Key::new(line.sku_id, place))
            .collect();
        let now: Vec<HoldLine> = lines
            .iter()
            .filter(|line| line.now > 0)
            .map(|line| HoldLine::new(line.sku_id, place, line.now))
            .collect();
        let hold = match now.is_empty() {
            true => None,
            false => {
                let wish = HoldRequest {
                    owner: request.owner.clone(),
                    lines: now,
                    expires_at: request.expires_at,
                    leave: request.leave.clone(),
                };
                Some(place_hold(tx, ctx, wish).await?.id)
            }
        };
        // Nobody takes what is there while it is decided what of it is owed.
        Hands::take(tx, ahead.clone()).await?;
        let mut claims = Vec::with_capacity(lines.len());
        for line in lines {
            let key = Key::new(line.sku_id, place);
            let mut due_at = None;
            if line.ahead > 0 {
                store::presale_lock(tx, line.sku_id).await?;
                lapse(tx, line.sku_id).await?;
                due_at = Some(claimable(tx, key, line.ahead).await?);
            }
            // What is there of a SKU that nobody sells ahead is held and needs no claim.
            if line.ahead > 0 {
                claims.push(Claim {
                    owner: request.owner.clone(),
                    key,
                    outstanding: line.ahead,
                    filled: line.now,
                    released: 0,
                    lapsed: 0,
                    expires_at: request.expires_at,
                    claimed_at: tx.now(),
                    due_at,
                    fill_owner: request.owner.clone(),
                    hold_id: hold,
                });
            }
        }
        store::insert(tx, &request.document, request.whole, &claims).await
    }

    /// Keeps a document's claims for good, and what of them has come. Those that have run out are taken anew, behind
    /// the others, if as much is still due.
    ///
    /// # Errors
    /// `stock.hold_lapsed`, `stock.insufficient`: they have gone to others.
    pub async fn claims_keep_in(&self, tx: &Tx, ctx: &Ctx, document: &str, leave: Leaving<'_>) -> Result<()> {
        keep(tx, ctx, document, None, leave).await
    }

    /// The same until another instant.
    ///
    /// # Errors
    /// As [`Stock::claims_keep_in`].
    pub async fn claims_extend_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        document: &str,
        until: Time,
        leave: Leaving<'_>,
    ) -> Result<()> {
        keep(tx, ctx, document, Some(until), leave).await
    }

    /// Gives a document's claims back, and what of them has come.
    ///
    /// # Errors
    /// The store's.
    pub async fn claims_release_in(&self, tx: &Tx, ctx: &Ctx, document: &str) -> Result<()> {
        let claims = store::of_document(tx, document).await?;
        give_back(tx, ctx, claims, None).await
    }

    /// Gives one claim back, and what of it has come.
    ///
    /// # Errors
    /// The store's.
    pub async fn claim_release_in(&self, tx: &Tx, ctx: &Ctx, owner: &str) -> Result<()> {
        let claims = store::of_owner(tx, owner).await?;
        give_back(tx, ctx, claims, None).await
    }

    /// Gives pieces of one claim back: those still to come first.
    ///
    /// # Errors
    /// `stock.hold_exceeded` for more than it has.
    pub async fn claim_reduce_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        owner: &str,
        pieces: &[(SkuId, i64)],
    ) -> Result<()> {
        let claims = store::of_owner(tx, owner).await?;
        give_back(tx, ctx, claims, Some(pieces)).await
    }

    /// Owners whose pieces have come, in the order of their documents, those after one of them; of those who need all
    /// of it, those who have all.
    ///
    /// # Errors
    /// The store's.
    pub async fn claims_come(&self, after: Option<Come>, limit: i64) -> Result<Vec<Come>> {
        self.db
            .read(async move |reader: &Reader| store::come(reader, after.as_ref(), limit).await)
            .await
    }

    /// Takes over the hold of what has come for an owner; what comes later is held by `next`. Nothing when somebody
    /// was faster.
    ///
    /// # Errors
    /// The store's.
    pub async fn claim_take_in(&self, tx: &Tx, owner: &str, next: &str) -> Result<Option<Hold>> {
        let claims = store::of_owner(tx, owner).await?;
        let Some(id) = claims.iter().find_map(|claim| claim.hold_id) else {
            return Ok(None);
        };
        store::hold_set(tx, owner, None, next).await?;
        Ok(Some(self.hold_get_in(tx, id).await?))
    }

    /// Documents whose claims come at another time than was told, or not at all.
    ///
    /// # Errors
    /// The store's.
    pub async fn claims_untold(&self, limit: i64) -> Result<Vec<String>> {
        self.db
            .read(async move |reader: &Reader| store::untold(reader, limit).await)
            .await
    }

    /// What a document still awaits, which then counts as told.
    ///
    /// # Errors
    /// The store's.
    pub async fn claims_tell_in(&self, tx: &Tx, document: &str) -> Result<Vec<ClaimNews>> {
        store::tell(tx, document).await
    }

    /// Serves claims with what is free where they wait: what others gave back, what came unannounced. Answers how many
    /// balances are waited for.
    ///
    /// # Errors
    /// The store's.
    pub async fn claims_fill_due(&self) -> Result<usize> {
        let read = async |reader: &Reader| store::waited_for(reader).await;
        let keys = self.db.read(read).await?;
        for key in &keys {
            let key = *key;
            let unit = async move |tx: &Tx| fill(tx, &Ctx::system("stock"), &[key]).await;
            self.db.write(unit).await?;
        }
        Ok(keys.len())
    }
}

async fn said(reader: &Reader, sku: SkuId) -> Result<Presale> {
    let said = store::presales(reader, &[sku]).await?.pop();
    Ok(said.unwrap_or(Presale {
        sku_id: sku,
        mode: PresaleMode::Off,
        cap: 0,
        claimed: 0,
        actor: None,
        set_at: None,
    }))
}

async fn dues_of(reader: &Reader, skus: &[SkuId]) -> Result<HashMap<Key, Vec<(Time, i64)>>> {
    let mut out: HashMap<Key, Vec<(Time, i64)>> = HashMap::new();
    for due in supplies::dues(reader, skus, None).await? {
        let key = Key::new(due.sku_id, due.place_id);
        out.entry(key).or_default().push((due.due_at, due.quantity));
    }
    Ok(out)
}

/// What is free of a SKU at a place, and what is due.
async fn pipeline(reader: &Reader, key: Key) -> Result<(i64, Vec<(Time, i64)>)> {
    let free = supplies::free(reader, &[key.sku_id]).await?;
    let free = free
        .into_iter()
        .find(|(at, _)| *at == key)
        .map_or(0, |(_, free)| free);
    let dues = dues_of(reader, &[key.sku_id]).await?.remove(&key);
    Ok((free, dues.unwrap_or_default()))
}

async fn place_hold(tx: &Tx, ctx: &Ctx, request: HoldRequest) -> Result<Hold> {
    let request: ValidRequest = request.try_into()?;
    let requests = std::slice::from_ref(&request);
    let mut answers = placing::place(tx, ctx, requests, Owners::LookedUp).await?;
    answers
        .pop()
        .unwrap_or_else(|| Err(Error::internal("a request without an answer")))
}

/// Counts pieces as claimed if the cap leaves them and as many come that are nobody's; answers when the last comes.
/// Under the lock of the SKU's row, with what has run out taken back.
async fn claimable(tx: &Tx, key: Key, wanted: i64) -> Result<Time> {
    let (free, dues) = pipeline(tx, key).await?;
    let mut ahead: Vec<i64> = store::waiting(tx, key.sku_id, Some(key.place_id))
        .await?
        .iter()
        .map(|claim| claim.outstanding)
        .collect();
    let claimed: i64 = ahead.iter().sum();
    let coming = unclaimed(tx.now(), free, dues.clone(), claimed);
    let there = (free - claimed).max(0) + coming.iter().map(|(_, quantity)| quantity).sum::<i64>();
    if there < wanted {
        return Err(insufficient(key, wanted, there));
    }
    if !store::claimed_add(tx, key.sku_id, wanted).await? {
        let said = said(tx, key.sku_id).await?;
        let left = match said.mode {
            PresaleMode::Off => 0,
            _ => said.cap - said.claimed,
        };
        return Err(insufficient(key, wanted, left));
    }
    ahead.push(wanted);
    let promised = promises(tx.now(), free, dues, &ahead).pop().flatten();
    promised.ok_or_else(|| Error::internal("a claim that nothing due reaches"))
}

/// Takes back what claims on a SKU had whose time is over. Under the lock of the SKU's row.
async fn lapse(tx: &Tx, sku: SkuId) -> Result<()> {
    let mut gone = store::waiting(tx, sku, None).await?;
    gone.retain(|claim| claim.has_run_out(tx.now()));
    if gone.is_empty() {
        return Ok(());
    }
    let mut freed = 0;
    for claim in &mut gone {
        freed += claim.outstanding;
        claim.lapsed += std::mem::take(&mut claim.outstanding);
    }
    store::update(tx, &gone).await?;
    store::claimed_take(tx, sku, freed).await
}

/// Keeps a document's claims until an instant, or for good.
async fn keep(tx: &Tx, ctx: &Ctx, document: &str, until: Option<Time>, leave: Leaving<'_>) -> Result<()> {
    let holds: BTreeSet<HoldId> = store::of_document(tx, document)
        .await?
        .iter()
        .filter_map(|claim| claim.hold_id)
        .collect();
    for hold in holds {
        holds::keep(tx, ctx, hold, until, leave).await?;
    }
    let skus: BTreeSet<SkuId> = store::of_document(tx, document)
        .await?
        .iter()
        .map(|claim| claim.key.sku_id)
        .collect();
    for sku in &skus {
        store::presale_lock(tx, *sku).await?;
        lapse(tx, *sku).await?;
    }
    let mut claims = store::of_document(tx, document).await?;
    for claim in &mut claims {
        if claim.lapsed > 0 {
            let due = claimable(tx, claim.key, claim.lapsed).await;
            let gone = |error: Error| match error.is(&INSUFFICIENT) {
                true => Error::new(&HOLD_LAPSED).with("hold_id", claim.owner.as_str()),
                false => error,
            };
            claim.due_at = Some(due.map_err(gone)?);
            claim.claimed_at = tx.now();
            claim.outstanding = std::mem::take(&mut claim.lapsed);
        }
        claim.expires_at = until;
    }
    store::update(tx, &claims).await
}

/// Gives claims back, or some pieces of them, and serves others with what that frees.
async fn give_back(
    tx: &Tx,
    ctx: &Ctx,
    mut claims: Vec<Claim>,
    pieces: Option<&[(SkuId, i64)]>,
) -> Result<()> {
    let mut holds: HashMap<HoldId, Vec<HoldLine>> = HashMap::new();
    let mut freed: Vec<(Key, i64)> = Vec::new();
    for claim in &mut claims {
        let wanted = pieces.map(|pieces| {
            let of = pieces.iter().filter(|(sku, _)| *sku == claim.key.sku_id);
            of.map(|(_, quantity)| quantity).sum::<i64>()
        });
        let ahead = wanted.unwrap_or(claim.outstanding).min(claim.outstanding);
        claim.outstanding -= ahead;
        claim.released += ahead;
        if ahead > 0 {
            freed.push((claim.key, ahead));
        }
        let rest = wanted.map_or(0, |wanted| wanted - ahead);
        if let (Some(hold), true) = (claim.hold_id, rest > 0 || wanted.is_none()) {
            let lines = holds.entry(hold).or_default();
            if rest > 0 {
                lines.push(HoldLine::new(claim.key.sku_id, claim.key.place_id, rest));
            }
        }
    }
    // Balances before claims: the order of the locks.
    for (hold, lines) in holds {
        let released = holds::release(tx, ctx, hold, &lines).await?;
        if released.state.is_over() {
            for claim in claims.iter().filter(|claim| claim.hold_id == Some(hold)) {
                store::hold_set(tx, &claim.owner, None, &claim.fill_owner).await?;
            }
        }
    }
    freed.sort_unstable();
    for (key, _) in &freed {
        store::presale_lock(tx, key.sku_id).await?;
    }
    store::update(tx, &claims).await?;
    for (key, quantity) in &freed {
        store::claimed_take(tx, key.sku_id, *quantity).await?;
    }
    let mut keys: Vec<Key> = claims.iter().map(|claim| claim.key).collect();
    keys.sort_unstable();
    keys.dedup();
    fill(tx, ctx, &keys).await
}

/// Serves claims that wait for balances with what is free there, the first come first, and works out anew when the
/// rest of them is served.
pub(crate) async fn fill(tx: &Tx, ctx: &Ctx, keys: &[Key]) -> Result<()> {
    // Nearly always nobody waits, and finding that out must not lock anything.
    let waited = store::waited_among(tx, keys).await?;
    for key in keys.iter().filter(|key| waited.contains(key)) {
        Hands::take(tx, vec![*key]).await?;
        store::presale_lock(tx, key.sku_id).await?;
        lapse(tx, key.sku_id).await?;
        let mut claims = store::waiting(tx, key.sku_id, Some(key.place_id)).await?;
        let (free, dues) = pipeline(tx, *key).await?;
        let mut left = free.max(0);
        let mut moved = 0;
        for claim in &mut claims {
            let quantity = claim.outstanding.min(left);
            if quantity == 0 {
                break;
            }
            hand_over(tx, ctx, claim, quantity).await?;
            claim.outstanding -= quantity;
            claim.filled += quantity;
            (left, moved) = (left - quantity, moved + quantity);
        }
        let waits: Vec<i64> = claims.iter().map(|claim| claim.outstanding).collect();
        let due = promises(tx.now(), free - moved, dues, &waits);
        for (claim, due) in claims.iter_mut().zip(due) {
            claim.due_at = due;
        }
        store::update(tx, &claims).await?;
        if moved > 0 {
            store::claimed_take(tx, key.sku_id, moved).await?;
        }
    }
    Ok(())
}

/// Puts pieces that have come into the hold of a claim's owner.
async fn hand_over(tx: &Tx, ctx: &Ctx, claim: &Claim, quantity: i64) -> Result<()> {
    let line = HoldLine::new(claim.key.sku_id, claim.key.place_id, quantity);
    let siblings = store::of_owner(tx, &claim.owner).await?;
    let known = siblings.iter().find_map(|claim| claim.hold_id);
    if let Some(id) = known {
        let held = hold_store::hold_get(tx, id).await?;
        let mut lines: Vec<HoldLine> = held.iter().flat_map(|hold| hold.0.outstanding()).collect();
        lines.push(line);
        match holds::change(tx, ctx, id, &crate::model::merged(&lines)?, &|_| 0).await {
            Ok(_) => return Ok(()),
            // Somebody gave it back by hand: what comes now is held anew.
            Err(error) if error.is(&HOLD_ENDED) => {}
            Err(error) => return Err(error),
        }
    }
    // What comes is whose turn it is: no channel keeps it back.
    let wish = HoldRequest {
        owner: claim.fill_owner.clone(),
        lines: vec![line],
        expires_at: claim.expires_at,
        leave: Leave::default(),
    };
    let hold = place_hold(tx, ctx, wish).await?;
    store::hold_set(tx, &claim.owner, Some(hold.id), &claim.fill_owner).await
}

/// How many claims that are kept for good nothing that is due reaches any more.
pub(crate) async fn uncovered(tx: &Tx, keys: &[Key]) -> Result<i64> {
    let mut count = 0;
    for key in keys {
        let claims = store::waiting(tx, key.sku_id, Some(key.place_id)).await?;
        let lost = |claim: &&Claim| claim.expires_at.is_none() && claim.due_at.is_none();
        count += claims.iter().filter(lost).count() as i64;
    }
    Ok(count)
}
