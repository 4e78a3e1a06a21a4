//! Live screens: the events somebody may see, as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use base::{Ctx, Error, MemberId, Permission, PlaceId, Result, Time, codes};
use bus::{Bus, Envelope};
use futures_util::stream::{self, Stream};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::Flows;

/// How often a silent stream says that it is still there.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What a screen is told of an event: what happened to what, where, when. The rest it asks for.
#[derive(Serialize)]
struct Told<'a> {
    kind: &'a str,
    aggregate: &'a str,
    at: Time,
    place_id: Option<PlaceId>,
}

/// What a staff screen may follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Topic {
    /// Everything the home screen counts.
    Home,
    /// Orders and what happens to them.
    Orders,
    /// What places are asked to serve.
    Fulfilments,
    /// Stock.
    Stock,
}

impl Topic {
    /// A topic by its name.
    ///
    /// # Errors
    /// `input.invalid` for an unknown one.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "home" => Ok(Self::Home),
            "orders" => Ok(Self::Orders),
            "fulfilments" => Ok(Self::Fulfilments),
            "stock" => Ok(Self::Stock),
            _ => Err(Error::new(&codes::INVALID_INPUT).and_field(
                "topics",
                &codes::MALFORMED,
                [("reason".to_owned(), "home, orders, fulfilments, stock".into())]
                    .into_iter()
                    .collect(),
            )),
        }
    }

    fn covers(self, kind: &str) -> bool {
        match self {
            Self::Home => ["orders.", "voice.", "payments.", "members."]
                .iter()
                .any(|p| kind.starts_with(p)),
            Self::Orders => kind.starts_with("orders.order_") || kind.starts_with("payments."),
            // An order's step often is a fulfilment's step too, and a screen must not miss it.
            // What a place sends to another for an order is its work, too.
            Self::Fulfilments => kind.starts_with("orders.") || kind.starts_with("stock.transfer_"),
            Self::Stock => kind.starts_with("stock.balance") || kind.starts_with("stock.movement"),
        }
    }
}

/// Who follows what.
#[derive(Clone, Debug)]
enum Follower {
    Staff { ctx: Ctx, topics: Vec<Topic> },
    Member(MemberId),
}

/// What every event about an order tells of its owner.
#[derive(Deserialize)]
struct AboutOrder {
    order: OwnedOrder,
}

#[derive(Deserialize)]
struct OwnedOrder {
    member_id: Option<MemberId>,
}

impl Follower {
    fn may_see(&self, event: &Envelope) -> bool {
        match self {
            Self::Staff { ctx, topics } => {
                topics.iter().any(|topic| topic.covers(&event.kind)) && is_in_scope(ctx, event)
            }
            Self::Member(member) => {
                let is_theirs = |about: AboutOrder| about.order.member_id == Some(*member);
                event.kind.starts_with("orders.") && serde_json::from_str(&event.data).is_ok_and(is_theirs)
            }
        }
    }
}

/// The right that shows an event: who may read the thing may hear of it.
fn right_to(kind: &str) -> Permission {
    match kind.split('.').next() {
        Some("orders") if kind.starts_with("orders.fulfilment_") => orders::FULFILMENT_READ,
        Some("stock") => stock::STOCK_READ,
        Some("voice") => Permission::new("feedback.read"),
        Some("members") => Permission::new("member.read"),
        _ => orders::ORDER_READ,
    }
}

/// An event of a place is for those who may read there; one of no place for those who may read everywhere.
fn is_in_scope(ctx: &Ctx, event: &Envelope) -> bool {
    let right = right_to(&event.kind);
    match (ctx.places(right), event.place_id) {
        (None, _) => true,
        (Some(places), Some(place)) => places.contains(&place),
        (Some(_), None) => false,
    }
}

struct Following {
    bus: Bus,
    live: broadcast::Receiver<Arc<Envelope>>,
    waiting: VecDeque<Arc<Envelope>>,
    /// The last position sent or skipped.
    position: i64,
    /// Whether the outbox has more after it that is not told live.
    is_behind: bool,
    follower: Follower,
}

impl Following {
    /// The next event this follower may see.
    async fn next(&mut self) -> Option<Arc<Envelope>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                // What was caught up on comes live once more.
                if event.position <= self.position {
                    continue;
                }
                self.position = event.position;
                if self.follower.may_see(&event) {
                    return Some(event);
                }
                continue;
            }
            if self.is_behind {
                self.catch_up().await.ok()?;
                continue;
            }
            match self.live.recv().await {
                Ok(event) => self.waiting.push_back(event),
                Err(RecvError::Lagged(_)) => self.is_behind = true,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Reads a page of what was missed; the last page is empty.
    async fn catch_up(&mut self) -> Result<()> {
        let missed = self.bus.since(self.position, &[]).await?;
        self.is_behind = !missed.is_empty();
        self.waiting.extend(missed.into_iter().map(Arc::new));
        Ok(())
    }
}

impl Flows {
    /// The stream of a member of staff.
    ///
    /// # Errors
    /// `access.unauthenticated` for anybody else.
    pub async fn stream(
        &self,
        ctx: &Ctx,
        topics: Vec<Topic>,
        after: Option<i64>,
    ) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>> {
        if ctx.staff_id().is_none() {
            return Err(Error::new(&codes::UNAUTHENTICATED));
        }
        self.follow(
            Follower::Staff {
                ctx: ctx.clone(),
                topics,
            },
            after,
        )
        .await
    }

    /// The stream of a member: their own orders.
    ///
    /// # Errors
    /// `access.unauthenticated`.
    pub async fn my_stream(
        &self,
        ctx: &Ctx,
        after: Option<i64>,
    ) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>> {
        let member = ctx.require_member()?;
        self.follow(Follower::Member(member), after).await
    }

    async fn follow(
        &self,
        follower: Follower,
        after: Option<i64>,
    ) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>> {
        let bus = self.parts.bus.clone();
        // Listen first: what happens between the two is then heard twice rather than never.
        let live = bus.live();
        let position = match after {
            Some(position) => position,
            None => bus.head().await?,
        };
        let (waiting, is_behind) = (VecDeque::new(), after.is_some());
        let following = Following {
            bus,
            live,
            waiting,
            position,
            is_behind,
            follower,
        };
        let events = stream::unfold(following, |mut following| async {
            let event = following.next().await?;
            Some((Ok(written(&event)), following))
        });
        Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
    }
}

fn written(event: &Envelope) -> Event {
    let told = Told {
        kind: &event.kind,
        aggregate: &event.aggregate,
        at: event.occurred_at,
        place_id: event.place_id,
    };
    let data = serde_json::to_string(&told).unwrap_or_default();
    Event::default().id(event.position.to_string()).data(data)
}
