//! Configuration: defaults, then a file, then the environment, then flags; checked whole before anything starts.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use access::RateLimit;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use payments::PaymentsConfig;
use serde::{Deserialize, Serialize};

/// The file read when no other is named, if it is there.
pub const DEFAULT_FILE: &str = "storeloop.toml";
/// `STORELOOP_DATABASE__URL` sets `database.url`.
pub const ENV_PREFIX: &str = "STORELOOP_";

/// Everything that can be set. Each key is described in docs/configuration.md.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folder of everything the embedded default keeps: database, keys, backups.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub server: ServerConfig,
    /// The transactional store.
    pub database: DatabaseConfig,
    /// Logs and traces.
    pub telemetry: TelemetryConfig,
    /// What happened, as it was announced.
    pub events: EventsConfig,
    /// Surveys.
    pub survey: SurveyConfig,
    /// Orders on their way to being paid.
    pub checkout: CheckoutConfig,
    /// Goods that wait at a counter.
    pub pickup: PickupConfig,
    /// Changes of placed orders.
    pub order_changes: OrderChangesConfig,
    /// Payment providers.
    pub payments: PaymentsConfig,
    /// From where on counts of stock need approval.
    pub count: stock::CountPolicy,
}

/// The HTTP server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// How people reach it, for links in messages; `http://` and the listen address when empty.
    pub public_url: String,
    /// Longest time a stopping server waits for running requests, in seconds.
    pub shutdown_grace_s: u64,
    /// Whether a proxy of ours stands in front, whose word on who calls is believed.
    pub behind_proxy: bool,
    /// Requests a minute that one caller may make in the long run; 0 counts nobody.
    pub requests_per_minute: u32,
    /// Requests that one caller may make at once, within the long run.
    pub requests_at_once: u32,
}

impl ServerConfig {
    /// How many requests a caller may make; no limit when none is set.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        Some(RateLimit {
            per_minute: NonZeroU32::new(self.requests_per_minute)?,
            burst: NonZeroU32::new(self.requests_at_once)?,
        })
    }
}

/// The transactional store.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite:<path>` (relative paths below `data_dir`) or `postgres://user:password@host:port/name`.
    pub url: String,
    /// Connections to PostgreSQL, or reading threads on SQLite.
    pub connections: usize,
}

/// Logs and traces.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetryConfig {
    /// A `tracing` filter such as `info` or `info,db=debug`.
    pub log: String,
    /// `text` for people, `json` for machines.
    pub log_format: LogFormat,
    /// Base address of an OpenTelemetry collector (OTLP over HTTP); empty sends no traces.
    pub otlp_endpoint: String,
}

/// How a log line is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One readable line.
    Text,
    /// One JSON object a line.
    Json,
}

/// Surveys.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyConfig {
    /// Minutes between the hand-over of an order and its survey invitation.
    pub delay_minutes: u32,
}

/// What happened, as it was announced.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsConfig {
    /// Days an event is kept after everybody inside has heard it.
    pub keep_days: u16,
}

/// Orders on their way to being paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckoutConfig {
    /// Seconds an unpaid order keeps its stock.
    pub hold_s: u32,
}

/// Changes of orders that were placed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderChangesConfig {
    /// What a customer may change alone: `everything`, `way` or `nothing`.
    pub shopper: MayChange,
    /// For how many minutes after placing; 0 for as long as nothing is packed.
    pub shopper_minutes: u32,
    /// What staff who may change orders may change.
    pub staff: MayChange,
    /// At which prices: `as_placed` or `today`.
    pub prices: ChangePrices,
}

/// What somebody may change of a placed order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MayChange {
    /// Goods, address and way.
    Everything,
    /// Address and way only.
    Way,
    /// Nothing.
    Nothing,
}

/// At which prices a changed order is priced anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangePrices {
    /// Those of the day it was placed.
    AsPlaced,
    /// Today's.
    Today,
}

