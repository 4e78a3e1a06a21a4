//! A chain of two stores, the server that serves it, and what is in its books.

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use access::{Assignment, Login, NewPassword, NewStaff, PersonName, Principal, Role, Scope};
use base::{Ctx, Currency, Locale, MemberId, Money, PlaceId, SkuId, Text};
use catalog::{CategoryIn, ProductIn, ProductStatus, SkuIn, ValidProduct};
use db::Tx;
use places::{Address, PlaceIn, PlaceKind, Service, ValidPlace};
use serde_json::Value;
use startup::config::Config;
use stock::{LevelFilter, MovementKind, NewMovement};
use storeloop::house::House;

/// Pieces on each shelf before anything is sold: enough for every order, so that none is refused.
pub(crate) const ON_SHELF: i64 = 1_000;
pub(crate) const PRICE: i64 = 12_900;

/// A chain of two stores on one engine, and who asks it for what.
pub(crate) struct Chain {
    folder: tempfile::TempDir,
    config: Config,
    pub(crate) here: PlaceId,
    pub(crate) sku: SkuId,
    pub(crate) staff: String,
    pub(crate) member: String,
    member_id: MemberId,
    pub(crate) runtime: tokio::runtime::Runtime,
}

impl Chain {
    pub(crate) fn new(database: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            data_dir: folder.path().to_owned(),
            ..Config::default()
        };
        let file = folder.path().join("crash.db");
        config.database.url = database.map_or_else(|| format!("sqlite:{}", file.display()), str::to_owned);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let seeded = runtime.block_on(async {
            let house = House::open(&config).await.unwrap();
            let seeded = seed(&house).await;
            house.db.shutdown().await;
            seeded
        });
        let (here, sku, staff, member, member_id) = seeded;
        Self {
            folder,
            config,
            here,
            sku,
            staff,
            member,
            member_id,
            runtime,
        }
    }

    fn fail_file(&self) -> PathBuf {
        self.folder.path().join("fail-point")
    }

    /// Asks the server to stop at a point; at none when it is empty.
    pub(crate) fn arm(&self, point: &str) {
        std::fs::write(self.fail_file(), point).unwrap();
    }
}

fn place(code: &str, name: Text, longitude: f64) -> ValidPlace {
    ValidPlace::try_from(PlaceIn {
        code: code.into(),
        kind: PlaceKind::Store,
        name,
        region: "east".into(),
        address: Address {
            country: "CN".into(),
            province: Text::new("浙江省", "Zhejiang"),
            city: Text::new("杭州市", "Hangzhou"),
            district: None,
            line: Text::same("1"),
            postcode: None,
        },
        latitude: 30.25,
        longitude,
        timezone: "Asia/Shanghai".into(),
        area_m2: None,
        phone: None,
        hours: Vec::new(),
        special_days: Vec::new(),
        services: vec![Service::Collect, Service::Return, Service::Ship],
        prep_minutes: 30,
        daily_order_capacity: None,
        active: true,
    })
    .unwrap()
}

async fn seed(house: &House) -> (PlaceId, SkuId, String, String, MemberId) {
    let ctx = Ctx::system("test");
    let mut stores = Vec::new();
    for (code, name, longitude) in [
        ("HZ1", Text::new("湖滨店", "Hubin"), 120.16),
        ("HZ2", Text::new("武林店", "Wulin"), 120.17),
    ] {
        let made = house
            .places
            .place_create(&ctx, place(code, name, longitude))
            .await;
        stores.push(made.unwrap().id);
    }
    let catalog = house.catalog.clone();
    let sku = house.db.write(async move |tx: &Tx| {
        let care = CategoryIn {
            code: "care".into(),
            parent_code: None,
            name: Text::new("护肤", "Care"),
            position: 1,
        };
        let category_id = catalog.import_categories_in(tx, &[(None, care)]).await?.remove(0);
        let product = ValidProduct::try_from(ProductIn {
            code: "SERUM".into(),
            name: Text::new("精华", "Serum"),
            brand: Text::same("Loop"),
            category_id,
            description: Text::default(),
            media: Vec::new(),
            attributes: Vec::new(),
            status: ProductStatus::Active,
            skus: vec![SkuIn {
                code: "SERUM-1".into(),
                barcodes: Vec::new(),
                option: Text::default(),
                price: Money::new(PRICE, Currency::CNY),
                tracked: true,
                active: true,
            }],
        })?;
        let imported = catalog
            .import_products_in(tx, &Ctx::system("test"), &[product.into()])
            .await?;
        Ok(imported[0].product.skus[0].id)
    });
    let sku = sku.await.unwrap();
    for store in &stores {
        let receipt = NewMovement::new(MovementKind::Receipt, sku, *store, ON_SHELF);
        house.stock.movement_record(&ctx, receipt).await.unwrap();
    }
    let new = NewStaff {
        login: Login::parse("crash-admin").unwrap(),
        name: PersonName::parse("crash-admin").unwrap(),
        password: NewPassword::parse("correct horse battery", "crash-admin").unwrap(),
        email: None,
        locale: Locale::En,
        roles: [Assignment::new(Role::Admin, Scope::All).unwrap()].into(),
        home_place_id: None,
    };
    let staff = house.access.staff_create(&ctx, new).await.unwrap().id;
    let member = MemberId::new();
    let (staff, token) = (
        session(house, Principal::Staff(staff)).await,
        session(house, Principal::Member(member)).await,
    );
    (stores[0], sku, staff, token, member)
}

