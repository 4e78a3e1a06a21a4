//! A small chain with people in it: one store, one serum, one experience manager, and whoever signs in.

use axum::body::Body;
use axum::middleware::from_fn;
use base::{Ctx, Currency, Locale, MemberId, Money, PlaceId, RequestId, SkuId, StaffId, Text};
use bus::Bus;
use catalog::{Catalog, CategoryIn, ProductIn, ProductStatus, SkuIn, ValidProduct};
use crypto::KeyRing;
use db::testing::{TestDb, each_engine};
use db::{MigrationSet, Tx};
use flows::{CartNew, Flows, FlowsParts, OrderOut, PaymentMethod, People, PeopleParts};
use http::{Method, Request, StatusCode, header};
use jobs::Runner;
use loyalty::Loyalty;
use members::{Members, OtpPolicy};
use orders::rules::Tariff;
use orders::{Channel, Contact, FulfilmentChoice, OrderSecrets, Orders, Wanted};
use outreach::{Adapters, Outreach};
use payments::{Payments, SandboxOutcome};
use places::{Address, PlaceIn, PlaceKind, Places, Service, ValidPlace};
use serde_json::{Value, json};
use stock::{MovementKind, NewMovement, Stock};
use tower::ServiceExt;
use voice::{SurveyPolicy, Voice};

const SETS: &[MigrationSet] = &[
    bus::MIGRATIONS,
    jobs::MIGRATIONS,
    access::MIGRATIONS,
    places::MIGRATIONS,
    catalog::MIGRATIONS,
    members::MIGRATIONS,
    stock::MIGRATIONS,
    orders::MIGRATIONS,
    payments::MIGRATIONS,
    pricing::MIGRATIONS,
    sourcing::MIGRATIONS,
    channels::MIGRATIONS,
    loyalty::MIGRATIONS,
    outreach::MIGRATIONS,
    voice::MIGRATIONS,
];

/// The buyer's phone.
pub(crate) const PHONE: &str = "138 0013 8000";

pub(crate) struct Town {
    pub(crate) t: TestDb,
    pub(crate) flows: Flows,
    pub(crate) store: PlaceId,
    pub(crate) serum: SkuId,
    pub(crate) manager: StaffId,
    pub(crate) secrets: OrderSecrets,
    bus: Bus,
    runner: Runner,
    router: axum::Router,
}

/// Runs a test in a fresh town on each engine.
pub(crate) fn each_town(body: impl AsyncFn(Town)) {
    each_engine(SETS, async |t: TestDb| body(Town::new(t).await).await);
}

pub(crate) fn system() -> Ctx {
    Ctx::system("test")
}

pub(crate) fn guest() -> Ctx {
    Ctx::anonymous(Locale::Zh, RequestId("test".into()))
}

pub(crate) fn member(id: MemberId) -> Ctx {
    Ctx::member(id, Locale::Zh, RequestId("test".into()))
}

fn store() -> ValidPlace {
    let city = Text::new("杭州市", "Hangzhou");
    let details = PlaceIn {
        code: "HZ1".into(),
        kind: PlaceKind::Store,
        name: Text::new("湖滨店", "Hubin"),
        region: "east".into(),
        address: Address {
            country: "CN".into(),
            province: Text::new("浙江省", "Zhejiang"),
            city,
            district: None,
            line: Text::same("1"),
            postcode: None,
        },
        latitude: 30.255,
        longitude: 120.165,
        timezone: "Asia/Shanghai".into(),
        area_m2: None,
        phone: None,
        hours: Vec::new(),
        special_days: Vec::new(),
        services: vec![Service::Collect, Service::Return],
        prep_minutes: 30,
        daily_order_capacity: None,
        active: true,
    };
    ValidPlace::try_from(details).unwrap()
}

