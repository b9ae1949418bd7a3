//! Behave: reading and changing what an owner wishes the assistant to be like (A10).

use super::Engine;
use crate::{
    behaviour::{Behaviours, Layer, Scope},
    error::{Error, ErrorKind, Result},
    tenant::Tenant,
};

/// Where behaviours are kept, one document per company.
pub(super) const SPACE: &str = "behaviour";
/// Another layer of the same company may be written at the same moment so often.
const TRIES: usize = 5;

impl Engine {
    /// Every layer of a company.
    ///
    /// *Tenancy*: the document's key is the company.
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn behaviours(&self, tenant: Tenant) -> Result<Behaviours> {
        Ok(self.kept_behaviours(tenant).await?.0)
    }

    /// Replaces one layer whose version must still be `expected` (0: there is none), and returns all layers.
    ///
    /// Writers of different layers do not disturb each other.
    ///
    /// # Errors
    /// `Conflict` when the layer was changed meanwhile; `Invalid` when it breaks a limit.
    pub async fn change_behaviour(
        &self,
        tenant: Tenant,
        scope: Scope,
        layer: &Layer,
        expected: u32,
    ) -> Result<Behaviours> {
        let mut tries = 1;
        loop {
            let (mut kept, version) = self.kept_behaviours(tenant).await?;
            let _version = kept.replace(scope, layer, expected)?;
            let value = serde_json::to_value(&kept)
                .map_err(|error| Error::internal("behaviour.write", error))?;
            let key = tenant.company().to_string();
            match self.store.put_document(SPACE, &key, &value, version).await {
                Ok(()) => return Ok(kept),
                Err(error) if error.kind() == ErrorKind::Conflict && tries < TRIES => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    async fn kept_behaviours(&self, tenant: Tenant) -> Result<(Behaviours, u32)> {
        let key = tenant.company().to_string();
        let Some((value, version)) = self.store.document(SPACE, &key).await? else {
            return Ok((Behaviours::default(), 0));
        };
        let kept = serde_json::from_value(value)
            .map_err(|error| Error::internal("behaviour.read", error))?;
        Ok((kept, version))
    }
}