/// Goods that wait at a counter.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PickupConfig {
    /// Whole days they wait after the day they were packed.
    pub keep_days: u16,
    /// On the morning of how many days before the last one the customer is reminded; 0 reminds nobody.
    pub remind_days_before: u16,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("storeloop-data"),
            server: ServerConfig {
                listen: SocketAddr::from(([127, 0, 0, 1], 7400)),
                public_url: String::new(),
                shutdown_grace_s: 20,
                behind_proxy: false,
                requests_per_minute: 0,
                requests_at_once: 100,
            },
            database: DatabaseConfig {
                url: "sqlite:storeloop.db".to_owned(),
                connections: 4,
            },
            telemetry: TelemetryConfig {
                log: "info".to_owned(),
                log_format: LogFormat::Text,
                otlp_endpoint: String::new(),
            },
            events: EventsConfig { keep_days: 30 },
            survey: SurveyConfig { delay_minutes: 60 },
            checkout: CheckoutConfig { hold_s: 15 * 60 },
            pickup: PickupConfig {
                keep_days: 7,
                remind_days_before: 1,
            },
            order_changes: OrderChangesConfig {
                shopper: MayChange::Everything,
                shopper_minutes: 0,
                staff: MayChange::Everything,
                prices: ChangePrices::AsPlaced,
            },
            payments: PaymentsConfig::default(),
            count: stock::CountPolicy::default(),
        }
    }
}

/// Flags that win over every other source.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<SocketAddr>,
    /// `--database`
    pub database_url: Option<String>,
}

impl Config {
    /// Reads and checks the configuration.
    ///
    /// # Errors
    /// A sentence that names the key, where its value came from and what it should be.
    pub fn load(file: Option<&Path>, overrides: &Overrides) -> Result<Self, String> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        match file {
            Some(path) if !path.is_file() => {
                return Err(format!("the configuration file {} is not there", path.display()));
            }
            Some(path) => figment = figment.merge(Toml::file_exact(path)),
            None => figment = figment.merge(Toml::file(DEFAULT_FILE)),
        }
        // Keys of a section carry two underscores. Others with our prefix (where tests find a server, where
        // data lies) are not the server's configuration.
        let is_ours = |key: &str| key.contains("__") || key.eq_ignore_ascii_case("data_dir");
        let env = Env::prefixed(ENV_PREFIX)
            .filter(move |key| is_ours(key.as_str()))
            .split("__");
        figment = figment.merge(env);
        if let Some(dir) = &overrides.data_dir {
            figment = figment.merge(Serialized::default("data_dir", dir));
        }
        if let Some(listen) = &overrides.listen {
            figment = figment.merge(Serialized::default("server.listen", listen));
        }
        if let Some(url) = &overrides.database_url {
            figment = figment.merge(Serialized::default("database.url", url));
        }
        let config: Self = figment.extract().map_err(|error| explain(&error))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        let url = &self.database.url;
        if !(url.starts_with("sqlite:") || url.starts_with("postgres://") || url.starts_with("postgresql://"))
        {
            return Err(format!(
                "database.url is `{url}`; it must begin with `sqlite:` or `postgres://`"
            ));
        }
        if !(1..=256).contains(&self.database.connections) {
            return Err(format!(
                "database.connections is {}; it must be 1 to 256",
                self.database.connections
            ));
        }
        let public = &self.server.public_url;
        if !(public.is_empty() || public.starts_with("http://") || public.starts_with("https://")) {
            return Err(format!(
                "server.public_url is `{public}`; it must begin with `http://` or `https://`"
            ));
        }
        if self.server.requests_at_once == 0 {
            return Err("server.requests_at_once is 0; it must be 1 or more".to_owned());
        }
        let collector = &self.telemetry.otlp_endpoint;
        if !(collector.is_empty() || collector.starts_with("http://")) {
            return Err(format!(
                "telemetry.otlp_endpoint is `{collector}`; it must begin with `http://`"
            ));
        }
        if !(1..=86_400).contains(&self.checkout.hold_s) {
            return Err(format!(
                "checkout.hold_s is {}; it must be 1 to 86400",
                self.checkout.hold_s
            ));
        }
        if !(1..=3_650).contains(&self.events.keep_days) {
            return Err(format!(
                "events.keep_days is {}; it must be 1 to 3650",
                self.events.keep_days
            ));
        }
        if !(1..=90).contains(&self.pickup.keep_days) {
            return Err(format!(
                "pickup.keep_days is {}; it must be 1 to 90",
                self.pickup.keep_days
            ));
        }
        let limits = [
            ("count.approve_above_pieces", self.count.approve_above_pieces),
            (
                "count.approve_above_value_minor",
                self.count.approve_above_value_minor,
            ),
        ];
        if let Some((key, value)) = limits.iter().find(|(_, value)| *value < 0) {
            return Err(format!("{key} is {value}; it must be 0 or more"));
        }
        Ok(())
    }

    /// How people reach the server, without a trailing slash.
    #[must_use]
    pub fn public_url(&self) -> String {
        if self.server.public_url.is_empty() {
            format!("http://{}", self.server.listen)
        } else {
            self.server.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// The embedded database's file, when that is the store.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        self.database
            .url
            .strip_prefix("sqlite:")
            .map(|path| self.data_dir.join(path))
    }
}

