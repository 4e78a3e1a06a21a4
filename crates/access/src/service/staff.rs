//! Staff: taken on, changed, listed.

use base::{Ctx, Error, Page, PageSize, Permission, Resource, Result, Rights, StaffId, codes};
use crypto::Verdict;
use db::{Reader, Tx};
use serde_json::{Map, Value, json};

use super::{Access, audit_in};
use crate::error::{BAD_CREDENTIALS, LAST_ADMIN, LOGIN_TAKEN};
use crate::model::{CurrentSession, NewPassword, NewStaff, Principal, Staff, StaffChange};
use crate::policy::Grants;
use crate::store;
use crate::{STAFF_MANAGE, STAFF_READ};

impl Access {
    /// Takes somebody on.
    ///
    /// # Errors
    /// `access.forbidden` without `staff.manage`; `access.login_taken`.
    pub async fn staff_create(&self, ctx: &Ctx, new: NewStaff) -> Result<Staff> {
        ctx.require(STAFF_MANAGE, &Resource::Chain)?;
        let hash = self.0.passwords.hash(new.password.reveal()).await?;
        let by = ctx.clone();
        let id = self
            .0
            .db
            .write_once(ctx, "staff.create", async move |tx: &Tx| {
                create_in(tx, &by, &new, &hash).await
            })
            .await?;
        self.staff_load(id).await
    }

    /// One member of staff.
    ///
    /// # Errors
    /// `access.forbidden` without `staff.manage`, unless it is the caller; `not_found`.
    pub async fn staff_get(&self, ctx: &Ctx, id: StaffId) -> Result<Staff> {
        if ctx.staff_id() != Some(id) {
            ctx.require(STAFF_MANAGE, &Resource::Chain)?;
        }
        self.staff_load(id).await
    }

    /// Staff in the order they were taken on.
    ///
    /// # Errors
    /// `access.forbidden` without `staff.read`.
    pub async fn staff_list(&self, ctx: &Ctx, after: Option<StaffId>, size: PageSize) -> Result<Page<Staff>> {
        ctx.require(STAFF_READ, &Resource::Somewhere)?;
        let staff = self
            .0
            .db
            .read(async move |reader: &Reader| store::staff::page(reader, after, size).await)
            .await?;
        Page::from_surplus(staff, size, |one| one.id)
    }

    /// Somebody by the name they sign in with; for the command line.
    ///
    /// # Errors
    /// `access.forbidden` without `staff.manage`; `not_found`.
    pub async fn staff_by_login(&self, ctx: &Ctx, login: &str) -> Result<Staff> {
        ctx.require(STAFF_MANAGE, &Resource::Chain)?;
        let wanted = login.trim().to_lowercase();
        let found = self
            .0
            .db
            .read(async move |reader: &Reader| store::staff::by_login(reader, &wanted).await)
            .await?;
        found
            .map(|(staff, _)| staff)
            .ok_or_else(|| Error::not_found("staff", login))
    }

    /// Changes somebody. What takes rights away takes effect at once: sessions end with a new password, a
    /// taken-away authenticator or a shut account.
    ///
    /// # Errors
    /// `access.forbidden` without `staff.manage`; `not_found`; `precondition.failed` when `read_version` is
    /// not the present one; `access.last_admin`.
    pub async fn staff_update(
        &self,
        ctx: &Ctx,
        id: StaffId,
        change: StaffChange,
        read_version: Option<i64>,
    ) -> Result<Staff> {
        ctx.require(STAFF_MANAGE, &Resource::Chain)?;
        let hash = match &change.password {
            Some(password) => Some(self.0.passwords.hash(password.reveal()).await?),
            None => None,
        };
        let (access, by) = (self.clone(), ctx.clone());
        self.0
            .db
            .write_once(ctx, "staff.update", async move |tx: &Tx| {
                access
                    .update_in(tx, &by, id, &change, read_version, hash.as_deref())
                    .await
            })
            .await?;
        self.staff_load(id).await
    }

    /// Changes the caller's own password; their other sessions end.
    ///
    /// # Errors
    /// `access.unauthenticated` when the caller is not staff; `access.bad_credentials` when the present
    /// password is wrong.
    pub async fn password_change(
        &self,
        ctx: &Ctx,
        present: &str,
        new: &NewPassword,
        keep: Option<CurrentSession>,
    ) -> Result<()> {
        let id = ctx
            .staff_id()
            .ok_or_else(|| Error::new(&codes::UNAUTHENTICATED))?;
        let known = self
            .0
            .db
            .read(async move |reader: &Reader| store::staff::by_id(reader, id).await)
            .await?;
        let (_, secrets) = known.ok_or_else(|| Error::new(&codes::UNAUTHENTICATED))?;
        if self
            .0
            .passwords
            .verify(present, Some(&secrets.password_hash))
            .await?
            == Verdict::Wrong
        {
            return Err(Error::new(&BAD_CREDENTIALS));
        }
        let hash = self.0.passwords.hash(new.reveal()).await?;
        let (access, ctx) = (self.clone(), ctx.clone());
        self.0
            .db
            .write(async move |tx: &Tx| {
                store::staff::password_set(tx, id, &hash).await?;
                access
                    .sessions_end_in(tx, Principal::Staff(id), keep.map(|s| s.id))
                    .await?;
                audit_in(tx, &ctx, "staff.password_changed", id, json!({})).await
            })
            .await
    }

