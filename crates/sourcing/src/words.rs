//! The decision in words, for people.

use base::Text;
use places::PlaceKind;

use crate::costs::Term;
use crate::decide::{Reason, TierOutcome};
use crate::rules::Tier;

impl Reason {
    /// The form stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::NotOffered => "not_offered",
            Self::NotSoldFrom => "not_sold_from",
            Self::Excluded => "excluded",
            Self::KindExcluded => "kind_excluded",
            Self::Rejected => "rejected",
            Self::Full { .. } => "full",
            Self::Closed => "closed",
            Self::TooFar { .. } => "too_far",
            Self::NotShippedTo => "not_shipped_to",
            Self::ProductsStay => "products_stay",
            Self::Nothing => "nothing",
        }
    }

    /// In words.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Inactive => Text::new("已停业", "It does not trade"),
            Self::NotOffered => Text::new("不提供这项服务", "It does not offer this service"),
            Self::NotSoldFrom => Text::new(
                "订单的渠道不从这里销售",
                "The order's channel does not sell from here",
            ),
            Self::Excluded => Text::new("规则不让它发货", "The rules let it send no parcels"),
            Self::KindExcluded => Text::new(
                "规则不让这类门店发货",
                "The rules let places of its kind send no parcels",
            ),
            Self::Rejected => Text::new("已拒绝过这个订单", "It has rejected this order"),
            Self::Full { capacity } => Text::new(
                format!("今日已接满 {capacity} 单"),
                format!("It has all the {capacity} orders it can do today"),
            ),
            Self::Closed => Text::new("近期不营业", "It does not open soon"),
            Self::TooFar { km } => Text::new(
                format!("超出规则允许的 {km} 公里"),
                format!("Further than the {km} km the rules allow"),
            ),
            Self::NotShippedTo => Text::new("不向该省份发货", "It does not send to this province"),
            Self::ProductsStay => Text::new(
                "规则不让这些商品从这类门店发出",
                "The rules do not let these products leave from a place of its kind",
            ),
            Self::Nothing => Text::new("没有这些商品的存货", "It has none of it"),
        }
    }
}

impl Term {
    /// The form stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Carrier => "carrier",
            Self::Distance => "distance",
            Self::Handling => "handling",
            Self::Lateness => "lateness",
            Self::Reliability => "reliability",
            Self::Load => "load",
            Self::Cover => "cover",
            Self::Markdown => "markdown",
        }
    }

    /// In words.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Carrier => Text::new("运费", "Carrier"),
            Self::Distance => Text::new("距离", "Distance"),
            Self::Handling => Text::new("拣货打包", "Picking and packing"),
            Self::Lateness => Text::new("晚于承诺", "Later than promised"),
            Self::Reliability => Text::new("可能拒单", "Chance of a rejection"),
            Self::Load => Text::new("当前任务量", "Work waiting there"),
            Self::Cover => Text::new("挤占门店自身销售", "Pieces it will soon sell itself"),
            Self::Markdown => Text::new("消化滞销库存", "Stock that lies too long"),
        }
    }
}

impl TierOutcome {
    /// The form stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::NoDifference => "no_difference",
            Self::PassedOver => "passed_over",
        }
    }
}

impl Tier {
    /// In words.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::CollectPlaceFirst => Text::new("顾客选的门店优先", "The place the customer chose first"),
            Self::KindFirst { kind } => {
                let (zh, en) = kind_words(kind);
                Text::new(format!("{zh}优先"), format!("{en} first"))
            }
            Self::SameCity => Text::new("同城优先", "Same city first"),
            Self::SameProvince => Text::new("同省优先", "Same province first"),
            Self::OnTime => Text::new("能按时到的优先", "On time first"),
            Self::FewestParcels => Text::new("包裹数最少", "Fewest parcels"),
        }
    }
}

const fn kind_words(kind: PlaceKind) -> (&'static str, &'static str) {
    match kind {
        PlaceKind::Store => ("门店", "Stores"),
        PlaceKind::Warehouse => ("仓库", "Warehouses"),
        PlaceKind::DarkStore => ("前置仓", "Dark stores"),
        PlaceKind::PickupPoint => ("自提点", "Pickup points"),
    }
}

/// What is aimed at, in words.
#[must_use]
pub fn objective() -> Text {
    Text::new(
        "先看硬性限制，再按优先规则收窄，最后取总成本最低：运费、人工、拆单、晚到、拒单、门店任务量、挤占与消化库存",
        "Limits first, then the rules of precedence, then the least total cost: carrier, work, splits, lateness, \
         rejections, work waiting, and what the stock is worth where it lies",
    )
}
