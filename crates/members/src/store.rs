//! SQL of the members' tables, and nothing else.

use std::collections::HashMap;

use base::{Locale, MemberId, PageSize, Result, Time};
use db::{Reader, Row, Tx, Value, params};
use jiff::civil::Date;

use crate::model::{Consent, ConsentState, Contact, Member, Method, Purpose, Source};
use crate::phone::Phone;
use crate::rules::{DAY, HOUR, Needle};

const COLUMNS: &str =
    "id, number, name, phone, email, locale, birthday, notes, home_place_id, joined_at, version";

/// `$from, $from+1, …` for an IN list.
fn marks(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn member(row: &Row) -> Result<Member> {
    let phone: Option<String> = row.get(3)?;
    let birthday: Option<String> = row.get(6)?;
    Ok(Member {
        id: row.get(0)?,
        number: row.get(1)?,
        name: row.get(2)?,
        phone: phone.map(|p| p.parse::<Phone>()).transpose()?,
        email: row.get(4)?,
        locale: row.get(5)?,
        birthday: birthday
            .map(|b| b.parse::<Date>())
            .transpose()
            .map_err(base::Error::internal)?,
        notes: row.get(7)?,
        tags: Vec::new(),
        home_place_id: row.get(8)?,
        consents: Vec::new(),
        joined_at: row.get(9)?,
        version: row.get(10)?,
    })
}

/// Adds tags and consents to members just read.
async fn complete(reader: &Reader, mut members: Vec<Member>) -> Result<Vec<Member>> {
    if members.is_empty() {
        return Ok(members);
    }
    let ids: Vec<Value> = members.iter().map(|m| m.id.into()).collect();
    let marks = marks(1, ids.len());
    let tags = format!(
        "SELECT member_id, tag FROM members_tag WHERE member_id IN ({marks}) ORDER BY member_id, tag"
    );
    let consents = format!(
        "SELECT c.member_id, c.purpose, c.granted, c.policy_version, c.given_at FROM members_consent c \
         WHERE c.member_id IN ({marks}) AND c.seq = (SELECT MAX(x.seq) FROM members_consent x \
         WHERE x.member_id = c.member_id AND x.purpose = c.purpose) ORDER BY c.member_id, c.purpose"
    );
    let mut tags_of: HashMap<MemberId, Vec<String>> = HashMap::new();
    for row in reader.query(&tags, &ids).await? {
        tags_of.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    let mut consents_of: HashMap<MemberId, Vec<ConsentState>> = HashMap::new();
    for row in reader.query(&consents, &ids).await? {
        consents_of.entry(row.get(0)?).or_default().push(ConsentState {
            purpose: row.get(1)?,
            granted: row.get(2)?,
            policy_version: row.get(3)?,
            at: row.get(4)?,
        });
    }
    for member in &mut members {
        member.tags = tags_of.remove(&member.id).unwrap_or_default();
        member.consents = consents_of.remove(&member.id).unwrap_or_default();
    }
    Ok(members)
}

async fn first(reader: &Reader, condition: &str, key: Value) -> Result<Option<Member>> {
    let sql = format!("SELECT {COLUMNS} FROM members_member WHERE {condition}");
    let found: Vec<Member> = reader
        .query(&sql, &[key])
        .await?
        .iter()
        .map(member)
        .collect::<Result<_>>()?;
    Ok(complete(reader, found).await?.pop())
}

pub(crate) async fn member_find(reader: &Reader, id: MemberId) -> Result<Option<Member>> {
    first(reader, "id = $1", id.into()).await
}

pub(crate) async fn member_by_phone(reader: &Reader, phone: &Phone) -> Result<Option<Member>> {
    first(reader, "phone = $1", phone.as_str().into()).await
}

pub(crate) async fn members_find(reader: &Reader, ids: &[MemberId]) -> Result<Vec<Member>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM members_member WHERE id IN ({})",
        marks(1, ids.len())
    );
    let keys: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
    let found = reader
        .query(&sql, &keys)
        .await?
        .iter()
        .map(member)
        .collect::<Result<_>>()?;
    complete(reader, found).await
}

