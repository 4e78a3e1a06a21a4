//! Staff and their roles.

use std::collections::{BTreeMap, BTreeSet};

use base::{PageSize, Result, StaffId};
use crypto::TotpStep;
use db::{Reader, Row, Tx, params};

use crate::model::{Assignment, Scope, Staff};

/// What signing in needs and nobody else sees.
pub(crate) struct Secrets {
    pub(crate) password_hash: String,
    pub(crate) totp_sealed: Option<Vec<u8>>,
    pub(crate) totp_last_step: Option<TotpStep>,
}

const STAFF: &str = "SELECT id, login, name, email, locale, active, totp_enabled, home_place_id, version,
        password_hash, totp_sealed, totp_last_step
    FROM access_staff";

fn staff_from(row: &Row, roles: BTreeSet<Assignment>) -> Result<Staff> {
    Ok(Staff {
        id: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        email: row.get(3)?,
        locale: row.get(4)?,
        active: row.get(5)?,
        totp_enabled: row.get(6)?,
        roles,
        home_place_id: row.get(7)?,
        version: row.get(8)?,
    })
}

fn secrets_from(row: &Row) -> Result<Secrets> {
    Ok(Secrets {
        password_hash: row.get(9)?,
        totp_sealed: row.get(10)?,
        totp_last_step: row.get(11)?,
    })
}

fn assignment_from(row: &Row, first: usize) -> Result<Assignment> {
    let role = row.text(first)?.parse()?;
    Assignment::new(
        role,
        Scope::new(row.text(first + 1)?, Some(row.text(first + 2)?))?,
    )
}

async fn roles_of(reader: &Reader, id: StaffId) -> Result<BTreeSet<Assignment>> {
    let rows = reader
        .query(
            "SELECT role, scope_kind, scope_id FROM access_role WHERE staff_id = $1",
            params![id],
        )
        .await?;
    rows.iter().map(|row| assignment_from(row, 0)).collect()
}

async fn one(reader: &Reader, row: Option<Row>) -> Result<Option<(Staff, Secrets)>> {
    let Some(row) = row else { return Ok(None) };
    let roles = roles_of(reader, row.get(0)?).await?;
    Ok(Some((staff_from(&row, roles)?, secrets_from(&row)?)))
}

pub(crate) async fn by_id(reader: &Reader, id: StaffId) -> Result<Option<(Staff, Secrets)>> {
    let row = reader
        .query_opt(&format!("{STAFF} WHERE id = $1"), params![id])
        .await?;
    one(reader, row).await
}

pub(crate) async fn by_login(reader: &Reader, login: &str) -> Result<Option<(Staff, Secrets)>> {
    let row = reader
        .query_opt(&format!("{STAFF} WHERE login = $1"), params![login])
        .await?;
    one(reader, row).await
}

pub(crate) async fn page(reader: &Reader, after: Option<StaffId>, size: PageSize) -> Result<Vec<Staff>> {
    let rows = reader
        .query(
            &format!("{STAFF} WHERE ($1 IS NULL OR id > $1) ORDER BY id LIMIT $2"),
            params![after, size.with_surplus()],
        )
        .await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(Vec::new());
    };
    let role_rows = reader
        .query(
            "SELECT staff_id, role, scope_kind, scope_id FROM access_role WHERE staff_id BETWEEN $1 AND $2",
            params![first.get::<StaffId>(0)?, last.get::<StaffId>(0)?],
        )
        .await?;
    let mut roles: BTreeMap<StaffId, BTreeSet<Assignment>> = BTreeMap::new();
    for row in &role_rows {
        roles
            .entry(row.get(0)?)
            .or_default()
            .insert(assignment_from(row, 1)?);
    }
    rows.iter()
        .map(|row| staff_from(row, roles.remove(&row.get(0)?).unwrap_or_default()))
        .collect()
}

