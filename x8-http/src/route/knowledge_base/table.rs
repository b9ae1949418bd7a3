//! Which knowledge base a `table_name` means (T3).

use x8_core::{
    Error,
    catalog::Kind,
    id::CatalogId,
    tenant::{Company, CompanyType},
};

use crate::{
    App,
    error::{ApiError, Result},
    extract::{CompanyKey, Signed, company},
    publish::display_name,
};

/// A company's knowledge base, and the table of it when the name says which.
pub(super) struct Table {
    pub(super) company: Company,
    named: Option<Kind>,
}

impl Table {
    /// Finds it among the caller's companies: by `COMP001`, by the number of any of its versions, or by its display name
    /// `DB Product <Name>`.
    ///
    /// # Errors
    /// 404; 409 naming the candidates when a display name fits several companies.
    pub(super) async fn find(app: &App, signed: &Signed, name: &str) -> Result<Self> {
        let name = name.trim();
        if let Ok(version) = name.parse() {
            let (company, _) = super::find(app, signed, CatalogId(version)).await?;
            return Ok(Self {
                company,
                named: None,
            });
        }
        if let Ok(key @ CompanyKey::Public(_)) = name.parse() {
            return Ok(Self {
                company: company(app, signed.caller(), &key).await?,
                named: None,
            });
        }
        let mine = app.store().companies(signed.caller()).await?;
        let mut fitting: Vec<Self> = mine
            .into_iter()
            .filter_map(|company| Self::called(company, name))
            .collect();
        let found = fitting
            .pop()
            .ok_or_else(|| Error::not_found("knowledge_base.table", "no such knowledge base"))?;
        if fitting.is_empty() {
            return Ok(found);
        }
        fitting.push(found);
        let candidates: Vec<&str> = fitting
            .iter()
            .map(|one| one.company.public_id.as_str())
            .collect();
        let msg = format!(
            "`{name}` is the knowledge base of {}; name one of these instead",
            candidates.join(" and of ")
        );
        Err(Error::conflict("knowledge_base.table", msg).into())
    }

    fn called(company: Company, name: &str) -> Option<Self> {
        let kinds = [Kind::Product, Kind::Service];
        let named = kinds
            .into_iter()
            .find(|kind| display_name(&company, *kind) == name)?;
        Some(Self {
            company,
            named: Some(named),
        })
    }

    /// What a new row of this table is: as the caller says, else as the table's name says, else as the company's type says.
    ///
    /// # Errors
    /// 422 for a Hybrid company of which neither says it, and for a kind that the company does not have.
    pub(super) fn kind(&self, said: Option<Kind>) -> Result<Kind> {
        let wrong = |kind, msg: String| Err(ApiError::field("query", "type", kind, msg));
        match (self.company.kind, said.or(self.named)) {
            (CompanyType::Product, None | Some(Kind::Product))
            | (CompanyType::Hybrid, Some(Kind::Product)) => Ok(Kind::Product),
            (CompanyType::Service, None | Some(Kind::Service))
            | (CompanyType::Hybrid, Some(Kind::Service)) => Ok(Kind::Service),
            (CompanyType::Hybrid, None) => wrong(
                "missing",
                "a Hybrid company has both tables; say product or service".to_owned(),
            ),
            (own @ CompanyType::Product, Some(Kind::Service))
            | (own @ CompanyType::Service, Some(Kind::Product)) => wrong(
                "value_error",
                format!("this is a {own:?} company; leave `type` out, or make it Hybrid"),
            ),
        }
    }
}