pub(crate) async fn names_find(reader: &Reader, ids: &[MemberId]) -> Result<HashMap<MemberId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT id, name FROM members_member WHERE name IS NOT NULL AND id IN ({})",
        marks(1, ids.len())
    );
    let keys: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
    reader
        .query(&sql, &keys)
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

/// Newest members first.
pub(crate) async fn member_search(
    reader: &Reader,
    needle: &Needle,
    after: Option<(Time, MemberId)>,
    size: PageSize,
) -> Result<Vec<Member>> {
    let mut sql = format!("SELECT {COLUMNS} FROM members_member WHERE TRUE");
    let mut values: Vec<Value> = Vec::new();
    if let Some(pattern) = &needle.name {
        values.push(pattern.as_str().into());
        sql.push_str(" AND name_key LIKE $1");
    }
    if let Some(pattern) = &needle.digits {
        values.push(pattern.as_str().into());
        sql.push_str(" AND (phone LIKE $1 OR number LIKE $1)");
    }
    if let Some(phone) = &needle.phone {
        values.push(phone.as_str().into());
        sql.push_str(" AND phone = $1");
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        sql.push_str(&format!(
            " AND (joined_at, id) < (${}, ${})",
            values.len() - 1,
            values.len()
        ));
    }
    values.push(size.with_surplus().into());
    sql.push_str(&format!(
        " ORDER BY joined_at DESC, id DESC LIMIT ${}",
        values.len()
    ));
    let found = reader.query(&sql, &values).await?;
    complete(reader, found.iter().map(member).collect::<Result<_>>()?).await
}

pub(crate) async fn member_count(reader: &Reader) -> Result<i64> {
    reader
        .query_one("SELECT COUNT(*) FROM members_member", params![])
        .await?
        .get(0)
}

/// Adds a member unless the id, number or phone is taken; tells whether it did.
pub(crate) async fn member_add(tx: &Tx, member: &Member, name_key: &str, source: Source) -> Result<bool> {
    let added = tx
        .execute(
            "INSERT INTO members_member (id, number, name, name_key, phone, email, locale, birthday, notes, \
             home_place_id, source, joined_at, updated_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13) ON CONFLICT DO NOTHING",
            &member_row(member, name_key, source)?,
        )
        .await?;
    Ok(added == 1)
}

fn member_row(member: &Member, name_key: &str, source: Source) -> Result<Vec<Value>> {
    Ok(params![
        member.id,
        member.number,
        member.name,
        name_key,
        member.phone.as_ref().map(Phone::as_str),
        member.email,
        member.locale,
        member.birthday.map(|b| b.to_string()),
        member.notes,
        member.home_place_id,
        source.as_str(),
        member.joined_at,
        member.version
    ]
    .to_vec())
}

/// Adds many members; those whose id, number or phone is taken are left out.
pub(crate) async fn member_add_many(tx: &Tx, rows: &[(Member, String)], source: Source) -> Result<u64> {
    let rows = rows
        .iter()
        .map(|(member, key)| {
            let mut row = member_row(member, key, source)?;
            row.insert(12, member.joined_at.into());
            Ok(row)
        })
        .collect::<Result<Vec<_>>>()?;
    tx.insert_many(
        "members_member (id, number, name, name_key, phone, email, locale, birthday, notes, home_place_id, \
         source, joined_at, updated_at, version)",
        &rows,
        "ON CONFLICT DO NOTHING",
    )
    .await
}

/// Which of these members are there.
pub(crate) async fn members_present(reader: &Reader, ids: &[MemberId]) -> Result<Vec<MemberId>> {
    let mut present = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(PageSize::MAX) {
        let sql = format!(
            "SELECT id FROM members_member WHERE id IN ({})",
            marks(1, chunk.len())
        );
        let keys: Vec<Value> = chunk.iter().map(|id| (*id).into()).collect();
        for row in reader.query(&sql, &keys).await? {
            present.push(row.get(0)?);
        }
    }
    Ok(present)
}

