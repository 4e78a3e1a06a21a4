//! Half a year of orders: who buys what, where, when, and for how much.

use base::Time;

use crate::calendar::local_date;
use crate::chain::{Address, Fulfilment, Line, Order, Outcome, Payment, Steps};
use crate::data::categories::{Choice, Skin};
use crate::fulfil;
use crate::ids::Ids;
use crate::places::stores;
use crate::rng::{Lottery, Rng};
use crate::stories::{self, Draft, OpenStage, Plot, Stage};

/// Goods of at least this worth, in fen, are shipped free.
const FREE_SHIPPING_FROM: i64 = 9_900;
const SHIPPING_MINOR: i64 = 1_000;
/// What festivals take off a line, in per cent.
const FESTIVAL_OFF: i64 = 15;
/// What a coupon of ordinary days takes off, in per cent.
const COUPON_OFF: i64 = 10;

const CHANNELS: [&str; 4] = ["store", "mini_program", "app", "web"];
const ORDINARY_MIX: [u32; 4] = [46, 28, 14, 12];
const FESTIVAL_MIX: [u32; 4] = [27, 38, 21, 14];

/// All orders by the time they were placed.
pub(crate) fn trade(stage: &Stage, count: usize) -> Vec<Order> {
    let mut drafts = stories::drafts(stage);
    let mut rng = Rng::stream(stage.seed, "orders");
    let days = Lottery::new((0..stage.calendar.days()).map(|day| stage.calendar.demand_so_far(day)));
    let buyers = Buyers::new(stage);
    while drafts.len() < count {
        drafts.push(draft(stage, &days, &buyers, &mut rng));
    }
    drafts.sort_by_key(|draft| draft.placed_at);
    let mut shelf = Shelf::new(stage);
    let mut ids = Ids::new(stage.seed, "orders.ids");
    drafts
        .into_iter()
        .map(|draft| place_order(stage, draft, &mut shelf, &mut ids, &mut rng))
        .collect()
}

/// Who may be drawn as a buyer.
struct Buyers {
    by_activity: Lottery,
    stores: Lottery,
}

impl Buyers {
    fn new(stage: &Stage) -> Self {
        Self {
            by_activity: Lottery::new(stage.members.iter().map(|member| member.activity)),
            stores: Lottery::new(stores(&stage.places).iter().map(|place| place.pull)),
        }
    }

    /// A member who had joined by then.
    fn member(&self, stage: &Stage, moment: Time, rng: &mut Rng) -> Option<usize> {
        (0..12)
            .filter_map(|_| self.by_activity.draw(rng))
            .find(|member| stage.members[*member].joined_at < moment)
    }
}

fn draft(stage: &Stage, days: &Lottery, buyers: &Buyers, rng: &mut Rng) -> Draft {
    let day = days.draw(rng).unwrap_or_else(|| stage.calendar.today());
    let mix = if stage.calendar.is_festival(day) {
        &FESTIVAL_MIX
    } else {
        &ORDINARY_MIX
    };
    let channel = CHANNELS[rng.weighted(mix)];
    let in_store = channel == "store";
    let placed_at = stage.calendar.shopping_moment(day, in_store, rng);
    let known = match channel {
        "store" => rng.per_mille(660),
        "web" => rng.per_mille(800),
        _ => true,
    };
    let member = if known {
        buyers.member(stage, placed_at, rng)
    } else {
        None
    };
    // The app and the mini-program are for members only.
    let channel = if member.is_none() && !in_store {
        "web"
    } else {
        channel
    };
    let home = member.map_or_else(
        || buyers.stores.draw(rng).unwrap_or(0),
        |member| stage.members[member].home,
    );
    let place = match rng.below(100) {
        0..78 => home,
        78..90 => same_city(stage, home, rng),
        _ => buyers.stores.draw(rng).unwrap_or(home),
    };
    Draft {
        placed_at,
        channel,
        member,
        place: Some(place),
        collects: None,
        skus: Vec::new(),
        plot: Plot::Daily,
    }
}

fn same_city(stage: &Stage, home: usize, rng: &mut Rng) -> usize {
    let city = stage.places[home].city;
    let there: Vec<usize> = stores(&stage.places)
        .iter()
        .enumerate()
        .filter(|(_, place)| place.city == city)
        .map(|(at, _)| at)
        .collect();
    *rng.pick(&there)
}

/// What is bought how often, and what everybody bought before.
struct Shelf {
    lottery: Lottery,
    /// SKU and moment of what a member bought last, newest last.
    history: Vec<Vec<(usize, Time)>>,
}

/// Purchases remembered per member.
const REMEMBERED: usize = 6;

impl Shelf {
    fn new(stage: &Stage) -> Self {
        Self {
            lottery: Lottery::new(stage.catalogue.skus.iter().map(|sku| sku.pull)),
            history: vec![Vec::new(); stage.members.len()],
        }
    }

