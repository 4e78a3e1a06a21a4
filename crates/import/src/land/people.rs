//! Places and members.

use std::ops::Range;
use std::sync::Arc;

use base::{MemberId, PlaceId, Result, Text, Time};
use db::Tx;
use members::{MemberImport, Phone, import_members_in, member_by_phone_in};
use places::{Address, OpenHours, PlaceIn, PlaceKind, Service, ValidPlace};

use super::catalogue::parsed;
use super::{Landing, Scribe, code, cut};
use crate::docs::{Found, MemberDoc, PlaceDoc};
use crate::issue::{RowIssue, codes};

/// Minutes an imported store takes to prepare an order, until somebody says better.
const PREP_MINUTES: u32 = 30;

impl Landing {
    pub(super) async fn all_places(&mut self) -> Result<()> {
        let known = self.known("place").await?;
        let assembly = Arc::clone(&self.assembly);
        let mut rows: Vec<(usize, ValidPlace)> = Vec::new();
        let mut there = 0;
        for (at, doc) in assembly.places.iter().enumerate() {
            if known.contains_key(&doc.key) {
                there += 1;
                continue;
            }
            match ValidPlace::try_from(place_in(doc)) {
                Ok(place) => rows.push((at, place)),
                Err(error) => self.refuse("places", &error, (doc.found.clone(), doc.key.clone())),
            }
        }
        let rows = Arc::new(rows);
        let (db, places, scribe, ctx) = (
            self.db.clone(),
            self.places.clone(),
            self.scribe(),
            self.ctx.clone(),
        );
        let (list, all) = (Arc::clone(&rows), Arc::clone(&assembly));
        let write = async move |range: Range<usize>| {
            let (places, scribe, ctx) = (places.clone(), scribe.clone(), ctx.clone());
            let (list, all) = (Arc::clone(&list), Arc::clone(&all));
            db.write(async move |tx: &Tx| {
                let rows = &list[range.clone()];
                let key = |at: usize| all.places[at].key.as_str();
                let imports: Vec<(Option<PlaceId>, ValidPlace)> = rows
                    .iter()
                    .map(|(at, place)| (Some(scribe.made("place", key(*at), None)), place.clone()))
                    .collect();
                let imported = places.import_places_in(tx, &ctx, &imports).await?;
                let refs: Vec<_> = rows
                    .iter()
                    .zip(imported)
                    .map(|((at, _), i)| (key(*at).to_owned(), i.id().to_string()))
                    .collect();
                scribe.note(tx, "place", &refs).await
            })
            .await
        };
        let blame = |at: usize| {
            let doc = &assembly.places[rows[at].0];
            (doc.found.clone(), doc.key.clone())
        };
        self.stage("places", there, rows.len(), write, blame).await?;
        let ids = parsed(self.known("place").await?);
        self.targets.places = assembly
            .places
            .iter()
            .filter_map(|doc| Some((doc.key.clone(), (*ids.get(&doc.key)?, doc.name.clone()))))
            .collect();
        Ok(())
    }

    pub(super) async fn members(&mut self) -> Result<()> {
        let known = self.known("member").await?;
        let assembly = Arc::clone(&self.assembly);
        let now = self.db.now().await?;
        let mut rows: Vec<MemberImport> = Vec::new();
        let mut keys: Vec<String> = Vec::new();
        let scribe = self.scribe();
        let locale = self.mapping.language;
        for doc in assembly.members.iter().filter(|m| !known.contains_key(&m.key)) {
            let phone = doc.phone.as_deref().and_then(|text| self.phone(doc, text));
            keys.push(doc.key.clone());
            rows.push(member_import(doc, phone, &scribe, locale, now));
        }
        let there = assembly.members.len() - rows.len();
        let (rows, keys) = (Arc::new(rows), Arc::new(keys));
        let (db, list, names) = (self.db.clone(), Arc::clone(&rows), Arc::clone(&keys));
        let write = async move |range: Range<usize>| {
            let (scribe, list, names) = (scribe.clone(), Arc::clone(&list), Arc::clone(&names));
            db.write(async move |tx: &Tx| {
                let rows = &list[range.clone()];
                let imported = import_members_in(tx, rows).await?;
                let mut refs = Vec::with_capacity(rows.len());
                for (row, key) in rows.iter().zip(&names[range.clone()]) {
                    let target = match (&row.phone, imported.refused.contains(&row.id)) {
                        // The phone is somebody's already: one phone is one member, so this is them.
                        (Some(phone), true) => member_by_phone_in(tx, phone).await?.map(|m| m.id),
                        (_, true) => None,
                        (_, false) => Some(row.id),
                    };
                    refs.extend(target.map(|id| (key.clone(), id.to_string())));
                }
                scribe.note(tx, "member", &refs).await
            })
            .await
        };
        self.stage("members", there, rows.len(), write, |at| (None, keys[at].clone()))
            .await?;
        let ids = parsed::<_>(self.known("member").await?);
        let target = |doc: &MemberDoc| -> Option<MemberId> { ids.get(&doc.key).copied() };
        self.targets.members = assembly.members.iter().map(target).collect();
        Ok(())
    }

