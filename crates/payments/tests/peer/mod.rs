//! Providers on this machine: they verify what we sign, with the openssl command, and answer in their own formats,
//! signed with keys made for the test. Nothing here uses the code under test.

#![allow(dead_code, unreachable_pub, reason = "each test file uses the peers it needs")]

pub mod alipay;
pub mod desk;
pub mod stripe;
pub mod wechat;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use base::{Clock, ManualClock};
use tempfile::TempDir;

/// What a peer does wrong next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Does its work and never answers.
    Silent,
    /// Answers that it does not know, without having done anything.
    Broken,
    /// Does its work and signs the answer with another key.
    Forged,
    /// Does its work and changes the answer after signing it.
    Tampered,
}

/// Faults to come, in order.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Fault>>>);

impl Faults {
    pub fn plan(&self, faults: &[Fault]) {
        *self.0.lock().unwrap() = faults.to_vec();
    }

    pub fn take(&self) -> Option<Fault> {
        let mut planned = self.0.lock().unwrap();
        if planned.is_empty() {
            None
        } else {
            Some(planned.remove(0))
        }
    }
}

/// Listens on a port of this machine until the test ends.
pub async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

pub fn seconds(clock: &ManualClock) -> i64 {
    clock.now().micros() / 1_000_000
}

/// A folder of keys and certificates, made and used by openssl.
pub struct Openssl {
    dir: TempDir,
    next: AtomicU64,
}

impl Openssl {
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            next: AtomicU64::new(1),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn file(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// `<name>.pem` and `<name>.pub.pem`
    pub fn key(&self, name: &str) {
        let (private, public) = (
            self.path(&format!("{name}.pem")),
            self.path(&format!("{name}.pub.pem")),
        );
        run(Command::new("openssl")
            .args([
                "genpkey",
                "-algorithm",
                "RSA",
                "-pkeyopt",
                "rsa_keygen_bits:2048",
                "-out",
            ])
            .arg(&private));
        run(Command::new("openssl")
            .args(["pkey", "-pubout", "-in"])
            .arg(&private)
            .arg("-out")
            .arg(&public));
    }

    /// `<name>.crt`, signed by itself, valid for ten days from now on.
    pub fn certificate(&self, name: &str, serial: &str, subject: &str) {
        run(Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-new",
                "-sha256",
                "-days",
                "10",
                "-set_serial",
                serial,
                "-subj",
                subject,
                "-key",
            ])
            .arg(self.path(&format!("{name}.pem")))
            .arg("-out")
            .arg(self.path(&format!("{name}.crt"))));
    }

    pub fn sign(&self, name: &str, message: &[u8]) -> String {
        let message = self.scratch(message);
        let signature = run(Command::new("openssl")
            .args(["dgst", "-sha256", "-sign"])
            .arg(self.path(&format!("{name}.pem")))
            .arg(&message));
        base64(&self.scratch(&signature))
    }

    pub fn verify(&self, name: &str, message: &[u8], signature: &str) -> bool {
        let encoded = self.scratch(signature.as_bytes());
        let binary = self.scratch(b"");
        run(Command::new("openssl")
            .args(["base64", "-d", "-A", "-in"])
            .arg(&encoded)
            .arg("-out")
            .arg(&binary));
        let message = self.scratch(message);
        Command::new("openssl")
            .args(["dgst", "-sha256", "-verify"])
            .arg(self.path(&format!("{name}.pub.pem")))
            .arg("-signature")
            .arg(&binary)
            .arg(&message)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    }

    /// A digest in hexadecimal.
    pub fn digest(&self, algorithm: &str, bytes: &[u8]) -> String {
        let out = run(Command::new("openssl")
            .args(["dgst", "-r", algorithm])
            .arg(self.scratch(bytes)));
        String::from_utf8(out)
            .unwrap()
            .split_whitespace()
            .next()
            .unwrap()
            .to_owned()
    }

    /// An HMAC-SHA-256 in hexadecimal.
    pub fn mac(&self, key: &str, bytes: &[u8]) -> String {
        let out = run(Command::new("openssl")
            .args(["dgst", "-r", "-sha256", "-hmac", key])
            .arg(self.scratch(bytes)));
        String::from_utf8(out)
            .unwrap()
            .split_whitespace()
            .next()
            .unwrap()
            .to_owned()
    }

    pub fn output(&self, arguments: &[&str], file: &str) -> String {
        let out = run(Command::new("openssl").args(arguments).arg(self.path(file)));
        String::from_utf8(out).unwrap().trim().to_owned()
    }

    fn scratch(&self, bytes: &[u8]) -> PathBuf {
        let path = self.path(&format!("scratch{}", self.next.fetch_add(1, Ordering::Relaxed)));
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

fn base64(file: &Path) -> String {
    let out = run(Command::new("openssl").args(["base64", "-A", "-in"]).arg(file));
    String::from_utf8(out).unwrap().trim().to_owned()
}

fn run(command: &mut Command) -> Vec<u8> {
    let out = command
        .output()
        .unwrap_or_else(|e| panic!("these tests need the openssl command: {e}"));
    assert!(
        out.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    out.stdout
}
