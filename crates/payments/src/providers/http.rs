//! One HTTP client a provider: TLS by rustls, roots from the operating system, a time limit on everything.

use std::time::Duration;

use base::{Error, Result};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{CONFIGURATION, PROVIDER_UNREACHABLE};

/// The largest answer to a call.
const ANSWER_MAX_BYTES: usize = 1024 * 1024;
/// The largest statement of a day, packed.
const STATEMENT_MAX_BYTES: usize = 64 * 1024 * 1024;
/// How many times longer a statement may take than a call.
const STATEMENT_PATIENCE: u32 = 6;

pub(crate) struct Http {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    provider: &'static str,
    timeout: Duration,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A header's text; empty when it is not there or not text.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

impl Http {
    /// For a provider at `base_url`.
    pub(crate) fn new(provider: &'static str, base_url: &str, timeout: Duration) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        if base_url.starts_with("https://") {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Err(Error::new(&CONFIGURATION)
                    .with("key", format!("payments.{provider}.base_url"))
                    .with(
                        "expected",
                        "root certificates on this machine (package ca-certificates, or SSL_CERT_FILE)",
                    ));
            }
        }
        let tls = ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(Error::internal)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            provider,
            timeout,
        })
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// `payment.provider_unreachable`: whether the provider got the request is not known then.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer> {
        self.exchange(request, ANSWER_MAX_BYTES, self.timeout).await
    }

    /// The same for something long.
    pub(crate) async fn download(&self, request: Request<Full<Bytes>>) -> Result<Answer> {
        self.exchange(request, STATEMENT_MAX_BYTES, self.timeout * STATEMENT_PATIENCE)
            .await
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        limit: usize,
        patience: Duration,
    ) -> Result<Answer> {
        let whole = async {
            let answer = self
                .client
                .request(request)
                .await
                .map_err(|e| self.unreachable(e))?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, limit)
                .collect()
                .await
                .map_err(|e| self.unreachable(e))?
                .to_bytes();
            Ok(Answer {
                status: parts.status,
                headers: parts.headers,
                body,
            })
        };
        match tokio::time::timeout(patience, whole).await {
            Ok(answer) => answer,
            Err(elapsed) => Err(self.unreachable(elapsed)),
        }
    }

    fn unreachable(&self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::new(&PROVIDER_UNREACHABLE)
            .with("provider", self.provider)
            .caused_by(std::io::Error::other(cause))
    }
}
