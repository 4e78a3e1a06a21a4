//! Vendure: its six steps from an empty cart to the payment, each a mutation of the Shop API.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use base::Result;
use db::Engine;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use super::machine::Machine;
use super::{Outcome, PIECES, PLENTY, SHOP, System};
use crate::failed;
use crate::ground::Ground;
use crate::http::Connection;
use crate::scratch::ENDLESS;
use crate::shop::free_address;

/// What is installed, and what starts it.
const FILES: [(&str, &str); 2] = [
    ("package.json", include_str!("../../vendure/package.json")),
    ("server.js", include_str!("../../vendure/server.js")),
];
const PASSWORD: &str = "side by side 1903";
/// Where a server says who somebody is from now on.
const TOKEN: &str = "vendure-auth-token";
/// How long the first start may take: it makes the tables.
const READY_WITHIN: u32 = 600;
const READY_POLL: Duration = Duration::from_millis(200);

pub(super) struct Vendure {
    address: SocketAddr,
    machine: Machine,
    parcel: String,
    variants: Vec<String>,
    staff: String,
    _server: Child,
    _ground: Ground,
}

impl Vendure {
    /// Installs it into the ground's folder, starts it, and makes the shop by its Admin API.
    pub(super) async fn open() -> Result<Self> {
        let ground = Ground::bare(Engine::Postgres).await?;
        let folder = ground.dir().join("vendure");
        install(&folder).await?;
        let postgres = ground.server().ok_or_else(|| failed("no PostgreSQL"))?;
        let address = free_address().await?;
        let mut server = Command::new("node")
            .arg("server.js")
            .arg(postgres.socket())
            .args([postgres.user(), "postgres", &address.port().to_string(), PASSWORD])
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| failed(format!("node: {e}")))?;
        let mut by = ready(&mut server, address).await?;
        let login = json!({ "password": PASSWORD });
        let login_text = "mutation ($password: String!) \
            { login(username: \"superadmin\", password: $password) { __typename } }";
        let staff = asked(&mut by, "/admin-api", login_text, &login).await?.token;
        let staff = staff.ok_or_else(|| failed("Vendure does not let its administrator in"))?;
        by.headers = bearer(&staff);
        let (parcel, variants) = furnish(&mut by).await?;
        let machine = Machine {
            server: server.id().ok_or_else(|| failed("Vendure ended"))?,
            database: Some(postgres.process().map_err(failed)?),
        };
        Ok(Self {
            address,
            machine,
            parcel,
            variants,
            staff,
            _server: server,
            _ground: ground,
        })
    }
}

impl System for Vendure {
    fn name(&self) -> (&'static str, &'static str) {
        ("Vendure 3.7.3", "PostgreSQL")
    }

    fn machine(&self) -> &Machine {
        &self.machine
    }

    async fn connection(&self) -> Result<Connection> {
        Connection::open(self.address).await
    }

    async fn buy(&self, by: &mut Connection, buyer: usize, article: usize) -> Result<Outcome> {
        let email = format!("li.{article}.{buyer}@example.com");
        let steps = [
            Step::new(
                "addItemToOrder",
                "productVariantId: $it, quantity: 1",
                "ID!",
                &self.variants[article],
            ),
            Step::new(
                "setCustomerForOrder",
                "input: {firstName: \"Lei\", lastName: \"Li\", emailAddress: $it}",
                "String!",
                &email,
            ),
            Step::new(
                "setOrderShippingAddress",
                "input: {fullName: \"Li Lei\", streetLine1: \"1\", city: $it, countryCode: \"CN\"}",
                "String!",
                "Hangzhou",
            ),
            Step::new(
                "setOrderShippingMethod",
                "shippingMethodId: [$it]",
                "ID!",
                &self.parcel,
            ),
            Step::new(TO_PAYMENT, "state: $it", "String!", "ArrangingPayment"),
            Step::new(
                "addPaymentToOrder",
                "input: {method: $it, metadata: {}}",
                "String!",
                "dummy",
            ),
        ];
        by.headers.clear();
        let mut state = String::new();
        for step in steps {
            let answer = match asked(by, "/shop-api", &step.text(), &json!({ "it": step.it })).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Outcome::Failed(error.to_string())),
            };
            if let Some(token) = &answer.token {
                by.headers = bearer(token);
            }
            let said = &answer.data[step.name];
            if said["__typename"] != "Order" {
                return Ok(refusal(step.name, said));
            }
            state = text_of(&said["state"]);
        }
        Ok(match state.as_str() {
            "PaymentSettled" => Outcome::Paid,
            other => Outcome::Failed(format!("a paid order is {other}")),
        })
    }

    async fn left(&self) -> Result<i64> {
        let mut by = self.connection().await?;
        by.headers = bearer(&self.staff);
        let text =
            "query ($id: ID!) { productVariant(id: $id) { stockLevels { stockOnHand stockAllocated } } }";
        let said = asked(
            &mut by,
            "/admin-api",
            text,
            &json!({ "id": self.variants[PLENTY] }),
        )
        .await?;
        let level = &said.data["productVariant"]["stockLevels"][0];
        let number = |name: &str| level[name].as_i64().unwrap_or_default();
        Ok(number("stockOnHand") - number("stockAllocated"))
    }
}