    /// Distinct SKUs for one order.
    fn basket(&mut self, stage: &Stage, member: Option<usize>, moment: Time, rng: &mut Rng) -> Vec<usize> {
        let wanted = 1 + rng.weighted(&[52, 28, 13, 5, 2]);
        let mut skus: Vec<usize> = Vec::with_capacity(wanted);
        if let Some(again) = member.and_then(|member| self.due_again(stage, member, moment))
            && rng.per_mille(620)
        {
            skus.push(again);
        }
        for _ in 0..wanted * 6 {
            if skus.len() >= wanted {
                break;
            }
            let Some(sku) = self.lottery.draw(rng) else { break };
            let sku = suit(stage, sku, member, rng);
            if !skus.contains(&sku) && wanted_now(stage, sku, member, moment, rng) {
                skus.push(sku);
            }
        }
        if skus.is_empty() {
            skus.push(0);
        }
        if let Some(member) = member {
            self.remember(member, &skus, moment);
        }
        skus
    }

    /// The oldest remembered purchase that should be used up by now.
    fn due_again(&self, stage: &Stage, member: usize, moment: Time) -> Option<usize> {
        self.history[member]
            .iter()
            .find(|(sku, bought)| {
                let lasts = u64::from(stage.catalogue.row(*sku).lasts);
                lasts > 0 && moment.since(*bought).as_secs() > lasts * 86_400 * 7 / 10
            })
            .map(|(sku, _)| *sku)
    }

    fn remember(&mut self, member: usize, skus: &[usize], moment: Time) {
        let history = &mut self.history[member];
        history.retain(|(sku, _)| !skus.contains(sku));
        history.extend(skus.iter().map(|sku| (*sku, moment)));
        let surplus = history.len().saturating_sub(REMEMBERED);
        history.drain(..surplus);
    }
}

/// The shade a person wears instead of the one drawn.
fn suit(stage: &Stage, sku: usize, member: Option<usize>, rng: &mut Rng) -> usize {
    let product = &stage.catalogue.products[stage.catalogue.skus[sku].product];
    let row = stage.catalogue.row(sku);
    let (Some(member), Choice::Shades(_, shades)) = (member, row.choice) else {
        return sku;
    };
    if row.category != "foundation" && row.category != "concealer" || rng.per_mille(120) {
        return sku;
    }
    let nth = stage.members[member].complexion * shades.len() / 10;
    product.skus.start + nth.min(shades.len() - 1)
}

/// Season and skin type turn some goods down.
fn wanted_now(stage: &Stage, sku: usize, member: Option<usize>, moment: Time, rng: &mut Rng) -> bool {
    let row = stage.catalogue.row(sku);
    let summer = (5..=8).contains(&local_date(moment).month());
    let season = match row.category {
        "sunscreen" if !summer => 400,
        "cream" | "hand" if summer => 550,
        _ => 1_000,
    };
    let suits = match (member, row.skin) {
        (_, Skin::All | Skin::None) | (None, _) => 1_000,
        (Some(member), skin) if Skin::PEOPLE[stage.members[member].skin] == skin => 1_000,
        _ => 300,
    };
    rng.per_mille(season * suits / 1_000)
}

/// Draws the details of an order and lets its life run until now.
fn place_order(stage: &Stage, draft: Draft, shelf: &mut Shelf, ids: &mut Ids, rng: &mut Rng) -> Order {
    let placed_at = draft.placed_at;
    let in_store = draft.channel == "store";
    let skus = if draft.skus.is_empty() {
        shelf.basket(stage, draft.member, placed_at, rng)
    } else {
        draft.skus
    };
    let off = per_cent_off(stage, &draft.plot, placed_at, rng);
    let lines: Vec<Line> = skus
        .into_iter()
        .map(|sku| line(stage, sku, off, placed_at, ids, rng))
        .collect();
    let store = draft.place.unwrap_or(stories::HUBIN);
    let collects = draft.collects.unwrap_or_else(|| rng.per_mille(360));
    let fulfilment = if in_store {
        Fulfilment::TakeAway
    } else if collects {
        Fulfilment::Collect
    } else {
        Fulfilment::Delivery {
            address: Box::new(home_address(stage, store, rng)),
            tracking: tracking(rng),
        }
    };
    let place = match fulfilment {
        Fulfilment::Delivery { .. } => shipped_from(stage, store, rng),
        _ => store,
    };
    let goods: i64 = lines.iter().map(Line::total_minor).sum();
    let delivered = matches!(fulfilment, Fulfilment::Delivery { .. });
    let mut order = Order {
        id: ids.at(placed_at),
        channel: draft.channel,
        member: draft.member,
        contact: contact(stage, draft.member, in_store, rng),
        place,
        fulfilment_id: ids.at(placed_at),
        fulfilment,
        lines,
        shipping_minor: if delivered && goods < FREE_SHIPPING_FROM {
            SHIPPING_MINOR
        } else {
            0
        },
        payments: Vec::new(),
        returns: Vec::new(),
        placed_at,
        steps: Steps::default(),
        plot: draft.plot,
    };
    order.steps = fulfil::live(stage, &order, rng);
    order.payments = payments(&order, in_store, ids, rng);
    order
}

