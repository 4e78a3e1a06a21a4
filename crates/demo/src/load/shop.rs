//! Writes places and the range.

use std::collections::HashMap;
use std::sync::Arc;

use base::{Ctx, Currency, MediaId, Money, Result};
use catalog::{
    Attribute, CategoryIn, Media, NewMedia, ProductImport, ProductIn, ProductStatus, SkuIn, ValidProduct,
    media_url,
};
use db::Tx;
use places::{Address, DoorCount, OpenHours, PlaceIn, PlaceKind, Service, ValidPlace, visits_import_in};

use super::{House, Part, Report, ranges};
use crate::chain::{self, Chain, Place, Product};

/// The zone every place of the chain keeps.
const TIMEZONE: &str = "Asia/Shanghai";
const PRODUCTS_A_UNIT: usize = 60;
const VISITS_A_UNIT: usize = 10_000;

/// Writes all places in one unit.
pub(super) async fn write_places(house: &House, ctx: &Ctx, chain: &Chain, report: Report<'_>) -> Result<()> {
    let rows: Vec<_> = chain
        .places
        .iter()
        .map(|place| Ok((Some(place.id), valid_place(place)?)))
        .collect::<Result<_>>()?;
    let count = rows.len();
    let (places, ctx) = (house.places.clone(), ctx.clone());
    house
        .db
        .write(async move |tx: &Tx| places.import_places_in(tx, &ctx, &rows).await.map(|_| ()))
        .await?;
    report(Part::Places, count, count);
    Ok(())
}

/// Writes what the door counters of the stores told.
pub(super) async fn write_visits(house: &House, chain: &Arc<Chain>, report: Report<'_>) -> Result<()> {
    for range in ranges(chain.visits.len(), VISITS_A_UNIT) {
        let end = range.end;
        let counts: Vec<DoorCount> = chain.visits[range]
            .iter()
            .map(|visits| DoorCount {
                place_id: chain.places[visits.place].id,
                counter: "1".to_owned(),
                from_at: visits.from,
                to_at: visits.to,
                entered: visits.entered,
            })
            .collect();
        house
            .db
            .write(async move |tx: &Tx| visits_import_in(tx, &Ctx::system("demo"), &counts).await)
            .await?;
        report(Part::Visits, end, chain.visits.len());
    }
    Ok(())
}

/// A generated place as the domain takes it.
pub(super) fn valid_place(place: &Place) -> Result<ValidPlace> {
    let hours = (1..)
        .zip(place.hours)
        .map(|(weekday, (opens, closes))| {
            Ok(OpenHours {
                weekday,
                opens: opens.parse()?,
                closes: closes.parse()?,
            })
        })
        .collect::<Result<_>>()?;
    ValidPlace::try_from(PlaceIn {
        code: place.code.clone(),
        kind: match place.kind {
            chain::PlaceKind::Store => PlaceKind::Store,
            chain::PlaceKind::Warehouse => PlaceKind::Warehouse,
        },
        name: place.name.clone(),
        region: place.region.to_owned(),
        address: Address {
            country: "CN".to_owned(),
            province: place.address.province.clone(),
            city: place.address.city.clone(),
            district: Some(place.address.district.clone()),
            line: place.address.line.clone(),
            postcode: Some(place.address.postcode.clone()),
        },
        latitude: place.latitude,
        longitude: place.longitude,
        timezone: TIMEZONE.to_owned(),
        area_m2: Some(f64::from(place.area_m2)),
        phone: Some(place.phone.clone()),
        hours,
        special_days: Vec::new(),
        services: place
            .services
            .iter()
            .filter_map(|service| offered(service))
            .collect(),
        prep_minutes: place.prep_minutes,
        daily_order_capacity: Some(place.daily_orders),
        active: true,
    })
}

fn offered(service: &str) -> Option<Service> {
    [
        Service::Collect,
        Service::Ship,
        Service::Return,
        Service::DeliverLocal,
    ]
    .into_iter()
    .find(|known| known.as_str() == service)
}

