//! PEM (RFC 7468): base64 between two lines.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Everything between the lines `BEGIN <label>` and `END <label>`, in the order it stands. A text without such
/// lines is taken for bare base64, the way some providers hand keys out.
pub(crate) fn all(text: &str) -> Result<Vec<Vec<u8>>, String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines().map(str::trim) {
        if line.starts_with("-----BEGIN ") {
            block = Some(String::new());
        } else if line.starts_with("-----END ") {
            let body = block.take().ok_or("an END line without its BEGIN")?;
            blocks.push(bytes(&body)?);
        } else if let Some(body) = &mut block {
            body.push_str(line);
        }
    }
    if block.is_some() {
        return Err("a BEGIN line without its END".to_owned());
    }
    if blocks.is_empty() {
        let bare: String = text.split_whitespace().collect();
        blocks.push(bytes(&bare)?);
    }
    Ok(blocks)
}

/// The first of them.
pub(crate) fn one(text: &str) -> Result<Vec<u8>, String> {
    all(text)?.into_iter().next().ok_or_else(|| "empty".to_owned())
}

fn bytes(body: &str) -> Result<Vec<u8>, String> {
    match STANDARD.decode(body) {
        Ok(bytes) if bytes.is_empty() => Err("empty".to_owned()),
        Ok(bytes) => Ok(bytes),
        Err(_) => Err("neither PEM nor base64".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_bare_text_are_read_and_torn_ones_are_named() {
        let two =
            "-----BEGIN A-----\nAQI=\n-----END A-----\nnoise\n-----BEGIN A-----\nAw\n==\n-----END A-----";
        assert_eq!(all(two).unwrap(), [vec![1, 2], vec![3]]);
        assert_eq!(one(" AQ\nI= ").unwrap(), [1, 2]);
        assert!(one("-----BEGIN A-----\nAQI=").unwrap_err().contains("END"));
        assert!(one("").unwrap_err().contains("empty"));
        assert!(one("a secret!").unwrap_err().contains("base64"));
    }
}
