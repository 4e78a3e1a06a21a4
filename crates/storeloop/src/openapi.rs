//! The frame of the OpenAPI document; the operations describe themselves.

use base::MediaId;
use search::{AvailabilityWanted, Sort};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, PathsBuilder};
use utoipa::openapi::{ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
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
