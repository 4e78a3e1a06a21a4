//! Writes voices.
use super::{House, Report};
use crate::chain::Chain;
use base::{Result, StaffId};
use std::sync::Arc;

pub(super) async fn write(
    _house: &House,
    _chain: &Arc<Chain>,
    _staff: &[StaffId],
    _report: Report<'_>,
) -> Result<()> {
    Ok(())
}
