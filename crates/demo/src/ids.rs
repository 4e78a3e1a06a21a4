//! Identifiers that are sortable by the moment they stand for and the same for the same
//! seed: UUIDv7 whose random bits come from the seed's stream.

use base::{Id, IdKind, Time};
use uuid::Builder;

use crate::rng::Rng;

/// Makes identifiers of one table.
#[derive(Debug)]
pub(crate) struct Ids {
    rng: Rng,
}

impl Ids {
    /// The stream of a table.
    pub(crate) fn new(seed: u64, table: &str) -> Self {
        Self {
            rng: Rng::stream(seed, table),
        }
    }

    /// The identifier of something that came to be at a moment.
    pub(crate) fn at<K: IdKind>(&mut self, moment: Time) -> Id<K> {
        let mut random = [0_u8; 10];
        random[..8].copy_from_slice(&self.rng.next_u64().to_le_bytes());
        random[8..].copy_from_slice(&self.rng.next_u64().to_le_bytes()[..2]);
        let millis = u64::try_from(moment.micros() / 1_000).unwrap_or(0);
        Id::from_uuid(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::OrderId;

    #[test]
    fn later_things_have_later_ids() {
        let mut ids = Ids::new(1, "orders");
        let first: OrderId = ids.at(Time::from_seconds(1_000));
        let second: OrderId = ids.at(Time::from_seconds(2_000));
        assert!(first < second);
        assert_eq!(first.uuid().get_version_num(), 7);
        assert_eq!(first, Ids::new(1, "orders").at(Time::from_seconds(1_000)));
    }
}
