//! The composition root: every part of the house is made and joined here, and nowhere else.

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use access::{Access, AccessConfig, PlaceDirectory, PlaceScopes};
use axum::middleware::{from_fn, from_fn_with_state};
use base::{Currency, ErrorCode, Permission, Result};
use bus::Bus;
use catalog::Catalog;
use crypto::{KeyRing, Purpose};
use db::{Db, DbConfig, MigrationSet, PostgresConfig, SqliteConfig, StoreClock};
use epcis::Epcis;
use flows::{ChangePolicy, ChangePrices, Flows, FlowsParts, MayChange, People, PeopleParts, PickupPolicy};
use jobs::Runner;
use loyalty::Loyalty;
use members::{Members, OtpPolicy};
use orders::rules::Tariff;
use orders::{OrderSecrets, Orders};
use outreach::{Adapters, Outreach};
use payments::{GiftSecrets, Payments};
use places::Places;
use pricing::Pricing;
use replenishment::Replenishment;
use search::{Search, SearchParts};
use startup::config::Config;
use stock::Stock;
use tokio::sync::watch;
use voice::{SurveyPolicy, Voice};
use web::Router;

use crate::gate::{self, Gate};
use crate::openapi;

/// Where the installation's keys lie, below the data folder.
pub const KEY_FILE: &str = "master.key";
/// How often old answers to repeated requests are forgotten, and how long they are kept.
const FORGET_EVERY: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
const ANSWERS_KEPT: Duration = Duration::from_secs(48 * 3600);
/// How often the picture of places that rights are decided by is renewed.
const PLACES_EVERY: Duration = Duration::from_secs(5);

/// Where the search index lies, and where a list of synonyms may, below the data folder.
const SEARCH_FOLDER: &str = "search";
const SYNONYMS_FILE: &str = "synonyms.txt";

/// What the keys of pickup codes and order links are derived for.
const ORDER_SECRETS: Purpose = Purpose::new("orders.secrets");
/// What the keys of gift cards' numbers and PINs are derived for.
const GIFT_SECRETS: Purpose = Purpose::new("payments.gift_cards");

/// Every table of the house, in the order they are made.
pub const MIGRATIONS: &[MigrationSet] = &[
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
    channels::MIGRATIONS,
    sourcing::MIGRATIONS,
    loyalty::MIGRATIONS,
    outreach::MIGRATIONS,
    replenishment::MIGRATIONS,
    epcis::MIGRATIONS,
    voice::MIGRATIONS,
    import::MIGRATIONS,
    demo::MIGRATIONS,
];

/// Every permission there is.
pub const PERMISSIONS: &[&[Permission]] = &[
    access::PERMISSIONS,
    places::PERMISSIONS,
    catalog::PERMISSIONS,
    members::PERMISSIONS,
    stock::PERMISSIONS,
    orders::PERMISSIONS,
    payments::PERMISSIONS,
    pricing::PERMISSIONS,
    channels::PERMISSIONS,
    sourcing::PERMISSIONS,
    loyalty::PERMISSIONS,
    outreach::PERMISSIONS,
    replenishment::PERMISSIONS,
    epcis::PERMISSIONS,
    voice::PERMISSIONS,
    flows::PEOPLE_PERMISSIONS,
];

/// Every failure there is.
pub const ERRORS: &[&[&ErrorCode]] = &[
    base::codes::ALL,
    db::codes::ALL,
    web::ERRORS,
    crypto::ERRORS,
    access::ERRORS,
    places::ERRORS,
    catalog::ERRORS,
    members::ERRORS,
    stock::ERRORS,
    orders::ERRORS,
    payments::ERRORS,
    pricing::ERRORS,
    channels::ERRORS,
    sourcing::ERRORS,
    loyalty::ERRORS,
    outreach::ERRORS,
    replenishment::ERRORS,
    epcis::ERRORS,
    search::ERRORS,
    voice::ERRORS,
    flows::ERRORS,
    demo::ERRORS,
    bench::ERRORS,
];

/// The domains and flows over one store.
#[derive(Clone)]
pub struct House {
    /// The store.
    pub db: Db,
    /// The installation's keys.
    pub keys: KeyRing,
    /// Staff, sessions, rights, audit.
    pub access: Access,
    /// Stores and warehouses.
    pub places: Places,
    /// Products.
    pub catalog: Catalog,
    /// Stock.
    pub stock: Stock,
    /// The order book.
    pub orders: Orders,
    /// Payments.
    pub payments: Payments,
    /// Price lists and promotions.
    pub pricing: Pricing,
    /// Members.
    pub members: Members,
    /// Points.
    pub loyalty: Loyalty,
    /// Messages.
    pub outreach: Outreach,
    /// Surveys, voices, issues.
    pub voice: Voice,
    /// Product search; in memory until the house is opened in a folder.
    pub search: Search,
    /// What readers and partners tell of single pieces.
    pub epcis: Epcis,
    /// What to send for.
    pub replenishment: Replenishment,
    /// Events.
    pub bus: Bus,
    /// Use cases around orders.
    pub flows: Flows,
    /// Use cases around people and their words.
    pub people: People,
    directory: PlaceDirectory,
    /// How long an event is kept that everybody has heard.
    events_kept: Duration,
}

