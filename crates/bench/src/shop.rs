//! A scratch chain behind a real server, as a rule ten places that never run out of a thousand articles, served by
//! the program itself in a process of its own. The server goes when this is dropped.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use base::{CategoryId, Ctx, Currency, Money, PlaceId, ProductId, Result, SkuId, Text};
use catalog::{Catalog, CategoryIn, ProductImport, ProductIn, ProductStatus, SkuIn, ValidProduct};
use db::{Db, MigrationSet, Tx};
use places::{Address, PlaceIn, PlaceKind, Places, Service, ValidPlace};
use stock::{Key, Stock};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::ground::Ground;
use crate::http::Connection;
use crate::scratch::{ENDLESS, fill};
use crate::{assortment, failed};

const SETS: &[MigrationSet] = &[
    bus::MIGRATIONS,
    places::MIGRATIONS,
    catalog::MIGRATIONS,
    stock::MIGRATIONS,
];
/// How long the server may take to be ready.
const READY_WITHIN: u32 = 200;
const READY_POLL: Duration = Duration::from_millis(50);

/// How large a chain is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) articles: usize,
    /// Of the places, so many are warehouses; the others are stores, which ship, too.
    pub(crate) warehouses: usize,
    pub(crate) stores: usize,
    /// There are no more than so many of the last article in each place; of the others they never run out.
    pub(crate) last: Option<i64>,
}

/// The chain of most workloads.
const USUAL: Size = Size {
    articles: 1_000,
    warehouses: 2,
    stores: 8,
    last: None,
};

/// The chain and its server.
pub(crate) struct Shop {
    pub(crate) address: SocketAddr,
    pub(crate) skus: Vec<SkuId>,
    /// Where orders can be collected.
    pub(crate) stores: Vec<PlaceId>,
    server: Child,
}

impl Shop {
    /// Fills the ground's database and starts the server on it.
    pub(crate) async fn open(ground: &Ground, program: &Path) -> Result<Self> {
        Self::sized(ground, program, USUAL).await
    }

    /// The same with a chain of another size.
    pub(crate) async fn sized(ground: &Ground, program: &Path, size: Size) -> Result<Self> {
        let db = ground.open(SETS).await?;
        let (skus, places) = chain(&db, size).await?;
        db.shutdown().await;
        Self::serve(ground, program, skus, &places[size.warehouses..]).await
    }

    /// The server's process, while it lives.
    pub(crate) fn process(&self) -> Option<u32> {
        self.server.id()
    }

    /// The same, with a large assortment beside the thousand articles.
    pub(crate) async fn with_assortment(ground: &Ground, program: &Path) -> Result<Self> {
        let db = ground.open(SETS).await?;
        let (skus, places) = chain(&db, USUAL).await?;
        assortment::load(&db, &places).await?;
        db.shutdown().await;
        Self::serve(ground, program, skus, &places[USUAL.warehouses..]).await
    }

    async fn serve(ground: &Ground, program: &Path, skus: Vec<SkuId>, stores: &[PlaceId]) -> Result<Self> {
        let address = free_address().await?;
        let server = Command::new(program)
            .arg("serve")
            .args(["--data-dir", &ground.dir().display().to_string()])
            .args(["--listen", &address.to_string()])
            .args(["--database", &ground.url()])
            .env("STORELOOP_TELEMETRY__LOG", "error")
            .envs(ground.settings())
            .current_dir(ground.dir())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let mut shop = Self {
            address,
            skus,
            stores: stores.to_vec(),
            server,
        };
        shop.ready().await?;
        Ok(shop)
    }

    async fn ready(&mut self) -> Result<()> {
        for _ in 0..READY_WITHIN {
            if let Some(status) = self.server.try_wait().map_err(failed)? {
                return Err(failed(format!("the server ended: {status}")));
            }
            if let Ok(mut connection) = Connection::open(self.address).await
                && connection
                    .ask("GET", "/readyz", "")
                    .await
                    .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(());
            }
            tokio::time::sleep(READY_POLL).await;
        }
        Err(failed("the server was not ready in ten seconds"))
    }
}

/// A port nobody listens on now.
pub(crate) async fn free_address() -> Result<SocketAddr> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(any).await.map_err(failed)?;
    listener.local_addr().map_err(failed)
}

