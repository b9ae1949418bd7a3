//! Users and companies.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Secret,
    error::Result,
    id::{CompanyId, UserId},
    plan::Subscription,
    tenant::{Caller, Company, CompanySettings, CompanyStatus, NewCompany, Role, User},
};

/// A user about to be created.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Lower case, checked.
    pub email: String,
    /// Hash, never the password.
    pub password_hash: Secret,
    /// As the person writes it.
    pub full_name: Option<String>,
    /// T1.
    pub role: Role,
    /// E1.
    pub trial_ends_at: Timestamp,
    /// Now.
    pub created_at: Timestamp,
}

/// A refresh token as stored: a chain of single-use tokens forms a family (S1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// `jti` of the token.
    pub id: Uuid,
    /// Shared by all tokens that descend from one login.
    pub family: Uuid,
    /// Whose.
    pub user: UserId,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// SaaS accounts and their sign-in state.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Creates a user.
    ///
    /// - A second user with the same e-mail is refused.
    ///
    /// # Errors
    /// `Conflict` for a taken e-mail.
    async fn create_user(&self, user: NewUser) -> Result<User>;

    /// The user with this e-mail, compared in lower case.
    ///
    /// # Errors
    /// Storage failures only.
    async fn user_by_email(&self, email: &str) -> Result<Option<User>>;

    /// The user with this key.
    ///
    /// # Errors
    /// `NotFound`.
    async fn user(&self, id: UserId) -> Result<User>;

    /// T2: assigns a client to a manager, or (`None`) ends the assignment.
    ///
    /// - A client that has another manager is refused; end that assignment first.
    ///
    /// # Errors
    /// `Conflict` for a second manager, `NotFound`.
    async fn assign_manager(&self, client: UserId, manager: Option<UserId>) -> Result<()>;

    /// The subscription that decides what the user may do, if there is any: one that counts before one that does not, then
    /// the one that counts longest, then the newest ([`Subscription::decisive`]).
    ///
    /// # Errors
    /// Storage failures only.
    async fn subscription(&self, user: UserId) -> Result<Option<Subscription>>;

    /// Stores a fresh refresh token. When `replaces` is given, that token is used up in the same transaction.
    ///
    /// - Replacing a token that is unknown, expired at `now` or already used revokes its whole family and is refused (S1).
    ///
    /// # Errors
    /// `Unauthenticated` for such a replacement.
    async fn rotate_refresh(
        &self,
        replaces: Option<Uuid>,
        token: RefreshToken,
        now: Timestamp,
    ) -> Result<()>;

    /// Ends every refresh token of a user (logout).
    ///
    /// # Errors
    /// Storage failures only.
    async fn revoke_refresh(&self, user: UserId) -> Result<()>;
}

/// Companies, seen through the eyes of a caller (T3, T4).
#[async_trait]
pub trait Companies: Send + Sync {
    /// Creates a company for its owner and gives it the next public id.
    ///
    /// - Public ids are unique, `COMP001`, `COMP002`, … , and never reused, also under concurrent creation (T4).
    ///
    /// # Errors
    /// Storage failures only.
    async fn create_company(
        &self,
        owner: UserId,
        company: NewCompany,
        now: Timestamp,
    ) -> Result<Company>;

    /// The companies this caller sees, oldest first.
    ///
    /// - Nothing of another owner appears, unless the caller manages them or is an admin (T3).
    ///
    /// # Errors
    /// Storage failures only.
    async fn companies(&self, caller: Caller) -> Result<Vec<Company>>;

    /// One company this caller sees.
    ///
    /// - A foreign company answers as an absent one does (T3).
    ///
    /// # Errors
    /// `NotFound`.
    async fn company(&self, caller: Caller, id: CompanyId) -> Result<Company>;

    /// One company, for work that no caller asked for (turns, jobs, webhooks): establishes its tenant.
    ///
    /// # Errors
    /// `NotFound`.
    async fn company_for_work(&self, id: CompanyId) -> Result<Company>;

    /// Writes name, status and settings.
    ///
    /// # Errors
    /// `NotFound` as in [`company`](Self::company).
    async fn update_company(
        &self,
        caller: Caller,
        id: CompanyId,
        name: &str,
        status: CompanyStatus,
        settings: &CompanySettings,
    ) -> Result<Company>;
}