/// Which store a configuration names; makes the folder of an embedded one.
///
/// # Errors
/// When the folder cannot be made.
pub fn db_config(config: &Config) -> Result<DbConfig> {
    Ok(match config.sqlite_path() {
        Some(path) => {
            if let Some(folder) = path.parent() {
                create_folder(folder)?;
            }
            let mut sqlite = SqliteConfig::new(path);
            sqlite.readers = config.database.connections;
            DbConfig::Sqlite(sqlite)
        }
        None => {
            let mut postgres = PostgresConfig::new(&config.database.url);
            postgres.pool_size = config.database.connections;
            DbConfig::Postgres(postgres)
        }
    })
}

/// Opens the store a configuration names.
///
/// # Errors
/// When it cannot be reached.
pub async fn open_db(config: &Config) -> Result<Db> {
    Db::open(db_config(config)?, StoreClock::Database).await
}

fn create_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(base::Error::internal)
}

impl House {
    /// Opens the store, brings its tables to this version and joins the parts over it.
    ///
    /// # Errors
    /// When the store or the key file cannot be used.
    pub async fn open(config: &Config) -> Result<Self> {
        let db = open_db(config).await?;
        db.migrate(MIGRATIONS).await?;
        create_folder(&config.data_dir)?;
        let keys = KeyRing::load_or_create(&config.data_dir.join(KEY_FILE))?;
        let mut house = Self::over(db, keys, config)?;
        house.search = Search::new(SearchParts {
            folder: Some(config.data_dir.join(SEARCH_FOLDER)),
            synonyms: Some(config.data_dir.join(SYNONYMS_FILE)),
            ..house.search.parts().clone()
        });
        Ok(house)
    }

    /// Joins the parts over a migrated store.
    ///
    /// # Errors
    /// When the policies or keys cannot be used.
    pub fn over(db: Db, keys: KeyRing, config: &Config) -> Result<Self> {
        let directory = PlaceDirectory::new();
        let access = Access::new(
            db.clone(),
            keys.clone(),
            directory.clone(),
            AccessConfig {
                behind_proxy: config.server.behind_proxy,
                rate_limit: config.server.rate_limit(),
                ..AccessConfig::default()
            },
        )?;
        let places = Places::new(db.clone());
        let catalog = Catalog::new(db.clone());
        let stock = Stock::new(db.clone(), catalog.clone(), places.clone()).with_counts(config.count);
        let orders = Orders::new(db.clone());
        let payments = Payments::with(
            db.clone(),
            config.payments.providers(&config.public_url())?,
            config.payments.sandbox,
        )
        .with_gift_cards(GiftSecrets::new(keys.macs(GIFT_SECRETS, b"")?))
        .with_refund_order(config.payments.refund_order);
        let pricing = Pricing::new(db.clone(), catalog.clone());
        let members = Members::new(db.clone(), keys.clone(), OtpPolicy::default());
        let outreach = Outreach::new(db.clone(), Adapters::mailbox());
        let delay = Duration::from_secs(u64::from(config.survey.delay_minutes) * 60);
        let voice = Voice::new(
            db.clone(),
            SurveyPolicy {
                delay,
                ..SurveyPolicy::default()
            },
        );
        let secrets = OrderSecrets::new(keys.macs(ORDER_SECRETS, b"")?);
        let people = People::new(PeopleParts {
            db: db.clone(),
            access: access.clone(),
            members: members.clone(),
            voice: voice.clone(),
            orders: orders.clone(),
            catalog: catalog.clone(),
            places: places.clone(),
            stock: stock.clone(),
            secrets: secrets.clone(),
            shop_url: format!("{}/shop", config.public_url()),
            currency: Currency::CNY,
        });
        let bus = Bus::new(db.clone(), people.subscribers());
        let flows = Flows::new(FlowsParts {
            db: db.clone(),
            bus: bus.clone(),
            catalog: catalog.clone(),
            places: places.clone(),
            stock: stock.clone(),
            payments: payments.clone(),
            pricing: pricing.clone(),
            secrets,
            tariff: Tariff::default(),
        })
        .with_pickup(PickupPolicy {
            keep_days: config.pickup.keep_days,
            remind_days_before: config.pickup.remind_days_before,
        })
        .with_changes(changes(&config.order_changes))
        .with_hold_ttl(Duration::from_secs(config.checkout.hold_s.into()));
        let epcis = Epcis::new(db.clone(), places.clone());
        let replenishment = Replenishment::new(
            db.clone(),
            catalog.clone(),
            places.clone(),
            pricing.clone(),
            stock.clone(),
        );
        let search = Search::new(SearchParts {
            db: db.clone(),
            bus: bus.clone(),
            catalog: catalog.clone(),
            places: places.clone(),
            stock: stock.clone(),
            folder: None,
            synonyms: None,
        });
        Ok(Self {
            orders,
            loyalty: Loyalty::new(db.clone()),
            db,
            keys,
            access,
            places,
            catalog,
            stock,
            payments,
            pricing,
            members,
            outreach,
            voice,
            search,
            replenishment,
            epcis,
            bus,
            flows,
            people,
            directory,
            events_kept: DAY * u32::from(config.events.keep_days),
        })
    }