/// Raises the version, which also keeps two changes of one member apart; tells the new version, or `None`
/// when there is no such member.
pub(crate) async fn member_touch(tx: &Tx, id: MemberId) -> Result<Option<i64>> {
    let rows = tx
        .query_write(
            "UPDATE members_member SET version = version + 1, updated_at = $2 WHERE id = $1 RETURNING version",
            params![id, tx.now()],
        )
        .await?;
    rows.first().map(|row| row.get(0)).transpose()
}

pub(crate) async fn member_write(tx: &Tx, member: &Member, name_key: &str) -> Result<()> {
    tx.execute(
        "UPDATE members_member SET name = $2, name_key = $3, locale = $4, birthday = $5, notes = $6 WHERE id = $1",
        params![
            member.id,
            member.name,
            name_key,
            member.locale,
            member.birthday.map(|b| b.to_string()),
            member.notes
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn tags_write(tx: &Tx, id: MemberId, tags: &[String]) -> Result<()> {
    tx.execute("DELETE FROM members_tag WHERE member_id = $1", params![id])
        .await?;
    tags_add(tx, tags.iter().map(|tag| (id, tag.as_str()))).await
}

pub(crate) async fn tags_add<'a>(tx: &Tx, tags: impl Iterator<Item = (MemberId, &'a str)>) -> Result<()> {
    let rows: Vec<Vec<Value>> = tags.map(|(id, tag)| params![id, tag].to_vec()).collect();
    tx.insert_many("members_tag (member_id, tag)", &rows, "ON CONFLICT DO NOTHING")
        .await?;
    Ok(())
}

/// Files a receipt behind the ones before it. The caller holds the member (see [`member_touch`]).
pub(crate) async fn consent_add(tx: &Tx, id: MemberId, consent: &Consent, actor: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO members_consent (member_id, purpose, seq, granted, policy_version, method, actor, given_at) \
         SELECT $1, $2, COALESCE(MAX(c.seq), 0) + 1, $3, $4, $5, $6, $7 FROM members_consent c \
         WHERE c.member_id = $1 AND c.purpose = $2",
        params![
            id,
            consent.purpose,
            consent.granted,
            consent.policy_version,
            consent.method.as_str(),
            actor,
            consent.at
        ],
    )
    .await?;
    Ok(())
}

/// Files the receipts of members just brought over; a second run files none.
pub(crate) async fn consent_add_many(tx: &Tx, rows: &[(MemberId, i64, &Consent)]) -> Result<()> {
    let rows: Vec<Vec<Value>> = rows
        .iter()
        .map(|(id, seq, consent)| {
            params![
                *id,
                consent.purpose,
                *seq,
                consent.granted,
                consent.policy_version,
                Method::Import.as_str(),
                "system:import",
                consent.at
            ]
            .to_vec()
        })
        .collect();
    tx.insert_many(
        "members_consent (member_id, purpose, seq, granted, policy_version, method, actor, given_at)",
        &rows,
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(())
}

/// Every receipt of a member, oldest first.
pub(crate) async fn consent_receipts(reader: &Reader, id: MemberId) -> Result<Vec<(Consent, String)>> {
    let rows = reader
        .query(
            "SELECT purpose, granted, policy_version, method, given_at, actor FROM members_consent \
             WHERE member_id = $1 ORDER BY given_at, purpose, seq",
            params![id],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let method = match row.text(3)? {
                "sign_in" => Method::SignIn,
                "settings" => Method::Settings,
                "counter" => Method::Counter,
                "sms_stop" => Method::SmsStop,
                "link" => Method::Link,
                _ => Method::Import,
            };
            let consent = Consent {
                purpose: row.get(0)?,
                granted: row.get(1)?,
                policy_version: row.get(2)?,
                method,
                at: row.get(4)?,
            };
            Ok((consent, row.get(5)?))
        })
        .collect()
}

