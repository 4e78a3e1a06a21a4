//! What a generated chain consists of. Rows point to each other by position in the
//! chain's own tables (`place`, `sku`, `member` ...) and carry the identifier they will
//! have in the house.

use base::{
    ActionId, CategoryId, FeedbackId, FulfilmentId, IssueId, MediaId, MemberId, MovementId, OrderId,
    OrderLineId, PaymentId, PlaceId, ProductId, ReturnId, SkuId, SurveyId, Text, Time,
};
use jiff::civil::Date;

use crate::data::voices::Aspect;
use crate::stories::Plot;

/// Everything, in the order it can be written.
#[derive(Debug, Clone)]
pub struct Chain {
    /// The seed it was made from.
    pub seed: u64,
    /// The present of its history.
    pub as_of: Time,
    /// Stores first, then warehouses.
    pub places: Vec<Place>,
    /// Parents before children.
    pub categories: Vec<Category>,
    /// Products with their pictures.
    pub products: Vec<Product>,
    /// SKUs, grouped by product.
    pub skus: Vec<Sku>,
    /// People who sign in to the console and the store app.
    pub staff: Vec<Staff>,
    /// Members.
    pub members: Vec<Member>,
    /// Orders by the time they were placed.
    pub orders: Vec<Order>,
    /// Stock ledger by time.
    pub movements: Vec<Movement>,
    /// Stock balances, one for every SKU a place carries.
    pub levels: Vec<Level>,
    /// Answers and other voices by time.
    pub voices: Vec<Voice>,
    /// Issues by number.
    pub issues: Vec<Issue>,
}

/// Store or warehouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// Sells to people.
    Store,
    /// Supplies stores and homes.
    Warehouse,
}

/// An address in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Province or municipality.
    pub province: Text,
    /// City.
    pub city: Text,
    /// District.
    pub district: Text,
    /// Street and number.
    pub line: Text,
    /// Postcode.
    pub postcode: String,
}

/// A place.
#[derive(Debug, Clone)]
pub struct Place {
    /// Identifier.
    pub id: PlaceId,
    /// Code such as `HZ-001`.
    pub code: String,
    /// Store or warehouse.
    pub kind: PlaceKind,
    /// Name.
    pub name: Text,
    /// Sales region.
    pub region: &'static str,
    /// Position of its city in the city table.
    pub(crate) city: usize,
    /// Address.
    pub address: Address,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Floor.
    pub area_m2: u32,
    /// Telephone.
    pub phone: String,
    /// Opening and closing on each day from Monday, `HH:MM`.
    pub hours: [(&'static str, &'static str); 7],
    /// `collect`, `ship`, `return`, `deliver_local`.
    pub services: Vec<&'static str>,
    /// Minutes from order to ready for collection.
    pub prep_minutes: u32,
    /// Orders it can prepare in a day.
    pub daily_orders: u32,
    /// How busy it is beside other places.
    pub(crate) pull: u64,
    /// The warehouse that supplies it; itself for a warehouse.
    pub supplied_by: usize,
    /// When it opened in the books.
    pub opened_at: Time,
}

/// A category.
#[derive(Debug, Clone)]
pub struct Category {
    /// Identifier.
    pub id: CategoryId,
    /// Code.
    pub code: &'static str,
    /// Parent in the category table.
    pub parent: Option<usize>,
    /// Name.
    pub name: Text,
    /// Order among siblings.
    pub position: u32,
}

/// A self-made picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Identifier.
    pub id: MediaId,
    /// SVG 1.1, at most 4,096 bytes.
    pub svg: String,
    /// What it shows.
    pub alt: Text,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

/// A property of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Stable key.
    pub key: &'static str,
    /// What the property is called.
    pub label: Text,
    /// Its value.
    pub value: Text,
}

/// A product.
#[derive(Debug, Clone)]
pub struct Product {
    /// Identifier.
    pub id: ProductId,
    /// Code.
    pub code: &'static str,
    /// Its category.
    pub category: usize,
    /// Name.
    pub name: Text,
    /// House line.
    pub brand: Text,
    /// Description.
    pub description: Text,
    /// Properties.
    pub attributes: Vec<Attribute>,
    /// Pictures, the packshot first.
    pub pictures: Vec<Picture>,
    /// Its SKUs in the SKU table.
    pub skus: std::ops::Range<usize>,
    /// When it entered the range.
    pub published_at: Time,
}

/// A SKU.
#[derive(Debug, Clone)]
pub struct Sku {
    /// Identifier.
    pub id: SkuId,
    /// Its product.
    pub product: usize,
    /// Code such as `FD01-N20`.
    pub code: String,
    /// EAN-13.
    pub barcode: String,
    /// Size or shade.
    pub option: Text,
    /// Price in fen.
    pub price_minor: i64,
    /// How often it is bought beside others.
    pub(crate) pull: u64,
}