/// Writes categories, pictures and products; answers the pictures of each product as they are kept.
pub(super) async fn write_range(
    house: &House,
    ctx: &Ctx,
    chain: &Arc<Chain>,
    report: Report<'_>,
) -> Result<Vec<Vec<MediaId>>> {
    let categories: Vec<_> = chain
        .categories
        .iter()
        .map(|category| {
            let row = CategoryIn {
                code: category.code.to_owned(),
                parent_code: category
                    .parent
                    .map(|parent| chain.categories[parent].code.to_owned()),
                name: category.name.clone(),
                position: i64::from(category.position),
            };
            (Some(category.id), row)
        })
        .collect();
    let catalog = house.catalog.clone();
    house
        .db
        .write(async move |tx: &Tx| catalog.import_categories_in(tx, &categories).await.map(|_| ()))
        .await?;
    let mut kept = Vec::with_capacity(chain.products.len());
    for range in ranges(chain.products.len(), PRODUCTS_A_UNIT) {
        let (catalog, ctx, unit_chain) = (house.catalog.clone(), ctx.clone(), Arc::clone(chain));
        let end = range.end;
        let pictures = house
            .db
            .write(async move |tx: &Tx| write_products(tx, &catalog, &ctx, &unit_chain, range.clone()).await)
            .await?;
        kept.extend(pictures);
        report(Part::Range, end, chain.products.len());
    }
    Ok(kept)
}

async fn write_products(
    tx: &Tx,
    catalog: &catalog::Catalog,
    ctx: &Ctx,
    chain: &Chain,
    range: std::ops::Range<usize>,
) -> Result<Vec<Vec<MediaId>>> {
    let (mut kept, mut rows) = (Vec::with_capacity(range.len()), Vec::with_capacity(range.len()));
    for product in &chain.products[range] {
        let mut pictures = Vec::with_capacity(product.pictures.len());
        for picture in &product.pictures {
            let file = NewMedia {
                content_type: "image/svg+xml".to_owned(),
                bytes: picture.svg.clone().into_bytes(),
                width: i64::from(picture.size.0),
                height: i64::from(picture.size.1),
            };
            pictures.push(catalog.media_store_in(tx, Some(picture.id), &file).await?);
        }
        rows.push(product_row(chain, product, &pictures)?);
        kept.push(pictures);
    }
    catalog.import_products_in(tx, ctx, &rows).await?;
    Ok(kept)
}

fn product_row(chain: &Chain, product: &Product, pictures: &[MediaId]) -> Result<ProductImport> {
    let skus = &chain.skus[product.skus.clone()];
    let media = product.pictures.iter().zip(pictures).map(|(picture, id)| Media {
        url: media_url(*id),
        alt: picture.alt.clone(),
        width: i64::from(picture.size.0),
        height: i64::from(picture.size.1),
    });
    let details = ProductIn {
        code: product.code.to_owned(),
        name: product.name.clone(),
        brand: product.brand.clone(),
        category_id: chain.categories[product.category].id,
        description: product.description.clone(),
        media: media.collect(),
        attributes: product
            .attributes
            .iter()
            .map(|row| Attribute {
                key: row.key.to_owned(),
                label: row.label.clone(),
                value: row.value.clone(),
            })
            .collect(),
        status: ProductStatus::Active,
        skus: skus
            .iter()
            .map(|sku| SkuIn {
                code: sku.code.clone(),
                barcodes: vec![sku.barcode.clone()],
                option: sku.option.clone(),
                price: Money::new(sku.price_minor, Currency::CNY),
                tracked: true,
                active: true,
            })
            .collect(),
    };
    Ok(ProductImport {
        id: Some(product.id),
        sku_ids: skus
            .iter()
            .map(|sku| (sku.code.clone(), sku.id))
            .collect::<HashMap<_, _>>(),
        product: ValidProduct::try_from(details)?,
    })
}