async fn shelve(catalog: &Catalog, t: &TestDb) -> SkuId {
    let writer = catalog.clone();
    t.db.write(async move |tx: &Tx| {
        let name = Text::new("护肤", "Care");
        let care = CategoryIn {
            code: "care".into(),
            parent_code: None,
            name,
            position: 1,
        };
        let category_id = writer.import_categories_in(tx, &[(None, care)]).await?.remove(0);
        let sku = SkuIn {
            code: "SERUM-1".into(),
            barcodes: Vec::new(),
            option: Text::new("30毫升", "30 ml"),
            price: Money::new(12_900, Currency::CNY),
            tracked: true,
            active: true,
        };
        let product = ValidProduct::try_from(ProductIn {
            code: "SERUM".into(),
            name: Text::new("玫瑰精华", "Rose Serum"),
            brand: Text::same("Loop"),
            category_id,
            description: Text::default(),
            media: Vec::new(),
            attributes: Vec::new(),
            status: ProductStatus::Active,
            skus: vec![sku],
        })?;
        let imported = writer
            .import_products_in(tx, &system(), &[product.into()])
            .await?;
        Ok(imported[0].product.skus[0].id)
    })
    .await
    .unwrap()
}

async fn hire(access: &access::Access) -> StaffId {
    let login = access::Login::parse("lin").unwrap();
    let new = access::NewStaff {
        name: access::PersonName::parse("林晓").unwrap(),
        password: access::NewPassword::parse("correct horse battery", "lin").unwrap(),
        login,
        email: None,
        locale: Locale::Zh,
        roles: [access::Assignment::new(access::Role::ExperienceManager, access::Scope::All).unwrap()].into(),
        home_place_id: None,
    };
    access.staff_create(&system(), new).await.unwrap().id
}

impl Town {
    async fn new(t: TestDb) -> Self {
        let (db, keys, secrets) = (
            t.db.clone(),
            KeyRing::ephemeral().unwrap(),
            OrderSecrets::new(vec![[7; 32]]),
        );
        let (catalog, places) = (Catalog::new(db.clone()), Places::new(db.clone()));
        let stock = Stock::new(db.clone(), catalog.clone(), places.clone());
        let config = access::AccessConfig {
            password_cost: crypto::Cost::TEST,
            ..Default::default()
        };
        let access =
            access::Access::new(db.clone(), keys.clone(), access::PlaceDirectory::new(), config).unwrap();
        let members = Members::new(db.clone(), keys, OtpPolicy::default());
        let (voice, orders) = (
            Voice::new(db.clone(), SurveyPolicy::default()),
            Orders::new(db.clone()),
        );
        let outreach = Outreach::new(db.clone(), Adapters::mailbox());
        let people = People::new(PeopleParts {
            db: db.clone(),
            access: access.clone(),
            members: members.clone(),
            voice: voice.clone(),
            orders,
            catalog: catalog.clone(),
            places: places.clone(),
            stock: stock.clone(),
            secrets: secrets.clone(),
            shop_url: "http://localhost/shop/".into(),
            currency: Currency::CNY,
        });
        let bus = Bus::new(db.clone(), people.subscribers());
        let flows = Flows::new(FlowsParts {
            db: db.clone(),
            bus: bus.clone(),
            catalog: catalog.clone(),
            places: places.clone(),
            stock: stock.clone(),
            payments: Payments::new(db.clone()),
            pricing: pricing::Pricing::new(db.clone(), catalog.clone()),
            secrets: secrets.clone(),
            tariff: Tariff::default(),
        });
        let mut runner = Runner::new(db.clone());
        outreach.register(&mut runner);
        people.register(&mut runner);
        let (router, _) = flows::people_routes(people)
            .merge(members::routes(members))
            .merge(loyalty::routes(Loyalty::new(db)))
            .merge(outreach::routes(outreach))
            .merge(voice::routes(voice))
            .split_for_parts();
        let store = places.place_create(&system(), store()).await.unwrap().id;
        let serum = shelve(&catalog, &t).await;
        let receipt = NewMovement::new(MovementKind::Receipt, serum, store, 20);
        stock.movement_record(&system(), receipt).await.unwrap();
        let manager = hire(&access).await;
        let router = router.layer(from_fn(web::boundary));
        Self {
            t,
            flows,
            store,
            serum,
            manager,
            secrets,
            bus,
            runner,
            router,
        }
    }

