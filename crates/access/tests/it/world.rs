//! A small chain with people in it, and typed users who make requests.

use std::time::Duration;

use access::{
    Access, AccessConfig, Assignment, Login, MIGRATIONS, NewPassword, NewStaff, PersonName, PlaceDirectory,
    PlaceScopes, Role, Scope, SignIn, SignedIn, Staff,
};
use axum::Router;
use axum::body::Body;
use base::{Ctx, Locale, PlaceId, RequestId, Result};
use crypto::{Cost, KeyRing};
use db::testing::{TestDb, each_engine};
use http::{Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "correct horse 店环";

pub(crate) struct World {
    pub(crate) test: TestDb,
    pub(crate) access: Access,
    pub(crate) bund: PlaceId,
}

/// Runs a body on each engine, in a chain with two places and nobody in it.
pub(crate) fn each<F, Fut>(body: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    each_engine(&[MIGRATIONS], |test| body(World::new(test)));
}

impl World {
    fn new(test: TestDb) -> Self {
        let (bund, tianhe) = (PlaceId::new(), PlaceId::new());
        let places = PlaceDirectory::new();
        let place = |id, region: &str| PlaceScopes {
            id,
            region: Some(region.to_owned()),
            brand: None,
        };
        places.replace([place(bund, "east"), place(tianhe, "south")]);
        let config = AccessConfig {
            password_cost: Cost::TEST,
            ..AccessConfig::default()
        };
        let access = Access::new(test.db.clone(), KeyRing::ephemeral().unwrap(), places, config).unwrap();
        Self { test, access, bund }
    }

    /// Another process on the same store, with a cache of its own.
    pub(crate) fn node(&self, change: impl FnOnce(&mut AccessConfig)) -> Access {
        let mut config = AccessConfig {
            password_cost: Cost::TEST,
            ..AccessConfig::default()
        };
        change(&mut config);
        let keys = KeyRing::ephemeral().unwrap();
        Access::new(self.test.db.clone(), keys, PlaceDirectory::new(), config).unwrap()
    }

    /// Another process that asks the store every time.
    pub(crate) fn forgetful_node(&self) -> Access {
        self.node(|config| config.cache_ttl = Duration::ZERO)
    }

    pub(crate) async fn hire(&self, login: &str, roles: &[(Role, Scope)]) -> Staff {
        let ctx = Ctx::system("test");
        self.access
            .staff_create(&ctx, new_staff(login, roles))
            .await
            .unwrap()
    }

    pub(crate) async fn admin(&self) -> Staff {
        self.hire("admin", &[(Role::Admin, Scope::All)]).await
    }

    pub(crate) async fn sign_in(&self, login: &str, password: &str, totp: Option<&str>) -> Result<SignedIn> {
        self.sign_in_from("10.0.0.1", login, password, totp).await
    }

    pub(crate) async fn sign_in_from(
        &self,
        address: &str,
        login: &str,
        password: &str,
        totp: Option<&str>,
    ) -> Result<SignedIn> {
        let input = SignIn {
            login: login.to_owned(),
            password: password.to_owned(),
            totp: totp.map(str::to_owned),
            address: address.to_owned(),
            replaces: None,
        };
        self.access.sign_in(&visitor(), input).await
    }

    pub(crate) async fn token(&self, login: &str) -> String {
        self.sign_in(login, PASSWORD, None)
            .await
            .unwrap()
            .session
            .token
            .reveal()
            .to_owned()
    }

    pub(crate) fn api(&self) -> Router {
        api(&self.access)
    }

    pub(crate) async fn execute(&self, sql: &'static str) {
        self.test
            .db
            .write(async move |tx: &db::Tx| tx.execute(sql, &[]).await)
            .await
            .unwrap();
    }
}

/// The API as the composition root would serve it, and a probe that tells who asks.
pub(crate) fn api(access: &Access) -> Router {
    let (routes, _) = access::routes(access.clone()).split_for_parts();
    let who = axum::routing::any(|web::Caller(ctx): web::Caller| async move {
        let key = ctx.idempotency.as_ref().map(|k| k.key.to_string());
        axum::Json(serde_json::json!({
            "actor": ctx.actor.to_string(), "locale": ctx.locale, "request_id": &*ctx.request_id.0, "key": key,
        }))
    });
    routes
        .route("/who", who.clone())
        .route("/me/who", who)
        .layer(axum::middleware::from_fn_with_state(
            access.clone(),
            access::authenticate,
        ))
        .layer(axum::middleware::from_fn(web::fingerprint))
        .layer(axum::middleware::from_fn(web::boundary))
}

pub(crate) fn visitor() -> Ctx {
    Ctx::anonymous(Locale::En, RequestId("test".into()))
}

pub(crate) fn new_staff(login: &str, roles: &[(Role, Scope)]) -> NewStaff {
    let login = Login::parse(login).unwrap();
    NewStaff {
        password: NewPassword::parse(PASSWORD, login.as_str()).unwrap(),
        login,
        name: PersonName::parse("李雷").unwrap(),
        email: None,
        locale: Locale::Zh,
        roles: roles
            .iter()
            .map(|(r, s)| Assignment::new(*r, s.clone()).unwrap())
            .collect(),
        home_place_id: None,
    }
}

/// A request under way.
pub(crate) struct Call {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
}

pub(crate) fn get(path: &str) -> Call {
    call(Method::GET, path)
}
pub(crate) fn post(path: &str) -> Call {
    call(Method::POST, path)
}
pub(crate) fn patch(path: &str) -> Call {
    call(Method::PATCH, path)
}
pub(crate) fn delete(path: &str) -> Call {
    call(Method::DELETE, path)
}

fn call(method: Method, path: &str) -> Call {
    Call {
        method,
        path: path.to_owned(),
        headers: Vec::new(),
        body: None,
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status.as_u16(), &self.body["code"]),
            (status, &code.into()),
            "{:#}",
            self.body
        );
        self.body
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {:#}", self.status, self.body);
        self.body
    }
}

impl Call {
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// As our own pages send it.
    pub(crate) fn cookie(self, cookie: impl Into<String>) -> Self {
        self.header("cookie", cookie).header("x-storeloop-csrf", "1")
    }

    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) async fn send(self, api: &Router) -> Answer {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let body = match self.body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let response = api.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status,
            headers,
            body,
        }
    }
}