async fn session(house: &House, principal: Principal) -> String {
    let access = house.access.clone();
    let opened = house
        .db
        .write(async move |tx: &Tx| access.session_open_in(tx, principal).await)
        .await;
    opened.unwrap().token.reveal().to_owned()
}

/// A server process.
pub(crate) struct Server {
    process: Child,
    words: Lines<BufReader<ChildStderr>>,
    pub(crate) at: SocketAddr,
}

impl Server {
    pub(crate) fn start(chain: &Chain) -> Self {
        // Nobody else on this machine is given the port between the two.
        let at = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_storeloop"))
            .args(["--data-dir", text(chain.folder.path())])
            .args(["--database", &chain.config.database.url])
            .args(["serve", "--listen", &at.to_string()])
            .env("STORELOOP_FAIL_POINT_FILE", chain.fail_file())
            .env("STORELOOP_TELEMETRY__LOG", "warn,storeloop=info")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let words = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut server = Self { process, words, at };
        server.hear("serving");
        server
    }

    /// Waits until the server says something with these words in it.
    pub(crate) fn hear(&mut self, wanted: &str) {
        let mut said = Vec::new();
        for line in self.words.by_ref() {
            let line = line.unwrap();
            if line.contains(wanted) {
                return;
            }
            said.push(line);
        }
        panic!("the server ended without {wanted:?}: {said:#?}");
    }

    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Killed before, or left over by a test that failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Something asked of the server, the same each time.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) path: String,
    pub(crate) token: String,
    pub(crate) key: String,
    pub(crate) body: Value,
}

impl Ask {
    /// The answer, unless the server is killed meanwhile.
    pub(crate) fn send(&self, at: SocketAddr) -> Option<(u16, Value)> {
        let body = self.body.to_string();
        let head = format!(
            "POST /api/v1{} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {}\r\nIdempotency-Key: {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.path,
            self.token,
            self.key,
            body.len()
        );
        let mut stream = TcpStream::connect(at).ok()?;
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).ok()?))
    }

    pub(crate) fn must(&self, at: SocketAddr) -> Value {
        let (status, body) = self
            .send(at)
            .unwrap_or_else(|| panic!("no answer to {}", self.path));
        assert!(
            (200..300).contains(&status),
            "{} answered {status}: {body}",
            self.path
        );
        body
    }
}

pub(crate) fn name(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

/// What must be in the books when every order has had its life.
#[derive(PartialEq, Eq, Debug, Default)]
pub(crate) struct Books {
    pub(crate) orders: i64,
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
    pub(crate) points: i64,
}

/// What is in them, after everything was done that was promised.
pub(crate) async fn books(chain: &Chain) -> Books {
    let house = House::open(&chain.config).await.unwrap();
    let ctx = Ctx::system("test");
    // Everything that was promised and not done yet is done now: events, points, refunds.
    while house.bus.step().await.unwrap() > 0 {}
    house.flows.step().await.unwrap();
    while house.bus.step().await.unwrap() > 0 {}
    assert!(house.stock.drift_check(&ctx).await.unwrap().items.is_empty());
    assert_eq!(house.payments.payment_drift().await.unwrap(), 0);
    assert!(house.loyalty.drift().await.unwrap().is_empty());
    let size = base::PageSize::new(None).unwrap();
    let filter = LevelFilter {
        sku: Some(chain.sku),
        ..LevelFilter::default()
    };
    let levels = house
        .stock
        .level_list(&ctx, filter, None, size)
        .await
        .unwrap()
        .items;
    let member = chain.member_id;
    let (orders, money, points) = house
        .db
        .read(async move |r: &db::Reader| {
            let orders: i64 = orders::figures::order_count_in(r)
                .await?
                .iter()
                .map(|(_, count)| count)
                .sum();
            let ids: Vec<base::OrderId> = orders_of(r).await?;
            let money = payments::payment_list_in(r, &ids).await?;
            let points = loyalty::balance_in(r, member).await?;
            Ok((orders, money, points))
        })
        .await
        .unwrap();
    house.db.shutdown().await;
    Books {
        orders,
        on_hand: levels.iter().map(|l| l.on_hand).sum(),
        reserved: levels.iter().map(|l| l.reserved).sum(),
        captured: money.iter().map(|p| p.balance.captured).sum(),
        refunded: money.iter().map(|p| p.balance.refunded).sum(),
        points,
    }
}

async fn orders_of(r: &db::Reader) -> base::Result<Vec<base::OrderId>> {
    r.query("SELECT id FROM orders_order ORDER BY id", db::params![])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect()
}
