//! `x8 import`.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use x8_core::{
    Error, Result,
    catalog::{Catalog, Kind, Offering},
    import::{DecimalMark, Import, ImportOptions, import},
    port::Catalogs as _,
    sqlite::SqliteStore,
    tenant::Company,
};

use super::company_of;
use crate::{config::Config, demo::Transcript, extract::CompanyKey, tables};

/// What to read, and how to show it.
pub(super) struct Wanted {
    pub(super) file: PathBuf,
    pub(super) kind: Kind,
    pub(super) json: bool,
    pub(super) partial: bool,
    pub(super) decimal: Option<String>,
}

/// Reads the file, shows the report, and publishes the rows when a company is named. 0 nothing was refused, 2 rows were
/// refused, 1 (an error) the file could not be read; with `--json` that too is one object, `{"ok": false, "error": …}`.
pub(super) async fn run(
    wanted: &Wanted,
    company: Option<CompanyKey>,
    dry_run: bool,
) -> Result<ExitCode> {
    if company.is_none() && !dry_run {
        return Err(Error::invalid(
            "import.run",
            "say --dry-run to only look, or --company N to publish",
        ));
    }
    let bytes = tokio::fs::read(&wanted.file).await.map_err(|error| {
        Error::invalid("import.read", "the file cannot be read")
            .with("file", wanted.file.display())
            .caused_by(error)
    })?;
    let mut options = options(wanted)?;
    let target = match company {
        Some(key) => Some(Target::open(&key, wanted.kind).await?),
        None => None,
    };
    if let Some(target) = &target {
        options.taken = tables::taken(&target.live, wanted.kind);
    }
    let read = import(&bytes, &options).inspect_err(|error| show_refusal(wanted, error))?;
    show(wanted, &read)?;
    if let Some(target) = target
        && (read.report.ok || wanted.partial)
    {
        let told = target.publish(wanted.kind, read.offerings).await?;
        if !wanted.json {
            Transcript.note(&told);
        }
    }
    Ok(if read.report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    })
}

fn options(wanted: &Wanted) -> Result<ImportOptions> {
    let mut options = ImportOptions::new(wanted.kind);
    options.partial = wanted.partial;
    if let Some(mark) = &wanted.decimal {
        options.decimal = Some(DecimalMark::parse(mark).ok_or_else(|| {
            Error::invalid(
                "import.run",
                format!("--decimal is `.` or `,`, not `{mark}`"),
            )
        })?);
    }
    Ok(options)
}

fn show(wanted: &Wanted, read: &Import) -> Result<()> {
    if wanted.json {
        let json = serde_json::to_string(&read.report)
            .map_err(|error| Error::internal("import.print", error))?;
        Transcript.line(&json);
    } else {
        Transcript.line(&read.report.to_string());
    }
    Ok(())
}

/// A file that cannot be read as a whole has no report; with `--json` it still answers one object.
fn show_refusal(wanted: &Wanted, error: &Error) {
    if wanted.json {
        let refusal = serde_json::json!({ "ok": false, "error": error.public() });
        Transcript.line(&refusal.to_string());
    }
}

/// Where the rows go.
struct Target {
    store: SqliteStore,
    company: Company,
    live: Arc<Catalog>,
}

impl Target {
    async fn open(key: &CompanyKey, kind: Kind) -> Result<Self> {
        let config = Config::from_env()
            .map_err(|problems| Error::invalid("x8.configure", problems.to_string()))?;
        let store = SqliteStore::open(&config.database_url).await?;
        let company = company_of(&store, key).await?;
        if !tables::sells(company.kind, kind) {
            let message = format!("this is a {:?} company; it has no such table", company.kind);
            return Err(Error::invalid("import.run", message).with("company", &company.public_id));
        }
        let live = store.live_catalog(company.tenant()).await?;
        Ok(Self {
            store,
            company,
            live,
        })
    }

    /// Makes the rows live beside those of the other table, and says so.
    async fn publish(self, kind: Kind, rows: Vec<Offering>) -> Result<String> {
        let table = match kind {
            Kind::Product => "DB Product",
            Kind::Service => "DB Service",
        };
        let name = format!("{table} {}", self.company.name);
        let count = rows.len();
        let next = tables::joined(&self.live, rows, kind)?;
        let now = jiff::Timestamp::now();
        let live = self
            .store
            .publish_catalog(self.company.tenant(), &name, &next, now)
            .await?;
        Ok(format!(
            "{count} rows are live in version {} of {name}",
            live.version
        ))
    }
}