    fn phone(&mut self, doc: &MemberDoc, text: &str) -> Option<Phone> {
        match text.parse() {
            Ok(phone) => Some(phone),
            Err(_) => {
                // The number itself stays out of the report: it may be a mistyped real one.
                let file = Arc::from(self.mapping.name.as_str());
                let found = Found { file, line: 0 };
                self.issues.add(RowIssue::new(
                    &found.file,
                    found.line,
                    Some("phone"),
                    &doc.key,
                    &codes::PHONE,
                ));
                None
            }
        }
    }
}

fn member_import(
    doc: &MemberDoc,
    phone: Option<Phone>,
    scribe: &Scribe,
    locale: base::Locale,
    now: Time,
) -> MemberImport {
    MemberImport {
        id: scribe.made("member", &doc.key, doc.since),
        number: None,
        name: doc
            .name
            .clone()
            .map(|n| n.chars().take(members::NAME_MAX_CHARS).collect()),
        phone,
        email: doc.email.clone(),
        locale,
        birthday: doc.birthday,
        tags: Vec::new(),
        notes: None,
        home_place_id: None,
        consents: Vec::new(),
        joined_at: doc.since.unwrap_or(now),
    }
}

fn place_in(doc: &PlaceDoc) -> PlaceIn {
    let some = |text: &str, limit: usize| {
        Some(text.chars().take(limit).collect::<String>()).filter(|t| !t.is_empty())
    };
    PlaceIn {
        code: code(&doc.key),
        kind: match doc.kind.as_str() {
            "warehouse" => PlaceKind::Warehouse,
            "dark_store" => PlaceKind::DarkStore,
            "pickup_point" => PlaceKind::PickupPoint,
            _ => PlaceKind::Store,
        },
        name: cut(&doc.name, 200),
        region: doc.region.chars().take(64).collect(),
        address: Address {
            country: doc.country.clone(),
            province: Text::same(doc.province.as_str()),
            city: Text::same(doc.city.as_str()),
            district: some(&doc.district, 100).map(Text::same),
            line: cut(&Text::same(doc.address.as_str()), 400),
            postcode: some(&doc.postcode, 16),
        },
        latitude: doc.latitude,
        longitude: doc.longitude,
        timezone: doc.timezone.clone(),
        area_m2: doc.area_m2,
        phone: some(&doc.phone, 32),
        hours: doc.hours.iter().filter_map(|h| opening(*h)).collect(),
        special_days: Vec::new(),
        services: doc.services.iter().filter_map(|s| service(s)).collect(),
        prep_minutes: PREP_MINUTES,
        daily_order_capacity: None,
        active: true,
    }
}

fn opening(hours: crate::mapping::OpenHours) -> Option<OpenHours> {
    let (opens, closes) = hours.written();
    Some(OpenHours {
        weekday: hours.weekday,
        opens: opens.parse().ok()?,
        closes: closes.parse().ok()?,
    })
}

fn service(name: &str) -> Option<Service> {
    [
        Service::Collect,
        Service::Ship,
        Service::Return,
        Service::DeliverLocal,
    ]
    .into_iter()
    .find(|s| s.as_str() == name)
}
