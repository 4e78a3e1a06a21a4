//! As much of Parquet as one file of real sales needs (github.com/apache/parquet-format): flat columns without nulls,
//! plain or by dictionary, packed with Snappy or not at all. A reader that does more costs more to build than all of
//! this crate.

use std::collections::BTreeMap;

/// A column's values; whole numbers and truth as they are, the others by their bits.
pub(crate) type Columns = BTreeMap<String, Vec<i64>>;

/// Reads a file whole.
pub(crate) fn read(file: &[u8]) -> Columns {
    let end = file.len() - 8;
    let length = u32::from_le_bytes(file[end..end + 4].try_into().unwrap()) as usize;
    let footer = Thrift {
        bytes: file,
        at: end - length,
    }
    .structure();
    let mut columns = Columns::new();
    for group in footer.list(4) {
        for chunk in group.list(1) {
            let about = chunk.field(3);
            let name = about.list(3).last().unwrap().text();
            column(file, about, columns.entry(name).or_default());
        }
    }
    columns
}

fn column(file: &[u8], about: &Tree, values: &mut Vec<i64>) {
    let (kind, codec) = (about.int(1), about.int(4));
    let wanted = values.len() + about.int(5) as usize;
    let first = about.maybe(11).map_or(about.int(9), Tree::as_int);
    let mut thrift = Thrift {
        bytes: file,
        at: first as usize,
    };
    let mut dictionary = Vec::new();
    while values.len() < wanted {
        let page = thrift.structure();
        let packed = &file[thrift.at..thrift.at + page.int(3) as usize];
        thrift.at += packed.len();
        let bytes = if codec == 1 {
            unsnapped(packed)
        } else {
            packed.to_vec()
        };
        assert!(codec <= 1, "packed otherwise: {codec}");
        if let Some(about) = page.maybe(7) {
            dictionary = plain(kind, &bytes, about.int(1) as usize);
            continue;
        }
        let about = page.field(5);
        let count = about.int(1) as usize;
        // Where each row has a value, whether it has one takes no looking at.
        let levels = u32::from_le_bytes(bytes[..4].try_into().unwrap()) as usize;
        let rest = &bytes[4 + levels..];
        match about.int(2) {
            0 => values.extend(plain(kind, rest, count)),
            3 => values.extend(packed_runs(&rest[4..], 1, count)),
            2 | 8 => {
                let keys = packed_runs(&rest[1..], u32::from(rest[0]), count);
                values.extend(keys.into_iter().map(|key| dictionary[key as usize]));
            }
            other => unreachable!("encoding {other}"),
        }
    }
}

fn plain(kind: i64, bytes: &[u8], count: usize) -> Vec<i64> {
    match kind {
        0 => (0..count)
            .map(|nth| i64::from(bytes[nth / 8] >> (nth % 8) & 1))
            .collect(),
        2 | 5 => bytes
            .chunks_exact(8)
            .take(count)
            .map(|eight| i64::from_le_bytes(eight.try_into().unwrap()))
            .collect(),
        // Texts are not asked for.
        _ => vec![0; count],
    }
}

/// Runs of one value, and values side by side in so many bits each.
fn packed_runs(bytes: &[u8], width: u32, count: usize) -> Vec<i64> {
    let mut reader = Thrift { bytes, at: 0 };
    let mut values = Vec::with_capacity(count);
    let mask = (1_u64 << width) - 1;
    while values.len() < count {
        let head = reader.varint();
        if head & 1 == 0 {
            let mut value = 0;
            for byte in 0..width.div_ceil(8) {
                value |= i64::from(reader.byte()) << (8 * byte);
            }
            values.extend(std::iter::repeat_n(value, (head >> 1) as usize));
        } else {
            let (mut bits, mut held) = (0_u64, 0);
            for _ in 0..(head >> 1) * 8 {
                while held < width {
                    bits |= u64::from(reader.byte()) << held;
                    held += 8;
                }
                values.push((bits & mask) as i64);
                bits >>= width;
                held -= width;
            }
        }
    }
    values.truncate(count);
    values
}

