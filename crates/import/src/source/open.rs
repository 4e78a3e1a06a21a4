//! Gets at the text of a file: unpacks gzip and zip, finds the encoding out, drops the byte order mark.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{CoderResult, Decoder};
use flate2::read::MultiGzDecoder;

use super::{Options, glob};

/// Most a zip member, a JSON file or a sheet may unpack to, in bytes (1 GiB).
pub const MAX_IN_MEMORY_BYTES: u64 = 1 << 30;

/// How much of a file is looked at to find its encoding, in bytes.
const SNIFF_BYTES: usize = 64 * 1024;

/// A character encoding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// By a label of the WHATWG standard: `utf-8`, `gb18030`, `gbk`, `windows-1252`, `utf-16le`.
    #[must_use]
    pub fn named(label: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(label.as_bytes()).map(Self)
    }
}

/// Text to read, and whether it had to be decoded on the way.
pub(super) struct Text {
    pub(super) input: Box<dyn BufRead + Send>,
    /// A decoder has been at work, so a replacement character means broken bytes.
    pub(super) decoded: bool,
}

pub(super) fn text(path: &Path, options: &Options, consumed: &Arc<AtomicU64>) -> Result<Text, String> {
    let say = |e: io::Error| e.to_string();
    let mut file = File::open(path).map_err(say)?;
    let mut magic = [0_u8; 4];
    let got = file.read(&mut magic).map_err(say)?;
    file.seek(SeekFrom::Start(0)).map_err(say)?;
    let counted = |file| Counted {
        file,
        consumed: Arc::clone(consumed),
    };
    let raw: Box<dyn Read + Send> = match &magic[..got] {
        [0x1F, 0x8B, ..] => Box::new(MultiGzDecoder::new(BufReader::new(counted(file)))),
        b"PK\x03\x04" => Box::new(Cursor::new(member(file, options.member.as_deref())?)),
        _ => Box::new(counted(file)),
    };
    decode(raw, options.encoding).map_err(say)
}

/// A file that tells how much of it was read.
struct Counted {
    file: File,
    consumed: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = self.file.read(out)?;
        self.consumed.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}

fn member(file: File, pattern: Option<&str>) -> Result<Vec<u8>, String> {
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    let wanted: Vec<String> = archive
        .file_names()
        .filter_map(|name| name.ok().map(std::borrow::Cow::into_owned))
        .filter(|n| !n.ends_with('/') && !n.starts_with("__MACOSX"))
        .filter(|n| pattern.is_none_or(|p| glob(p, n)))
        .collect();
    let name = match wanted.as_slice() {
        [one] => one,
        [] => return Err(format!("no member fits {:?}", pattern.unwrap_or("*"))),
        many => {
            return Err(format!(
                "{} members fit; name one with `member`: {}",
                many.len(),
                many.join(", ")
            ));
        }
    };
    let entry = archive.by_name(name).map_err(|e| e.to_string())?;
    let mut bytes = Vec::new();
    entry
        .take(MAX_IN_MEMORY_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| e.to_string())?;
    if bytes.len() as u64 > MAX_IN_MEMORY_BYTES {
        return Err(format!(
            "{name} unpacks to more than {MAX_IN_MEMORY_BYTES} bytes; unpack it first"
        ));
    }
    Ok(bytes)
}

fn decode(mut raw: Box<dyn Read + Send>, named: Option<Encoding>) -> io::Result<Text> {
    let mut head = Vec::with_capacity(SNIFF_BYTES);
    raw.by_ref().take(SNIFF_BYTES as u64).read_to_end(&mut head)?;
    let (encoding, mark) = match (named, encoding_rs::Encoding::for_bom(&head)) {
        (_, Some(found)) => found,
        (Some(Encoding(encoding)), None) => (encoding, 0),
        (None, None) if is_utf8(&head) => (encoding_rs::UTF_8, 0),
        (None, None) => (encoding_rs::GB18030, 0),
    };
    let rest = Cursor::new(head.split_off(mark)).chain(raw);
    if encoding == encoding_rs::UTF_8 {
        // UTF-8 passes through undecoded: the row that holds a broken byte is named, not patched.
        return Ok(Text {
            input: Box::new(BufReader::with_capacity(1 << 16, rest)),
            decoded: false,
        });
    }
    let reader = Decoded {
        inner: rest,
        decoder: encoding.new_decoder_without_bom_handling(),
        pending: Vec::new(),
        done: false,
    };
    Ok(Text {
        input: Box::new(BufReader::with_capacity(1 << 16, reader)),
        decoded: true,
    })
}

/// Whether the bytes are UTF-8, a character cut off at the end of the sample forgiven.
fn is_utf8(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && bytes.len() == SNIFF_BYTES,
    }
}

/// Decodes another encoding into UTF-8 while it is read.
struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    pending: Vec<u8>,
    done: bool,
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // A decoded character needs up to four bytes; callers here always bring a big buffer.
        loop {
            if self.done && self.pending.is_empty() {
                return Ok(0);
            }
            if self.pending.is_empty() {
                let mut chunk = vec![0; 1 << 14];
                let got = self.inner.read(&mut chunk)?;
                chunk.truncate(got);
                self.done = got == 0;
                let capacity = self.decoder.max_utf8_buffer_length(got).unwrap_or(got * 4 + 16);
                let mut decoded = vec![0; capacity];
                let (result, _, written, _) = self.decoder.decode_to_utf8(&chunk, &mut decoded, self.done);
                debug_assert_eq!(result, CoderResult::InputEmpty);
                decoded.truncate(written);
                self.pending = decoded;
                continue;
            }
            let n = out.len().min(self.pending.len());
            out[..n].copy_from_slice(&self.pending[..n]);
            self.pending.drain(..n);
            return Ok(n);
        }
    }
}
