//! From what a caller names to what the caller may see (T3, T6).

use std::{future::Future, str::FromStr};

use serde::{Deserialize, Deserializer, de};
use utoipa::IntoParams;
use x8_core::{
    Error, ErrorKind,
    id::CompanyId,
    tenant::{Caller, Company, Tenant},
};

use crate::{App, error::Result};

/// A company as clients name it: by number (`1`), or by public id (`COMP001`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompanyKey {
    /// `companies.id`.
    Number(CompanyId),
    /// `COMP001`.
    Public(String),
}

impl FromStr for CompanyKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Ok(number) = text.parse() {
            return Ok(Self::Number(CompanyId(number)));
        }
        let upper = text.to_ascii_uppercase();
        match upper.strip_prefix("COMP") {
            Some(rest) if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Self::Public(upper))
            }
            Some(_) | None => Err(format!(
                "`{text}` is neither a company number nor a public id such as COMP001"
            )),
        }
    }
}

impl<'de> Deserialize<'de> for CompanyKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = CompanyKey;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a company number or a public id such as COMP001")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<CompanyKey, E> {
                Ok(CompanyKey::Number(CompanyId(number)))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<CompanyKey, E> {
                i64::try_from(number)
                    .map(|number| CompanyKey::Number(CompanyId(number)))
                    .map_err(|_| E::custom(format!("{number} is too large for a company number")))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<CompanyKey, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// `?company_id=…`, required.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompanyQuery {
    /// The company, by number or `COMP001`.
    #[param(value_type = String)]
    pub company_id: CompanyKey,
}

/// The company, if this caller may see it.
///
/// # Errors
/// 404 for an absent and for a foreign company alike (T3).
pub async fn company(app: &App, caller: Caller, key: &CompanyKey) -> Result<Company> {
    match key {
        CompanyKey::Number(id) => Ok(app.store().company(caller, *id).await?),
        CompanyKey::Public(public) => {
            let mine = app.store().companies(caller).await?;
            let found = mine
                .into_iter()
                .find(|company| company.public_id == *public);
            Ok(found.ok_or_else(|| Error::not_found("company.get", "no such company"))?)
        }
    }
}

/// Looks for something in the named company, or, when none is named, in every company this caller sees.
///
/// Store calls are bound to one tenant (T6), so an id alone is looked for tenant by tenant; name the company to save that.
///
/// # Errors
/// `absent` (404) when no visible company has it (T3).
pub async fn among<T, F, Fut>(
    app: &App,
    caller: Caller,
    named: Option<&CompanyKey>,
    absent: &'static str,
    look: F,
) -> Result<(Company, T)>
where
    F: Fn(Tenant) -> Fut + Send,
    Fut: Future<Output = x8_core::Result<T>> + Send,
    T: Send,
{
    let candidates = match named {
        Some(key) => vec![company(app, caller, key).await?],
        None => app.store().companies(caller).await?,
    };
    for company in candidates {
        match look(company.tenant()).await {
            Ok(found) => return Ok((company, found)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::not_found("tenant.find", absent).into())
}
