//! `x8 import`.

use std::{path::PathBuf, process::ExitCode};

use x8_core::{
    Error, Result,
    catalog::Kind,
    id::CompanyId,
    import::{DecimalMark, Import, ImportOptions, import},
    port::{Catalogs as _, Companies as _},
    sqlite::SqliteStore,
};

use crate::{config::Config, demo::Transcript};

/// What to read, and how to show it.
pub(super) struct Wanted {
    pub(super) file: PathBuf,
    pub(super) kind: Kind,
    pub(super) json: bool,
    pub(super) partial: bool,
    pub(super) decimal: Option<String>,
}

/// Reads the file, shows the report, and publishes the rows when a company is named. 0 nothing was refused, 2 rows were
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
    show(wanted, &read)?;
    if let Some(company) = company
        && (read.report.ok || wanted.partial)
    {
        publish(company, wanted.kind, &read).await?;
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

async fn publish(company: CompanyId, kind: Kind, read: &Import) -> Result<()> {
    let config = Config::from_env()
        .map_err(|problems| Error::invalid("x8.configure", problems.to_string()))?;
    let store = SqliteStore::open(&config.database_url).await?;
    let company = store.company_for_work(company).await?;
    let table = match kind {
        Kind::Product => "DB Product",
        Kind::Service => "DB Service",
    };
    let name = format!("{table} {}", company.name);
    let live = store
        .publish_catalog(
            company.tenant(),
            &name,
            &read.offerings,
            jiff::Timestamp::now(),
        )
        .await?;
    let (count, version) = (live.offerings().len(), live.version);
    Transcript.note(&format!(
        "{count} rows are live as version {version} of {name}"
    ));
    Ok(())
}