/// github.com/google/snappy/blob/main/format_description.txt
fn unsnapped(packed: &[u8]) -> Vec<u8> {
    let mut reader = Thrift { bytes: packed, at: 0 };
    let length = reader.varint() as usize;
    let mut out = Vec::with_capacity(length);
    while out.len() < length {
        let tag = reader.byte();
        let small = usize::from(tag >> 2);
        let (count, back) = match tag & 3 {
            0 => {
                let count = if small < 60 {
                    small
                } else {
                    reader.little(small - 59)
                } + 1;
                out.extend_from_slice(&packed[reader.at..reader.at + count]);
                reader.at += count;
                continue;
            }
            1 => ((small & 7) + 4, usize::from(tag >> 5) << 8 | reader.little(1)),
            2 => (small + 1, reader.little(2)),
            _ => (small + 1, reader.little(4)),
        };
        for _ in 0..count {
            out.push(out[out.len() - back]);
        }
    }
    out
}

/// What Thrift's compact protocol says, by the numbers of fields.
enum Tree {
    Int(i64),
    Text(Vec<u8>),
    List(Vec<Tree>),
    Struct(BTreeMap<i64, Tree>),
}

impl Tree {
    fn maybe(&self, field: i64) -> Option<&Self> {
        match self {
            Self::Struct(fields) => fields.get(&field),
            _ => None,
        }
    }

    fn field(&self, field: i64) -> &Self {
        self.maybe(field).unwrap()
    }

    fn as_int(&self) -> i64 {
        match self {
            Self::Int(int) => *int,
            _ => unreachable!("a number was expected"),
        }
    }

    fn int(&self, field: i64) -> i64 {
        self.field(field).as_int()
    }

    fn list(&self, field: i64) -> &[Self] {
        match self.field(field) {
            Self::List(items) => items,
            _ => unreachable!("a list was expected"),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Text(bytes) => String::from_utf8(bytes.clone()).unwrap(),
            _ => unreachable!("a text was expected"),
        }
    }
}

struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Thrift<'_> {
    fn byte(&mut self) -> u8 {
        self.at += 1;
        self.bytes[self.at - 1]
    }

    fn little(&mut self, count: usize) -> usize {
        (0..count).fold(0, |sum, nth| sum | usize::from(self.byte()) << (8 * nth))
    }

    fn varint(&mut self) -> u64 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return value;
            }
            shift += 7;
        }
    }

    fn zigzag(&mut self) -> i64 {
        let value = self.varint();
        (value >> 1) as i64 ^ -((value & 1) as i64)
    }

    fn value(&mut self, kind: u8) -> Tree {
        match kind {
            1 | 2 => Tree::Int(i64::from(kind == 1)),
            3 => Tree::Int(i64::from(self.byte())),
            4..=6 => Tree::Int(self.zigzag()),
            7 => Tree::Int(self.little(8) as i64),
            8 => {
                let length = self.varint() as usize;
                self.at += length;
                Tree::Text(self.bytes[self.at - length..self.at].to_vec())
            }
            9 | 10 => {
                let head = self.byte();
                let count = if head >> 4 == 15 {
                    self.varint()
                } else {
                    u64::from(head >> 4)
                };
                Tree::List((0..count).map(|_| self.value(head & 15)).collect())
            }
            12 => self.structure(),
            other => unreachable!("type {other}"),
        }
    }

    fn structure(&mut self) -> Tree {
        let (mut fields, mut field) = (BTreeMap::new(), 0);
        loop {
            let head = self.byte();
            if head == 0 {
                return Tree::Struct(fields);
            }
            field = if head >> 4 == 0 {
                self.zigzag()
            } else {
                field + i64::from(head >> 4)
            };
            fields.insert(field, self.value(head & 15));
        }
    }
}