    fn operations(&self) -> Router {
        Router::new()
            .merge(access::routes(self.access.clone()))
            .merge(places::routes(self.places.clone()))
            .merge(catalog::routes(self.catalog.clone()))
            .merge(stock::routes(self.stock.clone()))
            .merge(orders::routes(self.orders.clone()))
            .merge(payments::routes(self.payments.clone()))
            .merge(pricing::routes(self.pricing.clone()))
            .merge(sourcing::routes(self.flows.sourcing().clone()))
            .merge(channels::routes(self.flows.channels().clone()))
            .merge(members::routes(self.members.clone()))
            .merge(loyalty::routes(self.loyalty.clone()))
            .merge(outreach::routes(self.outreach.clone()))
            .merge(voice::routes(self.voice.clone()))
            .merge(search::routes(self.search.clone()))
            .merge(epcis::routes(self.epcis.clone()))
            .merge(replenishment::routes(self.replenishment.clone()))
            .merge(flows::routes(self.flows.clone()))
            .merge(flows::people_routes(self.people.clone()))
    }

    /// The API under its address, and the document that describes it.
    ///
    /// # Errors
    /// When an operation does not say who may call it.
    pub fn api(&self) -> std::result::Result<(axum::Router, utoipa::openapi::OpenApi), String> {
        let (router, mut document) = Router::with_openapi(openapi::frame())
            .nest(openapi::BASE, self.operations())
            .split_for_parts();
        openapi::name_rows(&mut document);
        let gate = Gate::new(&document, PERMISSIONS)?;
        let router = router
            .layer(from_fn_with_state(gate, gate::gate))
            .layer(from_fn_with_state(self.access.clone(), access::authenticate))
            .layer(from_fn(web::fingerprint));
        Ok((router, document))
    }

    /// The runner of background jobs, with every handler known to it.
    #[must_use]
    pub fn jobs(&self) -> Runner {
        let mut runner = Runner::new(self.db.clone());
        self.outreach.register(&mut runner);
        self.people.register(&mut runner);
        self.flows.register(&mut runner);
        self.replenishment.register(&mut runner);
        runner
    }

    /// Renews the picture of places that rights are decided by.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn renew_places(&self) -> Result<()> {
        let book = self.places.book().await?;
        self.directory.replace(book.iter().map(|place| PlaceScopes {
            id: place.id,
            region: Some(place.region.clone()),
            brand: None,
        }));
        Ok(())
    }

    /// Starts everything that runs beside requests; it ends when `stop` says so.
    pub fn start_background(&self, stop: &watch::Receiver<bool>) -> Vec<tokio::task::JoinHandle<()>> {
        let stopping = || stopped(stop.clone());
        vec![
            tokio::spawn(self.bus.clone().run(stopping())),
            tokio::spawn(self.jobs().run(stopping())),
            tokio::spawn(self.access.clone().run(stopping())),
            tokio::spawn(self.flows.clone().run(stopping())),
            tokio::spawn(self.flows.clone().run_outside(stopping())),
            tokio::spawn(self.search.clone().run(stopping())),
            tokio::spawn(self.replenishment.clone().run(stopping())),
            tokio::spawn(self.clone().keep_house(stopping())),
        ]
    }

    /// Renews the picture of places and forgets old answers and events until `shutdown` completes.
    async fn keep_house(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut forget = tokio::time::interval(FORGET_EVERY);
        loop {
            if let Err(error) = self.renew_places().await {
                tracing::warn!(?error, "the picture of places could not be renewed");
            }
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(PLACES_EVERY) => {}
                _ = forget.tick() => self.forget().await,
            }
        }
    }

    async fn forget(&self) {
        let forgotten = async {
            let now = self.db.now().await?;
            self.db.forget_answers(now.before(ANSWERS_KEPT)).await?;
            self.bus.forget(now.before(self.events_kept)).await
        };
        if let Err(error) = forgotten.await {
            tracing::warn!(
                ?error,
                "old answers to repeated requests, or old events, could not be forgotten"
            );
        }
    }
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // A dropped sender means that the process is ending, too.
    let _ = stop.wait_for(|stopped| *stopped).await;
}

/// What the chain allows to be changed of a placed order.
const fn changes(config: &startup::config::OrderChangesConfig) -> ChangePolicy {
    const fn may(configured: startup::config::MayChange) -> MayChange {
        match configured {
            startup::config::MayChange::Everything => MayChange::Everything,
            startup::config::MayChange::Way => MayChange::Way,
            startup::config::MayChange::Nothing => MayChange::Nothing,
        }
    }
    ChangePolicy {
        shopper: may(config.shopper),
        shopper_minutes: config.shopper_minutes,
        staff: may(config.staff),
        prices: match config.prices {
            startup::config::ChangePrices::AsPlaced => ChangePrices::AsPlaced,
            startup::config::ChangePrices::Today => ChangePrices::Today,
        },
    }
}
