//! The system, put together: the configured database, money through Stripe or simulated, companies' calendars, WhatsApp
//! through WAHA when configured.
//!
//! This is the only place that knows which adapter stands behind which port.

use std::sync::Arc;

use async_trait::async_trait;
use clap::ValueEnum;
use jiff::Timestamp;
use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::JoinSet,
    time::{Duration, MissedTickBehavior, interval},
};
use uuid::Uuid;
use x8_assistant::{
    faq::{FaqBot, Knowledge},
    model::{CompanyModels, Directory},
    phrases::Phrases,
    pipeline::{Timer, TurnPipeline},
    prompt::Prompts,
};
use x8_channels::waha::{
    HmacKeys, WahaConfig, WahaConnector, WahaParser, WahaSender, WahaVerifier,
};
use x8_core::{
    Error, ErrorKind, Result, Secret,
    catalog::VersionCache,
    port::{Calendar, Clock, Connector, Documents, IdSource, Pending, Sender, Store},
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
    worker::Worker,
};

mod memory;
mod money;

use money::Money;

/// Jobs that run side by side in one process; SQLite writes one at a time, so more would only wait.
const CAPACITY: u16 = 8;
/// How often sandbox events that were not acknowledged are delivered again.
const REDELIVER: Duration = Duration::from_secs(2);

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

    /// Starts the job worker and the redelivery of sandbox events.
    #[must_use]
    pub fn spawn_workers(&self) -> Workers {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let worker = Worker::new(
            self.app.engine.clone(),
            Arc::clone(&self.app.wake),
            CAPACITY,
        );
        tasks.spawn(worker.run(until_stopped(stopped.clone())));
        let (subscribing, until) = (
            Arc::clone(&self.app.subscribing),
            until_stopped(stopped.clone()),
        );
        tasks.spawn(async move { subscribing.run(until).await });
        if self.app.sandbox.is_some() {
            tasks.spawn(redeliver(Arc::clone(&self.app), until_stopped(stopped)));
        }
        Workers { stop, tasks }
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

/// Work in the background.
#[derive(Debug)]
pub struct Workers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Workers {
    /// Ends it, letting what is in flight finish (R7).
    pub async fn stop(self) {
        let _all_gone = self.stop.send(true);
        self.tasks.join_all().await;
    }
}

/// Serves until `shutdown` resolves: then no new connection is taken, and requests and jobs in flight are finished (R7).
///
/// # Errors
/// What the listener reports.
pub async fn serve(
    system: System,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    serve_as(system, Role::All, listener, shutdown).await
}

/// What one process of several does (D4): they share the database and need nothing else of each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Serves HTTP and leaves jobs to others.
    Api,
    /// Runs jobs; of HTTP it serves `/health` and `/ready` alone.
    Worker,
    /// Both.
    #[default]
    All,
}

/// [`serve`] in one of the roles.
///
/// # Errors
/// What the listener reports.
pub async fn serve_as(
    system: System,
    role: Role,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let workers = (role != Role::Api).then(|| system.spawn_workers());
    let app = Arc::clone(&system.app);
    let served = match role {
        Role::Worker => crate::router::serve_probes(listener, app, shutdown).await,
        Role::Api | Role::All => crate::serve(listener, app, shutdown).await,
    };
    if let Some(workers) = workers {
        workers.stop().await;
    }
    served.map_err(|error| Error::internal("x8.serve", error))
}

async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    let _sender_gone = stopped.wait_for(|stop| *stop).await;
}

/// What a crash or a refusal left undelivered comes again, as a real provider's events do.
async fn redeliver(app: Arc<App>, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    let mut tick = interval(REDELIVER);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut stop => return,
            _now = tick.tick() => {}
        }
        if let Some(provider) = &app.sandbox
            && let Err(error) = sandbox::deliver(&app, provider).await
        {
            tracing::warn!(%error, "a sandbox event could not be delivered; it comes again");
        }
    }
}

fn policy(config: &Config) -> Policy {
    let standard = Policy::default();
    let burst = Pending {
        quiet: jiff::SignedDuration::from_millis(i64::from(config.burst_quiet_ms)),
        longest: jiff::SignedDuration::from_millis(i64::from(config.burst_longest_ms)),
    };
    Policy { burst, ..standard }
}

/// The adapters of WhatsApp; webhooks are verified whether or not a WAHA server is configured.
struct Whatsapp {
    senders: Vec<Arc<dyn Sender>>,
    connector: Option<Arc<dyn Connector>>,
    verifier: WahaVerifier,
}

impl Whatsapp {
    fn new(config: &Config, key: &Secret) -> Result<Self> {
        let keys = HmacKeys {
            current: config.webhook_secret(key),
            previous: config.waha.webhook_secret_previous.clone(),
        };
        let verifier = WahaVerifier::new(&keys)?;
        let Some(url) = &config.waha.url else {
            return Ok(Self {
                senders: Vec::new(),
                connector: None,
                verifier,
            });
        };
        let api_key = config.waha.key.clone().unwrap_or_else(|| Secret::new(""));
        let waha = WahaConfig::new(url, api_key, &config.waha.webhook_url, keys.current);
        Ok(Self {
            senders: vec![Arc::new(WahaSender::new(&waha)?)],
            connector: Some(Arc::new(WahaConnector::new(waha)?)),
            verifier,
        })
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The runtime's own timer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sleep;

#[async_trait]
impl Timer for Sleep {
    async fn wait(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
    }
}

/// UUIDs of version 7: random, and sorted by time.
#[derive(Clone, Copy, Debug)]
struct RandomIds;

impl IdSource for RandomIds {
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}
