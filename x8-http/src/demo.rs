//! `x8 demo`: two companies, one conversation each, played through the same doors that customers, providers and front ends
//! use, over real HTTP.
//!
//! What is simulated says so: the phone is a fake WAHA server, the money comes from the sandbox payment page, the calendar
//! is the sandbox calendar. Everything between those doors is the product.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use serde::Serialize;
use tokio::{net::TcpListener, sync::oneshot, time::sleep};
use x8_channels::testing::FakeWaha;
use x8_core::{Error, Result};

use crate::{
    config::Config,
    system::{self, System},
};

mod client;
mod play;
mod script;
mod transcript;

pub use transcript::Transcript;

/// What the command line says.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// End after the play.
    pub once: bool,
    /// Where to listen; the play itself takes any free port when this one is taken and `once` is set.
    pub listen: SocketAddr,
    /// The SQLite file; made anew.
    pub database: PathBuf,
}

/// The last line of `--once`, for machines.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// One per company.
    pub companies: Vec<CompanyOutcome>,
    /// Rows of the violations query.
    pub violations: usize,
}

/// How one conversation ended.
#[derive(Clone, Debug, Serialize)]
pub struct CompanyOutcome {
    /// Display name.
    pub name: String,
    /// `Service` or `Product`.
    #[serde(rename = "type")]
    pub kind: String,
    /// State of the customer's newest order.
    pub order_state: String,
    /// O8, as the messages carry it.
    pub payment_status: String,
    /// What was paid.
    pub total_cents: i64,
    /// State of the booking, or `none`.
    pub booking_state: String,
}

impl Outcome {
    /// Whether both orders are paid and booked, and no rule is broken.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let good = |company: &CompanyOutcome| {
            company.order_state == "booked"
                && company.payment_status == "paid"
                && company.booking_state == "booked"
        };
        self.violations == 0
            && self.companies.len() == script::ALL.len()
            && self.companies.iter().all(good)
    }
}

/// Starts the embedded system, plays, and (without `once`) stays up until `shutdown`.
///
/// # Errors
/// What stopped the play, with what to do about it.
pub async fn run(
    options: &DemoOptions,
    print: &Transcript,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<Outcome> {
    let phone = FakeWaha::start().await?;
    let listener = listen(options).await?;
    let address = listener
        .local_addr()
        .map_err(|error| Error::internal("demo.listen", error))?;
    let base = format!("http://{address}");
    print.heading(&format!(
        "x8 demo: {base}, database {}",
        options.database.display()
    ));
    print.note(
        "simulated: the phone (fake WAHA), the payment page (sandbox) and the calendar (sandbox)",
    );
    remove_old(&options.database)?;
    let system = System::open(&configuration(options, &base, &phone)?).await?;
    let store = system.store();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(system::serve(system, listener, async move {
        let _sender_gone = stopped.await;
    }));
    let client = client::Client::new(&base);
    client.wait_until_up().await?;
    let mut companies = Vec::new();
    for script in script::ALL {
        companies.push(play::play(&client, &phone, script, print).await?);
    }
    let findings = store.audit(jiff::Timestamp::now()).await?;
    for finding in &findings {
        print.problem(&format!(
            "{}: {} {}",
            finding.rule, finding.subject, finding.detail
        ));
    }
    let outcome = Outcome {
        companies,
        violations: findings.len(),
    };
    print.summary(&outcome);
    if !options.once {
        print.heading(&format!(
            "up: {base}/docs (API), sign in as {}",
            script::sign_in()
        ));
        print.note("Ctrl-C ends it");
        shutdown.await;
    }
    let _server_gone = stop.send(());
    server
        .await
        .map_err(|error| Error::internal("demo.server", error))??;
    Ok(outcome)
}

async fn listen(options: &DemoOptions) -> Result<TcpListener> {
    match TcpListener::bind(options.listen).await {
        Ok(listener) => Ok(listener),
        Err(_taken) if options.once => TcpListener::bind(("127.0.0.1", 0))
            .await
            .map_err(|error| Error::internal("demo.listen", error)),
        Err(error) => Err(Error::unavailable(
            "demo.listen",
            "this address cannot be listened on; choose another with --listen",
        )
        .with("address", options.listen)
        .caused_by(error)),
    }
}

/// A demo starts from nothing; SQLite keeps two files beside its own.
fn remove_old(database: &std::path::Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        let mut path = database.as_os_str().to_owned();
        path.push(end);
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Error::unavailable(
                    "demo.database",
                    "the old demo database cannot be removed; choose another with --database",
                )
                .with("file", std::path::Path::new(&path).display())
                .caused_by(error));
            }
        }
    }
    Ok(())
}

fn configuration(options: &DemoOptions, base: &str, phone: &FakeWaha) -> Result<Config> {
    let database = format!("sqlite://{}", options.database.display());
    let listen = base.trim_start_matches("http://").to_owned();
    let webhooks = format!("{base}/api/v1/webhooks/waha");
    Config::from_lookup(&|name| {
        let value = match name {
            "DATABASE_URL" => &database,
            "X8_LISTEN" => &listen,
            "X8_PUBLIC_URL" => base,
            "WAHA_API_URL" => phone.url(),
            "WAHA_API_KEY" => FakeWaha::API_KEY,
            "WAHA_WEBHOOK_URL" => &webhooks,
            "WAHA_WEBHOOK_SECRET" => FakeWaha::HMAC_KEY,
            // The customer of the play does not type in bursts; the wait is only as long as it must be to be seen working.
            "X8_BURST_QUIET_MS" => "200",
            _other => return None,
        };
        Some(value.to_owned())
    })
    .map_err(|problems| Error::internal("demo.configuration", problems))
}

/// Asks every 25 ms, for at most 15 s, until `look` finds something.
pub(crate) async fn until<T, F: Future<Output = Result<Option<T>>>>(
    what: &str,
    mut look: impl FnMut() -> F,
) -> Result<T> {
    for _ in 0..600 {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        sleep(Duration::from_millis(25)).await;
    }
    Err(Error::unavailable("demo.wait", "what the play waits for did not come").with("for", what))
}
