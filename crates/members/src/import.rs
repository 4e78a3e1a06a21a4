//! Bringing members over from an earlier system.

use std::collections::{HashMap, HashSet};

use base::{MemberId, Result};
use db::Tx;

use crate::model::{ConsentState, Member, MemberImport, MembersImported, Purpose, Source};
use crate::rules;
use crate::service::{NUMBER_TRIES, number_random};
use crate::store;

/// Brings members over from an earlier system. Safe to repeat: a member whose id is there is left as it is.
/// No event is announced, since nobody joined now.
///
/// # Errors
/// Those of the store.
pub async fn import_members_in(tx: &Tx, imports: &[MemberImport]) -> Result<MembersImported> {
    import_in(tx, imports, number_random).await
}

/// The same; whoever brings no number is given one of `numbers`.
async fn import_in(
    tx: &Tx,
    imports: &[MemberImport],
    mut numbers: impl FnMut() -> Result<String>,
) -> Result<MembersImported> {
    let ids: Vec<MemberId> = imports.iter().map(|i| i.id).collect();
    let before = present(tx, &ids).await?;
    let fresh: Vec<&MemberImport> = imports.iter().filter(|i| !before.contains(&i.id)).collect();
    let mut inserted = 0;
    let mut missing = fresh.clone();
    for _ in 0..NUMBER_TRIES {
        let mut rows = Vec::with_capacity(missing.len());
        for import in &missing {
            let number = import.number.clone().map_or_else(&mut numbers, Ok)?;
            let key = rules::name_key(import.name.as_deref().unwrap_or_default());
            rows.push((member(import, number), key));
        }
        let added = store::member_add_many(tx, &rows, Source::Import).await?;
        inserted += added;
        if added == missing.len() as u64 {
            missing.clear();
        } else {
            let ids: Vec<MemberId> = missing.iter().map(|i| i.id).collect();
            let landed = present(tx, &ids).await?;
            missing.retain(|i| !landed.contains(&i.id));
        }
        // Another number helps only those who brought none.
        if missing.iter().all(|i| i.number.is_some()) {
            break;
        }
    }
    let refused: HashSet<MemberId> = missing.iter().map(|i| i.id).collect();
    let there: Vec<&MemberImport> = fresh.into_iter().filter(|i| !refused.contains(&i.id)).collect();
    let tags = there
        .iter()
        .flat_map(|i| i.tags.iter().map(|tag| (i.id, tag.as_str())));
    store::tags_add(tx, tags).await?;
    let mut receipts = Vec::new();
    for import in there {
        let mut seq: HashMap<Purpose, i64> = HashMap::new();
        for consent in &import.consents {
            let seq = seq.entry(consent.purpose).or_default();
            *seq += 1;
            receipts.push((import.id, *seq, consent));
        }
    }
    store::consent_add_many(tx, &receipts).await?;
    Ok(MembersImported {
        inserted,
        refused: missing.into_iter().map(|i| i.id).collect(),
    })
}

async fn present(tx: &Tx, ids: &[MemberId]) -> Result<HashSet<MemberId>> {
    Ok(store::members_present(tx, ids).await?.into_iter().collect())
}

fn member(import: &MemberImport, number: String) -> Member {
    Member {
        id: import.id,
        number,
        name: import.name.clone(),
        phone: import.phone.clone(),
        email: import.email.clone(),
        locale: import.locale,
        birthday: import.birthday,
        notes: import.notes.clone(),
        tags: import.tags.clone(),
        home_place_id: import.home_place_id,
        consents: Vec::<ConsentState>::new(),
        joined_at: import.joined_at,
        version: 1,
    }
}

#[cfg(test)]
mod tests {
    use base::{Locale, Time};
    use db::testing::{TestDb, each_engine};

    use super::*;

    fn import(phone: Option<&str>) -> MemberImport {
        MemberImport {
            id: MemberId::new(),
            number: None,
            name: None,
            phone: phone.map(|p| p.parse().unwrap()),
            email: None,
            locale: Locale::Zh,
            birthday: None,
            tags: Vec::new(),
            notes: None,
            home_place_id: None,
            consents: Vec::new(),
            joined_at: Time::from_micros(0),
        }
    }

    /// Nine random digits meet one another once in some thousand members: nobody is lost over it.
    #[test]
    fn whose_number_is_somebody_s_is_given_another() {
        each_engine(&[bus::MIGRATIONS, crate::MIGRATIONS], async |t: TestDb| {
            let all = [None, None, Some("13800138000"), Some("13800138000")].map(import);
            let (rows, drawn) = (all.clone(), [7, 7, 8, 9, 8, 10, 9, 10, 11, 12]);
            let unit = async move |tx: &Tx| {
                let mut drawn = drawn.iter();
                let next = || Ok(format!("{:010}", drawn.next().unwrap()));
                import_in(tx, &rows, next).await
            };
            let done = t.db.write(unit).await.unwrap();
            assert_eq!((done.inserted, done.refused), (3, vec![all[3].id]));
            let unit = async move |tx: &Tx| import_in(tx, &all[..2], || unreachable!()).await;
            assert_eq!(t.db.write(unit).await.unwrap().inserted, 0);
        });
    }
}
