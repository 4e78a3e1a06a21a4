//! Identifiers made from natural keys: the same record of the same source gets the same identifier in every
//! run, so that a run repeated after a crash meets its own rows.

use base::{Id, IdKind, Time};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What records without a time of their own count as: midnight of 1 January 2000, in milliseconds.
const TIMELESS_MS: u64 = 946_684_800_000;

/// The identifier of a record. Its time part is the record's own time, so that history lies in order.
#[must_use]
pub(crate) fn made<K: IdKind>(source: &str, kind: &str, key: &str, at: Option<Time>) -> Id<K> {
    let digest = Sha256::new()
        .chain_update(source)
        .chain_update([0])
        .chain_update(kind)
        .chain_update([0])
        .chain_update(key)
        .finalize();
    let millis = at
        .and_then(|t| u64::try_from(t.micros() / 1000).ok())
        .unwrap_or(TIMELESS_MS);
    let mut bytes = [0_u8; 16];
    bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&digest[..10]);
    // The bits that say: version 7, variant RFC 9562.
    bytes[6] = (bytes[6] & 0x0F) | 0x70;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    Id::from_uuid(Uuid::from_bytes(bytes))
}

/// The identifier of one of many entries written one after the other, in that order: the time part is the
/// run's start and the entry's position (4,096 a millisecond), so that an index over it grows at its end.
#[must_use]
pub(crate) fn in_order<K: IdKind>(source: &str, kind: &str, key: &str, start: Time, position: u64) -> Id<K> {
    let millis = start.micros() / 1000 + i64::try_from(position / 4096).unwrap_or(i64::MAX);
    let mut bytes = made::<K>(
        source,
        kind,
        key,
        Some(Time::from_micros(millis.saturating_mul(1000))),
    )
    .uuid()
    .into_bytes();
    let within = (position % 4096).to_be_bytes();
    bytes[6] = 0x70 | within[6];
    bytes[7] = within[7];
    Id::from_uuid(Uuid::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::OrderId;

    #[test]
    fn the_same_key_makes_the_same_identifier() {
        let at = Time::from_seconds(1_291_190_760);
        let id: OrderId = made("s", "order", "536365", Some(at));
        assert_eq!(id, made("s", "order", "536365", Some(at)));
        assert_ne!(id, made("s", "order", "536366", Some(at)));
        assert_eq!(id.uuid().get_version_num(), 7);
        let later: OrderId = made("s", "order", "0", Some(Time::from_seconds(1_291_190_761)));
        assert!(id < later);
    }

    #[test]
    fn entries_keep_their_order() {
        let start = Time::from_seconds(1_291_190_760);
        let id = |at: u64| in_order::<base::kind::Movement>("s", "movement", &at.to_string(), start, at);
        assert!((0..10_000).map(id).is_sorted());
        assert_eq!(id(4095).uuid().get_version_num(), 7);
    }
}
