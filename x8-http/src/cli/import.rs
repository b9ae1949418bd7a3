//! `x8 import`.

use std::{path::PathBuf, process::ExitCode};

use x8_core::{
    Error, Result,
    catalog::{Catalog, Kind},
    id::CompanyId,
    import::{DecimalMark, Diff, Import, ImportOptions, diff, import},
    port::{Catalogs as _, Companies as _},
    sqlite::SqliteStore,
    tenant::Company,
};

use crate::{
    config::Config,
    demo::Transcript,
    publish::{Next, display_name, revise, with_other_kind},
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
    company: Option<CompanyId>,
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
    let read = import(&bytes, &options(wanted)?)?;
    let shelf = match company {
        Some(company) => Some(Shelf::open(company).await?),
        None => None,
    };
    let diff = match &shelf {
        Some(shelf) if read.report.ok => Some(shelf.diff(wanted.kind, &read).await?),
        Some(_) | None => None,
    };
    show(wanted, &read, diff.as_ref())?;
    if let Some(shelf) = shelf
        && read.report.ok
        && !dry_run
    {
        shelf.publish(wanted.kind, &read).await?;
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

/// A company's knowledge base in the configured database.
struct Shelf {
    store: SqliteStore,
    company: Company,
}

impl Shelf {
    async fn open(company: CompanyId) -> Result<Self> {
        let config = Config::from_env()
            .map_err(|problems| Error::invalid("x8.configure", problems.to_string()))?;
        let store = SqliteStore::open(&config.database_url).await?;
        let company = store.company_for_work(company).await?;
        Ok(Self { store, company })
    }

    async fn diff(&self, kind: Kind, read: &Import) -> Result<Diff> {
        let live = self.store.live_catalog(self.company.tenant()).await?;
        let next = with_other_kind(&live, &read.offerings, kind)?;
        Ok(diff(live.offerings(), &next))
    }

    async fn publish(&self, kind: Kind, read: &Import) -> Result<()> {
        let name = display_name(&self.company, kind);
        let next = |live: &Catalog| -> Result<Next<()>> {
            let rows = with_other_kind(live, &read.offerings, kind)?;
            let (name, told) = (name.clone(), ());
            Ok(Next { name, rows, told })
        };
        let (tenant, now) = (self.company.tenant(), jiff::Timestamp::now());
        let (live, ()) = revise(&self.store, tenant, None, now, next).await?;
        let (count, version) = (live.offerings().len(), live.version);
        Transcript.note(&format!(
            "{count} rows are live as version {version} of {name}"
        ));
        Ok(())
    }
}
