//! The command line: what each command of `x8` is, and what it ends with.
//!
//! Exit codes: 0 done, 1 it failed or something was found, 2 the file has refused rows (`import`), the reply was refused
//! (`guard`), the turn comes out differently (`replay`) or the arguments are wrong.

use std::{io::IsTerminal as _, net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};
use tokio::signal;
use tracing_subscriber::EnvFilter;
use uuid::Uuid;
use x8_core::{
    Error, Result,
    catalog::Kind,
    id::{TurnId, UserId},
    port::Companies,
    tenant::{Caller, Company, Role},
};

use crate::{
    config::Config,
    demo::{self, DemoOptions, Transcript},
    extract::CompanyKey,
    system::Role as ServeRole,
};

mod audit;
mod chat;
mod guard;
mod import;
mod replay;
mod serve;
mod turns;

/// Chats become paid, scheduled orders.
#[derive(Debug, Parser)]
#[command(name = "x8", version, about, long_about = None)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// See it work: two companies, one conversation each, paid and booked on one SQLite file
    Demo {
        /// End after the play; the last line is JSON
        #[arg(long)]
        once: bool,
        /// Where to listen
        #[arg(long, env = "X8_LISTEN", default_value = "127.0.0.1:8000")]
        listen: SocketAddr,
        /// The SQLite file, made anew [default: x8-demo.db in the folder for temporary files]
        #[arg(long)]
        database: Option<PathBuf>,
    },
    /// Run the server; configuration comes from the environment
    Serve {
        /// What this process does of it; processes share one PostgreSQL database
        #[arg(long, value_enum, default_value_t)]
        role: ServeRole,
    },
    /// Talk to a company as one of its customers, in this process
    Chat {
        /// The company, by number or public id (COMP001)
        #[arg(long)]
        company: CompanyKey,
        /// Who you are, as a phone number
        #[arg(long, default_value = "+34600000000")]
        phone: String,
    },
    /// Show how a catalogue file would be read, price by price
    Import {
        /// CSV, XLSX, XLS or ODS
        file: PathBuf,
        /// What its rows are
        #[arg(long = "type", value_enum)]
        kind: KindArg,
        /// Only show, with --company also what would change there; without it, --company says where the rows go
        #[arg(long)]
        dry_run: bool,
        /// Publish the rows as the live table of this company, by number or public id (COMP001), beside its other table
        #[arg(long)]
        company: Option<CompanyKey>,
        /// One JSON object instead of text
        #[arg(long)]
        json: bool,
        /// Keep the good rows when others are refused
        #[arg(long)]
        partial: bool,
        /// The decimal mark, when the file alone does not tell
        #[arg(long)]
        decimal: Option<String>,
    },
    /// Check a model's reply (standard input) against a catalogue: the verdict as one JSON object
    ///
    /// Exit code 0: let through; 2: refused; 1: something could not be read.
    Guard(guard::Wanted),
    /// List a company's newest turns: key, time, outcome, findings, models, tokens and cost
    Turns(turns::Wanted),
    /// Compute a stored turn again and compare: equal or unequal, exit code 0 or 2
    Replay {
        /// The turn's key: `x8 turns` and the inbox tell it
        turn: Uuid,
        /// One JSON object instead of text
        #[arg(long)]
        json: bool,
    },
    /// The violations query: prints what is broken, exit code 1 if anything is
    Audit {
        /// One JSON object instead of text
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindArg {
    Product,
    Service,
}

impl From<KindArg> for Kind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Product => Self::Product,
            KindArg::Service => Self::Service,
        }
    }
}

/// Runs one command to its end.
///
/// # Errors
/// What stopped it.
pub async fn run(cli: Cli) -> Result<ExitCode> {
    start_log(&cli.command);
    match cli.command {
        Command::Demo {
            once,
            listen,
            database,
        } => {
            let database = database.unwrap_or_else(|| std::env::temp_dir().join("x8-demo.db"));
            let options = DemoOptions {
                once,
                listen,
                database,
            };
            play(&options).await
        }
        Command::Serve { role } => serve::run(&configuration()?, role, interrupted())
            .await
            .map(|()| ExitCode::SUCCESS),
        Command::Chat { company, phone } => chat::run(&configuration()?, &company, &phone)
            .await
            .map(|()| ExitCode::SUCCESS),
        Command::Import {
            file,
            kind,
            dry_run,
            company,
            json,
            partial,
            decimal,
        } => {
            let wanted = import::Wanted {
                file,
                kind: kind.into(),
                json,
                partial,
                decimal,
            };
            import::run(&wanted, company, dry_run).await
        }
        Command::Guard(wanted) => guard::run(&wanted).await,
        Command::Turns(wanted) => turns::run(&configuration()?, &wanted).await,
        Command::Replay { turn, json } => replay::run(&configuration()?, TurnId(turn), json).await,
        Command::Audit { json } => audit::run(&configuration()?, json).await,
    }
}

async fn play(options: &DemoOptions) -> Result<ExitCode> {
    let print = Transcript;
    let outcome = demo::run(options, &print, interrupted()).await?;
    if options.once {
        let json = serde_json::to_string(&outcome)
            .map_err(|error| Error::internal("demo.outcome", error))?;
        print.line(&json);
    }
    Ok(if outcome.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The company an operator names; whoever has the database file sees every company in it.
async fn company_of<S: Companies + ?Sized>(store: &S, key: &CompanyKey) -> Result<Company> {
    const OPERATOR: Caller = Caller {
        user: UserId(0),
        role: Role::Admin,
        is_superuser: true,
    };
    match key {
        CompanyKey::Number(id) => store.company_for_work(*id).await,
        CompanyKey::Public(public) => {
            let all = store.companies(OPERATOR).await?;
            let found = all.into_iter().find(|one| one.public_id == *public);
            found.ok_or_else(|| {
                Error::not_found("company.get", "no such company").with("company", public)
            })
        }
    }
}

fn configuration() -> Result<Config> {
    Config::from_env().map_err(|problems| Error::invalid("x8.configure", problems.to_string()))
}

/// Says on standard error what went wrong, for people.
#[must_use]
pub fn failed(error: &Error) -> ExitCode {
    use std::io::Write as _;
    let _nobody_reads = writeln!(std::io::stderr().lock(), "x8: {error}");
    ExitCode::FAILURE
}

/// Logs go to standard error, so that standard output stays the command's own; `RUST_LOG` overrides the level.
fn start_log(command: &Command) {
    let level = if matches!(command, Command::Serve { .. }) {
        "info"
    } else {
        "warn"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_unset| EnvFilter::new(level));
    let _already_started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .try_init();
}

/// Resolves on Ctrl-C or a polite kill (R7).
async fn interrupted() {
    let mut terminated = match signal::unix::signal(signal::unix::SignalKind::terminate()) {
        Ok(terminated) => terminated,
        Err(_no_signals) => return std::future::pending().await,
    };
    tokio::select! {
        _ctrl_c = signal::ctrl_c() => {}
        _kill = terminated.recv() => {}
    }
}
