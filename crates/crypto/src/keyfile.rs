//! Where master keys come from: configuration, or a file only its owner may read.
//!
//! One key a line, `number:base64url of 32 bytes`; `#` begins a remark. The highest number seals.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use base::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::error::KEY_FILE;
use crate::ring::{KeyId, KeyRing, MasterKey};
use crate::secret::{hex, random};

const REMARK: &str = "# Storeloop master keys. Whoever has this file can read every sealed field, and without \
it\n# nobody can. Keep a copy apart from the backups of the data.\n";

/// The largest key file that is read, in bytes.
const LIMIT: u64 = 64 * 1024;

impl KeyRing {
    /// The ring written in configuration: keys separated by line ends or commas.
    ///
    /// # Errors
    /// `crypto.key_file` saying which entry is wrong; the key itself is never repeated.
    pub fn parse(text: &str) -> Result<Self> {
        parse(text).map_err(|reason| refuse(Path::new("(configuration)"), reason))
    }

    /// The ring in a file.
    ///
    /// # Errors
    /// `crypto.key_file` when it is missing, readable by others, or malformed.
    pub fn load(path: &Path) -> Result<Self> {
        let size = fs::metadata(path).map_err(|e| refuse(path, e))?.len();
        if size > LIMIT {
            return Err(refuse(
                path,
                format!("it has {size} bytes, which no key file has"),
            ));
        }
        guard_against_others(path)?;
        let text = Zeroizing::new(fs::read_to_string(path).map_err(|e| refuse(path, e))?);
        parse(&text).map_err(|reason| refuse(path, reason))
    }

    /// The ring in a file, made with one fresh key if there is none yet: the embedded default's first start.
    /// Two processes starting at once agree on one file.
    ///
    /// # Errors
    /// `crypto.key_file`.
    pub fn load_or_create(path: &Path) -> Result<Self> {
        match Self::load(path) {
            Err(_) if !path.exists() => {
                let draft = write_draft(path, &Self::ephemeral()?)?;
                let linked = fs::hard_link(&draft, path);
                let _ = fs::remove_file(&draft);
                match linked {
                    Err(e) if e.kind() != ErrorKind::AlreadyExists => Err(refuse(path, e)),
                    _ => sync_folder(path).and_then(|()| Self::load(path)),
                }
            }
            loaded => loaded,
        }
    }

    /// Adds a fresh key to a file; it seals from the next start on. The old ones stay, to open what they
    /// sealed.
    ///
    /// # Errors
    /// `crypto.key_file`.
    pub fn rotate(path: &Path) -> Result<Self> {
        let ring = Self::load(path)?;
        let next = ring.current().get().checked_add(1).and_then(KeyId::new);
        let next = next.ok_or_else(|| refuse(path, "the key numbers are used up"))?;
        let mut keys = ring.keys().clone();
        keys.insert(next, Zeroizing::new(random()?));
        let ring = Self::from_keys(keys).ok_or_else(|| refuse(path, "it has no key"))?;
        let draft = write_draft(path, &ring)?;
        fs::rename(&draft, path).map_err(|e| refuse(path, e))?;
        sync_folder(path)?;
        Ok(ring)
    }
}

fn parse(text: &str) -> Result<KeyRing, String> {
    let mut keys: BTreeMap<KeyId, MasterKey> = BTreeMap::new();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let entries = lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|entry| !entry.is_empty());
    for (index, entry) in entries.enumerate() {
        let wrong = |what: &str| format!("key {}: {what}", index + 1);
        let (number, key) = entry
            .split_once(':')
            .ok_or_else(|| wrong("write it as number:key"))?;
        let id = number.trim().parse().ok().and_then(KeyId::new);
        let id = id.ok_or_else(|| wrong("the key's number is a whole number from 1"))?;
        let bytes = Zeroizing::new(
            URL_SAFE_NO_PAD
                .decode(key.trim())
                .map_err(|_| wrong("the key is not base64url"))?,
        );
        let bytes: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| wrong("a key has 32 bytes"))?;
        if keys.insert(id, Zeroizing::new(bytes)).is_some() {
            return Err(wrong("this number was used before"));
        }
    }
    KeyRing::from_keys(keys).ok_or_else(|| "there is no key in it".to_owned())
}

