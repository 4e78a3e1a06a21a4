//! What this domain announces.

use base::{PlaceId, SkuId, SupplyId, TransferId};
use serde::{Deserialize, Serialize};

use crate::model::{ProposalId, ProposalState, RunId};

/// A run has gone through the assortment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunFinished {
    /// Which.
    pub run_id: RunId,
    /// What it proposes.
    pub proposals: i64,
}

impl bus::Event for RunFinished {
    const KIND: &'static str = "replenishment.run_finished.v1";

    fn aggregate(&self) -> String {
        self.run_id.to_string()
    }
}

/// Somebody decided about a proposal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProposalDecided {
    /// Which.
    pub proposal_id: ProposalId,
    /// How.
    pub state: ProposalState,
    /// Of which article.
    pub sku_id: SkuId,
    /// For which place.
    pub place_id: PlaceId,
    /// Pieces sent for; none when it was dismissed.
    pub pieces: i64,
    /// The transfer that came of it.
    pub transfer_id: Option<TransferId>,
    /// The expected supply that came of it.
    pub supply_id: Option<SupplyId>,
}

impl bus::Event for ProposalDecided {
    const KIND: &'static str = "replenishment.proposal_decided.v1";

    fn aggregate(&self) -> String {
        self.proposal_id.to_string()
    }
}
