//! The system, put together: the configured database, money through Stripe or simulated, companies' calendars, WhatsApp
//! through WAHA when configured.
//!
//! This is the only place that knows which adapter stands behind which port.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Notify;
use x8_assistant::{
    faq::{FaqBot, Knowledge},
    model::{CompanyModels, Directory},
    phrases::Phrases,
    pipeline::TurnPipeline,
    prompt::Prompts,
};
use x8_channels::waha::WahaParser;
use x8_core::{
    Error, ErrorKind, Result,
    catalog::VersionCache,
    port::{Calendar, Clock, Documents, Pending, Store},
    usecase::{Engine, Policy},
};

use crate::{
    App, Config,
    app::secret_key,
    auth::{Passwords, Tokens},
    calendars::Calendars,
    config::Environment,
    models::Models,
    patient::PatientCalendar,
    route::sandbox,
    store,
    subscribing::Subscribing,
};

mod machine;
mod memory;
mod money;
mod serve;
mod whatsapp;
mod workers;

pub use serve::{Role, serve, serve_as};
pub use workers::Workers;

use machine::{RandomIds, Sleep, SystemClock};
use money::Money;
use whatsapp::Whatsapp;

/// Every port with its adapter, ready to serve and to work.
#[derive(Debug)]
pub struct System {
    app: Arc<App>,
}

impl System {
    /// Opens the database (making it if it is not there) and joins the ports.
    ///
    /// # Errors
    /// What cannot be opened, and how to mend it.
    pub async fn open(config: &Config) -> Result<Self> {
        refuse_sandbox_in_production(config)?;
        let store = store::open(&config.database_url).await?;
        let key = secret_key(config, store.as_ref()).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let documents: Arc<dyn Documents> = Arc::<dyn Store>::clone(&store);
        let money = Money::new(config, &key, &clock, Arc::clone(&documents))?;
        let whatsapp = Whatsapp::new(config, &key)?;
        let phrases = Arc::new(Phrases::new()?);
        let models = Arc::new(Models::new(config, &key, Arc::clone(&documents))?);
        let directory: Arc<dyn Directory> = Arc::<Models>::clone(&models);
        let model = Arc::new(CompanyModels::new(directory, Arc::clone(&phrases)));
        let pipeline = pipeline(config, model, &phrases, clock.now()).await?;
        let calendars = Calendars::new(config, &key, documents, Arc::clone(&clock))?;
        let calendars = Arc::new(calendars);
        let companies: Arc<dyn Calendar> = Arc::<Calendars>::clone(&calendars);
        let engine = Engine {
            assistant: Arc::new(pipeline),
            payments: money.payments,
            calendar: Arc::new(PatientCalendar::new(companies)),
            senders: whatsapp.senders,
            notices: phrases,
            clock,
            ids: Arc::new(RandomIds),
            policy: policy(config),
            store,
        };
        let subscribing = Subscribing::open(config, &key, &engine)?;
        let app = App {
            config: config.clone(),
            engine,
            tokens: Tokens::new(&key),
            passwords: Passwords::default(),
            connector: whatsapp.connector,
            verifier: Arc::new(whatsapp.verifier),
            parser: Arc::new(WahaParser),
            accounts: money.accounts,
            sandbox: money.sandbox,
            sandbox_accounts: money.sandbox_accounts,
            searches: VersionCache::new(App::SEARCH_BYTES),
            guards: VersionCache::new(App::GUARD_BYTES),
            faq: Arc::new(FaqBot::new(faq(config)?, models.platform_model())?),
            models,
            calendars,
            subscribing: Arc::new(subscribing),
            wake: Arc::new(Notify::new()),
        };
        Ok(Self { app: Arc::new(app) })
    }

    /// The system of record.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.app.engine.store)
    }

    /// The use cases.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.app.engine
    }

    /// Lets the workers look for new jobs now.
    pub fn wake(&self) {
        self.app.wake.notify_one();
    }

    /// Pays a sandbox session as its page's button does.
    ///
    /// # Errors
    /// `NotFound`, storage failures.
    pub async fn pay_in_sandbox(&self, session: &str) -> Result<()> {
        if let Some(provider) = &self.app.sandbox {
            let _stage = provider.pay(session).await?;
            sandbox::deliver(&self.app, provider).await?;
            self.wake();
        }
        Ok(())
    }
}

/// The operator's own FAQ file, or the one that ships.
fn faq(config: &Config) -> Result<Knowledge> {
    let Some(path) = &config.faq_file else {
        return Knowledge::shipped();
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        let told = format!("X8_FAQ_FILE: {path} cannot be read: {error}");
        Error::invalid("x8.open", told)
    })?;
    Knowledge::read(&text)
}

/// Turns, as they were configured.
async fn pipeline(
    config: &Config,
    model: Arc<CompanyModels>,
    phrases: &Arc<Phrases>,
    now: Timestamp,
) -> Result<TurnPipeline> {
    let pipeline = TurnPipeline::new(model, Arc::clone(phrases))
        .with_prompts(Arc::new(Prompts::new()?))
        .with_prices(config.model_prices.clone())
        .with_timer(Arc::new(Sleep));
    Ok(match memory::open(&config.memory, now).await? {
        Some(memory) => pipeline.with_memory(memory),
        None => pipeline,
    })
}

/// P11, S6: production must not mistake simulated money for real money. Calendars are no reason to refuse: a company without a
/// real one has x8's own alone.
fn refuse_sandbox_in_production(config: &Config) -> Result<()> {
    if config.environment != Environment::Production || !config.sandbox() {
        return Ok(());
    }
    let why = "X8_ENV=production needs a real payment provider: set STRIPE_SECRET_KEY";
    Err(Error::new(ErrorKind::Unsupported, "x8.open", why))
}

fn policy(config: &Config) -> Policy {
    let standard = Policy::default();
    let burst = Pending {
        quiet: jiff::SignedDuration::from_millis(i64::from(config.burst_quiet_ms)),
        longest: jiff::SignedDuration::from_millis(i64::from(config.burst_longest_ms)),
    };
    Policy { burst, ..standard }
}