    /// What somebody with these roles may do somewhere.
    #[must_use]
    pub fn permissions_of(&self, staff: &Staff) -> Vec<Permission> {
        self.0
            .decider
            .rights(&Grants::Staff(staff.roles.clone()))
            .permissions()
    }

    /// The context of work done in somebody's name, such as a job they started.
    #[must_use]
    pub fn ctx_of(&self, staff: &Staff, request_id: base::RequestId) -> Ctx {
        let rights = self.0.decider.rights(&Grants::Staff(staff.roles.clone()));
        Ctx::new(
            base::Actor::Staff(staff.id),
            rights as std::sync::Arc<dyn Rights>,
            staff.locale,
            request_id,
        )
    }

    pub(super) async fn staff_load(&self, id: StaffId) -> Result<Staff> {
        let found = self
            .0
            .db
            .read(async move |reader: &Reader| store::staff::by_id(reader, id).await)
            .await?;
        found
            .map(|(staff, _)| staff)
            .ok_or_else(|| Error::not_found("staff", id))
    }

    async fn update_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: StaffId,
        change: &StaffChange,
        read_version: Option<i64>,
        password_hash: Option<&str>,
    ) -> Result<()> {
        let (before, _) = store::staff::by_id(tx, id)
            .await?
            .ok_or_else(|| Error::not_found("staff", id))?;
        let outdated = || Error::new(&codes::VERSION_MISMATCH).with("current", before.version);
        if read_version.is_some_and(|read| read != before.version) {
            return Err(outdated());
        }
        let after = changed(&before, change);
        if before.is_active_admin()
            && !after.is_active_admin()
            && !store::staff::other_admin_exists(tx, id).await?
        {
            return Err(Error::new(&LAST_ADMIN));
        }
        if !store::staff::update(tx, &after).await? {
            return Err(outdated());
        }
        if after.roles != before.roles {
            store::staff::roles_replace(tx, &after).await?;
            self.forget_after_commit(tx, Principal::Staff(id).actor());
        }
        if let Some(hash) = password_hash {
            store::staff::password_set(tx, id, hash).await?;
        }
        if change.totp_reset {
            store::staff::totp_clear(tx, id).await?;
        }
        if password_hash.is_some() || change.totp_reset || !after.active {
            self.sessions_end_in(tx, Principal::Staff(id), None).await?;
        }
        audit_in(tx, ctx, "staff.updated", id, facts_of(&before, &after, change)).await
    }
}

async fn create_in(tx: &Tx, ctx: &Ctx, new: &NewStaff, password_hash: &str) -> Result<StaffId> {
    let staff = Staff {
        id: StaffId::new(),
        login: new.login.as_str().to_owned(),
        name: new.name.as_str().to_owned(),
        email: new.email.as_ref().map(|email| email.as_str().to_owned()),
        locale: new.locale,
        active: true,
        totp_enabled: false,
        roles: new.roles.clone(),
        home_place_id: new.home_place_id,
        version: 1,
    };
    if !store::staff::insert(tx, &staff, password_hash).await? {
        return Err(Error::new(&LOGIN_TAKEN).with("login", staff.login));
    }
    let facts = json!({ "login": staff.login, "roles": roles_written(&staff) });
    audit_in(tx, ctx, "staff.created", staff.id, facts).await?;
    Ok(staff.id)
}

fn changed(before: &Staff, change: &StaffChange) -> Staff {
    let mut after = before.clone();
    after.version += 1;
    if let Some(name) = &change.name {
        name.as_str().clone_into(&mut after.name);
    }
    if let Some(email) = &change.email {
        after.email = email.as_ref().map(|email| email.as_str().to_owned());
    }
    if let Some(home) = change.home_place_id {
        after.home_place_id = home;
    }
    if let Some(roles) = &change.roles {
        after.roles.clone_from(roles);
    }
    after.locale = change.locale.unwrap_or(before.locale);
    after.active = change.active.unwrap_or(before.active);
    after
}

fn roles_written(staff: &Staff) -> Vec<String> {
    staff
        .roles
        .iter()
        .map(|a| format!("{}@{}", a.role, a.scope))
        .collect()
}

/// What changed, without what it says about the person.
fn facts_of(before: &Staff, after: &Staff, change: &StaffChange) -> Value {
    let mut facts = Map::new();
    if before.roles != after.roles {
        facts.insert("roles_before".to_owned(), roles_written(before).into());
        facts.insert("roles".to_owned(), roles_written(after).into());
    }
    if before.active != after.active {
        facts.insert("active".to_owned(), after.active.into());
    }
    if change.password.is_some() {
        facts.insert("password".to_owned(), "reset".into());
    }
    if change.totp_reset {
        facts.insert("totp".to_owned(), "reset".into());
    }
    let fields = [
        ("name", before.name != after.name),
        ("email", before.email != after.email),
        ("locale", before.locale != after.locale),
        ("home_place_id", before.home_place_id != after.home_place_id),
    ];
    let changed: Vec<&str> = fields
        .iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| *name)
        .collect();
    facts.insert("fields".to_owned(), changed.into());
    Value::Object(facts)
}