/// What a person on the staff does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
    /// Sees the chain.
    HeadOffice,
    /// Runs a store.
    StoreManager,
    /// Serves in a store.
    Associate,
    /// Answers customers.
    ServiceAgent,
    /// Plans campaigns.
    Marketer,
    /// Owns the loop from word to fix.
    ExperienceManager,
}

/// How far a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole chain.
    All,
    /// One place.
    Place(usize),
}

/// A person who signs in.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Sign-in name.
    pub login: &'static str,
    /// Name.
    pub name: Text,
    /// What the person does, for the list printed at the start.
    pub title: Text,
    /// Password for the demo; the same for the same seed.
    pub password: String,
    /// Role.
    pub role: Role,
    /// Reach.
    pub scope: Scope,
    /// Store the person works in.
    pub home: Option<usize>,
}

/// A member's gender as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// Woman.
    Woman,
    /// Man.
    Man,
}

/// Permission for one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// `service`, `marketing_sms` or `personalisation`.
    pub purpose: &'static str,
    /// Given or refused.
    pub granted: bool,
    /// When.
    pub at: Time,
}

/// A member.
#[derive(Debug, Clone)]
pub struct Member {
    /// Identifier.
    pub id: MemberId,
    /// Card number.
    pub number: String,
    /// Name in Chinese characters and in pinyin.
    pub name: Text,
    /// E.164.
    pub phone: String,
    /// Gender.
    pub gender: Gender,
    /// Date of birth, where given.
    pub birthday: Option<Date>,
    /// Whether English is preferred.
    pub english: bool,
    /// The store where most is bought.
    pub home: usize,
    /// Tags associates set.
    pub tags: Vec<Text>,
    /// What associates noted.
    pub notes: Option<Text>,
    /// Permissions.
    pub consents: Vec<Consent>,
    /// When the member joined.
    pub joined_at: Time,
    /// How often the member buys beside others.
    pub(crate) activity: u64,
    /// Position in a shade table that suits the complexion.
    pub(crate) complexion: usize,
    /// Skin type, a position in the table of types.
    pub(crate) skin: usize,
}

/// How an order reaches the customer.
#[derive(Debug, Clone)]
pub enum Fulfilment {
    /// Carried out of the store at the till.
    TakeAway,
    /// Collected with a code.
    Collect,
    /// Brought home.
    Delivery {
        /// Where to.
        address: Box<Address>,
        /// Carrier and tracking number once it is on its way.
        tracking: (&'static str, String),
    },
}

/// The moments of an order's life that have come to pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Steps {
    /// Paid.
    pub paid: Option<Time>,
    /// A place was asked to serve it.
    pub allocated: Option<Time>,
    /// Picked; ready for collection or dispatch.
    pub ready: Option<Time>,
    /// Given to the carrier.
    pub shipped: Option<Time>,
    /// Collected, delivered or taken along: the goods are with the customer.
    pub received: Option<Time>,
    /// Nothing is open any more.
    pub closed: Option<Time>,
    /// Cancelled by the customer.
    pub cancelled: Option<Time>,
    /// The hold ran out unpaid.
    pub expired: Option<Time>,
    /// No place could serve it: a person must decide.
    pub rejected: Option<Time>,
}

/// The state an order is in, as the house names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderState {
    /// Stock held, money awaited.
    PendingPayment,
    /// A place was asked.
    Allocated,
    /// Waiting at the place.
    Ready,
    /// With the carrier.
    Shipped,
    /// Collected.
    Collected,
    /// Delivered.
    Delivered,
    /// Done.
    Closed,
    /// Cancelled.
    Cancelled,
    /// Never paid.
    Expired,
    /// A person must decide.
    NeedsDecision,
    /// All of it came back.
    Returned,
    /// Some of it came back.
    PartlyReturned,
}

/// A line of an order.
#[derive(Debug, Clone)]
pub struct Line {
    /// Identifier.
    pub id: OrderLineId,
    /// What.
    pub sku: usize,
    /// How many.
    pub quantity: i64,
    /// Price of one in fen.
    pub unit_minor: i64,
    /// Taken off the whole line in fen.
    pub discount_minor: i64,
    /// How many came back.
    pub returned: i64,
}

impl Line {
    /// What the line costs.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        self.unit_minor * self.quantity - self.discount_minor
    }

    /// Money for `quantity` of the line's pieces, never more in sum than was paid.
    #[must_use]
    pub fn share_minor(&self, quantity: i64) -> i64 {
        self.total_minor() * quantity / self.quantity
    }
}

/// How a payment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Money awaited.
    Pending,
    /// Money taken.
    Captured,
    /// Refused by the provider.
    Declined,
    /// Let go before money moved.
    Voided,
}

