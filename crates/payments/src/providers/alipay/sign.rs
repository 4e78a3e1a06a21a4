//! What Alipay signs and has signed.

use crypto::Certificate;
use serde::de::IgnoredAny;

/// A request's parameters in the order of their names, the empty ones and the signature left out, unescaped.
pub(super) fn content(pairs: &[(String, String)]) -> String {
    joined(pairs, |name, value| name != "sign" && !value.is_empty())
}

/// The same of a notification, whose signature's kind is left out as well.
pub(super) fn notified(pairs: &[(String, String)]) -> String {
    joined(pairs, |name, value| {
        name != "sign" && name != "sign_type" && !value.is_empty()
    })
}

fn joined(pairs: &[(String, String)], keep: impl Fn(&str, &str) -> bool) -> String {
    let mut kept: Vec<&(String, String)> = pairs.iter().filter(|(n, v)| keep(n, v)).collect();
    kept.sort();
    kept.iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

/// The bytes of a member of the outermost object, exactly as they stand: they are what is signed, and writing
/// the parsed value anew would change them.
pub(super) fn raw_node<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text.trim_start().strip_prefix('{')?;
    loop {
        let mut key = serde_json::Deserializer::from_str(rest).into_iter::<String>();
        let found = key.next()?.ok()?;
        rest = rest[key.byte_offset()..].trim_start().strip_prefix(':')?;
        let mut value = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        value.next()?.ok()?;
        let (raw, behind) = rest.split_at(value.byte_offset());
        if found == name {
            return Some(raw.trim());
        }
        rest = behind.trim_start().strip_prefix(',')?;
    }
}

/// How Alipay names a certificate: MD5 over its issuer and its serial number in decimal.
pub(super) fn certificate_name(certificate: &Certificate) -> String {
    crypto::peer_md5(format!("{}{}", certificate.issuer(), certificate.serial_decimal()).as_bytes())
}

/// The names of all root certificates that are signed with RSA; the others belong to other algorithms.
pub(super) fn root_name(roots: &[Certificate]) -> String {
    roots
        .iter()
        .filter(|root| root.is_signed_with_rsa())
        .map(certificate_name)
        .collect::<Vec<_>>()
        .join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_sorted_and_unescaped() {
        let pairs = [
            ("b", "2 & 3"),
            ("sign", "x"),
            ("a", "1"),
            ("c", ""),
            ("sign_type", "RSA2"),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(content(&pairs), "a=1&b=2 & 3&sign_type=RSA2");
        assert_eq!(notified(&pairs), "a=1&b=2 & 3");
    }

    #[test]
    fn the_node_is_taken_byte_by_byte() {
        let text = r#"{"x_response": {"a" : "}\"" ,"n":1.0},"sign":"s"}"#;
        assert_eq!(raw_node(text, "x_response"), Some(r#"{"a" : "}\"" ,"n":1.0}"#));
        assert_eq!(raw_node(text, "sign"), Some("\"s\""));
        assert_eq!(raw_node(text, "y_response"), None);
        assert_eq!(raw_node("{\"a\": 1", "b"), None);
    }
}
