//! Writes the prices of the season: what gold and platinum members pay, what the mini-program sells for less, and
//! three promotions. The past was sold at the catalogue's prices; these hold from now on.

use std::time::Duration;

use base::{CategoryId, Ctx, Currency, PriceListId, PromotionId, Result, Text, Time};
use pricing::{
    Audience, BuyerTier, Effect, EntryPut, EntrySku, Goods, PriceListIn, PromotionIn, SalesChannel,
    SpendStep, ValidList, ValidPromotion,
};

use super::House;
use crate::chain::Chain;
use crate::ids::Ids;

const DAY: Duration = Duration::from_secs(86_400);
/// What gold and platinum members pay, in per cent of the catalogue's price, for one piece and from two on.
const GOLD_PERCENT: [(i64, i64); 2] = [(1, 92), (2, 88)];
const MINI_PROGRAM_PERCENT: [(i64, i64); 1] = [(1, 95)];
const FEN_A_YUAN: i64 = 100;

/// Writes lists and promotions; what is there from an interrupted load is written over with the same.
pub(super) async fn write(house: &House, ctx: &Ctx, chain: &Chain) -> Result<()> {
    let mut ids = Ids::new(chain.seed, "prices");
    for (list, categories, percents) in lists(chain.as_of) {
        let id: PriceListId = ids.at(chain.as_of);
        let list = ValidList::try_from(list)?;
        house.pricing.price_list_create_as(ctx, id, list).await?;
        let entries = entries(chain, categories, percents);
        house.pricing.price_entry_put(ctx, id, entries).await?;
    }
    for promotion in promotions(chain) {
        let id: PromotionId = ids.at(chain.as_of);
        let promotion = ValidPromotion::try_from(promotion)?;
        house.pricing.promotion_create_as(ctx, id, promotion).await?;
    }
    Ok(())
}

type Priced = (PriceListIn, &'static [&'static str], &'static [(i64, i64)]);

fn lists(as_of: Time) -> [Priced; 2] {
    let list = |code: &str, name: Text| PriceListIn {
        code: code.to_owned(),
        name,
        currency: Currency::CNY,
        tax_included: true,
        audience: Audience::default(),
        valid_from: None,
        valid_until: None,
        active: true,
    };
    [
        (
            PriceListIn {
                audience: Audience {
                    tiers: vec![BuyerTier::Gold, BuyerTier::Platinum],
                    ..Audience::default()
                },
                ..list("GOLD", Text::new("金卡与铂金会员价", "Gold and platinum price"))
            },
            &["serum", "cream", "eye"],
            &GOLD_PERCENT,
        ),
        (
            PriceListIn {
                audience: Audience {
                    channels: vec![SalesChannel::MiniProgram],
                    ..Audience::default()
                },
                valid_from: Some(as_of.before(10 * DAY)),
                valid_until: Some(as_of.after(20 * DAY)),
                ..list("MINI", Text::new("小程序专享价", "Mini-program price"))
            },
            &["mask", "bodycare", "hand"],
            &MINI_PROGRAM_PERCENT,
        ),
    ]
}

/// Whole yuan below the share of the catalogue's price.
fn entries(chain: &Chain, categories: &[&str], percents: &[(i64, i64)]) -> Vec<EntryPut> {
    let is_meant = |sku: &&crate::chain::Sku| {
        let category = chain.products[sku.product].category;
        categories.contains(&chain.categories[category].code)
    };
    let mut out = Vec::new();
    for sku in chain.skus.iter().filter(is_meant) {
        for (min_quantity, percent) in percents {
            let price = sku.price_minor * percent / 100 / FEN_A_YUAN * FEN_A_YUAN;
            out.push(EntryPut {
                sku: EntrySku::Id(sku.id),
                min_quantity: *min_quantity,
                amount_minor: Some(price),
            });
        }
    }
    out
}

fn promotions(chain: &Chain) -> [PromotionIn; 3] {
    let promotion = |code: &str, name: Text, effect: Effect| PromotionIn {
        code: code.to_owned(),
        name,
        audience: Audience::default(),
        goods: Goods::default(),
        min_quantity: 0,
        min_amount_minor: 0,
        effect,
        currency: Some(Currency::CNY),
        priority: 0,
        group: None,
        stackable: true,
        typed_code: None,
        valid_from: Some(chain.as_of.before(5 * DAY)),
        valid_until: Some(chain.as_of.after(25 * DAY)),
        active: true,
    };
    let step = |from_minor, off_minor| SpendStep {
        from_minor,
        off_minor,
    };
    [
        PromotionIn {
            priority: 80,
            stackable: false,
            goods: Goods {
                category_ids: category(chain, "lips").into_iter().collect(),
                ..Goods::default()
            },
            currency: None,
            ..promotion(
                "LIPS-3-FOR-2",
                Text::new("唇妆买二送一", "Lips: three for two"),
                Effect::BuyGet {
                    buy: 2,
                    get: 1,
                    basis_points: 10_000,
                },
            )
        },
        PromotionIn {
            priority: 50,
            group: Some("season".to_owned()),
            ..promotion(
                "SEASON-STEPS",
                Text::new("换季满减", "Season's savings"),
                Effect::SpendSteps {
                    steps: vec![step(50_000, 4_000), step(80_000, 8_000)],
                },
            )
        },
        PromotionIn {
            priority: 10,
            audience: Audience {
                tiers: vec![BuyerTier::Silver, BuyerTier::Gold, BuyerTier::Platinum],
                ..Audience::default()
            },
            min_amount_minor: 4_900,
            valid_until: None,
            ..promotion(
                "CARD-DELIVERY",
                Text::new("银卡以上满 49 免运费", "Free delivery from silver on"),
                Effect::FreeShipping,
            )
        },
    ]
}

fn category(chain: &Chain, code: &str) -> Option<CategoryId> {
    chain
        .categories
        .iter()
        .find(|category| category.code == code)
        .map(|category| category.id)
}
