//! Throws rubbish at a running server, as its own OpenAPI document invites it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::machine;
use crate::shell::{Done, command, run_command};

/// A chain small enough to be made in seconds.
const SMALL: &[&str] = &[
    "--stores",
    "4",
    "--members",
    "60",
    "--orders",
    "120",
    "--days",
    "150",
];
/// What must hold of every answer, whatever was sent.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// Streams never end, and a signed-out or changed administrator could not go on.
const LEFT_OUT: &[&str] = &[
    "--exclude-path-regex=/stream$",
    "--exclude-operation-id=staff_sign_out",
    "--exclude-operation-id=staff_password_change",
];
const EXAMPLES: &str = "25";
const SEED: &str = "7";
/// A busy machine is slow, and slowness is not what is looked for.
const REQUEST_TIMEOUT_S: &str = "90";

/// Starts a small demo, signs in and runs schemathesis against it.
pub(crate) fn fuzz() -> Done {
    let schemathesis = machine::schemathesis()?;
    crate::test::server()?;
    let server = Server::start()?;
    let token = server.sign_in()?;
    let mut fuzzer = command("target", &schemathesis, &["run"]);
    fuzzer
        .arg(format!("{}/openapi.json", server.url()))
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args([
            "--checks",
            CHECKS,
            "--max-examples",
            EXAMPLES,
            "--seed",
            SEED,
            "--continue-on-failure",
            "--request-timeout",
            REQUEST_TIMEOUT_S,
        ])
        .args([
            "--phases",
            "examples,coverage,fuzzing",
            "--suppress-health-check",
            "all",
            "--warnings",
            "off",
        ])
        .args(LEFT_OUT);
    run_command(fuzzer)
}

/// A demo on a free port, gone when dropped.
struct Server {
    process: Child,
    port: u16,
    password: String,
    folder: std::path::PathBuf,
}

impl Server {
    fn start() -> Done<Self> {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .map_err(|e| format!("there is no free port: {e}"))?
            .port();
        let folder = std::env::temp_dir().join(format!("storeloop-fuzz-{port}"));
        let mut demo: Command = command(".", "target/debug/storeloop", &["demo"]);
        demo.args(["--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
            .arg(&folder)
            .args(SMALL)
            .stdout(Stdio::piped());
        let mut process = demo.spawn().map_err(|e| format!("the demo did not start: {e}"))?;
        let output = process.stdout.take().ok_or("the demo prints nothing")?;
        let mut server = Self {
            process,
            port,
            password: String::new(),
            folder,
        };
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|e| format!("the demo's output cannot be read: {e}"))?;
            let mut words = line.split_whitespace();
            if words.next() == Some("admin") {
                words.next().unwrap_or_default().clone_into(&mut server.password);
            }
            if line.contains("Ctrl-C") {
                return Ok(server);
            }
        }
        Err("the demo ended before it was ready".to_owned())
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn sign_in(&self) -> Done<String> {
        let body = format!(r#"{{"login":"admin","password":"{}"}}"#, self.password);
        let answer = self
            .post("/api/v1/staff/session", &body)
            .map_err(|e| format!("sign-in failed: {e}"))?;
        let json = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        let session: serde_json::Value =
            serde_json::from_str(json).map_err(|e| format!("sign-in answered {answer}: {e}"))?;
        session["token"]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| format!("sign-in answered {json}"))
    }

    fn post(&self, path: &str, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Whatever cannot be cleaned up lies in the machine's folder for passing things.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