/// A payment.
#[derive(Debug, Clone)]
pub struct Payment {
    /// Identifier.
    pub id: PaymentId,
    /// At the till rather than online.
    pub in_store: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// Amount in fen.
    pub amount_minor: i64,
    /// Sent back in fen.
    pub refunded_minor: i64,
    /// When it began.
    pub created_at: Time,
    /// When it ended.
    pub settled_at: Option<Time>,
}

/// In what state a returned piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Back to the shelf.
    Sellable,
    /// Somebody must look at it first.
    Inspect,
    /// Written off.
    Damaged,
}

/// A returned line.
#[derive(Debug, Clone)]
pub struct ReturnLine {
    /// Position among the order's lines.
    pub line: usize,
    /// How many.
    pub quantity: i64,
    /// `defective`, `wrong_item`, `not_as_described`, `changed_mind`, `damaged_in_transit`, `other`.
    pub reason: &'static str,
    /// State of the goods.
    pub condition: Condition,
    /// Money back in fen.
    pub refund_minor: i64,
}

/// Goods brought back.
#[derive(Debug, Clone)]
pub struct GoodsReturn {
    /// Identifier.
    pub id: ReturnId,
    /// Where they were taken back.
    pub place: usize,
    /// What.
    pub lines: Vec<ReturnLine>,
    /// When.
    pub at: Time,
    /// Money back in fen.
    pub refund_minor: i64,
}

/// An order.
#[derive(Debug, Clone)]
pub struct Order {
    /// Identifier.
    pub id: OrderId,
    /// `web`, `app`, `mini_program` or `store`.
    pub channel: &'static str,
    /// Who, when known.
    pub member: Option<usize>,
    /// Name and telephone given for this order.
    pub contact: Option<(String, String)>,
    /// Store of sale or collection, or the place that ships.
    pub place: usize,
    /// How it reaches the customer.
    pub fulfilment: Fulfilment,
    /// Identifier of the fulfilment.
    pub fulfilment_id: FulfilmentId,
    /// Lines.
    pub lines: Vec<Line>,
    /// Shipping in fen.
    pub shipping_minor: i64,
    /// Payments, the last one decisive.
    pub payments: Vec<Payment>,
    /// Returns.
    pub returns: Vec<GoodsReturn>,
    /// When it was placed.
    pub placed_at: Time,
    /// What has happened since.
    pub steps: Steps,
    /// The story it belongs to.
    pub(crate) plot: Plot,
}

impl Order {
    /// List price of the goods.
    #[must_use]
    pub fn goods_minor(&self) -> i64 {
        self.lines
            .iter()
            .map(|line| line.unit_minor * line.quantity)
            .sum()
    }

    /// Taken off all lines.
    #[must_use]
    pub fn discount_minor(&self) -> i64 {
        self.lines.iter().map(|line| line.discount_minor).sum()
    }

    /// What the customer pays.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        self.goods_minor() - self.discount_minor() + self.shipping_minor
    }

    /// Whether the goods are or were with the customer.
    #[must_use]
    pub fn was_received(&self) -> bool {
        self.steps.received.is_some()
    }

    /// The state its history has led to.
    #[must_use]
    pub fn state(&self) -> OrderState {
        let steps = &self.steps;
        let bought: i64 = self.lines.iter().map(|line| line.quantity).sum();
        let returned: i64 = self.lines.iter().map(|line| line.returned).sum();
        if returned == bought {
            return OrderState::Returned;
        }
        if returned > 0 {
            return OrderState::PartlyReturned;
        }
        let collects = matches!(self.fulfilment, Fulfilment::Collect);
        match steps {
            Steps {
                cancelled: Some(_), ..
            } => OrderState::Cancelled,
            Steps { expired: Some(_), .. } => OrderState::Expired,
            Steps {
                rejected: Some(_), ..
            } => OrderState::NeedsDecision,
            Steps { closed: Some(_), .. } => OrderState::Closed,
            Steps {
                received: Some(_), ..
            } if collects => OrderState::Collected,
            Steps {
                received: Some(_), ..
            } => OrderState::Delivered,
            Steps { shipped: Some(_), .. } => OrderState::Shipped,
            Steps { ready: Some(_), .. } => OrderState::Ready,
            Steps {
                allocated: Some(_), ..
            } => OrderState::Allocated,
            _ => OrderState::PendingPayment,
        }
    }
}

/// Kind of a ledger entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MovementKind {
    /// From a supplier.
    Receipt,
    /// To a customer.
    Sale,
    /// From a customer.
    Return,
    /// Leaves for another place.
    TransferOut,
    /// Arrives from another place.
    TransferIn,
    /// Found by counting.
    Count,
    /// Written off.
    Damage,
    /// Set aside; the quantity is the effect on what is quarantined.
    Quarantine,
    /// No longer set aside; the quantity is the effect on what is quarantined.
    Release,
}