fn write_draft(path: &Path, ring: &KeyRing) -> Result<std::path::PathBuf> {
    let mut text = Zeroizing::new(REMARK.to_owned());
    for (id, key) in ring.keys() {
        text.push_str(&format!(
            "{}:{}\n",
            id.get(),
            URL_SAFE_NO_PAD.encode(key.as_slice())
        ));
    }
    let draft = path.with_extension(format!("draft-{}", hex(&random::<8>()?)));
    let written = private_file(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|e| refuse(path, e)).map(|()| draft)
}

#[cfg(unix)]
fn private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn guard_against_others(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)
        .map_err(|e| refuse(path, e))?
        .permissions()
        .mode()
        & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(refuse(
        path,
        format!(
            "its mode is {mode:o}, so others may read it; run: chmod 600 {}",
            path.display()
        ),
    ))
}

#[cfg(not(unix))]
fn guard_against_others(_: &Path) -> Result<()> {
    Ok(())
}

/// Makes the new name itself durable.
fn sync_folder(path: &Path) -> Result<()> {
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|f| f.sync_all())
        .map_err(|e| refuse(path, e))
}

fn refuse(path: &Path, reason: impl ToString) -> Error {
    Error::new(&KEY_FILE)
        .with("path", path.display().to_string())
        .with("reason", reason.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Purpose;

    const USE: Purpose = Purpose::new("test.use");

    fn key(fill: u8) -> String {
        URL_SAFE_NO_PAD.encode([fill; 32])
    }

    #[test]
    fn the_first_start_makes_a_private_file_and_the_second_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let sealed = KeyRing::load_or_create(&path)
            .unwrap()
            .seal(USE, b"", b"x")
            .unwrap();
        assert_eq!(
            &**KeyRing::load_or_create(&path)
                .unwrap()
                .open(USE, b"", &sealed)
                .unwrap(),
            b"x"
        );
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "no draft is left"
        );
    }

    #[test]
    fn rotation_adds_a_key_and_keeps_the_old() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let sealed = KeyRing::load_or_create(&path)
            .unwrap()
            .seal(USE, b"", b"x")
            .unwrap();
        assert_eq!(KeyRing::rotate(&path).unwrap().current().get(), 2);
        let ring = KeyRing::load(&path).unwrap();
        assert_eq!(ring.current().get(), 2);
        assert_eq!(&**ring.open(USE, b"", &sealed).unwrap(), b"x");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        KeyRing::load_or_create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = KeyRing::load_or_create(&path).unwrap_err().to_string();
        assert!(
            refused.contains("640") && refused.contains("chmod 600"),
            "{refused}"
        );
    }

    #[test]
    fn configuration_may_hold_the_keys() {
        let ring = KeyRing::parse(&format!("1:{}, 4:{}", key(1), key(4))).unwrap();
        assert_eq!(ring.current().get(), 4);
    }

    #[test]
    fn what_is_wrong_is_said_without_repeating_the_key() {
        for (text, reason) in [
            (String::new(), "there is no key"),
            (key(1), "number:key"),
            (format!("0:{}", key(1)), "from 1"),
            (format!("1:{}\n1:{}", key(1), key(2)), "used before"),
            ("1:abcd".to_owned(), "32 bytes"),
            ("1:*".to_owned(), "base64url"),
        ] {
            let refused = KeyRing::parse(&text).unwrap_err().to_string();
            assert!(refused.contains(reason), "{refused}");
            assert!(!refused.contains(&key(1)), "{refused}");
        }
    }
}
