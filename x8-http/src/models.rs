//! Which language model answers for which company: its own, the platform's, or none.
//!
//! A company's choice is one document, its key sealed ([`Sealer`]). Models are built when they are first needed and kept
//! until the choice changes, so connections are reused.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use x8_assistant::{
    model::{ChatModel, Directory},
    openai::{Dialect, OpenAiConfig, OpenAiModel, Reach},
};
use x8_core::{Error, Result, Secret, port::Documents, tenant::Tenant};

use crate::{
    config::{Config, Environment},
    seal::Sealer,
};

/// Where choices are kept, by company number.
const SPACE: &str = "assistant_model";
/// Models kept ready; when there are more, all are built anew as they are needed.
const MOST_READY: usize = 256;

/// What a company chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "use", rename_all = "snake_case")]
pub enum Choice {
    /// The platform's model, or the guided one where the platform has none.
    #[default]
    Platform,
    /// No language model.
    Guided,
    /// A model of its own.
    Own(OwnModel),
}

/// A company's own model. The key is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnModel {
    /// Where `/chat/completions` follows.
    pub base_url: String,
    /// The model's name there.
    pub model: String,
    /// Which server it is.
    pub dialect: Dialect,
    /// Sealed for this company.
    key: Option<String>,
}

/// A company's own model as it was given.
#[derive(Clone, Debug)]
pub struct GivenModel {
    /// Where `/chat/completions` follows.
    pub base_url: String,
    /// The model's name there.
    pub model: String,
    /// Which server it is.
    pub dialect: Dialect,
    /// Its key, not yet sealed.
    pub key: Option<Secret>,
}

/// A model that was built from a choice in this version.
struct Ready {
    version: u32,
    model: Option<Arc<dyn ChatModel>>,
}

/// The models of all companies.
pub struct Models {
    documents: Arc<dyn Documents>,
    sealer: Sealer,
    platform: Option<Arc<dyn ChatModel>>,
    reach: Reach,
    ready: Mutex<HashMap<Tenant, Ready>>,
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Models")
            .field(
                "platform",
                &self.platform.as_ref().map(|model| model.name()),
            )
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

impl Models {
    /// The models over this store, with the platform's own from the configuration.
    ///
    /// # Errors
    /// `Invalid` when the configured model could not work.
    pub fn new(
        config: &Config,
        secret_key: &Secret,
        documents: Arc<dyn Documents>,
    ) -> Result<Self> {
        let platform: Option<Arc<dyn ChatModel>> = match &config.model {
            Some(model) => {
                let mut wanted = OpenAiConfig::new(&model.url, &model.name, model.dialect);
                wanted.api_key.clone_from(&model.key);
                Some(Arc::new(OpenAiModel::new(wanted)?))
            }
            None => None,
        };
        Ok(Self {
            documents,
            sealer: Sealer::new(secret_key),
            platform,
            reach: match config.environment {
                Environment::Development => Reach::HttpsOrLoopback,
                Environment::Production => Reach::PublicHttps,
            },
            ready: Mutex::default(),
        })
    }

    /// The name of the platform's model.
    #[must_use]
    pub fn platform(&self) -> Option<&str> {
        self.platform.as_ref().map(|model| model.name())
    }

    /// The platform's own model, which answers for no company in particular.
    #[must_use]
    pub fn platform_model(&self) -> Option<Arc<dyn ChatModel>> {
        self.platform.clone()
    }

    /// What a company chose, and the version of that choice (0: it never did).
    ///
    /// *Tenancy*: the company's own choice only.
    ///
    /// # Errors
    /// Storage failures; `Internal` when the stored choice cannot be read.
    pub async fn choice(&self, tenant: Tenant) -> Result<(Choice, u32)> {
        let Some((value, version)) = self.documents.document(SPACE, &key(tenant)).await? else {
            return Ok((Choice::Platform, 0));
        };
        let choice = serde_json::from_value(value)
            .map_err(|error| Error::internal("model.choice", error))?;
        Ok((choice, version))
    }

    /// Stores a choice in the place of the one with this version.
    ///
    /// # Errors
    /// `Conflict` when somebody else chose meanwhile; storage failures.
    pub async fn choose(&self, tenant: Tenant, choice: &Choice, version: u32) -> Result<()> {
        let value =
            serde_json::to_value(choice).map_err(|error| Error::internal("model.choose", error))?;
        self.documents
            .put_document(SPACE, &key(tenant), &value, version)
            .await
    }

    /// Deletes a company's choice, its key with it.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn forget(&self, tenant: Tenant) -> Result<()> {
        self.documents.delete_document(SPACE, &key(tenant)).await?;
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready.remove(&tenant);
        Ok(())
    }

    /// Checks a model that a company gives, and seals its key.
    ///
    /// # Errors
    /// `Invalid` with the field's name first (`base_url: …`) for what could not work or leads where it may not.
    pub fn own(&self, tenant: Tenant, given: GivenModel) -> Result<OwnModel> {
        let GivenModel {
            base_url,
            model,
            dialect,
            key,
        } = given;
        let mut config = OpenAiConfig::new(&base_url, &model, dialect).within(self.reach);
        config.api_key.clone_from(&key);
        OpenAiModel::new(config)?;
        let sealed = key.map(|key| self.sealer.seal(&purpose(tenant), &key));
        Ok(OwnModel {
            base_url,
            model,
            dialect,
            key: sealed.transpose()?,
        })
    }

    /// The key of a company's own model, if it has one.
    ///
    /// # Errors
    /// `Internal` when it no longer opens.
    pub fn key(&self, tenant: Tenant, own: &OwnModel) -> Result<Option<Secret>> {
        let sealed = own.key.as_deref();
        sealed
            .map(|sealed| self.sealer.open(&purpose(tenant), sealed))
            .transpose()
    }

    fn build(&self, tenant: Tenant, choice: &Choice) -> Result<Option<Arc<dyn ChatModel>>> {
        match choice {
            Choice::Platform => Ok(self.platform.clone()),
            Choice::Guided => Ok(None),
            Choice::Own(own) => {
                let mut config =
                    OpenAiConfig::new(&own.base_url, &own.model, own.dialect).within(self.reach);
                config.api_key = self.key(tenant, own)?;
                Ok(Some(Arc::new(OpenAiModel::new(config)?)))
            }
        }
    }
}

#[async_trait]
impl Directory for Models {
    async fn model_for(&self, tenant: Tenant) -> Result<Option<Arc<dyn ChatModel>>> {
        let (choice, version) = self.choice(tenant).await?;
        let ready = || self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = ready().get(&tenant)
            && known.version == version
        {
            return Ok(known.model.clone());
        }
        let model = self.build(tenant, &choice)?;
        let mut ready = ready();
        if ready.len() >= MOST_READY {
            ready.clear();
        }
        let kept = model.clone();
        ready.insert(
            tenant,
            Ready {
                version,
                model: kept,
            },
        );
        Ok(model)
    }
}

fn key(tenant: Tenant) -> String {
    tenant.company().0.to_string()
}

fn purpose(tenant: Tenant) -> String {
    format!("model key of {}", tenant.company().0)
}
