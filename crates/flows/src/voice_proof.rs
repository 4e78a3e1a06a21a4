//! Evidence for an issue: its figure before and after, counted from the live tables.

use base::{Ctx, IssueId, Result};
use db::{Reader, Tx};
use voice::{Claim, Counts, Metric, Period, Proof, compare};

use crate::member_parts::People;

/// Counts what a claim is about. Pieces and orders come from the order book, scores and voices from the
/// voices; the definitions stand at [`Metric`].
///
/// # Errors
/// The store's.
pub async fn issue_proof_compute_in(reader: &Reader, claim: &Claim) -> Result<Proof> {
    let before = counts(reader, claim, claim.before).await?;
    let after = counts(reader, claim, claim.after).await?;
    Ok(compare(claim, before, after, reader.now()))
}

async fn counts(reader: &Reader, claim: &Claim, period: Period) -> Result<Counts> {
    let (product, place, from, to) = (claim.product_id, claim.place_id, period.from, period.to);
    match claim.metric {
        Metric::LowScoreShare => voice::low_scores_in(reader, product, place, from, to).await,
        Metric::ReturnRate => {
            let sold = orders::figures::sold_in(reader, product, place, from, to).await?;
            Ok(Counts {
                n: sold.pieces,
                k: sold.pieces_returned,
            })
        }
        Metric::FeedbackPer100Orders => {
            let sold = orders::figures::sold_in(reader, product, place, from, to).await?;
            let spoken_of = voice::orders_spoken_of_in(reader, product, place, from, to).await?;
            // Words of the period may be about orders placed before it; a share never exceeds the whole.
            Ok(Counts {
                n: sold.orders,
                k: spoken_of.min(sold.orders),
            })
        }
    }
}

impl People {
    pub(crate) async fn proof_file(&self, ctx: &Ctx, id: IssueId, claim: Claim) -> Result<()> {
        let unit_ctx = ctx.clone();
        self.parts
            .db
            .write_once(ctx, "voice.proof_file", async move |tx: &Tx| {
                let issue = voice::proof_begin_in(tx, &unit_ctx, id, &claim).await?;
                let proof = issue_proof_compute_in(tx, &claim).await?;
                voice::proof_file_in(tx, &unit_ctx, issue, proof)
                    .await
                    .map(|_| ())
            })
            .await
    }
}