/// Adds somebody; `false` when the login is taken.
pub(crate) async fn insert(tx: &Tx, staff: &Staff, password_hash: &str) -> Result<bool> {
    let added = tx
        .execute(
            "INSERT INTO access_staff (id, login, name, email, locale, active, password_hash, totp_enabled,
                home_place_id, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8, $9, $10, $10)
             ON CONFLICT (login) DO NOTHING",
            params![
                staff.id,
                staff.login,
                staff.name,
                staff.email,
                staff.locale,
                staff.active,
                password_hash,
                staff.home_place_id,
                staff.version,
                tx.now()
            ],
        )
        .await?;
    if added == 0 {
        return Ok(false);
    }
    roles_write(tx, staff).await?;
    Ok(true)
}

/// Writes somebody's changed facts; `false` when the version before this one is no longer there.
pub(crate) async fn update(tx: &Tx, staff: &Staff) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE access_staff SET name = $2, email = $3, locale = $4, active = $5, home_place_id = $6,
                version = $7, updated_at = $8
             WHERE id = $1 AND version + 1 = $7",
            params![
                staff.id,
                staff.name,
                staff.email,
                staff.locale,
                staff.active,
                staff.home_place_id,
                staff.version,
                tx.now()
            ],
        )
        .await?;
    Ok(changed == 1)
}

pub(crate) async fn roles_replace(tx: &Tx, staff: &Staff) -> Result<()> {
    tx.execute("DELETE FROM access_role WHERE staff_id = $1", params![staff.id])
        .await?;
    roles_write(tx, staff).await
}

async fn roles_write(tx: &Tx, staff: &Staff) -> Result<()> {
    let rows: Vec<Vec<db::Value>> = staff
        .roles
        .iter()
        .map(|a| {
            let scope_id = a.scope.id().unwrap_or_default();
            vec![
                staff.id.into(),
                a.role.as_str().into(),
                a.scope.kind().into(),
                scope_id.into(),
            ]
        })
        .collect();
    tx.insert_many("access_role (staff_id, role, scope_kind, scope_id)", &rows, "")
        .await?;
    Ok(())
}

pub(crate) async fn password_set(tx: &Tx, id: StaffId, password_hash: &str) -> Result<()> {
    tx.execute(
        "UPDATE access_staff SET password_hash = $2 WHERE id = $1",
        params![id, password_hash],
    )
    .await?;
    Ok(())
}

/// Whether an active administrator other than this one exists.
pub(crate) async fn other_admin_exists(tx: &Tx, id: StaffId) -> Result<bool> {
    let row = tx
        .query_one(
            "SELECT COUNT(*) FROM access_staff s JOIN access_role r ON r.staff_id = s.id
             WHERE r.role = 'admin' AND s.active AND s.id <> $1",
            params![id],
        )
        .await?;
    Ok(row.get::<i64>(0)? > 0)
}

pub(crate) async fn totp_start(tx: &Tx, id: StaffId, sealed: &[u8]) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE access_staff SET totp_sealed = $2, totp_last_step = NULL
             WHERE id = $1 AND NOT totp_enabled",
            params![id, sealed],
        )
        .await?;
    Ok(changed == 1)
}

pub(crate) async fn totp_enable(tx: &Tx, id: StaffId) -> Result<()> {
    tx.execute(
        "UPDATE access_staff SET totp_enabled = TRUE, version = version + 1, updated_at = $2 WHERE id = $1",
        params![id, tx.now()],
    )
    .await?;
    Ok(())
}

pub(crate) async fn totp_clear(tx: &Tx, id: StaffId) -> Result<()> {
    tx.execute(
        "UPDATE access_staff SET totp_enabled = FALSE, totp_sealed = NULL, totp_last_step = NULL,
            version = version + 1, updated_at = $2
         WHERE id = $1",
        params![id, tx.now()],
    )
    .await?;
    Ok(())
}

/// Takes a one-time code's step; `false` when that step or a later one was taken before.
pub(crate) async fn totp_take(tx: &Tx, id: StaffId, step: TotpStep) -> Result<bool> {
    let taken = tx
        .execute(
            "UPDATE access_staff SET totp_last_step = $2
             WHERE id = $1 AND (totp_last_step IS NULL OR totp_last_step < $2)",
            params![id, step],
        )
        .await?;
    Ok(taken == 1)
}