/// The step that says what is wrong with an order in a field of its own.
const TO_PAYMENT: &str = "transitionOrderToState";

/// A mutation of the Shop API that answers the order.
struct Step<'a> {
    name: &'static str,
    arguments: &'static str,
    /// The type of what differs from buyer to buyer, and what it is.
    kind: &'static str,
    it: &'a str,
}

impl<'a> Step<'a> {
    const fn new(name: &'static str, arguments: &'static str, kind: &'static str, it: &'a str) -> Self {
        Self {
            name,
            arguments,
            kind,
            it,
        }
    }

    fn text(&self) -> String {
        let Self {
            name,
            arguments,
            kind,
            ..
        } = self;
        let why = if *name == TO_PAYMENT {
            "... on OrderStateTransitionError { transitionError }"
        } else {
            ""
        };
        format!(
            "mutation ($it: {kind}) {{ {name}({arguments}) {{ __typename ... on Order {{ state }} \
             ... on ErrorResult {{ errorCode }} {why} }} }}"
        )
    }
}

/// What a step said instead of going on. The transition to the payment says of an article that is gone that its order
/// cannot be paid; it names the reason in its text.
fn refusal(step: &str, said: &Value) -> Outcome {
    let code = text_of(&said["errorCode"]);
    let reason = text_of(&said["transitionError"]);
    if code == "INSUFFICIENT_STOCK_ERROR" || reason.contains("stock") {
        return Outcome::NoneLeft;
    }
    Outcome::Failed(format!("{step}: {code} {reason}"))
}

