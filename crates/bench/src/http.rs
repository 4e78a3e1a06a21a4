//! A client that costs little, since it shares the machine with the server it loads: one kept-alive HTTP/1.1
//! connection, one request at a time, and no more of the protocol than our own server speaks.

use std::net::SocketAddr;

use base::Result;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::failed;

/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 1 << 20;

/// A connection to the server.
pub(crate) struct Connection {
    stream: TcpStream,
    /// Headers of every request from now on, each with its line's end.
    pub(crate) headers: String,
    /// The request being sent.
    out: Vec<u8>,
    /// The answer being read.
    answer: Vec<u8>,
}

/// An answer; its body lies in the connection until the next request.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    head: &'a [u8],
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// What a header says.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = std::str::from_utf8(self.head).ok()?.split("\r\n");
        lines
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }
}

impl Connection {
    pub(crate) async fn open(to: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(to).await.map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        Ok(Self {
            stream,
            headers: String::new(),
            out: Vec::with_capacity(1024),
            answer: Vec::with_capacity(8 * 1024),
        })
    }

    /// Sends a request, with a JSON body unless that is empty, and reads the whole answer.
    pub(crate) async fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<Answer<'_>> {
        self.out.clear();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n");
        self.out.extend_from_slice(head.as_bytes());
        self.out.extend_from_slice(self.headers.as_bytes());
        if !body.is_empty() {
            let about = format!(
                "content-type: application/json\r\ncontent-length: {}\r\n",
                body.len()
            );
            self.out.extend_from_slice(about.as_bytes());
        }
        self.out.extend_from_slice(b"\r\n");
        self.out.extend_from_slice(body.as_bytes());
        self.stream.write_all(&self.out).await.map_err(failed)?;
        self.read().await
    }

    /// The same, for a request that must succeed; answers its body, parsed.
    pub(crate) async fn json<T: DeserializeOwned>(
        &mut self,
        method: &str,
        path: &str,
        body: &str,
    ) -> Result<T> {
        let answer = self.ask(method, path, body).await?;
        if !(200..300).contains(&answer.status) {
            let text = String::from_utf8_lossy(answer.body);
            let status = answer.status;
            return Err(failed(format!("{method} {path}: {status} {text}")));
        }
        serde_json::from_slice(answer.body).map_err(failed)
    }

    async fn read(&mut self) -> Result<Answer<'_>> {
        self.answer.clear();
        let mut head = None;
        loop {
            if self.stream.read_buf(&mut self.answer).await.map_err(failed)? == 0 {
                return Err(failed("the server closed the connection"));
            }
            if head.is_none() {
                head = Head::find(&self.answer);
            }
            if let Some(Head { status, end, length }) = head
                && self.answer.len() >= end + length
            {
                let (head, body) = (&self.answer[..end], &self.answer[end..end + length]);
                return Ok(Answer { status, head, body });
            }
            if self.answer.len() > MAX_ANSWER {
                return Err(failed("the server's answer is too long"));
            }
        }
    }
}

/// What the first lines of an answer say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Head {
    status: u16,
    /// Where the body begins.
    end: usize,
    /// How long the body is.
    length: usize,
}

impl Head {
    fn find(answer: &[u8]) -> Option<Self> {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(&answer[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let length = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())
            .unwrap_or(0);
        Some(Self { status, end, length })
    }
}

#[cfg(test)]
mod tests {
    use super::Head;

    #[test]
    fn a_head_says_where_the_body_is() {
        let answer = b"HTTP/1.1 201 Created\r\nETag: \"1\"\r\nContent-Length: 2\r\n\r\n{}";
        let head = Head {
            status: 201,
            end: answer.len() - 2,
            length: 2,
        };
        assert_eq!(Head::find(answer), Some(head));
        assert_eq!(Head::find(&answer[..30]), None);
    }
}
