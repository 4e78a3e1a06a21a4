//! The web apps, carried in the binary.

use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode, Uri, header};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../apps/shop/dist"]
#[allow_missing = true]
struct Shop;

#[derive(RustEmbed)]
#[folder = "../../apps/store/dist"]
#[allow_missing = true]
struct Store;

#[derive(RustEmbed)]
#[folder = "../../apps/console/dist"]
#[allow_missing = true]
struct Console;

/// Files under this folder carry a hash of their content in their name.
const HASHED: &str = "assets/";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const REVALIDATE: &str = "no-cache";

type Find = fn(&str) -> Option<EmbeddedFile>;

fn app_of(path: &str) -> Option<(&'static str, Find, &str)> {
    const APPS: &[(&str, Find)] = &[
        ("/shop", Shop::get),
        ("/store", Store::get),
        ("/console", Console::get),
    ];
    APPS.iter().find_map(|(prefix, find)| {
        let rest = path.strip_prefix(prefix)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| (*prefix, *find, rest.trim_start_matches('/')))
    })
}

/// Serves the apps; every address inside an app that is not a file is its page.
pub async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    if uri.path() == "/" {
        return Redirect::temporary("/shop/").into_response();
    }
    let Some((prefix, find, path)) = app_of(uri.path()) else {
        return web::not_found(uri).await.into_response();
    };
    if uri.path() == prefix {
        return Redirect::permanent(&format!("{prefix}/")).into_response();
    }
    let (file, name) = match find(path) {
        Some(file) if !path.is_empty() => (file, path),
        _ if path.starts_with(HASHED) => return StatusCode::NOT_FOUND.into_response(),
        _ => match find("index.html") {
            Some(page) => (page, "index.html"),
            None => return not_built(prefix),
        },
    };
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..16]));
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let cache = if name.starts_with(HASHED) {
        FOR_EVER
    } else {
        REVALIDATE
    };
    if asked == Some(tag.as_str()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let kind = file.metadata.mimetype().to_owned();
    let headers = [
        (
            header::CONTENT_TYPE,
            if kind == "text/html" {
                "text/html; charset=utf-8".to_owned()
            } else {
                kind
            },
        ),
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::ETAG, tag),
    ];
    (headers, file.data).into_response()
}

fn not_built(prefix: &str) -> Response {
    let text = format!("{prefix} is not part of this build; build the web apps with `cargo xtask build`\n");
    (StatusCode::NOT_FOUND, text).into_response()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