/// The packages, from npm; none of their scripts is run.
async fn install(folder: &Path) -> Result<()> {
    tokio::fs::create_dir(folder).await.map_err(failed)?;
    for (name, text) in FILES {
        tokio::fs::write(folder.join(name), text).await.map_err(failed)?;
    }
    let output = Command::new("npm")
        .args([
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--prefer-offline",
        ])
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|e| failed(format!("npm: {e}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(failed(format!("npm install: {said}")))
}

async fn ready(server: &mut Child, address: SocketAddr) -> Result<Connection> {
    for _ in 0..READY_WITHIN {
        if let Some(status) = server.try_wait().map_err(failed)? {
            return Err(failed(format!("Vendure ended: {status}")));
        }
        if let Ok(connection) = Connection::open(address).await {
            return Ok(connection);
        }
        tokio::time::sleep(READY_POLL).await;
    }
    Err(failed("Vendure was not ready in two minutes"))
}

/// The shop, as its documentation has it made; answers the way to send parcels and the variants.
async fn furnish(by: &mut Connection) -> Result<(String, Vec<String>)> {
    let country = made(
        by,
        "createCountry",
        "CreateCountryInput!",
        json!({ "code": "CN", "enabled": true, "translations": named("China") }),
    )
    .await?;
    let zone = json!({ "name": "China", "memberIds": [country] });
    let zone = made(by, "createZone", "CreateZoneInput!", zone).await?;
    let category = json!({ "name": "Standard", "isDefault": true });
    let category = made(by, "createTaxCategory", "CreateTaxCategoryInput!", category).await?;
    let rate = json!({ "name": "VAT", "enabled": true, "value": 13, "categoryId": category, "zoneId": zone });
    made(by, "createTaxRate", "CreateTaxRateInput!", rate).await?;
    let channels = asked(by, "/admin-api", "{ channels { items { id } } }", &Value::Null).await?;
    let channel = json!({
        "id": channels.data["channels"]["items"][0]["id"],
        "defaultTaxZoneId": zone, "defaultShippingZoneId": zone, "pricesIncludeTax": true, "trackInventory": true,
    });
    let update = "mutation ($input: UpdateChannelInput!) { updateChannel(input: $input) { __typename } }";
    asked(by, "/admin-api", update, &json!({ "input": channel })).await?;
    let argument = |name: &str, value: &str| json!({ "name": name, "value": value });
    let parcel = json!({
        "code": "parcel", "fulfillmentHandler": "manual-fulfillment", "translations": described("Parcel"),
        "checker": { "code": "default-shipping-eligibility-checker", "arguments": [argument("orderMinimum", "0")] },
        "calculator": { "code": "default-shipping-calculator", "arguments":
            [argument("rate", "0"), argument("includesTax", "auto"), argument("taxRate", "0")] },
    });
    let parcel = made(by, "createShippingMethod", "CreateShippingMethodInput!", parcel).await?;
    let payment = json!({
        "code": "dummy", "enabled": true, "translations": described("Dummy"),
        "handler": { "code": "dummy-payment-handler", "arguments": [argument("automaticSettle", "true")] },
    });
    made(by, "createPaymentMethod", "CreatePaymentMethodInput!", payment).await?;
    let mut variants = Vec::with_capacity(SHOP.articles);
    for nth in 0..SHOP.articles {
        // Its counters are 32 bits wide.
        let pieces = if nth == PLENTY { PIECES } else { ENDLESS };
        let name = format!("Serum No. {nth}");
        let mut words = described(&name);
        words[0]["slug"] = format!("serum-{nth}").into();
        let product = json!({ "enabled": true, "translations": words });
        let product = made(by, "createProduct", "CreateProductInput!", product).await?;
        let variant = json!([{
            "productId": product, "sku": format!("A{nth}"), "price": 9_900, "stockOnHand": pieces,
            "trackInventory": "TRUE", "taxCategoryId": category, "translations": named(&name),
        }]);
        let text = "mutation ($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }";
        let answer = asked(by, "/admin-api", text, &json!({ "input": variant })).await?;
        variants.push(text_of(&answer.data["createProductVariants"][0]["id"]));
    }
    Ok((parcel, variants))
}

fn named(name: &str) -> Value {
    json!([{ "languageCode": "en", "name": name }])
}

fn described(name: &str) -> Value {
    json!([{ "languageCode": "en", "name": name, "description": "" }])
}

/// Makes something by the Admin API and answers its id.
async fn made(by: &mut Connection, what: &str, input: &str, with: Value) -> Result<String> {
    let text = format!("mutation ($input: {input}) {{ {what}(input: $input) {{ id }} }}");
    let answer = asked(by, "/admin-api", &text, &json!({ "input": with })).await?;
    Ok(text_of(&answer.data[what]["id"]))
}

struct Answer {
    /// Who the server says somebody is from now on.
    token: Option<String>,
    data: Value,
}

async fn asked(by: &mut Connection, path: &str, text: &str, with: &Value) -> Result<Answer> {
    let body = json!({ "query": text, "variables": with }).to_string();
    let answer = by.ask("POST", path, &body).await?;
    let token = answer.header(TOKEN).map(str::to_owned);
    let mut said: Value = serde_json::from_slice(answer.body).map_err(failed)?;
    if let Some(error) = said["errors"].get(0) {
        return Err(failed(format!(
            "{path}: {} {}",
            answer.status,
            text_of(&error["message"])
        )));
    }
    Ok(Answer {
        token,
        data: said["data"].take(),
    })
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}\r\n")
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
