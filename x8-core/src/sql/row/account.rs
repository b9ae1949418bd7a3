//! Users and companies.

use super::{Columns, Row, corrupt, from_word};
use crate::{
    Secret,
    error::Result,
    id::{CompanyId, UserId},
    tenant::{Company, CompanyStatus, CompanyType, Role, User},
};

/// A row of `users`.
pub(in super::super) fn user(row: &Row) -> Result<User> {
    let role: String = row.read("role")?;
    Ok(User {
        id: UserId(row.read("id")?),
        email: row.read::<String>("email")?.to_lowercase(),
        password_hash: row
            .read::<Option<String>>("hashed_password")?
            .filter(|hash| !hash.is_empty())
            .map(Secret::new),
        full_name: row.read("full_name")?,
        role: from_word::<Role>(&role.to_ascii_uppercase())
            .ok_or_else(|| corrupt("role", "an unknown role").with("value", role))?,
        is_superuser: row.read::<Option<bool>>("is_superuser")?.unwrap_or(false),
        is_active: row.read::<Option<bool>>("is_active")?.unwrap_or(false),
        manager: row.read::<Option<i64>>("manager_id")?.map(UserId),
        trial_ends_at: row.datetime_if("trial_ends_at")?,
        created_at: row.datetime_if("created_at")?.unwrap_or_default(),
    })
}

/// A row of `companies` with the `settings` of `x8_companies`, NULL when x8 has none for it yet.
pub(in super::super) fn company(row: &Row) -> Result<Company> {
    let status: String = row.read("status")?;
    Ok(Company {
        id: CompanyId(row.read("id")?),
        public_id: row.read("company_id")?,
        name: row.read("name")?,
        owner: UserId(row.read("user_id")?),
        kind: company_type(row.read::<Option<String>>("company_type")?.as_deref()),
        shop_type: row.read("shop_type")?,
        status: from_word::<CompanyStatus>(&status.to_ascii_uppercase())
            .ok_or_else(|| corrupt("status", "an unknown company status").with("value", status))?,
        settings: match row.read::<Option<String>>("settings")? {
            Some(_) => row.json("settings")?,
            None => crate::tenant::CompanySettings::default(),
        },
        created_at: row.datetime_if("created_at")?.unwrap_or_default(),
    })
}

/// The column is free text: what is neither of the three offers both catalogues and lets each offering decide.
fn company_type(text: Option<&str>) -> CompanyType {
    match text
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
        .as_str()
    {
        "product" => CompanyType::Product,
        "service" => CompanyType::Service,
        _other => CompanyType::Hybrid,
    }
}
