//! The browser's side of a session: where the request comes from, and its cookies.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderValue, header};

use crate::model::{CurrentSession, OpenedSession, SessionKind};
use crate::service::AccessConfig;

impl SessionKind {
    /// The cookie that carries the token.
    #[must_use]
    pub const fn cookie(self) -> &'static str {
        match self {
            Self::Staff => "storeloop_staff",
            Self::Member => "storeloop_member",
        }
    }
}

/// Who is at the other end of the connection, beside who they are. An extractor that always succeeds.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The network address; empty when unknown.
    pub address: String,
    /// Whether the browser speaks TLS, to us or to the proxy in front.
    pub secure: bool,
    /// The session behind this request.
    pub session: Option<CurrentSession>,
}

impl Client {
    pub(crate) fn of(parts: &Parts, config: &AccessConfig) -> Self {
        Self {
            address: address(&parts.headers, &parts.extensions, config.behind_proxy),
            secure: config.tls || forwarded_over_tls(&parts.headers),
            session: None,
        }
    }

    /// The `Set-Cookie` that hands a session over. `None` cannot happen with a token of ours.
    #[must_use]
    pub fn cookie_set(&self, opened: &OpenedSession) -> Option<HeaderValue> {
        let (kind, life) = (opened.principal.kind(), opened.cookie_life.as_secs());
        cookie(kind, opened.token.reveal(), life, self.secure)
    }

    /// The `Set-Cookie` that takes it back.
    #[must_use]
    pub fn cookie_clear(&self, kind: SessionKind) -> Option<HeaderValue> {
        cookie(kind, "", 0, self.secure)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

fn cookie(kind: SessionKind, token: &str, seconds: u64, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!(
        "{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        kind.cookie()
    );
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The value of a cookie.
pub(crate) fn cookie_read(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(known, value)| *known == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// Believing the header only makes cookies stricter, so it does not matter who wrote it.
fn forwarded_over_tls(headers: &HeaderMap) -> bool {
    let proto = headers.get("x-forwarded-proto").and_then(|v| v.to_str().ok());
    proto.is_some_and(|p| {
        p.rsplit(',')
            .next()
            .is_some_and(|p| p.trim().eq_ignore_ascii_case("https"))
    })
}

/// The last entry of `X-Forwarded-For` is the one our own proxy wrote; all before it may be invented.
fn address(headers: &HeaderMap, extensions: &Extensions, behind_proxy: bool) -> String {
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|v| v.to_str().ok());
    let told = forwarded.and_then(|list| list.rsplit(',').next()).map(str::trim);
    match told.filter(|address| behind_proxy && !address.is_empty()) {
        Some(address) => address.to_owned(),
        None => {
            let peer = extensions.get::<ConnectInfo<SocketAddr>>();
            peer.map(|ConnectInfo(peer)| peer.ip().to_string())
                .unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (k.parse().unwrap(), HeaderValue::from_static(v)))
            .collect()
    }

    #[test]
    fn cookies_are_found_among_others() {
        let headers = headers(&[("cookie", "a=1; storeloop_staff=sls_x=y; storeloop_member=")]);
        assert_eq!(
            cookie_read(&headers, "storeloop_staff").as_deref(),
            Some("sls_x=y")
        );
        assert_eq!(cookie_read(&headers, "storeloop_member"), None);
        assert_eq!(cookie_read(&headers, "staff"), None);
    }

    #[test]
    fn only_a_proxy_of_ours_says_who_calls() {
        let sent = headers(&[("x-forwarded-for", "6.6.6.6, 10.0.0.9")]);
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4_000))));
        assert_eq!(address(&sent, &extensions, true), "10.0.0.9");
        assert_eq!(address(&sent, &extensions, false), "127.0.0.1");
        assert_eq!(address(&HeaderMap::new(), &Extensions::new(), true), "");
    }

    #[test]
    fn cookies_are_strict() {
        let plain = cookie(SessionKind::Member, "sls_x", 60, false).unwrap();
        assert_eq!(
            plain,
            "storeloop_member=sls_x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
        );
        assert!(plain.is_sensitive());
        let secure = cookie(SessionKind::Staff, "", 0, true).unwrap();
        assert_eq!(
            secure,
            "storeloop_staff=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(forwarded_over_tls(&headers(&[("x-forwarded-proto", "HTTPS")])));
    }
}
