//! `x8 import`.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use x8_core::{
    Error, Result,
    catalog::{Catalog, Kind},
    import::{DecimalMark, Diff, Import, ImportOptions, diff, import},
    port::Catalogs as _,
    sqlite::SqliteStore,
    tenant::Company,
};

use super::company_of;
use crate::{
    config::Config,
    demo::Transcript,
    extract::CompanyKey,
    publish::{Next, display_name, revise, sells, taken, with_other_kind},
};

/// What to read, and how to show it.
pub(super) struct Wanted {
    pub(super) file: PathBuf,
    pub(super) kind: Kind,
    pub(super) json: bool,
    pub(super) partial: bool,
    pub(super) decimal: Option<String>,
}

/// Reads the file and shows the report; when a company is named, also what would change in its knowledge base, and
/// publishes the rows unless it is a dry run. 0 nothing was refused, 2 rows were
/// refused, 1 (an error) the file could not be read.
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
    let shelf = match company {
        Some(company) => Some(Shelf::open(&company, wanted.kind).await?),
        None => None,
    };
    if let Some(shelf) = &shelf {
        options.taken = taken(&shelf.live, wanted.kind);
    }
    let read = import(&bytes, &options).inspect_err(|error| show_refusal(wanted, error))?;
    let diff = match &shelf {
        Some(shelf) if read.report.ok => Some(shelf.diff(wanted.kind, &read)?),
        Some(_) | None => None,
    };
    show(wanted, &read, diff.as_ref())?;
    if let Some(shelf) = shelf
        && read.report.ok
        && !dry_run
    {
        let told = shelf.publish(wanted.kind, &read).await?;
        if !wanted.json {
            Transcript.note(&told);
        }
    }
    Ok(if read.report.errors.is_empty() {
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

/// The report, and what would change against the live version (K7).
fn show(wanted: &Wanted, read: &Import, diff: Option<&Diff>) -> Result<()> {
    let broken = |error| Error::internal("import.print", error);
    if wanted.json {
        let mut report = serde_json::to_value(&read.report).map_err(broken)?;
        if let (Some(diff), Some(report)) = (diff, report.as_object_mut()) {
            report.insert(
                "diff".to_owned(),
                serde_json::to_value(diff).map_err(broken)?,
            );
        }
        Transcript.line(&report.to_string());
    } else {
        Transcript.line(&read.report.to_string());
        match diff {
            Some(diff) if diff.is_empty() => Transcript.line("nothing changes"),
            Some(diff) => Transcript.line(&diff.to_string()),
            None => {}
        }
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

/// A company's knowledge base in the configured database.
struct Shelf {
    store: SqliteStore,
    company: Company,
    live: Arc<Catalog>,
}

impl Shelf {
    async fn open(key: &CompanyKey, kind: Kind) -> Result<Self> {
        let config = Config::from_env()
            .map_err(|problems| Error::invalid("x8.configure", problems.to_string()))?;
        let store = SqliteStore::open(&config.database_url).await?;
        let company = company_of(&store, key).await?;
        if !sells(company.kind, kind) {
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

    fn diff(&self, kind: Kind, read: &Import) -> Result<Diff> {
        let next = with_other_kind(&self.live, &read.offerings, kind)?;
        Ok(diff(self.live.offerings(), &next))
    }

    async fn publish(&self, kind: Kind, read: &Import) -> Result<String> {
        let name = display_name(&self.company, kind);
        let next = |live: &Catalog| -> Result<Next<()>> {
            let rows = with_other_kind(live, &read.offerings, kind)?;
            let (name, told) = (name.clone(), ());
            Ok(Next { name, rows, told })
        };
        let (tenant, now) = (self.company.tenant(), jiff::Timestamp::now());
        let (live, ()) = revise(&self.store, tenant, None, now, next).await?;
        let (count, version) = (live.offerings().len(), live.version);
        Ok(format!(
            "{count} rows are live as version {version} of {name}"
        ))
    }
}