fn explain(error: &figment::Error) -> String {
    let reasons: Vec<String> = error
        .clone()
        .into_iter()
        .map(|one| {
            let key = one.path.join(".");
            let place = one.metadata.as_ref().map_or_else(String::new, |m| {
                let source = m
                    .source
                    .as_ref()
                    .map_or_else(|| m.name.to_string(), ToString::to_string);
                format!(" (from {source})")
            });
            if key.is_empty() {
                format!("{}{place}", one.kind)
            } else {
                format!("`{key}`: {}{place}", one.kind)
            }
        })
        .collect();
    format!("the configuration is not right: {}", reasons.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("storeloop.toml");
        std::fs::write(&file, text).unwrap();
        Config::load(Some(&file), &Overrides::default())
    }

    #[test]
    fn a_wrong_key_is_named_with_its_source() {
        let error = load("[server]\nlisten = \"nowhere\"").unwrap_err();
        assert!(
            error.contains("server.listen") && error.contains("storeloop.toml"),
            "{error}"
        );
        let error = load("[server]\nport = 80").unwrap_err();
        assert!(error.contains("port"), "{error}");
    }

    #[test]
    fn callers_are_counted_when_a_rate_is_set() {
        assert_eq!(load("").unwrap().server.rate_limit(), None);
        let limited = load("[server]\nrequests_per_minute = 600").unwrap();
        let limit = limited.server.rate_limit().unwrap();
        assert_eq!((limit.per_minute.get(), limit.burst.get()), (600, 100));
        let error = load("[server]\nrequests_at_once = 0").unwrap_err();
        assert!(error.contains("server.requests_at_once"), "{error}");
    }

    #[test]
    fn a_url_of_no_engine_is_refused() {
        assert!(
            load("[database]\nurl = \"mysql://x\"")
                .unwrap_err()
                .contains("sqlite:")
        );
    }

    #[test]
    fn flags_win_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("storeloop.toml");
        std::fs::write(&file, "data_dir = \"/from/file\"").unwrap();
        let overrides = Overrides {
            data_dir: Some("/from/flag".into()),
            ..Overrides::default()
        };
        let config = Config::load(Some(&file), &overrides).unwrap();
        assert_eq!(config.data_dir, Path::new("/from/flag"));
        assert_eq!(
            config.sqlite_path().unwrap(),
            Path::new("/from/flag/storeloop.db")
        );
    }

    fn named(above: &str, keys: &serde_json::Map<String, serde_json::Value>, each: &mut impl FnMut(&str)) {
        for (key, value) in keys {
            let path = format!("{above}.{key}");
            match value.as_object() {
                Some(below) => named(&path, below, each),
                None => each(&path),
            }
        }
    }

    #[test]
    fn every_key_is_documented() {
        let documented = include_str!("../../../docs/configuration.md");
        let all = serde_json::to_value(Config::default()).unwrap();
        for (section, value) in all.as_object().unwrap() {
            match value.as_object() {
                Some(keys) => named(section, keys, &mut |key| {
                    assert!(documented.contains(&format!("`{key}`")), "{key}");
                }),
                None => assert!(documented.contains(&format!("`{section}`")), "{section}"),
            }
        }
    }
}
