//! What expected supply is made of.

use base::{PlaceId, SkuId, SupplyId, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::words;

words! {
    /// What kind of document promises the goods.
    SupplyKind {
        /// They were ordered.
        PurchaseOrder = "purchase_order",
        /// They have left the supplier.
        ShippingNotice = "shipping_notice",
    }
}

words! {
    /// Where expected supply stands.
    SupplyState {
        /// All or some of it is still to come.
        Expected = "expected",
        /// Everything that comes has come.
        Received = "received",
        /// It does not come.
        Cancelled = "cancelled",
    }
}

words! {
    /// What was done to expected supply.
    SupplyStepKind {
        /// Somebody entered it.
        Entered = "entered",
        /// It comes on another day.
        Slipped = "slipped",
        /// Other pieces come.
        Changed = "changed",
        /// It arrived, all or some.
        Received = "received",
        /// It does not come.
        Cancelled = "cancelled",
    }
}

words! {
    /// Where what is due comes from.
    DueKind {
        /// Ordered from a supplier.
        PurchaseOrder = "purchase_order",
        /// On its way from a supplier.
        ShippingNotice = "shipping_notice",
        /// On its way from another place.
        Transfer = "transfer",
    }
}

/// So many of a SKU.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplyQuantity {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub quantity: i64,
}

/// Supply to be expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewSupply {
    /// What promises it.
    pub kind: SupplyKind,
    /// The document's own number.
    pub reference: String,
    /// Where it is due.
    pub place_id: PlaceId,
    /// By when.
    pub due_at: Time,
    /// What; one entry a SKU.
    pub lines: Vec<SupplyQuantity>,
    /// A word about it.
    pub note: Option<String>,
}

/// A change of what is expected.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SupplyChange {
    /// It comes by then instead.
    pub due_at: Option<Time>,
    /// So many of these SKUs come in all, those that have arrived included; SKUs that are not named stay as they are.
    pub lines: Vec<SupplyQuantity>,
    /// Do it though promises are left without goods.
    pub overriding: bool,
    /// Why.
    pub note: Option<String>,
}

/// What arrived.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SupplyArrival {
    /// By SKU; everything that is still to come when none are named.
    pub lines: Vec<SupplyQuantity>,
    /// Whether what is missing does not come any more.
    pub last: bool,
    /// Do it though promises are left without goods.
    pub overriding: bool,
    /// A word about it.
    pub note: Option<String>,
}

/// What a list of expected supply is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct SupplyFilter {
    /// Only at this place.
    pub place: Option<PlaceId>,
    /// Only with this SKU in it.
    pub sku: Option<SkuId>,
    /// Only in this state.
    pub state: Option<SupplyState>,
}

/// A line of expected supply.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SupplyLine {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many were to come in all.
    pub expected: i64,
    /// How many have arrived.
    pub arrived: i64,
    /// How many are still to come.
    pub due: i64,
}

/// One thing that was done to expected supply.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SupplyStep {
    /// What.
    pub kind: SupplyStepKind,
    /// Who.
    pub actor: String,
    /// When.
    pub at: Time,
    /// A word about it.
    pub note: Option<String>,
    /// By when it was due before, where that changed.
    pub due_before: Option<Time>,
    /// By when it was due then.
    pub due_at: Time,
    /// The pieces it was about.
    pub lines: Vec<SupplyQuantity>,
}

/// Expected supply as lists show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SupplySummary {
    /// Its identifier.
    pub id: SupplyId,
    /// What promises it.
    pub kind: SupplyKind,
    /// The document's own number.
    pub reference: String,
    /// Where it is due.
    pub place_id: PlaceId,
    /// Where it stands.
    pub state: SupplyState,
    /// By when it is due.
    pub due_at: Time,
    /// By when it was due at first.
    pub first_due_at: Time,
    /// How often it was put off.
    pub slips: i64,
    /// Whether its day has passed and it is not here.
    pub overdue: bool,
    /// A word about it.
    pub note: Option<String>,
    /// How many SKUs are on it.
    pub skus: i64,
    /// How many pieces were to come in all.
    pub expected: i64,
    /// How many pieces are still to come.
    pub due: i64,
    /// Who entered it.
    pub entered_by: String,
    /// When.
    pub entered_at: Time,
    /// When something last happened to it.
    pub updated_at: Time,
    /// Raised by one at every change.
    pub version: i64,
}

/// Expected supply whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Supply {
    /// What lists show.
    #[serde(flatten)]
    pub summary: SupplySummary,
    /// What it carries.
    pub lines: Vec<SupplyLine>,
    /// What was done to it, the first first.
    pub steps: Vec<SupplyStep>,
}

/// Pieces of a SKU that are due at a place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Due {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// By when.
    pub due_at: Time,
    /// How many.
    pub quantity: i64,
    /// Where they come from.
    pub kind: DueKind,
    /// The document: expected supply, or a transfer.
    pub source: String,
    /// The document's own number, where it has one.
    pub reference: Option<String>,
    /// Whether their day has passed.
    pub overdue: bool,
}

/// Expected supply as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) id: SupplyId,
    pub(crate) kind: SupplyKind,
    pub(crate) reference: String,
    pub(crate) place_id: PlaceId,
    pub(crate) state: SupplyState,
    pub(crate) due_at: Time,
    pub(crate) first_due_at: Time,
    pub(crate) slips: i64,
    pub(crate) note: Option<String>,
    pub(crate) entered_by: String,
    pub(crate) entered_at: Time,
    pub(crate) updated_at: Time,
    pub(crate) version: i64,
    pub(crate) lines: Vec<SupplyLine>,
}

impl Stored {
    /// As people see it at an instant.
    pub(crate) fn seen(self, now: Time, steps: Vec<SupplyStep>) -> Supply {
        let sum = |of: fn(&SupplyLine) -> i64| self.lines.iter().map(of).sum();
        let summary = SupplySummary {
            id: self.id,
            kind: self.kind,
            place_id: self.place_id,
            state: self.state,
            due_at: self.due_at,
            first_due_at: self.first_due_at,
            slips: self.slips,
            overdue: self.state == SupplyState::Expected && self.due_at <= now,
            skus: self.lines.len() as i64,
            expected: sum(|line| line.expected),
            due: sum(|line| line.due),
            entered_at: self.entered_at,
            updated_at: self.updated_at,
            version: self.version,
            reference: self.reference,
            note: self.note,
            entered_by: self.entered_by,
        };
        Supply {
            summary,
            lines: self.lines,
            steps,
        }
    }
}

impl SupplyLine {
    /// What was said of it; what came beyond it is not missing elsewhere.
    pub(crate) fn new(sku_id: SkuId, expected: i64, arrived: i64, state: SupplyState) -> Self {
        let due = match state {
            SupplyState::Expected => (expected - arrived).max(0),
            SupplyState::Received | SupplyState::Cancelled => 0,
        };
        Self {
            sku_id,
            expected,
            arrived,
            due,
        }
    }
}
