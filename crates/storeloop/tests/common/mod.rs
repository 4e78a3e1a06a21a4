//! A whole house in a scratch folder, called in the process.

use access::{Assignment, Login, NewPassword, NewStaff, PersonName, Principal, Role, Scope};
use axum::body::Body;
use axum::response::Response;
use base::{Ctx, Locale, MemberId};
use crypto::KeyRing;
use db::{Db, DbConfig, SqliteConfig, StoreClock, Tx};
use http::{Method, Request, header};
use serde_json::Value;
use storeloop::house::{House, MIGRATIONS};
use tower::ServiceExt;

/// A house and its API.
pub(crate) struct Server {
    pub(crate) house: House,
    router: axum::Router,
    document: Value,
    auditor: Vec<String>,
    _folder: tempfile::TempDir,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = DbConfig::Sqlite(SqliteConfig::new(folder.path().join("test.db")));
        let db = Db::open(config, StoreClock::Database).await.unwrap();
        db.migrate(MIGRATIONS).await.unwrap();
        let house = House::over(
            db,
            KeyRing::ephemeral().unwrap(),
            &startup::config::Config::default(),
        )
        .unwrap();
        let (router, document) = house.api().unwrap();
        let router = router.layer(axum::middleware::from_fn(web::boundary));
        let document = serde_json::to_value(&document).unwrap();
        Self {
            house,
            router,
            document,
            auditor: Vec::new(),
            _folder: folder,
        }
        .with_auditor()
        .await
    }

    async fn with_auditor(mut self) -> Self {
        let token = self.staff_token("auditor-rights").await;
        let answer = self
            .call(Method::GET, "/api/v1/staff/session", Some(&token))
            .await;
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX)
            .await
            .unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let permissions = body["permissions"].as_array().unwrap().iter();
        self.auditor = permissions.map(|p| p.as_str().unwrap().to_owned()).collect();
        self
    }

    pub(crate) fn document(&self) -> Value {
        self.document.clone()
    }

    pub(crate) fn auditor_may(&self, permission: &str) -> bool {
        self.auditor.iter().any(|p| p == permission)
    }

    /// A new auditor's session.
    pub(crate) async fn staff_token(&self, login: &str) -> String {
        let ctx = Ctx::system("test");
        let new = NewStaff {
            login: Login::parse(login).unwrap(),
            name: PersonName::parse(login).unwrap(),
            password: NewPassword::parse("correct horse battery", login).unwrap(),
            email: None,
            locale: Locale::En,
            roles: [Assignment::new(Role::Auditor, Scope::All).unwrap()].into(),
            home_place_id: None,
        };
        let staff = self.house.access.staff_create(&ctx, new).await.unwrap();
        self.token(Principal::Staff(staff.id)).await
    }

    pub(crate) async fn member_token(&self) -> String {
        self.token(Principal::Member(MemberId::new())).await
    }

    async fn token(&self, principal: Principal) -> String {
        let access = self.house.access.clone();
        let opened = self
            .house
            .db
            .write(async move |tx: &Tx| access.session_open_in(tx, principal).await)
            .await;
        opened.unwrap().token.reveal().to_owned()
    }

    pub(crate) async fn call(&self, method: Method, path: &str, token: Option<&str>) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }
}

/// The path with something well-formed in place of its variables.
pub(crate) fn fill_path(path: &str, operation: &Value, item: &Value) -> String {
    let mut filled = path.to_owned();
    let parameters = [&operation["parameters"], &item["parameters"]];
    for parameter in parameters.iter().filter_map(|p| p.as_array()).flatten() {
        if parameter["in"] != "path" {
            continue;
        }
        let name = parameter["name"].as_str().unwrap();
        let pattern = parameter["schema"]["pattern"].as_str().unwrap_or_default();
        let prefix = pattern.trim_start_matches('^').split('_').next().unwrap_or("x");
        let value = match prefix.len() {
            3 => format!("{prefix}_{}", "0".repeat(26)),
            _ => "x".to_owned(),
        };
        filled = filled.replace(&format!("{{{name}}}"), &value);
    }
    filled
}
