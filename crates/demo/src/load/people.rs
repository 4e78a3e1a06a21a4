//! Writes staff accounts and members.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::{Assignment, Login, NewPassword, NewStaff, PersonName};
use base::{Ctx, Locale, Result, StaffId};
use db::Tx;
use members::{Consent, MemberImport, Method, Purpose, import_members_in};

use super::{House, Part, Report, ranges};
use crate::chain::{Chain, Member, Role, Scope, Staff};

const MEMBERS_A_UNIT: usize = 2_000;
/// The privacy text every member of the demo has seen.
const POLICY_VERSION: &str = "2026-01";

/// Takes the cast on; answers their identifiers in the order of the cast.
pub(super) async fn write_staff(
    house: &House,
    ctx: &Ctx,
    chain: &Chain,
    report: Report<'_>,
) -> Result<Vec<StaffId>> {
    let mut ids = Vec::with_capacity(chain.staff.len());
    for person in &chain.staff {
        let known = house.access.staff_by_login(ctx, person.login).await;
        let staff = match known {
            Ok(staff) => staff,
            Err(error) if error.is(&base::codes::NOT_FOUND) => {
                house.access.staff_create(ctx, new_staff(chain, person)?).await?
            }
            Err(error) => return Err(error),
        };
        ids.push(staff.id);
        report(Part::Staff, ids.len(), chain.staff.len());
    }
    Ok(ids)
}

fn new_staff(chain: &Chain, person: &Staff) -> Result<NewStaff> {
    let role = match person.role {
        Role::Admin => access::Role::Admin,
        Role::HeadOffice => access::Role::HeadOffice,
        Role::StoreManager => access::Role::StoreManager,
        Role::Associate => access::Role::Associate,
        Role::ServiceAgent => access::Role::ServiceAgent,
        Role::Marketer => access::Role::Marketer,
        Role::ExperienceManager => access::Role::ExperienceManager,
    };
    let scope = match person.scope {
        Scope::All => access::Scope::All,
        Scope::Place(place) => access::Scope::Place(chain.places[place].id),
    };
    Ok(NewStaff {
        login: Login::parse(person.login)?,
        name: PersonName::parse(&format!("{} {}", person.name.zh, person.name.en))?,
        password: NewPassword::parse(&person.password, person.login)?,
        email: None,
        locale: Locale::Zh,
        roles: BTreeSet::from([Assignment::new(role, scope)?]),
        home_place_id: person.home.map(|place| chain.places[place].id),
    })
}

/// Brings the members in.
pub(super) async fn write_members(house: &House, chain: &Arc<Chain>, report: Report<'_>) -> Result<()> {
    for range in ranges(chain.members.len(), MEMBERS_A_UNIT) {
        let end = range.end;
        let rows: Vec<MemberImport> = chain.members[range]
            .iter()
            .map(|member| row(chain, member))
            .collect::<Result<_>>()?;
        house
            .db
            .write(async move |tx: &Tx| import_members_in(tx, &rows).await.map(|_| ()))
            .await?;
        report(Part::Members, end, chain.members.len());
    }
    Ok(())
}

fn row(chain: &Chain, member: &Member) -> Result<MemberImport> {
    let spoken = if member.english { Locale::En } else { Locale::Zh };
    let consents = member.consents.iter().filter_map(|consent| {
        let purpose = Purpose::ALL
            .into_iter()
            .find(|purpose| purpose.as_str() == consent.purpose)?;
        let given_at_first = consent.at == member.joined_at;
        Some(Consent {
            purpose,
            granted: consent.granted,
            policy_version: POLICY_VERSION.to_owned(),
            method: if given_at_first {
                Method::SignIn
            } else {
                Method::Settings
            },
            at: consent.at,
        })
    });
    Ok(MemberImport {
        id: member.id,
        number: Some(member.number.clone()),
        name: Some(member.name.get(spoken).to_owned()),
        phone: Some(member.phone.parse()?),
        email: None,
        locale: spoken,
        birthday: member.birthday,
        tags: member.tags.iter().map(|tag| in_both(&tag.zh, &tag.en)).collect(),
        notes: member.notes.as_ref().map(|note| in_both(&note.zh, &note.en)),
        home_place_id: Some(chain.places[member.home].id),
        consents: consents.collect(),
        joined_at: member.joined_at,
    })
}

/// Associates of both languages read the same tag and note.
pub(super) fn in_both(zh: &str, en: &str) -> String {
    format!("{zh} / {en}")
}
