//! The company that an assistant answers for.

use pyo3::{prelude::*, types::PyString};
use serde::Deserialize;
use x8_core::{
    behaviour::{Behaviour, Behaviours, Layer, Scope},
    catalog::{Catalog, Kind},
    id::{CompanyId, UserId},
    tenant::{Company, CompanySettings, CompanyStatus, CompanyType},
};

use crate::{
    convert::read,
    error::{invalid, raise},
};

const OPERATION: &str = "assistant.company";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    shop_type: Option<String>,
    time_zone: Option<String>,
    privacy_policy: Option<String>,
    behaviour: Layer,
}

/// A company and its owner's wishes, from a name, a dict, or nothing. Without a type, the rows decide it.
pub(crate) fn company(
    given: Option<&Bound<'_, PyAny>>,
    catalog: &Catalog,
) -> PyResult<(Company, Behaviour)> {
    let wanted = match given {
        None => Wanted::default(),
        Some(name) if name.is_instance_of::<PyString>() => Wanted {
            name: Some(name.extract()?),
            ..Wanted::default()
        },
        Some(keys) => read(OPERATION, "company", keys)?,
    };
    let mut settings = CompanySettings {
        privacy_policy: wanted.privacy_policy,
        ..CompanySettings::default()
    };
    if let Some(zone) = wanted.time_zone {
        if jiff::tz::TimeZone::get(&zone).is_err() {
            let what =
                format!("company.time_zone: `{zone}` is not a time zone such as Europe/Madrid");
            return Err(invalid(OPERATION, what));
        }
        settings.time_zone = zone;
    }
    let company = Company {
        id: CompanyId(1),
        public_id: "COMP001".to_owned(),
        name: wanted.name.unwrap_or_else(|| "this company".to_owned()),
        owner: UserId(1),
        kind: match wanted.kind {
            Some(word) => read_kind(&word)?,
            None => kind(catalog),
        },
        shop_type: wanted.shop_type,
        status: CompanyStatus::Active,
        settings,
        created_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let mut kept = Behaviours::default();
    kept.replace(Scope::COMPANY, &wanted.behaviour, 0)
        .map_err(|error| raise(&error))?;
    Ok((company, kept.merged(None, None)))
}

fn read_kind(word: &str) -> PyResult<CompanyType> {
    match word.to_ascii_lowercase().as_str() {
        "product" => Ok(CompanyType::Product),
        "service" => Ok(CompanyType::Service),
        "hybrid" => Ok(CompanyType::Hybrid),
        _other => Err(invalid(
            OPERATION,
            format!("company.type: `{word}` is not one of product, service, hybrid"),
        )),
    }
}

fn kind(catalog: &Catalog) -> CompanyType {
    let has = |kind| catalog.offerings().iter().any(|row| row.kind == kind);
    match (has(Kind::Product), has(Kind::Service)) {
        (true, true) => CompanyType::Hybrid,
        (false, true) => CompanyType::Service,
        (_, false) => CompanyType::Product,
    }
}
