//! What a tag says, in one form whatever form it was told in.
//!
//! GS1 EPC Tag Data Standard 1.13: section 14.5.2 (SSCC-96), table 14-5 (partitions), section 7.3 (how an SSCC is cut);
//! GS1 Digital Link URI 1.2, section 4. Pieces of articles are read by `stock`.

use stock::Sgtin;

/// The first eight bits of an SSCC-96.
const SSCC_96: u128 = 0x31;
const HEX_DIGITS: usize = 24;
/// By partition: bits and digits of the company prefix, bits of the serial reference. The digits are seventeen together.
const PARTITIONS: [(u32, usize, u32); 7] = [
    (40, 12, 18),
    (37, 11, 21),
    (34, 10, 24),
    (30, 9, 28),
    (27, 8, 31),
    (24, 7, 34),
    (20, 6, 38),
];

/// A tag in its one form: `01<GTIN>21<serial>` of a piece, `00<SSCC>` of a pallet or parcel (GS1 application
/// identifiers), the text itself of anything else.
#[must_use]
pub fn normal(text: &str) -> String {
    let text = text.trim();
    if let Some(piece) = Sgtin::parse(text) {
        return format!("01{}21{}", piece.gtin, piece.serial);
    }
    match sscc(text) {
        Some(sscc) => format!("00{sscc}"),
        None => text.to_owned(),
    }
}

/// The eighteen digits of a logistic unit: from the 96 bits in hexadecimal, an EPC URI or a GS1 Digital Link.
#[must_use]
pub fn sscc(text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix("urn:epc:id:sscc:") {
        return of_fields(rest);
    }
    if let Some(rest) = text.strip_prefix("urn:epc:tag:sscc-96:") {
        return of_fields(rest.split_once('.')?.1);
    }
    if text.starts_with("https://") || text.starts_with("http://") {
        let path = text.split(['?', '#']).next()?;
        let digits = path.split('/').skip_while(|part| *part != "00").nth(1)?;
        let (rest, check) = digits.split_at_checked(17)?;
        return (digits.len() == 18 && checked(rest)?.ends_with(check)).then(|| digits.to_owned());
    }
    of_hex(text)
}

fn of_hex(text: &str) -> Option<String> {
    if text.len() != HEX_DIGITS || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let bits = u128::from_str_radix(text, 16).ok()?;
    let field = |from: u32, count: u32| (bits >> (96 - from - count)) & ((1 << count) - 1);
    if field(0, 8) != SSCC_96 {
        return None;
    }
    let (prefix_bits, prefix_digits, serial_bits) = *PARTITIONS.get(usize::try_from(field(11, 3)).ok()?)?;
    let (prefix, serial) = (field(14, prefix_bits), field(14 + prefix_bits, serial_bits));
    let serial_digits = 17 - prefix_digits;
    of_fields(&format!("{prefix:0prefix_digits$}.{serial:0serial_digits$}"))
}

/// `CompanyPrefix.SerialReference`: the extension digit is the reference's first and goes before the prefix.
fn of_fields(text: &str) -> Option<String> {
    let (prefix, serial) = text.split_once('.')?;
    if !(6..=12).contains(&prefix.len()) || prefix.len() + serial.len() != 17 {
        return None;
    }
    let (extension, reference) = serial.split_at_checked(1)?;
    checked(&format!("{extension}{prefix}{reference}"))
}

/// Seventeen digits with their check digit (GS1 General Specifications 7.9).
fn checked(digits: &str) -> Option<String> {
    if digits.len() != 17 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(nth, byte)| u32::from(byte - b'0') * if nth % 2 == 0 { 3 } else { 1 })
        .sum();
    Some(format!("{digits}{}", (10 - sum % 10) % 10))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The worked example of the standard (section 14.5.2 with E.3): SSCC 106141412345678908.
    #[test]
    fn the_standards_own_example() {
        for written in [
            "3174257BF4499602D2000000",
            "urn:epc:id:sscc:0614141.1234567890",
            "urn:epc:tag:sscc-96:3.0614141.1234567890",
            "https://id.gs1.org/00/106141412345678908",
        ] {
            assert_eq!(sscc(written).as_deref(), Some("106141412345678908"), "{written}");
            assert_eq!(normal(written), "00106141412345678908");
        }
    }

    #[test]
    fn a_piece_has_one_form_and_the_rest_stays() {
        for written in [
            "3074257BF7194E4000001A85",
            " urn:epc:id:sgtin:0614141.812345.6789 ",
        ] {
            assert_eq!(normal(written), "0180614141123458216789");
        }
        for other in [
            "urn:epc:id:grai:0614141.12345.400",
            "https://id.gs1.org/00/106141412345678907",
            "x",
        ] {
            assert_eq!(normal(other), other);
        }
    }

    proptest! {
        /// A tag written by the standard's table is read back, whatever its partition.
        #[test]
        fn every_partition_is_read_back(partition in 0_usize..7, filter in 0_u128..8, prefix: u64, serial: u64) {
            let (prefix_bits, prefix_digits, serial_bits) = PARTITIONS[partition];
            let serial_digits = 17 - prefix_digits;
            let prefix = u128::from(prefix) % 10_u128.pow(prefix_digits as u32);
            let serial = u128::from(serial) % 10_u128.pow(serial_digits as u32);
            let mut bits = (SSCC_96 << 3) | filter;
            bits = (bits << 3) | partition as u128;
            bits = (bits << prefix_bits) | prefix;
            bits = ((bits << serial_bits) | serial) << 24;
            let uri = format!("urn:epc:id:sscc:{prefix:0prefix_digits$}.{serial:0serial_digits$}");
            let read = sscc(&format!("{bits:024X}"));
            prop_assert!(read.is_some());
            prop_assert_eq!(read, sscc(&uri));
        }

        #[test]
        fn rubbish_never_panics(text in ".{0,80}") {
            let _ = normal(&text);
        }
    }
}
