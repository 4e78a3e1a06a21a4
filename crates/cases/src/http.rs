//! A small HTTP/1.1 client: kept-alive connections, one request at a time on each, bodies of JSON.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// The longest time an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// A connection that rested longer is not used again: a server may have closed it.
const RESTS_AT_MOST: Duration = Duration::from_secs(5);

/// How long somebody asks again who hears no answer.
const ASKS_FOR: Duration = Duration::from_secs(30);
const ASKS_AGAIN: Duration = Duration::from_millis(50);

/// Servers of one system, and connections to them that are free.
pub struct Client {
    servers: Vec<Server>,
    next: AtomicUsize,
    /// Whether anybody but the first is asked.
    spread: AtomicBool,
}

struct Server {
    at: SocketAddr,
    free: Mutex<Vec<Resting>>,
}

/// A connection, and since when nobody uses it.
type Resting = (Instant, BufReader<TcpStream>);

/// A request.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The path with its query.
    pub path: &'a str,
    /// Further headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body, if any.
    pub body: Option<&'a Value>,
}

impl Client {
    /// A client of servers; it asks the first until it is told to ask all.
    #[must_use]
    pub fn new(servers: impl IntoIterator<Item = SocketAddr>) -> Self {
        let free = Mutex::default;
        Self {
            servers: servers
                .into_iter()
                .map(|at| Server { at, free: free() })
                .collect(),
            next: AtomicUsize::new(0),
            spread: AtomicBool::new(false),
        }
    }

    /// Asks one server after the other from now on.
    pub fn spread(&self) {
        self.spread.store(true, Ordering::Relaxed);
    }

    /// How many servers there are.
    #[must_use]
    pub fn servers(&self) -> usize {
        self.servers.len()
    }

    /// Sends a request and reads the whole answer: its status, and its body, null when there is none.
    ///
    /// # Errors
    /// When there is no answer, or none that can be read.
    pub fn send(&self, request: Request<'_>) -> Result<(u16, Value), String> {
        let nth = match self.spread.load(Ordering::Relaxed) {
            true => self.next.fetch_add(1, Ordering::Relaxed) % self.servers.len(),
            false => 0,
        };
        self.send_to(nth, request)
    }

    /// The same, and once more when no answer is heard: for a request that may be repeated.
    ///
    /// # Errors
    /// When none is heard for half a minute.
    pub fn send_until_heard(&self, request: Request<'_>) -> Result<(u16, Value), String> {
        let until = Instant::now() + ASKS_FOR;
        loop {
            match self.send(request) {
                Err(_) if Instant::now() < until => thread::sleep(ASKS_AGAIN),
                answer => return answer,
            }
        }
    }

    /// The same to one of the servers.
    ///
    /// # Errors
    /// When there is no answer, or none that can be read.
    pub fn send_to(&self, nth: usize, request: Request<'_>) -> Result<(u16, Value), String> {
        let told = |why: std::io::Error| format!("{} {}: {why}", request.method, request.path);
        let server = self.servers.get(nth).ok_or("there is no such server")?;
        let rested = server.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match rested {
            Some((since, connection)) if since.elapsed() < RESTS_AT_MOST => connection,
            _ => connect(server.at).map_err(told)?,
        };
        let answer = exchange(&mut connection, request).map_err(told)?;
        server
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((Instant::now(), connection));
        Ok(answer)
    }
}

fn connect(to: SocketAddr) -> std::io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(to)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(BufReader::new(stream))
}

fn exchange(connection: &mut BufReader<TcpStream>, request: Request<'_>) -> std::io::Result<(u16, Value)> {
    use std::fmt::Write as _;

    let mut out = format!(
        "{} {} HTTP/1.1\r\nhost: 127.0.0.1\r\n",
        request.method, request.path
    );
    for (name, value) in request.headers {
        let _ = write!(out, "{name}: {value}\r\n");
    }
    let body = request.body.map(Value::to_string).unwrap_or_default();
    if request.body.is_some() {
        let _ = write!(
            out,
            "content-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
    }
    out.push_str("\r\n");
    out.push_str(&body);
    connection.get_mut().write_all(out.as_bytes())?;

    let unreadable = || std::io::Error::other("the answer is not HTTP");
    let mut line = String::new();
    connection.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(unreadable)?;
    let mut length = 0;
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(|_| unreadable())?;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    if body.is_empty() {
        return Ok((status, Value::Null));
    }
    Ok((status, serde_json::from_slice(&body)?))
}
