//! Writes a chain into an empty house, through the faces of its domains, in large units of work.
//!
//! A load that was interrupted goes on with the same chain: what is there stays, what is missing is added.
//! A house that holds a finished chain is left alone; one with somebody's own data is refused.

mod goods;
mod issues;
mod marker;
mod messages;
mod people;
mod prices;
mod shelves;
mod shop;
mod trade;
mod unpaid;
mod voices;

use std::sync::Arc;

use base::{Ctx, Result, Text};
use db::Db;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

pub use marker::{ERRORS, NOT_EMPTY};

use crate::chain::Chain;
use crate::{Plan, Size, generate};

/// The domains a chain is written to.
#[derive(Clone)]
pub struct House {
    /// The store.
    pub db: Db,
    /// Staff.
    pub access: access::Access,
    /// The range.
    pub catalog: catalog::Catalog,
    /// Stores and warehouses.
    pub places: places::Places,
    /// Balances and their ledger.
    pub stock: stock::Stock,
    /// Price lists and promotions.
    pub pricing: pricing::Pricing,
    /// Gift cards.
    pub payments: payments::Payments,
    /// What readers tell of single pieces.
    pub epcis: epcis::Epcis,
    /// Checkout, for the orders of this minute.
    pub flows: flows::Flows,
}

/// A part of the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Stores and warehouses.
    Places,
    /// Products, pictures, SKUs.
    Range,
    /// Accounts.
    Staff,
    /// Members with their consents.
    Members,
    /// The stock ledger.
    Stock,
    /// Orders with payments and returns.
    Orders,
    /// The points ledger.
    Points,
    /// People who came into the stores.
    Visits,
    /// Surveys, voices and issues.
    Voices,
}

impl Part {
    /// What people read while it runs.
    #[must_use]
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            Self::Places => ("门店与仓库", "stores and warehouses"),
            Self::Range => ("商品与图片", "products and pictures"),
            Self::Staff => ("员工账号", "staff accounts"),
            Self::Members => ("会员", "members"),
            Self::Stock => ("库存流水", "stock ledger"),
            Self::Orders => ("订单、付款与退货", "orders, payments, returns"),
            Self::Points => ("积分流水", "points ledger"),
            Self::Visits => ("进店客流", "visits to stores"),
            Self::Voices => ("顾客之声与问题", "voices and issues"),
        };
        Text::new(zh, en)
    }
}

/// Told after every unit of work: the part, how many rows of it are in, how many there will be.
pub type Report<'a> = &'a mut (dyn FnMut(Part, usize, usize) + Send);

/// A chain that is in the house.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What it was made from.
    pub plan: Plan,
    /// Whether it was loaded now.
    pub loaded: bool,
    /// Who can sign in.
    pub sign_ins: Vec<SignIn>,
    /// A member to sign in to the shop with: name and telephone; the code is in the message list.
    pub shopper: (Text, String),
}

/// An account of the demo.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Sign-in name.
    pub login: &'static str,
    /// Password.
    pub password: String,
    /// Name.
    pub name: Text,
    /// What the person does.
    pub title: Text,
}

/// Sees to it that the house holds a chain: makes and loads one where it is empty, finishes one that was
/// interrupted, and does nothing where one is in already.
///
/// # Errors
/// `demo.not_empty` when the house holds data of its own; otherwise what the domains answer.
pub fn open<'a>(
    house: &'a House,
    seed: u64,
    size: Size,
    report: Report<'a>,
) -> BoxFuture<'a, Result<Opened>> {
    fill(house, seed, size, report).boxed()
}

async fn fill(house: &House, seed: u64, size: Size, report: Report<'_>) -> Result<Opened> {
    let (plan, finished) = marker::claim(&house.db, seed, size).await?;
    if !finished {
        let chain = Arc::new(generate(&plan));
        write(house, &chain, report).await?;
        marker::finish(&house.db).await?;
    }
    let (staff, shopper) = crate::cast(&plan);
    let sign_ins = staff
        .into_iter()
        .map(|person| SignIn {
            login: person.login,
            password: person.password,
            name: person.name,
            title: person.title,
        })
        .collect();
    Ok(Opened {
        plan,
        loaded: !finished,
        sign_ins,
        shopper,
    })
}

async fn write(house: &House, chain: &Arc<Chain>, report: Report<'_>) -> Result<()> {
    let ctx = Ctx::system("demo");
    shop::write_places(house, &ctx, chain, report).await?;
    let pictures = shop::write_range(house, &ctx, chain, report).await?;
    prices::write(house, &ctx, chain).await?;
    let staff = people::write_staff(house, &ctx, chain, report).await?;
    people::write_members(house, chain, report).await?;
    let holds = shelves::write(house, &ctx, chain, report).await?;
    trade::write_orders(house, chain, pictures, holds, report).await?;
    trade::write_points(house, &ctx, chain, report).await?;
    shop::write_visits(house, chain, report).await?;
    voices::write(house, &ctx, chain, &staff, report).await?;
    unpaid::write(house, chain).await?;
    goods::write(house, chain, &staff).await
}

/// Ranges of at most `step` rows that cover `len` rows.
fn ranges(len: usize, step: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..len)
        .step_by(step)
        .map(move |from| from..(from + step).min(len))
}
