//! Which model answers for which company.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use x8_core::{Result, port::TurnInput, tenant::Tenant};

use super::{ChatModel, ModelOutput, ModelRequest};
use crate::{guided::GuidedModel, phrases::Phrases};

/// Knows the model of each company: its own, or the platform's.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The model that answers for this company; `None`: no language model, the guided one answers.
    ///
    /// *Tenancy*: never another company's model: its key pays and its provider reads along.
    ///
    /// # Errors
    /// Storage failures; `Internal` when the company's settings cannot be read. The turn then goes on without a language
    /// model (A11).
    async fn model_for(&self, tenant: Tenant) -> Result<Option<Arc<dyn ChatModel>>>;
}

/// The [`ChatModel`] of many companies: each turn is answered by the model its company has in a [`Directory`].
///
/// ```
/// use std::sync::Arc;
/// use x8_assistant::{model::{ChatModel, CompanyModels, Directory}, phrases::Phrases};
/// use x8_core::{Result, tenant::Tenant};
///
/// struct NobodyHasOne;
///
/// #[async_trait::async_trait]
/// impl Directory for NobodyHasOne {
///     async fn model_for(&self, _tenant: Tenant) -> Result<Option<Arc<dyn ChatModel>>> {
///         Ok(None)
///     }
/// }
///
/// // Give this to a `TurnPipeline`: companies without a language model are answered by the guided one.
/// let model = CompanyModels::new(Arc::new(NobodyHasOne), Arc::new(Phrases::new()?));
/// assert_eq!(model.name(), "company");
/// # Ok::<(), x8_core::Error>(())
/// ```
pub struct CompanyModels {
    directory: Arc<dyn Directory>,
    guided: GuidedModel,
}

impl fmt::Debug for CompanyModels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompanyModels").finish_non_exhaustive()
    }
}

impl CompanyModels {
    /// The models of this directory; `phrases` are the words of the guided one.
    #[must_use]
    pub fn new(directory: Arc<dyn Directory>, phrases: Arc<Phrases>) -> Self {
        Self {
            directory,
            guided: GuidedModel::new(phrases),
        }
    }
}

#[async_trait]
impl ChatModel for CompanyModels {
    /// `company`; [`ModelOutput::model`] says which one answered.
    fn name(&self) -> &'static str {
        "company"
    }

    async fn reads_prompt(&self, input: &TurnInput) -> bool {
        // A directory that fails now may answer in a moment: a prompt too many does no harm.
        let model = self.directory.model_for(input.company.tenant()).await;
        match model {
            Ok(Some(model)) => model.reads_prompt(input).await,
            Ok(None) => false,
            Err(_) => true,
        }
    }

    async fn complete(&self, request: &ModelRequest<'_>) -> Result<ModelOutput> {
        let tenant = request.input.company.tenant();
        match self.directory.model_for(tenant).await? {
            Some(model) => model.complete(request).await,
            None => self.guided.complete(request).await,
        }
    }
}