    /// Tells what happened and runs what was asked for, until nothing is left.
    pub(crate) async fn settle(&self) {
        while self.bus.step().await.unwrap() + self.runner.step().await.unwrap() > 0 {}
        assert!(self.runner.dead().await.unwrap().is_empty());
        assert!(self.bus.parked().await.unwrap().is_empty());
    }

    pub(crate) async fn call(
        &self,
        ctx: &Ctx,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json");
        request.extensions_mut().unwrap().insert(ctx.clone());
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, ctx: &Ctx, path: &str) -> Value {
        let (status, body) = self.call(ctx, Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    pub(crate) async fn post(&self, ctx: &Ctx, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(ctx, Method::POST, path, Some(body)).await
    }

    /// What must succeed.
    pub(crate) async fn done(&self, ctx: &Ctx, path: &str, body: Value) -> Value {
        let (status, body) = self.post(ctx, path, body).await;
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    /// The bodies of every message of a template, newest first.
    pub(crate) async fn messages(&self, template: &str) -> Vec<String> {
        let page = self.get(&system(), "/messages?limit=200").await;
        let items = page["items"].as_array().unwrap();
        let wanted = items.iter().filter(|m| m["template"] == template);
        wanted.map(|m| m["body"].as_str().unwrap().to_owned()).collect()
    }

    /// Asks for a code and reads it from the mailbox.
    pub(crate) async fn code(&self, phone: &str) -> String {
        self.done(&guest(), "/member/otp", json!({ "phone": phone }))
            .await;
        self.settle().await;
        let body = self.messages("otp_code").await.remove(0);
        body.split(|c: char| !c.is_ascii_digit())
            .find(|word| word.len() == 6)
            .unwrap()
            .to_owned()
    }

    /// Somebody who signed in.
    pub(crate) async fn join(&self, phone: &str) -> Ctx {
        let code = self.code(phone).await;
        let body =
            json!({ "phone": phone, "code": code, "name": "王小明", "consents": { "marketing_sms": true } });
        let session = self.done(&guest(), "/member/session", body).await;
        member(session["member"]["id"].as_str().unwrap().parse().unwrap())
    }

    /// A serum that was bought on the web and collected in the store.
    pub(crate) async fn collected(&self, ctx: &Ctx, phone: &str) -> OrderOut {
        let new = CartNew {
            channel: Channel::Web,
            lines: vec![Wanted {
                sku_id: self.serum,
                quantity: 1,
            }],
            fulfilment: Some(FulfilmentChoice::Collect { place_id: self.store }),
            contact: Some(Contact {
                name: "王小明".into(),
                phone: phone.into(),
            }),
        };
        let cart = self.flows.cart_create(ctx, new).await.unwrap().id;
        let order = self
            .flows
            .cart_checkout(ctx, cart, PaymentMethod::Sandbox)
            .await
            .unwrap();
        let payment = order.payments[0].id;
        let paid = self
            .flows
            .payment_sandbox(&guest(), payment, SandboxOutcome::Approve, None)
            .await
            .unwrap();
        let fulfilment = paid.fulfilments[0].id;
        self.flows.fulfilment_pick(&system(), fulfilment).await.unwrap();
        let code = self.secrets.pickup_code(order.id);
        self.flows
            .fulfilment_hand_over(&system(), fulfilment, code)
            .await
            .unwrap();
        self.settle().await;
        self.flows.order_get(&system(), order.id, None).await.unwrap()
    }

    /// The secret of the newest survey link.
    pub(crate) async fn survey(&self) -> String {
        let body = self.messages("survey_invitation").await.remove(0);
        body.rsplit("/s/").next().unwrap().to_owned()
    }
}
