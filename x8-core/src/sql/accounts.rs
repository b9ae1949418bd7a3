//! Users and their sign-in state.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Scope, SqlStore, Tx, dialect,
    fault::Faults,
    row::{self, Columns, to_word},
    subscriptions::of_user,
};
use crate::{
    error::{Error, ErrorKind, Result},
    id::UserId,
    plan::Subscription,
    port::{Accounts, NewUser, RefreshToken},
    tenant::User,
};

#[async_trait]
impl Accounts for SqlStore {
    async fn create_user(&self, user: NewUser) -> Result<User> {
        const OPERATION: &str = "user.create";
        let email = user.email.to_lowercase();
        let mut tx = self.write(Scope::Platform, OPERATION).await?;
        // Rows of the existing application may hold the same address in another case, which no index refuses.
        let taken = sqlx::query("SELECT 1 FROM users WHERE lower(email) = $1")
            .bind(&email)
            .fetch_optional(&mut *tx)
            .await
            .of(OPERATION)?;
        if taken.is_some() {
            return Err(Error::conflict(
                OPERATION,
                "this e-mail is already registered",
            ));
        }
        let created = sqlx::query(
            "INSERT INTO users (email, hashed_password, full_name, role, subscription_tier, trial_ends_at,
                                is_active, is_superuser, created_at, updated_at)
             VALUES ($1, $2, $3, $4, 'TRIAL', $5, TRUE, FALSE, $6, $6) RETURNING *",
        )
        .bind(&email)
        .bind(user.password_hash.expose())
        .bind(user.full_name)
        .bind(dialect::word(to_word(&user.role)?))
        .bind(dialect::datetime(user.trial_ends_at))
        .bind(dialect::datetime(user.created_at))
        .fetch_one(&mut *tx)
        .await
        .of(OPERATION)?;
        tx.commit().await.of(OPERATION)?;
        row::user(&created)
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let mut reader = self.glance(Scope::Platform, "user.find").await?;
        sqlx::query("SELECT * FROM users WHERE lower(email) = $1 ORDER BY id")
            .bind(email.trim().to_lowercase())
            .fetch_optional(&mut *reader)
            .await
            .of("user.find")?
            .as_ref()
            .map(row::user)
            .transpose()
    }

    async fn user(&self, id: UserId) -> Result<User> {
        let mut reader = self.glance(id, "user.get").await?;
        let found = sqlx::query("SELECT * FROM users WHERE id = $1")
            .bind(id.0)
            .fetch_optional(&mut *reader)
            .await
            .of("user.get")?
            .ok_or_else(|| absent("user.get", id))?;
        row::user(&found)
    }

    async fn assign_manager(&self, client: UserId, manager: Option<UserId>) -> Result<()> {
        const OPERATION: &str = "user.assign_manager";
        let mut tx = self.write(client, OPERATION).await?;
        let current = sqlx::query("SELECT manager_id FROM users WHERE id = $1")
            .bind(client.0)
            .fetch_optional(&mut *tx)
            .await
            .of(OPERATION)?
            .ok_or_else(|| absent(OPERATION, client))?
            .read::<Option<i64>>("manager_id")?;
        if let Some(manager) = manager {
            if current.is_some_and(|current| current != manager.0) {
                return Err(Error::conflict(
                    OPERATION,
                    "this client has another manager; end that assignment first",
                )
                .with("client", client));
            }
            sqlx::query("SELECT 1 FROM users WHERE id = $1")
                .bind(manager.0)
                .fetch_optional(&mut *tx)
                .await
                .of(OPERATION)?
                .ok_or_else(|| absent(OPERATION, manager))?;
        }
        sqlx::query("UPDATE users SET manager_id = $2 WHERE id = $1")
            .bind(client.0)
            .bind(manager.map(|manager| manager.0))
            .execute(&mut *tx)
            .await
            .of(OPERATION)?;
        tx.commit().await.of(OPERATION)
    }

    async fn subscription(&self, user: UserId) -> Result<Option<Subscription>> {
        let mut tx = self.read(user, "subscription.get").await?;
        let rows = of_user(&mut tx, user).await?;
        Ok(Subscription::decisive(
            rows.iter().map(|record| (&record.billed).into()),
        ))
    }

    async fn rotate_refresh(
        &self,
        replaces: Option<Uuid>,
        token: RefreshToken,
        now: Timestamp,
    ) -> Result<()> {
        const OPERATION: &str = "token.rotate";
        let mut tx = self.write(token.user, OPERATION).await?;
        if let Some(old) = replaces
            && !use_up(&mut tx, old, token, now).await?
        {
            // The refusal is committed: a stolen token must not outlive its discovery.
            tx.commit().await.of(OPERATION)?;
            return Err(Error::new(
                ErrorKind::Unauthenticated,
                OPERATION,
                "this session is over; sign in again",
            )
            .with("user", token.user));
        }
        sqlx::query("DELETE FROM x8_refresh_tokens WHERE user_id = $1 AND expires_at <= $2")
            .bind(token.user.0)
            .bind(now.as_millisecond())
            .execute(&mut *tx)
            .await
            .of(OPERATION)?;
        sqlx::query(
            "INSERT INTO x8_refresh_tokens (id, family, user_id, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(token.id.to_string())
        .bind(token.family.to_string())
        .bind(token.user.0)
        .bind(token.expires_at.as_millisecond())
        .execute(&mut *tx)
        .await
        .of(OPERATION)?;
        tx.commit().await.of(OPERATION)
    }

    async fn revoke_refresh(&self, user: UserId) -> Result<()> {
        const OPERATION: &str = "token.revoke";
        let mut tx = self.write(user, OPERATION).await?;
        sqlx::query("UPDATE x8_refresh_tokens SET revoked = TRUE WHERE user_id = $1")
            .bind(user.0)
            .execute(&mut *tx)
            .await
            .of(OPERATION)?;
        tx.commit().await.of(OPERATION)
    }
}

/// Marks the replaced token used; when it may not be, revokes its family and the one its successor claims.
async fn use_up(tx: &mut Tx, old: Uuid, next: RefreshToken, now: Timestamp) -> Result<bool> {
    const OPERATION: &str = "token.rotate";
    let used = sqlx::query(
        "UPDATE x8_refresh_tokens SET used = TRUE
         WHERE id = $1 AND family = $2 AND user_id = $3 AND used = FALSE AND revoked = FALSE AND expires_at > $4",
    )
    .bind(old.to_string())
    .bind(next.family.to_string())
    .bind(next.user.0)
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    if used.rows_affected() == 1 {
        return Ok(true);
    }
    sqlx::query(
        "UPDATE x8_refresh_tokens SET revoked = TRUE
         WHERE family = $2 OR family IN (SELECT family FROM x8_refresh_tokens WHERE id = $1)",
    )
    .bind(old.to_string())
    .bind(next.family.to_string())
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    Ok(false)
}

fn absent(operation: &'static str, id: UserId) -> Error {
    Error::not_found(operation, "no such user").with("user", id)
}
