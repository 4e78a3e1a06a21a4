//! Pictures: bytes kept in the store, named by what they contain.

use base::{Error, MediaId, Result, codes};
use db::{Reader, Tx, params};
use sha2::{Digest, Sha256};

/// The largest picture, in bytes.
pub(crate) const MEDIA_MAX_BYTES: usize = 5 * 1024 * 1024;

const CONTENT_TYPES: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/avif",
    "image/gif",
    "image/svg+xml",
];

/// A picture to keep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewMedia {
    /// Its media type: one of the image types a browser shows.
    pub content_type: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
}

/// A picture as kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MediaFile {
    /// Its media type.
    pub content_type: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// SHA-256 of the file in hexadecimal: its entity tag.
    pub sha256: String,
}

/// The address of a picture.
#[must_use]
pub fn media_url(id: MediaId) -> String {
    format!("/api/v1/media/{id}")
}

/// Keeps a picture; the same bytes are kept once.
pub(crate) async fn media_store(tx: &Tx, id: Option<MediaId>, media: &NewMedia) -> Result<MediaId> {
    if !CONTENT_TYPES.contains(&media.content_type.as_str()) {
        let facts = [("reason".to_owned(), CONTENT_TYPES.join(", ").into())]
            .into_iter()
            .collect();
        return Err(Error::new(&codes::INVALID_INPUT).and_field("content_type", &codes::MALFORMED, facts));
    }
    if media.bytes.is_empty() || media.bytes.len() > MEDIA_MAX_BYTES {
        let facts = [
            ("min".to_owned(), 1.into()),
            ("max".to_owned(), MEDIA_MAX_BYTES.into()),
        ];
        let facts = facts.into_iter().collect();
        return Err(Error::new(&codes::INVALID_INPUT).and_field("bytes", &codes::OUT_OF_RANGE, facts));
    }
    let sha256 = hex(&Sha256::digest(&media.bytes));
    let sql = "INSERT INTO catalog_media (id, content_type, bytes, sha256, width, height, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (sha256) DO NOTHING";
    let id = id.unwrap_or_default();
    let params = params![
        id,
        media.content_type,
        media.bytes,
        sha256,
        media.width,
        media.height,
        tx.now()
    ];
    if tx.execute(sql, params).await? == 1 {
        return Ok(id);
    }
    tx.query_one("SELECT id FROM catalog_media WHERE sha256 = $1", params![sha256])
        .await?
        .get(0)
}

pub(crate) async fn media_get(reader: &Reader, id: MediaId) -> Result<Option<MediaFile>> {
    let sql = "SELECT content_type, bytes, sha256 FROM catalog_media WHERE id = $1";
    let row = reader.query_opt(sql, params![id]).await?;
    row.map(|row| {
        Ok(MediaFile {
            content_type: row.get(0)?,
            bytes: row.get(1)?,
            sha256: row.get(2)?,
        })
    })
    .transpose()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })
}