/// How to reach a member and what they allow.
pub(crate) async fn contact_find(reader: &Reader, id: MemberId) -> Result<Option<Contact>> {
    let Some(row) = reader
        .query_opt(
            "SELECT phone, locale FROM members_member WHERE id = $1",
            params![id],
        )
        .await?
    else {
        return Ok(None);
    };
    let phone: Option<String> = row.get(0)?;
    let locale: Locale = row.get(1)?;
    let said: HashMap<Purpose, bool> = reader
        .query(
            "SELECT c.purpose, c.granted FROM members_consent c WHERE c.member_id = $1 AND c.seq = \
             (SELECT MAX(x.seq) FROM members_consent x WHERE x.member_id = c.member_id AND x.purpose = c.purpose)",
            params![id],
        )
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect::<Result<_>>()?;
    Ok(Some(Contact {
        phone: phone.map(|p| p.parse()).transpose()?,
        locale,
        service: said.get(&Purpose::Service).copied().unwrap_or(true),
        marketing_sms: said.get(&Purpose::MarketingSms).copied().unwrap_or(false),
        marketing_email: said.get(&Purpose::MarketingEmail).copied().unwrap_or(false),
    }))
}

/// The instants at which codes were asked for: for this phone within a day, from this address within an
/// hour; newest first, no more than any limit needs.
pub(crate) async fn otp_requests(
    reader: &Reader,
    phone: &Phone,
    address: Option<&str>,
    most: i64,
) -> Result<(Vec<Time>, Vec<Time>)> {
    let by_phone = reader
        .query(
            "SELECT created_at FROM members_otp WHERE phone = $1 AND created_at > $2 ORDER BY created_at DESC LIMIT $3",
            params![phone.as_str(), reader.now().before(DAY), most],
        )
        .await?;
    let by_address = match address {
        None => Vec::new(),
        Some(address) => {
            reader
                .query(
                    "SELECT created_at FROM members_otp WHERE address = $1 AND created_at > $2 \
                     ORDER BY created_at DESC LIMIT $3",
                    params![address, reader.now().before(HOUR), most],
                )
                .await?
        }
    };
    let times = |rows: &[Row]| rows.iter().map(|row| row.get(0)).collect::<Result<Vec<Time>>>();
    Ok((times(&by_phone)?, times(&by_address)?))
}

pub(crate) async fn otp_add(
    tx: &Tx,
    id: &str,
    phone: &Phone,
    address: Option<&str>,
    hash: Vec<u8>,
    expires_at: Time,
) -> Result<()> {
    // Requests older than a day limit nothing any more.
    tx.execute(
        "DELETE FROM members_otp WHERE phone = $1 AND created_at <= $2",
        params![phone.as_str(), tx.now().before(DAY)],
    )
    .await?;
    tx.execute(
        "INSERT INTO members_otp (id, phone, address, code_hash, tries, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, 0, $5, $6)",
        params![id, phone.as_str(), address, hash, tx.now(), expires_at],
    )
    .await?;
    Ok(())
}

/// The last code sent to a phone.
pub(crate) struct OtpRow {
    pub(crate) id: String,
    pub(crate) hash: Vec<u8>,
    pub(crate) tries: i64,
    pub(crate) expires_at: Time,
    pub(crate) consumed: bool,
}

pub(crate) async fn otp_last(reader: &Reader, phone: &Phone) -> Result<Option<OtpRow>> {
    let rows = reader
        .query(
            "SELECT id, code_hash, tries, expires_at, consumed_at IS NOT NULL FROM members_otp \
             WHERE phone = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
            params![phone.as_str()],
        )
        .await?;
    rows.first()
        .map(|row| {
            Ok(OtpRow {
                id: row.get(0)?,
                hash: row.get(1)?,
                tries: row.get(2)?,
                expires_at: row.get(3)?,
                consumed: row.get(4)?,
            })
        })
        .transpose()
}

/// Uses a code up; true for exactly one caller.
pub(crate) async fn otp_consume(tx: &Tx, id: &str) -> Result<bool> {
    let used = tx
        .execute(
            "UPDATE members_otp SET consumed_at = $2 WHERE id = $1 AND consumed_at IS NULL",
            params![id, tx.now()],
        )
        .await?;
    Ok(used == 1)
}

pub(crate) async fn otp_missed(tx: &Tx, id: &str, most: i64) -> Result<()> {
    tx.execute(
        "UPDATE members_otp SET tries = tries + 1 WHERE id = $1 AND tries < $2",
        params![id, most],
    )
    .await?;
    Ok(())
}
