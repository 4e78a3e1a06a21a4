//! The frame of the OpenAPI document; the operations describe themselves.

use base::MediaId;
use search::{AvailabilityWanted, Sort};
use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, PathsBuilder};
use utoipa::openapi::{ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr};
use utoipa::{PartialSchema, ToResponse, ToSchema};
use web::{FieldProblem, ProblemBody, ProblemResponse};

/// Where the API lives.
pub const BASE: &str = "/api/v1";

const ABOUT: &str = "\
The whole customer experience of a retail chain as one system with one loop.

Sign-in is a cookie (`storeloop_staff`, `storeloop_member`) or `Authorization: Bearer` with a session token or an API \
key. A cookie on anything but GET needs the header `X-Storeloop-Csrf: 1`. Every change takes an `Idempotency-Key`: \
the same key with the same body gets the same answer. Refusals are problem+json (RFC 9457) in the language of \
`Accept-Language`; their codes are stable and listed in docs/ERRORS.md. Lists are read by cursor.";

fn bearer(about: &str) -> SecurityScheme {
    SecurityScheme::Http(
        HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(about.to_owned()))
            .build(),
    )
}

/// Name, licence and sign-in of the API.
pub fn frame() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Storeloop")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .contact(Some(ContactBuilder::new().name(Some("Storeloop")).build()))
        .license(Some(
            LicenseBuilder::new()
                .name("Apache-2.0")
                .identifier(Some("Apache-2.0"))
                .build(),
        ))
        .build();
    let (refusal, answer) = ProblemResponse::response();
    let components = ComponentsBuilder::new()
        .security_scheme(
            "staff",
            bearer("A member of staff, or a machine with an API key; the scopes are permissions."),
        )
        .security_scheme("member", bearer("A member in the shop or the app."))
        // What operations name without carrying it in an answer of their own.
        .response(refusal, answer)
        .schema(ProblemBody::name(), ProblemBody::schema())
        .schema(FieldProblem::name(), FieldProblem::schema())
        .schema(MediaId::name(), MediaId::schema())
        .schema(AvailabilityWanted::name(), AvailabilityWanted::schema())
        .schema(Sort::name(), Sort::schema())
        .build();
    OpenApiBuilder::new()
        .info(info)
        .paths(PathsBuilder::new())
        .components(Some(components))
        .build()
}

/// Names the rows of every page, which are described in place otherwise: a generated client has one type for a row,
/// however it came by it.
pub fn name_rows(document: &mut OpenApi) {
    let Some(components) = &mut document.components else {
        return;
    };
    let mut rows = Vec::new();
    for (name, page) in &mut components.schemas {
        let (Some(row), RefOr::T(Schema::Object(page))) = (name.strip_prefix("Page_"), page) else {
            continue;
        };
        if let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items")
            && let ArrayItems::RefOrSchema(described) = &mut items.items
        {
            let named = RefOr::Ref(Ref::from_schema_name(row));
            rows.push((row.to_owned(), std::mem::replace(&mut **described, named)));
        }
    }
    for (name, row) in rows {
        components.schemas.entry(name).or_insert(row);
    }
}
