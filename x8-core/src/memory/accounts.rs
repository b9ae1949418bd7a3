//! Users, refresh tokens and companies.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    MemoryStore,
    state::{Refresh, State, next_key},
};
use crate::{
    Error, ErrorKind, Result,
    id::{CompanyId, UserId},
    plan::Subscription,
    port::{Accounts, Companies, NewUser, RefreshToken},
    tenant::{Caller, Company, CompanySettings, CompanyStatus, NewCompany, User},
};

fn no_user(id: UserId) -> Error {
    Error::not_found("user.get", "no such user").with("user", id)
}

fn no_company(id: CompanyId) -> Error {
    Error::not_found("company.get", "no such company").with("company", id)
}

#[async_trait]
impl Accounts for MemoryStore {
    async fn create_user(&self, user: NewUser) -> Result<User> {
        let mut state = self.lock();
        let email = user.email.to_lowercase();
        if state.users.values().any(|known| known.email == email) {
            return Err(Error::conflict("user.create", "this e-mail is taken"));
        }
        let user = User {
            id: UserId(next_key(&state.users, |id| id.0)),
            email,
            password_hash: Some(user.password_hash),
            full_name: user.full_name,
            role: user.role,
            is_superuser: false,
            is_active: true,
            manager: None,
            trial_ends_at: Some(user.trial_ends_at),
            created_at: user.created_at,
        };
        state.users.insert(user.id, user.clone());
        Ok(user)
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let email = email.to_lowercase();
        let state = self.lock();
        Ok(state
            .users
            .values()
            .find(|user| user.email == email)
            .cloned())
    }

    async fn user(&self, id: UserId) -> Result<User> {
        let state = self.lock();
        state.users.get(&id).cloned().ok_or_else(|| no_user(id))
    }

    async fn assign_manager(&self, client: UserId, manager: Option<UserId>) -> Result<()> {
        let mut state = self.lock();
        if let Some(manager) = manager.filter(|id| !state.users.contains_key(id)) {
            return Err(no_user(manager));
        }
        let user = state
            .users
            .get_mut(&client)
            .ok_or_else(|| no_user(client))?;
        if manager.is_some() && user.manager.is_some() && user.manager != manager {
            return Err(Error::conflict(
                "manager.assign",
                "this client has another manager; end that assignment first",
            )
            .with("client", client));
        }
        user.manager = manager;
        Ok(())
    }

    async fn subscription(&self, user: UserId) -> Result<Option<Subscription>> {
        let state = self.lock();
        let given = state.subscriptions.get(&user).copied();
        let billed = state.billing.of(user).map(|record| (&record.billed).into());
        Ok(Subscription::decisive(given.into_iter().chain(billed)))
    }

    async fn rotate_refresh(
        &self,
        replaces: Option<Uuid>,
        token: RefreshToken,
        now: Timestamp,
    ) -> Result<()> {
        let mut state = self.lock();
        if let Some(old) = replaces {
            use_up(&mut state, old, &token, now)?;
        }
        state
            .refresh
            .insert(token.id, Refresh { token, used: false });
        Ok(())
    }

    async fn revoke_refresh(&self, user: UserId) -> Result<()> {
        let mut state = self.lock();
        state.refresh.retain(|_, known| known.token.user != user);
        Ok(())
    }
}

/// S1: uses up `old` for its successor `next`, or ends the families of both.
fn use_up(state: &mut State, old: Uuid, next: &RefreshToken, now: Timestamp) -> Result<()> {
    let known = state.refresh.get_mut(&old);
    let family = known.as_ref().map(|known| known.token.family);
    if let Some(known) = known
        && !known.used
        && now < known.token.expires_at
        && (known.token.user, known.token.family) == (next.user, next.family)
    {
        known.used = true;
        return Ok(());
    }
    let ended = [Some(next.family), family];
    state
        .refresh
        .retain(|_, known| !ended.contains(&Some(known.token.family)));
    Err(Error::new(
        ErrorKind::Unauthenticated,
        "session.refresh",
        "this session has ended; sign in again",
    )
    .with("user", next.user))
}

impl State {
    /// T3: the company, if it exists for this caller.
    fn visible(&self, caller: Caller, id: CompanyId) -> Option<&Company> {
        let company = self.companies.get(&id)?;
        let manager = self.users.get(&company.owner)?.manager;
        caller.sees(company.owner, manager).then_some(company)
    }
}

#[async_trait]
impl Companies for MemoryStore {
    async fn create_company(
        &self,
        owner: UserId,
        company: NewCompany,
        now: Timestamp,
    ) -> Result<Company> {
        let mut state = self.lock();
        if !state.users.contains_key(&owner) {
            return Err(no_user(owner));
        }
        let number = next_key(&state.companies, |id| id.0);
        let company = Company {
            id: CompanyId(number),
            public_id: format!("COMP{number:03}"),
            name: company.name,
            owner,
            kind: company.kind,
            shop_type: company.shop_type,
            status: CompanyStatus::Active,
            settings: company.settings,
            created_at: now,
        };
        state.companies.insert(company.id, company.clone());
        Ok(company)
    }

    async fn companies(&self, caller: Caller) -> Result<Vec<Company>> {
        let state = self.lock();
        let seen = |id| state.visible(caller, id);
        Ok(state
            .companies
            .keys()
            .copied()
            .filter_map(seen)
            .cloned()
            .collect())
    }

    async fn company(&self, caller: Caller, id: CompanyId) -> Result<Company> {
        let state = self.lock();
        state
            .visible(caller, id)
            .cloned()
            .ok_or_else(|| no_company(id))
    }

    async fn company_for_work(&self, id: CompanyId) -> Result<Company> {
        let state = self.lock();
        state
            .companies
            .get(&id)
            .cloned()
            .ok_or_else(|| no_company(id))
    }

    async fn update_company(
        &self,
        caller: Caller,
        id: CompanyId,
        name: &str,
        status: CompanyStatus,
        settings: &CompanySettings,
    ) -> Result<Company> {
        let mut state = self.lock();
        let known = state.visible(caller, id).ok_or_else(|| no_company(id))?;
        let company = Company {
            name: name.to_owned(),
            status,
            settings: settings.clone(),
            ..known.clone()
        };
        state.companies.insert(id, company.clone());
        Ok(company)
    }
}
