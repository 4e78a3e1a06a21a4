//! The HTTP server: API, probes, metrics and web apps behind one listener.

use std::net::SocketAddr;
use std::time::Duration;

use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use db::Db;
use http::{HeaderName, HeaderValue, StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::assets;

/// Smaller answers are not worth compressing.
const COMPRESS_ABOVE_BYTES: u64 = 1400;

/// Nothing from another host, no framing, no sniffing: every page is served by this binary alone.
const SECURITY_HEADERS: &[(HeaderName, &str)] = &[
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Puts the API beside probes, metrics, the OpenAPI document and the web apps.
pub fn app(api: axum::Router, openapi: String, db: Db, metrics: PrometheusHandle) -> axum::Router {
    let compressible = SizeAbove::new(COMPRESS_ABOVE_BYTES)
        .and(NotForContentType::new("text/event-stream"))
        .and(NotForContentType::IMAGES);
    let mut app = axum::Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(move || ready(db.clone())))
        .route("/metrics", get(move || async move { metrics.render() }))
        .route("/openapi.json", get(move || document(openapi.clone())))
        .merge(api)
        .fallback(assets::serve)
        .method_not_allowed_fallback(web::method_not_allowed)
        .layer(from_fn(web::boundary))
        .layer(CompressionLayer::new().compress_when(compressible));
    for (name, value) in SECURITY_HEADERS {
        app = app.layer(SetResponseHeaderLayer::if_not_present(
            name.clone(),
            HeaderValue::from_static(value),
        ));
    }
    app
}

async fn ready(db: Db) -> Response {
    match db.now().await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(?error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

async fn document(openapi: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], openapi).into_response()
}

/// Serves until asked to stop, then lets running requests finish, within `grace`.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(
    app: axum::Router,
    listener: TcpListener,
    stop: watch::Sender<bool>,
    grace: Duration,
) -> Result<(), String> {
    let mut stopping = stop.subscribe();
    let server = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            asked_to_stop().await;
            tracing::info!("stopping: no new requests, letting running ones finish");
            let _ = stop.send(true);
        });
    let overdue = async move {
        let _ = stopping.wait_for(|stopped| *stopped).await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        served = server => served.map_err(|e| format!("the server failed: {e}")),
        () = overdue => {
            tracing::warn!(grace_s = grace.as_secs(), "some requests did not finish in time");
            Ok(())
        }
    }
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}

/// Listens, or says who is in the way.
///
/// # Errors
/// When the address is taken or not ours.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        format!(
            "{address} cannot be listened on: {error}; choose another with --listen, or stop what uses it"
        )
    })
}