async fn chain(db: &Db, size: Size) -> Result<(Vec<SkuId>, Vec<PlaceId>)> {
    let (catalog, places) = (Catalog::new(db.clone()), Places::new(db.clone()));
    let ids: Vec<PlaceId> = (0..size.warehouses + size.stores)
        .map(|_| PlaceId::new())
        .collect();
    let rows = ids
        .iter()
        .enumerate()
        .map(|(nth, id)| {
            Ok((
                Some(*id),
                ValidPlace::try_from(place(nth, nth >= size.warehouses))?,
            ))
        })
        .collect::<Result<Vec<_>>>()?;
    let book = places.clone();
    let unit = async move |tx: &Tx| book.import_places_in(tx, &Ctx::system("bench"), &rows).await;
    db.write(unit).await?;

    let skus: Vec<SkuId> = (0..size.articles).map(|_| SkuId::new()).collect();
    let category = CategoryId::new();
    let articles = skus
        .iter()
        .enumerate()
        .map(|(nth, sku)| article(nth, *sku, category))
        .collect::<Result<Vec<_>>>()?;
    let shelf = catalog.clone();
    let unit = async move |tx: &Tx| {
        let care = CategoryIn {
            code: "care".into(),
            name: Text::new("护肤", "Skin care"),
            parent_code: None,
            position: 0,
        };
        shelf.import_categories_in(tx, &[(Some(category), care)]).await?;
        shelf
            .import_products_in(tx, &Ctx::system("bench"), &articles)
            .await
    };
    db.write(unit).await?;

    let keys = |skus: &[SkuId]| -> Vec<Key> {
        ids.iter()
            .flat_map(|place| skus.iter().map(|sku| Key::new(*sku, *place)))
            .collect()
    };
    let stock = Stock::new(db.clone(), catalog, places);
    let (plenty, scarce) = skus.split_at(skus.len() - usize::from(size.last.is_some()));
    fill(db, &stock, &keys(plenty), ENDLESS).await?;
    if let Some(pieces) = size.last {
        fill(db, &stock, &keys(scarce), pieces).await?;
    }
    Ok((skus, ids))
}

fn place(nth: usize, is_store: bool) -> PlaceIn {
    let services = if is_store {
        vec![Service::Collect, Service::Return, Service::Ship]
    } else {
        vec![Service::Ship]
    };
    PlaceIn {
        code: format!("P{nth}"),
        kind: if is_store {
            PlaceKind::Store
        } else {
            PlaceKind::Warehouse
        },
        name: Text::new(format!("{nth}号店"), format!("Place {nth}")),
        region: "east".into(),
        address: Address {
            country: "CN".into(),
            province: Text::new("浙江省", "Zhejiang"),
            city: Text::new("杭州市", "Hangzhou"),
            district: None,
            line: Text::same("1"),
            postcode: None,
        },
        latitude: 30.0 + nth as f64 / 10.0,
        longitude: 120.0,
        timezone: "Asia/Shanghai".into(),
        area_m2: None,
        phone: None,
        hours: Vec::new(),
        special_days: Vec::new(),
        services,
        prep_minutes: 30,
        daily_order_capacity: None,
        active: true,
    }
}

fn article(nth: usize, sku: SkuId, category: CategoryId) -> Result<ProductImport> {
    let code = format!("A{nth}-1");
    let details = ProductIn {
        code: format!("A{nth}"),
        name: Text::new(format!("{nth}号精华液"), format!("Serum No. {nth}")),
        brand: Text::same("Loop"),
        category_id: category,
        description: Text::default(),
        media: Vec::new(),
        attributes: Vec::new(),
        status: ProductStatus::Active,
        skus: vec![SkuIn {
            code: code.clone(),
            barcodes: Vec::new(),
            option: Text::new("30毫升", "30 ml"),
            price: Money::new(9_900, Currency::CNY),
            tracked: true,
            active: true,
        }],
    };
    Ok(ProductImport {
        id: Some(ProductId::new()),
        sku_ids: [(code, sku)].into_iter().collect(),
        product: ValidProduct::try_from(details)?,
    })
}