impl MovementKind {
    /// Whether it changes what is set aside rather than what is there.
    #[must_use]
    pub const fn sets_aside(self) -> bool {
        matches!(self, Self::Quarantine | Self::Release)
    }
}

/// The document behind a ledger entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// None.
    None,
    /// An order.
    Order(usize),
    /// A return of an order.
    Return(usize),
}

/// A stock ledger entry.
#[derive(Debug, Clone)]
pub struct Movement {
    /// Identifier.
    pub id: MovementId,
    /// Kind.
    pub kind: MovementKind,
    /// What.
    pub sku: usize,
    /// Where.
    pub place: usize,
    /// The other end of a transfer.
    pub counterpart: Option<usize>,
    /// Effect on what is on hand; for a quarantine on what is quarantined.
    pub quantity: i64,
    /// Document.
    pub source: Source,
    /// When.
    pub at: Time,
}

/// A stock balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// What.
    pub sku: usize,
    /// Where.
    pub place: usize,
    /// There, whoever it is for.
    pub on_hand: i64,
    /// Promised to open orders.
    pub reserved: i64,
    /// Set aside.
    pub quarantined: i64,
    /// On its way here.
    pub in_transit: i64,
    /// Kept back from online sale.
    pub safety_stock: i64,
}

/// Where a voice was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VoiceSource {
    /// Survey after an order.
    Survey,
    /// Noted at the counter.
    Counter,
    /// Written in the chat.
    Chat,
    /// Product review.
    Review,
    /// Written by a member.
    Member,
}

/// What became of a voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceState {
    /// Nobody has dealt with it.
    New,
    /// Part of an issue.
    Grouped,
    /// Answered.
    Answered,
    /// Needs nothing.
    Dismissed,
}

/// A voice, with the survey it answers where there is one.
#[derive(Debug, Clone)]
pub struct Voice {
    /// Identifier of the feedback; `None` for a score without words.
    pub feedback: Option<FeedbackId>,
    /// The survey: identifier, when it was sent.
    pub survey: Option<(SurveyId, Time)>,
    /// When it was answered or said; `None` while a survey waits.
    pub at: Option<Time>,
    /// Where it was heard.
    pub source: VoiceSource,
    /// 1 to 5.
    pub score: Option<i64>,
    /// The words, empty for a score alone.
    pub text: String,
    /// Whether the words are English.
    pub english: bool,
    /// What it is about, where the words say so.
    pub aspect: Option<Aspect>,
    /// What became of it.
    pub state: VoiceState,
    /// About which place.
    pub place: usize,
    /// About which order.
    pub order: Option<usize>,
    /// Who.
    pub member: Option<usize>,
    /// About which product.
    pub product: Option<usize>,
    /// The issue it belongs to.
    pub issue: Option<usize>,
}

/// How far an issue has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueState {
    /// The fix is done and its effect is measured.
    Proving,
    /// Proven and answered.
    Closed,
}

/// A step of an issue's plan.
#[derive(Debug, Clone)]
pub struct IssueAction {
    /// Identifier.
    pub id: ActionId,
    /// What is to be done.
    pub title: Text,
    /// Who.
    pub owner: usize,
    /// By when.
    pub due_on: Date,
    /// When it was done.
    pub done_at: Time,
}

/// What is compared before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Share of survey answers of 1 or 2.
    LowScoreShare,
    /// Share of sold pieces that came back.
    ReturnRate,
}

/// A comparison of two periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// What is compared.
    pub metric: Metric,
    /// For one product.
    pub product: Option<usize>,
    /// For one place.
    pub place: Option<usize>,
    /// First and last moment before.
    pub before: (Time, Time),
    /// First and last moment after.
    pub after: (Time, Time),
    /// When it was computed.
    pub computed_at: Time,
}

/// An issue.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Identifier.
    pub id: IssueId,
    /// Number people read.
    pub number: i64,
    /// Title.
    pub title: Text,
    /// How far it has come.
    pub state: IssueState,
    /// `low`, `normal`, `high`, `urgent`.
    pub priority: &'static str,
    /// Who owns it.
    pub owner: usize,
    /// By when.
    pub due_on: Date,
    /// What the cause was.
    pub cause: Text,
    /// The plan.
    pub actions: Vec<IssueAction>,
    /// Proof.
    pub proof: Proof,
    /// The answer to everybody who raised it, once closed.
    pub answer: Option<Text>,
    /// When it was opened.
    pub opened_at: Time,
    /// When it was closed.
    pub closed_at: Option<Time>,
}