fn per_cent_off(stage: &Stage, plot: &Plot, placed_at: Time, rng: &mut Rng) -> i64 {
    if matches!(plot, Plot::Heroine) {
        0
    } else if stage.calendar.is_festival(stage.calendar.day_of(placed_at)) {
        FESTIVAL_OFF
    } else if rng.per_mille(70) {
        COUPON_OFF
    } else {
        0
    }
}

fn line(stage: &Stage, sku: usize, off: i64, moment: Time, ids: &mut Ids, rng: &mut Rng) -> Line {
    let row = stage.catalogue.row(sku);
    let many = matches!(row.category, "mask" | "sponge" | "hand");
    let quantity = if many {
        1 + rng.weighted(&[70, 20, 10])
    } else {
        1 + rng.weighted(&[940, 55, 5])
    };
    let quantity = i64::try_from(quantity).unwrap_or(1);
    let unit_minor = stage.catalogue.skus[sku].price_minor;
    Line {
        id: ids.at(moment),
        sku,
        quantity,
        unit_minor,
        discount_minor: unit_minor * quantity * off / 100,
        returned: 0,
    }
}

/// Parcels come from the regional warehouse, some from a store that ships.
fn shipped_from(stage: &Stage, store: usize, rng: &mut Rng) -> usize {
    let place = &stage.places[store];
    if place.services.contains(&"ship") && rng.per_mille(130) {
        store
    } else {
        place.supplied_by
    }
}

/// A flat in the city of a store.
fn home_address(stage: &Stage, store: usize, rng: &mut Rng) -> Address {
    const ESTATES: [(&str, &str); 12] = [
        ("锦绣花园", "Jinxiu Garden"),
        ("和平里", "Heping Lane"),
        ("翠苑新村", "Cuiyuan Estate"),
        ("阳光城", "Sunshine Court"),
        ("枫林公寓", "Maple Apartments"),
        ("滨河家园", "Riverside Homes"),
        ("学府一号", "Campus One"),
        ("望江府", "River View Residence"),
        ("东湖小区", "East Lake Estate"),
        ("金桂苑", "Osmanthus Court"),
        ("紫竹园", "Purple Bamboo Garden"),
        ("天际公馆", "Skyline House"),
    ];
    let near = &stage.places[store].address;
    let (zh, en) = rng.pick(&ESTATES);
    let (block, unit, flat) = (
        rng.between(1, 28),
        rng.between(1, 4),
        rng.between(1, 24) * 100 + rng.between(1, 6),
    );
    Address {
        line: base::Text::new(
            format!("{zh} {block} 幢 {unit} 单元 {flat} 室"),
            format!("Flat {flat}, Unit {unit}, Block {block}, {en}"),
        ),
        ..near.clone()
    }
}

fn tracking(rng: &mut Rng) -> (&'static str, String) {
    // Invented carriers, so that nobody looks a parcel up in vain.
    let (carrier, letters) = *rng.pick(&[("云达速运", "YD"), ("极风快递", "JF"), ("顺路物流", "SL")]);
    (carrier, format!("{letters}{:012}", rng.below(1_000_000_000_000)))
}

fn contact(stage: &Stage, member: Option<usize>, in_store: bool, rng: &mut Rng) -> Option<(String, String)> {
    match member {
        Some(member) => {
            let person = &stage.members[member];
            let name = if person.english {
                &person.name.en
            } else {
                &person.name.zh
            };
            Some((name.clone(), person.phone.clone()))
        }
        None if in_store => None,
        None => {
            let name = rng.pick(&["陈女士", "李女士", "王先生", "周女士", "刘小姐"]);
            Some(((*name).to_owned(), format!("+861540{:07}", rng.below(10_000_000))))
        }
    }
}

/// The payments behind what has happened; now and then the first try was declined.
fn payments(order: &Order, in_store: bool, ids: &mut Ids, rng: &mut Rng) -> Vec<Payment> {
    let amount_minor = order.total_minor();
    let begin = order.placed_at;
    let payment = |ids: &mut Ids, created_at: Time, outcome, settled_at| Payment {
        id: ids.at(created_at),
        in_store,
        outcome,
        amount_minor,
        refunded_minor: 0,
        created_at,
        settled_at,
    };
    let Some(paid) = order.steps.paid else {
        let (outcome, settled) = match order.steps.expired {
            Some(expired) => (Outcome::Voided, Some(expired)),
            None => (Outcome::Pending, None),
        };
        return vec![payment(ids, begin, outcome, settled)];
    };
    let mut payments = Vec::with_capacity(1);
    if !in_store && rng.per_mille(18) {
        let half = Time::from_micros(begin.micros().midpoint(paid.micros()));
        payments.push(payment(ids, begin, Outcome::Declined, Some(half)));
        payments.push(payment(ids, half, Outcome::Captured, Some(paid)));
    } else {
        payments.push(payment(ids, begin, Outcome::Captured, Some(paid)));
    }
    if order.steps.cancelled.is_some()
        && let Some(last) = payments.last_mut()
    {
        last.refunded_minor = amount_minor;
    }
    payments
}

/// Where a story leaves an order standing, if one does.
pub(crate) fn is_open_story(order: &Order) -> Option<OpenStage> {
    match order.plot {
        Plot::Open(stage) => Some(stage),
        _ => None,
    }
}
